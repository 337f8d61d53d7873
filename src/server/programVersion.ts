import { execFile } from 'node:child_process';
import { mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { Problem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import { commandLine } from './commandLine.ts';

const Known = z.object({ file: z.string(), changed: z.number(), size: z.number(), version: z.string() });

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
  if (known?.file === file && known.changed === changed && known.size === size) return known.version;
  const version = await askVersion(program, environment);
  await mkdir(stateFolder, { recursive: true });
  await writeFile(note, JSON.stringify({ file, changed, size, version }));
  return version;
}

async function readKnown(note: string): Promise<z.infer<typeof Known> | undefined> {
  try {
    return Known.parse(JSON.parse(await readFile(note, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Milliseconds until a program that says nothing is given up; a busy machine makes a second of it half a minute. */
const patience = 60_000;

async function askVersion(program: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const command = commandLine(program, ['--version']);
  const options = {
    env: environment,
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
  const [version] = /\d+\.\d+\.\d+\S*/.exec(output) ?? [];
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
