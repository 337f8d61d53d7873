import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ReviewedVerb } from '../core/continuation/drafts/review.ts';
import { codeOf, Problem } from '../core/errors.ts';
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

/** The names, without `.md`, of the folder's templates that begin so: `brief`, `brief-endpoint`. Links count: reading one judges it. */
export async function listTemplateFiles(directory: string, beginning: string): Promise<readonly string[]> {
  const folder = join(resolve(directory), '.opencode', 'prompts');
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    if (isNothing(cause)) return [];
    throw new Problem(l10n.t('The folder {0} cannot be read. Look at who may read it.', folder), { cause });
  }
  const named = names.filter((name) => name.startsWith(beginning) && name.endsWith('.md'));
  return named.map((name) => name.slice(0, -'.md'.length)).toSorted();
}

function isNothing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
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
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new Problem(l10n.t('The template {0} cannot be read. Look at who may read it.', file), { cause });
  }
  if (!text.includes('\0')) return text;
  throw new Problem(l10n.t('The template {0} is no text. Remove it, or put a text in its place.', file));
}

/** Undefined where nothing is, which is so in most folders. */
async function realPath(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}
