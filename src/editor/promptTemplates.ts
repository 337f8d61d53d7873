import type { ReviewedVerb } from '../core/continuation/drafts/review.ts';
import { continuationSettings } from './continuationSettings.ts';
import { readTemplateFile } from './templateFile.ts';

const fileNames: Readonly<Record<ReviewedVerb, string>> = {
  relay: 'relay.md',
  handOff: 'handoff.md',
  fork: 'fork.md',
  compact: 'compact.md',
};

/** The text of `.opencode/prompts/<name>.md` in the folder; undefined where there is none. */
export async function readPromptFile(directory: string, name: string): Promise<string | undefined> {
  return readTemplateFile(directory, `${name}.md`);
}

/** The template of a verb: `.opencode/prompts/*.md` in the folder, else the setting; undefined: the layout that is built in. */
export async function readTemplate(directory: string, verb: ReviewedVerb): Promise<string | undefined> {
  return (await readTemplateFile(directory, fileNames[verb])) ?? continuationSettings.template(verb);
}
