import { FileSystemError, Uri, workspace } from 'vscode';
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
  const file = Uri.joinPath(Uri.file(directory), '.opencode', 'prompts', fileNames[verb]);
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(file));
  } catch (error) {
    // Most folders have none; one that cannot be read is as good as none.
    if (error instanceof FileSystemError) return continuationSettings.template(verb);
    throw error;
  }
}
