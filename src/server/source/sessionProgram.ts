import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { type Cancellation, CancelledError, throwIfCancelled } from '../../core/cancellation.ts';
import { plainTerminalText } from '../../core/entries/terminalText.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { SessionProgram } from '../../core/ports/sessionProgram.ts';
import { commandLine } from '../keeper/commandLine.ts';
import { killTree } from '../keeper/processTree.ts';
import { servingOf } from '../keeper/servings.ts';
import type { Serving } from '../dialect/serving.ts';
import type { ChosenProgram } from './chooseProgram.ts';

export interface SessionProgramPorts {
  readonly chooseProgram: () => Promise<ChosenProgram>;
  /** Whether the server is one of ours, which works on the sessions of this user on this machine. */
  readonly isManaged: () => boolean;
  /** As a server of ours is started in. */
  readonly environment: NodeJS.ProcessEnv;
  /** A folder of ours, for what has nothing to do with a project. */
  readonly folder: string;
}

/** Characters of what it says of a failure. */
const saidLength = 600;

interface Run {
  readonly words: (serving: Serving) => readonly string[] | undefined;
  readonly cwd: string;
  /** A file that takes what it prints: a pipe may lose what it has not passed on when it ends. */
  readonly output?: string;
  readonly cancellation: Cancellation | undefined;
}

/** Runs `opencode import` and `opencode export`, without plugins and with no shell between. */
export function createSessionProgram(ports: SessionProgramPorts): SessionProgram {
  return {
    obstacle: () =>
      ports.isManaged()
        ? undefined
        : l10n.t(
            'This needs the OpenCode program on the machine and the data of the server, and where a server keeps its sessions that was not started by the editor is not known. Run “opencode import” or “opencode export --sanitize” there.',
          ),
    importFile: (file, directory, cancellation) =>
      run(ports, { words: (serving) => serving.importing?.(file), cwd: directory, cancellation }),
    exportSanitized: (sessionId, file, cancellation) =>
      run(ports, {
        words: (serving) => serving.sanitizing?.(sessionId),
        cwd: ports.folder,
        output: file,
        cancellation,
      }),
  };
}

async function run(ports: SessionProgramPorts, { words, cwd, output, cancellation }: Run): Promise<void> {
  const { program, dialect } = await ports.chooseProgram();
  throwIfCancelled(cancellation);
  const serving = servingOf(dialect.name);
  const given = words(serving);
  if (given === undefined) throw unknownWords(program);
  const command = commandLine(program, given);
  const file = output === undefined ? undefined : await open(output, 'w', 0o600);
  try {
    const child = spawn(command.file, command.arguments, {
      cwd,
      env: serving.environment(ports.environment, ''),
      stdio: ['ignore', file?.fd ?? 'ignore', 'pipe'],
      windowsHide: true,
      windowsVerbatimArguments: command.verbatim,
    });
    const ended = Promise.withResolvers<number | null>();
    child.once('error', ended.reject);
    child.once('close', ended.resolve);
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-saidLength);
    });
    // What an installer put there may only begin the program: all of it ends, and is over once its output is closed.
    const watch = cancellation?.onCancellationRequested(() => {
      if (child.pid !== undefined) killTree(child.pid).catch(() => child.kill());
    });
    const code = await ended.promise.finally(() => watch?.dispose());
    if (cancellation?.isCancellationRequested === true) throw new CancelledError();
    if (code !== 0) throw refused(said, code);
  } catch (cause) {
    if (cause instanceof CancelledError || cause instanceof Problem) throw cause;
    throw new Problem(l10n.t('The program {0} could not be run.', program), { cause });
  } finally {
    await file?.close();
  }
}

function unknownWords(program: string): Problem {
  return new Problem(
    l10n.t(
      'The program {0} is of a generation of OpenCode of which it is not known how it does this.',
      program,
    ),
  );
}

/** In the words of the program, without their colours. */
function refused(said: string, code: number | null): Problem {
  const words = plainTerminalText(said).replaceAll(/\s+/g, ' ').trim();
  const sentence = words.replace(/^.*?Error: /, '');
  return new Problem(
    sentence === ''
      ? l10n.t('OpenCode ended without a word (code {0}).', code ?? '?')
      : l10n.t('OpenCode refused it: {0}', sentence),
    { cause: said },
  );
}
