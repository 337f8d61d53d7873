import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReviewedVerb } from '../core/continuation/review.ts';
import { continuationSettings } from './continuationSettings.ts';

const fileNames: Readonly<Record<ReviewedVerb, string>> = {
  relay: 'relay.md',
  handOff: 'handoff.md',
  fork: 'fork.md',
  compact: 'compact.md',
};

/** The template of a verb: `.opencode/prompts/*.md` in the folder, else the setting; undefined: the layout that is built in. */
export async function readTemplate(directory: string, verb: ReviewedVerb): Promise<string | undefined> {
  const file = join(directory, '.opencode', 'prompts', fileNames[verb]);
  // Most folders have none; one that cannot be read is as good as none.
  return readFile(file, 'utf8').catch(() => continuationSettings.template(verb));
}
