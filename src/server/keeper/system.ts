import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The system that is asked about its processes. */
export interface System {
  readonly platform: NodeJS.Platform;
  /** What a program of the system prints; rejects as `execFile` does. */
  readonly run: (program: string, words: readonly string[]) => Promise<string>;
}

export const thisSystem: System = {
  platform: process.platform,
  run: async (program, words) => {
    // What is compared later must read the same in another language and another time zone.
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    return (await execute(program, words, { env, windowsHide: true })).stdout;
  },
};

export function powershell({ run }: System, script: string): Promise<string> {
  return run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script]);
}
