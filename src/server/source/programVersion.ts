import { execFile } from 'node:child_process';
import { mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { commandLine } from '../keeper/commandLine.ts';

const Known = z.object({ file: z.string(), changed: z.number(), size: z.number(), version: z.string() });
type Known = z.infer<typeof Known>;

/** So many programs are remembered, those asked last first. */
const remembered = 8;

/**
 * The version that a program says it is. Asking costs about a second, so the answer is kept in `stateFolder`
 * for as long as the file does not change; the running server's own word is checked again later.
 */
export async function programVersion(
  program: string,
  { stateFolder, environment }: { readonly stateFolder: string; readonly environment: NodeJS.ProcessEnv },
): Promise<string> {
  const file = await realpath(program);
  const { mtimeMs: changed, size } = await stat(file);
  const note = join(stateFolder, 'opencode-version.json');
  const known = await readKnown(note);
  const same = known.find((one) => one.file === file && one.changed === changed && one.size === size);
  if (same !== undefined) return same.version;
  await mkdir(stateFolder, { recursive: true });
  const version = await askVersion(program, environment, stateFolder);
  const others = known.filter((one) => one.file !== file);
  await writeFile(note, JSON.stringify([{ file, changed, size, version }, ...others].slice(0, remembered)));
  return version;
}

async function readKnown(note: string): Promise<readonly Known[]> {
  try {
    return z.array(Known).parse(JSON.parse(await readFile(note, 'utf8')));
  } catch {
    return [];
  }
}

/** Milliseconds until a program that says nothing is given up; a busy machine makes a second of it half a minute. */
const patience = 60_000;

async function askVersion(program: string, environment: NodeJS.ProcessEnv, folder: string): Promise<string> {
  const command = commandLine(program, ['--version']);
  const options = {
    env: environment,
    // Not where the window stands, which may be the folder of a repository.
    cwd: folder,
    timeout: patience,
    windowsHide: true,
    windowsVerbatimArguments: command.verbatim,
  };
  const output = await new Promise<string>((resolve, reject) => {
    execFile(command.file, command.arguments, options, (error, stdout) =>
      error === null
        ? resolve(stdout)
        : reject(error.killed ? tooSlow(program, error) : notOpenCode(program, error)),
    );
  });
  // 1.18 prints the number alone, 2.x puts "opencode v" before it; a build from the source says "local".
  const [, number, name] = /(?<!\d)(\d+\.\d+\.\d+\S*)|(?:^|\s)v?(local)$/m.exec(output.trim()) ?? [];
  const version = number ?? name;
  if (version === undefined) throw notOpenCode(program, output);
  return version;
}

function tooSlow(program: string, cause: unknown): Problem {
  return new Problem(
    l10n.t(
      '{0} did not say its version within a minute. When the machine is less busy, connect again.',
      program,
    ),
    {
      cause,
      remedy: { title: l10n.t('Connect Again'), command: 'opencodeSessions.server.reconnect' },
    },
  );
}

function notOpenCode(program: string, cause: unknown): Problem {
  return new Problem(
    l10n.t('{0} does not say which version of OpenCode it is. Is it really OpenCode?', program),
    {
      cause,
      remedy: {
        title: l10n.t('Open Settings'),
        command: 'workbench.action.openSettings',
        arguments: ['opencodeSessions.server.path'],
      },
    },
  );
}
