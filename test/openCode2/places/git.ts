import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What git says in a folder, or undefined where it refuses. */
export async function git(directory: string, ...args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run('git', args, { cwd: directory, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch {
    return undefined;
  }
}

const projects = new Map<string, string>();

/** A project is known by its first commit; what is in none is `global`. */
export function projectOf(directory: string): string {
  const known = projects.get(directory);
  if (known !== undefined) return known;
  const project = firstCommit(directory);
  // A commit may come later.
  if (project !== undefined) projects.set(directory, project);
  return project ?? 'global';
}

function firstCommit(directory: string): string | undefined {
  try {
    const commits = execFileSync('git', ['rev-list', '--max-parents=0', 'HEAD'], {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return commits.trim().split('\n').at(-1) || undefined;
  } catch {
    return undefined;
  }
}
