import { builtInBrief, type BriefForm, fillBriefTemplate } from '../../core/continuation/drafts/briefBody.ts';
import type { Draft } from '../../core/continuation/drafts/draft.ts';
import { type BriefOrder, describeSource } from '../../core/continuation/drafts/draftOrder.ts';
import type { Drafts } from '../../core/continuation/drafts/drafts.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import type { ServiceFolder } from '../../core/services/serviceFolders.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { findPromptTarget, type PromptTarget, type TargetWish } from '../../core/turns/promptTarget.ts';
import { describeTarget } from '../../flows/preparing/draftTarget.ts';
import { findRecentModel, resolveTarget, type ResolveTargetDeps } from '../../flows/preparing/target.ts';
import type { Session } from '../../protocol/records.ts';

/** A template that a folder has for its briefs. */
export interface BriefTemplate {
  /** Of its file, without `.md`: `brief`, `brief-endpoint`. */
  readonly name: string;
  /** The folder that has it, absolute. */
  readonly directory: string;
}

export interface DraftBriefDeps extends ResolveTargetDeps {
  readonly sessions: ResolveTargetDeps['sessions'] & Pick<Sessions, 'title'>;
  readonly drafts: Pick<Drafts, 'open'>;
  readonly dialogs: Pick<Dialogs, 'pickOne'>;
  /** The folder's own templates of a brief. */
  readonly briefTemplates: (directory: string) => Promise<readonly BriefTemplate[]>;
  /** The text of one, undefined where there is none any more; throws a `Problem` that says why it cannot be read. */
  readonly readBriefTemplate: (template: BriefTemplate) => Promise<string | undefined>;
}

/** Opens a brief for a session of a folder, absent: for one that it begins. Answers with that session's id, if there is one. */
export async function draftBrief(
  deps: DraftBriefDeps,
  folder: ServiceFolder,
  session?: Session,
): Promise<string | undefined> {
  const chosen = await chooseForm(deps, folder);
  if (chosen === undefined) return undefined;
  const target = await findTarget(deps, folder, session);
  const { body, blanks, ...front } = chosen.form(target.agent);
  const source =
    session === undefined
      ? { sessionId: '', sessionTitle: folder.name, directory: folder.directory }
      : describeSource(deps.sessions, session);
  const order: BriefOrder = { verb: 'brief', ...source, ...(blanks.length > 0 && { blanks: [...blanks] }) };
  const draft: Draft = {
    ...describeTarget(target),
    ...front,
    ...(session === undefined ? {} : { source: session.id }),
    body,
  };
  await deps.drafts.open(order, draft);
  return session?.id;
}

/** Who answers in a session of a folder; in one that is yet to be made, as in any that begins there. */
export async function findBriefTarget(
  deps: ResolveTargetDeps,
  directory: string,
  session: Session | undefined,
  wish: TargetWish,
): Promise<PromptTarget> {
  if (session !== undefined) return resolveTarget(deps, session, wish);
  const { agents, providers } = await deps.offers.load(directory);
  const recentModel = findRecentModel(deps.sessions.all(), directory);
  return findPromptTarget(wish, {
    session: undefined,
    latestPrompt: undefined,
    agents,
    providers,
    recentModel,
  });
}

function findTarget(
  deps: DraftBriefDeps,
  folder: ServiceFolder,
  session: Session | undefined,
): Promise<PromptTarget> {
  return findBriefTarget(deps, folder.directory, session, { agent: undefined, model: undefined });
}

/** Which layout a brief begins as: the one built in, or one of the folders' own. */
async function chooseForm(
  deps: DraftBriefDeps,
  folder: ServiceFolder,
): Promise<{ readonly form: (agent: string) => BriefForm } | undefined> {
  const places = [...new Set([folder.directory, folder.root])];
  const templates = (await Promise.all(places.map((place) => deps.briefTemplates(place)))).flat();
  const builtIn = { form: builtInBrief };
  if (templates.length === 0) return builtIn;
  const [only] = templates;
  // One that takes the place of the layout is not asked about, as with the other verbs.
  const chosen =
    templates.length === 1 && only?.name === 'brief'
      ? only
      : await deps.dialogs.pickOne(
          l10n.t('Begin the Brief from Which Template?'),
          offerForms(folder, templates),
        );
  if (chosen === undefined) return undefined;
  if (chosen === 'builtIn') return builtIn;
  const text = await deps.readBriefTemplate(chosen);
  if (text === undefined) {
    throw new Problem(
      l10n.t(
        'The template {0} is gone, or a link to nothing. Remove it, or put a text in its place.',
        fileOf(chosen),
      ),
    );
  }
  if (text.trim() === '')
    throw new Problem(l10n.t('The template {0} is empty. Write the brief’s layout into it.', fileOf(chosen)));
  const place = { service: folder.name, folder: folder.directory === folder.root ? '' : folder.name };
  return { form: (agent) => fillBriefTemplate(text, { ...place, agent }) };
}

function fileOf({ name, directory }: BriefTemplate): string {
  return `${directory}/.opencode/prompts/${name}.md`;
}

function offerForms(
  folder: ServiceFolder,
  templates: readonly BriefTemplate[],
): readonly Choice<BriefTemplate | 'builtIn'>[] {
  return [
    ...templates.map((template) => ({
      label: template.name.replace(/^brief[-_ .]*(?=.)/, ''),
      description: template.directory === folder.directory ? folder.name : l10n.t('of the workspace folder'),
      icon: 'file',
      group: l10n.t('Templates'),
      value: template,
    })),
    {
      label: l10n.t('Built In'),
      icon: 'note',
      group: l10n.t('Without a template'),
      value: 'builtIn' as const,
    },
  ];
}
