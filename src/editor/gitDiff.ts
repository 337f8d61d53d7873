import { execFile, type ExecFileOptionsWithStringEncoding } from 'node:child_process';
import { devNull } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * What a repository's configuration may not make git do for us: run its programs for changes on the disk or its hooks;
 * nor is the index written, which without the repository's filters would be written otherwise than with them.
 */
const configured = ['core.fsmonitor=false', `core.hooksPath=${devNull}`, 'diff.autoRefreshIndex=false'];

/** Nor its programs for diffs and texts, or what its submodules have of all these; and there are no colours. */
const diffWords = [
  'diff',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--ignore-submodules=dirty',
  '--submodule=short',
];

/** What a filter of the repository has in each of its ways: nothing to run, and nothing that misses it. */
const noFilter = ['clean=', 'smudge=', 'process=', 'required=false'];

/** What is not committed in the repository at `root`, what is staged first, as unified diffs; `git` is the program. */
export async function diffOfRepository(git: string, root: string): Promise<string> {
  const words = await guardedDiff(git, root);
  const diffs = await Promise.all([['--cached'], []].map((which) => ask(git, root, [...words, ...which])));
  return diffs
    .map(withoutUnchanged)
    .filter((diff) => diff.trim() !== '')
    .join('\n');
}

/** How much is not committed there, in git's own words; empty where all is. */
export async function statOfRepository(git: string, root: string): Promise<string> {
  return (await ask(git, root, [...(await guardedDiff(git, root)), '--shortstat', 'HEAD'])).trim();
}

/** The words for a `git diff` that runs no program of the repository. @throws where one cannot be switched off. */
async function guardedDiff(git: string, root: string): Promise<readonly string[]> {
  const filters = await namesOfFilters(git, root);
  // Git takes what follows the first sign of equality for the value.
  if (filters.some((name) => name.includes('='))) throw new Error('A filter’s name cannot be handed to git.');
  const unfiltered = filters.flatMap((name) => noFilter.map((setting) => `filter.${name}.${setting}`));
  return [
    '--no-pager',
    ...[...configured, ...unfiltered].flatMap((setting) => ['-c', setting]),
    ...diffWords,
  ];
}

/** The filters that git knows there, by the files of its configuration and all that these include. */
async function namesOfFilters(git: string, root: string): Promise<readonly string[]> {
  const listed = await ask(git, root, [
    'config',
    '--null',
    '--name-only',
    '--get-regexp',
    '^filter\\.',
  ]).catch((error: { readonly code?: unknown }) => {
    // It ends so where there is none.
    if (error.code === 1) return '';
    throw error;
  });
  return [...new Set(listed.split('\0').flatMap((key) => /^filter\.([^]*)\.[^.]*$/.exec(key)?.[1] ?? []))];
}

/**
 * Nothing is fetched: in a repository that lacks objects, git would ask a remote for them by programs that its
 * configuration names.
 */
const environment = { GIT_ALLOW_PROTOCOL: 'none', GIT_NO_LAZY_FETCH: '1', GIT_OPTIONAL_LOCKS: '0' };

async function ask(git: string, root: string, words: readonly string[]): Promise<string> {
  const options: ExecFileOptionsWithStringEncoding = {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    maxBuffer: 64 * 1024 * 1024,
    windowsHide: true,
  };
  return (await run(git, words, options)).stdout;
}

/** Git names a file of which only the time changed, and says no more of it. */
function withoutUnchanged(diff: string): string {
  return diff
    .split(/^(?=diff --)/m)
    .filter((file) => !/^diff --git [^\n]*\n?$/.test(file))
    .join('');
}
