import { readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ReviewedVerb } from '../core/continuation/drafts/review.ts';
import { Problem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import { locateFile } from '../core/locateFile.ts';

/** In bytes. A text that a model reads is far from it; what is longer is there by mistake. */
const limit = 1024 * 1024;

const verbFiles: Readonly<Record<ReviewedVerb, string>> = {
  relay: 'relay',
  handOff: 'handoff',
  fork: 'fork',
  compact: 'compact',
};

/** The folder's own template of a verb; undefined where there is none. */
export function readVerbTemplate(directory: string, verb: ReviewedVerb): Promise<string | undefined> {
  return readTemplateFile(directory, verbFiles[verb]);
}

/**
 * The text of `.opencode/prompts/<name>.md` in the folder; undefined where there is none. It becomes a prompt, perhaps
 * without being looked at, and a repository may bring anything under that name: a link to a key of the person is refused,
 * and so is what has no end.
 */
export async function readTemplateFile(directory: string, name: string): Promise<string | undefined> {
  const folder = resolve(directory);
  const file = join(folder, '.opencode', 'prompts', `${name}.md`);
  switch (await locateFile(file, [folder], realPath)) {
    case 'missing':
      return undefined;
    case 'outside':
      throw new Problem(
        l10n.t(
          'The template {0} is a link that leads out of the folder, so it is not read. Put a copy in its place.',
          file,
        ),
      );
    case 'inside':
      return readText(file);
  }
}

async function readText(file: string): Promise<string> {
  const facts = await stat(file);
  if (!facts.isFile()) {
    throw new Problem(
      l10n.t('The template {0} is no file that can be read. Remove it, or put a text in its place.', file),
    );
  }
  if (facts.size > limit) {
    throw new Problem(l10n.t('The template {0} is longer than 1 MB, so it is not read. Shorten it.', file));
  }
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Problem(l10n.t('The template {0} cannot be read. Look at who may read it.', file), { cause });
  }
}

/** Undefined where nothing is, which is so in most folders. */
async function realPath(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}
