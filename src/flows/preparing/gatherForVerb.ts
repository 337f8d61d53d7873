import type { Gathered } from '../../core/continuation/gathered.ts';
import { usesPlaceholder } from '../../core/continuation/drafts/promptTemplate.ts';
import type { ReviewedVerb } from '../../core/continuation/drafts/review.ts';
import type { GatherWish } from './gatherSession.ts';
import type { Session } from '../../protocol/records.ts';

export interface GatherForVerbDeps {
  readonly gather: (sessionId: string, wish?: GatherWish) => Promise<Gathered>;
  readonly template: (directory: string, verb: ReviewedVerb) => Promise<string | undefined>;
}

export interface Material {
  readonly gathered: Gathered;
  /** Takes the place of the layout that is built in. */
  readonly template: string | undefined;
}

/** What a verb's text is made of: as much as the layout that is built in says by `wish`, or what a template asks for. */
export async function gatherForVerb(
  deps: GatherForVerbDeps,
  { id, directory }: Pick<Session, 'id' | 'directory'>,
  verb: ReviewedVerb,
  { upTo, latest = false, git = false }: GatherWish,
): Promise<Material> {
  const template = await deps.template(directory, verb);
  const gathered = await deps.gather(id, {
    upTo,
    latest: latest && template === undefined,
    git: template === undefined ? git : usesPlaceholder(template, 'git'),
  });
  return { gathered, template };
}
