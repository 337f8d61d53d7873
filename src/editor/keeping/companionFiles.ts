import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '../../core/errors.ts';
import { isSame } from '../../core/isSame.ts';
import { l10n } from '../../core/l10n.ts';
import type { CompanionFile, CompanionFiles, CompanionPlace } from '../../core/ports/companionFiles.ts';
import { pathBelow } from '../../core/withSlashes.ts';
import { companionFileName } from '../../protocol/companion.ts';

export interface CompanionFilesInput {
  readonly version: string;
  /** The built companion. */
  readonly source: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
}

/** The line by which a file is known as ours, with the hash of all that follows it. */
const firstLine = /^\/\/ OpenCode Sessions companion (\S+), sha256 ([0-9a-f]{64})[^\n]*\n/;

/** The companion's files on this machine. */
export function createCompanionFiles(input: CompanionFilesInput): CompanionFiles {
  const look = async (place: CompanionPlace): Promise<CompanionFile> => {
    const folder = pluginFolder(place, input);
    if (place.kind === 'folder') await assertInside(place.directory, folder);
    return readCompanion(join(folder, companionFileName));
  };
  const assertSame = async (place: CompanionPlace, expected: CompanionFile): Promise<void> => {
    if (!isSame(await look(place), expected)) throw changedMeanwhile(expected.path);
  };
  return {
    version: input.version,
    look,
    install: async (place, over) => {
      const text = await readFile(input.source, 'utf8');
      await assertSame(place, over);
      await replace(over.path, withFirstLine(text, input.version));
    },
    remove: async (place, known) => {
      await assertSame(place, known);
      await rm(known.path, { force: true });
    },
  };
}

function withFirstLine(text: string, version: string): string {
  const words = 'a plugin of OpenCode, by “Install Companion…”; “Remove Companion…” takes it away';
  return `// OpenCode Sessions companion ${version}, sha256 ${hashOf(text)}: ${words}\n${text}`;
}

/** OpenCode loads what stands in a folder of this name in each of its folders of configuration. */
function pluginFolder(
  place: CompanionPlace,
  { environment, home }: Pick<CompanionFilesInput, 'environment' | 'home'>,
): string {
  if (place.kind === 'folder') return join(place.directory, '.opencode', 'plugins');
  const configuration = environment['XDG_CONFIG_HOME'];
  const isSet = configuration !== undefined && configuration !== '';
  return join(isSet ? configuration : join(home, '.config'), 'opencode', 'plugins');
}

async function readCompanion(path: string): Promise<CompanionFile> {
  const stat = await lstat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (stat === undefined) return { kind: 'absent', path };
  if (!stat.isFile()) return { kind: 'foreign', path };
  const text = await readFile(path, 'utf8');
  const [line, version, hash] = firstLine.exec(text) ?? [];
  if (line === undefined || version === undefined) return { kind: 'foreign', path };
  return { kind: 'ours', path, version, isChanged: hashOf(text.slice(line.length)) !== hash };
}

/** As a whole or not at all; a link there is replaced, and what it leads to stays. */
async function replace(path: string, text: string): Promise<void> {
  const written = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(written, text, { flag: 'wx' });
    await rename(written, path);
  } catch (error) {
    await rm(written, { force: true }).catch(() => undefined);
    throw new Problem(l10n.t('{0} could not be written: {1}', path, String(error)), { cause: error });
  }
}

/** A repository may bring a link in the place of the folder, which would lead elsewhere. */
async function assertInside(directory: string, folder: string): Promise<void> {
  const root = await realpath(directory);
  let there = folder;
  let real: string | undefined;
  while (real === undefined) {
    real = await realpath(there).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    there = dirname(there);
  }
  if (real === root || pathBelow(root, real) !== undefined) return;
  throw new Problem(l10n.t('{0} leads out of its folder, so it is not touched.', folder));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isMissing(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ENOENT';
}

function changedMeanwhile(path: string): Problem {
  return new Problem(l10n.t('{0} was changed meanwhile, and is left as it is. Try again.', path));
}
