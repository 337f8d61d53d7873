import { spawn } from 'node:child_process';
import { makeId } from '../state/ids.ts';
import { schemaOf, textIn, type Tool, textResult } from './tool.ts';

const largest = 50_000;

interface ShellRun {
  readonly exit: number | null;
  readonly output: string;
  readonly truncated: boolean;
}

/** Runs a line as the person's shell would; it and all that it began end with the signal. */
export async function runShell(
  command: string,
  directory: string,
  options: { readonly signal: AbortSignal; readonly onOutput?: (output: string) => void },
): Promise<ShellRun> {
  const { OPENCODE_PASSWORD: _, OPENCODE_SERVER_PASSWORD: __, ...env } = process.env;
  const child = spawn('sh', ['-c', command], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(0, largest + 1);
      options.onOutput?.(output);
    });
  }
  const end = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  options.signal.addEventListener('abort', end, { once: true });
  try {
    const exit = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return { exit, output: output.slice(0, largest), truncated: output.length > largest };
  } finally {
    options.signal.removeEventListener('abort', end);
  }
}

export const shell: Tool = {
  name: 'shell',
  description: 'Runs a command.',
  input: schemaOf(['command'], ['description', 'workdir']),
  async run(input, context) {
    const command = textIn(input, 'command');
    const commands = command.split(/&&|\|\||[;|\n]/).flatMap((one) => one.trim() || []);
    const save = commands.map((one) => `${one.split(/\s+/)[0] ?? one} *`);
    await context.allow({ action: 'shell', resources: commands, save: [...new Set(save)] });
    const shellID = makeId('sh');
    context.progress({ shellID });
    const { exit, output, truncated } = await runShell(command, context.directory, {
      signal: context.signal,
    });
    context.signal.throwIfAborted();
    return textResult(output, { exit, truncated, shellID });
  },
};
