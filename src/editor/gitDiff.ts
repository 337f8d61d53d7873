import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * What `git diff` says, whatever the repository's configuration makes of it: its own programs for diffs, texts and
 * changes on the disk are not run, nor its hooks, nor what its submodules have of these, and there are no colours in it.
 */
const configured = ['core.fsmonitor=false', `core.hooksPath=${devNull}`].flatMap((setting) => [
  '-c',
  setting,
]);
const args = [
  ...configured,
  'diff',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--ignore-submodules=dirty',
];
const options = {
  maxBuffer: 64 * 1024 * 1024,
  windowsHide: true,
};

/** What is not committed in the repository at `root`, what is staged first, as unified diffs; `git` is the program. */
export async function diffOfRepository(git: string, root: string): Promise<string> {
  const diffs = await Promise.all(
    [['--cached'], []].map((which) => run(git, [...args, ...which], { ...options, cwd: root })),
  );
  return diffs
    .map(({ stdout }) => stdout)
    .filter((diff) => diff.trim() !== '')
    .join('\n');
}
