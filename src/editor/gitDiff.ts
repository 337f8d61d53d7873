import { execFile, type ExecFileOptionsWithStringEncoding } from 'node:child_process';
import { devNull } from 'node:os';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

/**
 * Files to which no filter belongs. Any other has in the repository what its filter makes of it: compared without that,
 * all of it would seem to be changed, and may be larger than git is listened to (paths by attributes: git 2.13).
 */
const unfilteredStates = ['!filter', '-filter', 'filter'];
const unfilteredPaths = unfilteredStates.map((state) => `:(attr:${state})`);
const filteredPaths = unfilteredStates.map((state) => `:(exclude,attr:${state})`);
/** So many of the files that are left out are named. */
const namesLimit = 20;

/** How git is asked for a diff there. */
interface GuardedDiff {
  /** The words for a `git diff` that runs no program of the repository. */
  readonly words: readonly string[];
  readonly hasFilters: boolean;
}

/**
 * What is not committed in the repository at `root`, what is staged first, as unified diffs; before them stands which
 * files are left out. `git` is the program.
 */
export async function diffOfRepository(git: string, root: string): Promise<string> {
  const guarded = await guardedDiff(git, root);
  const leftOut = await filteredChanges(git, root, guarded);
  const diffs = await Promise.all([
    // What is staged has been through its filters.
    ask(git, root, [...guarded.words, '--cached']),
    ask(git, root, [...guarded.words, ...pathsOf(guarded)]),
  ]);
  return [describeLeftOut(leftOut), ...diffs.map(withoutUnchanged)]
    .filter((text) => text.trim() !== '')
    .join('\n');
}

/** How much is not committed there, in git's own words, and how much is not compared; empty where all is committed. */
export async function statOfRepository(git: string, root: string): Promise<string> {
  const guarded = await guardedDiff(git, root);
  const stat = await ask(git, root, [...guarded.words, '--shortstat', 'HEAD', ...pathsOf(guarded)]);
  const leftOut = await filteredChanges(git, root, guarded, ['HEAD']);
  const rest = leftOut.length === 0 ? '' : `${leftOut.length} with a filter not compared`;
  return [stat.trim(), rest].filter((words) => words !== '').join(', ');
}

/** So many commits are counted. */
const commitsLimit = 200;

/**
 * How many commits were made since then that touch a folder of the repository at `root`, and the files of it that these and
 * what is not committed changed since, as paths from `root` on. `since`: milliseconds since 1970.
 */
export async function changesSince(
  git: string,
  root: string,
  folder: string,
  since: number,
): Promise<{ readonly commits: number; readonly files: readonly string[]; readonly isLeast: boolean }> {
  const guarded = await guardedDiff(git, root);
  const [settings] = [guarded.words.slice(0, guarded.words.indexOf('diff'))];
  const [log, touched] = await Promise.all([
    ask(git, root, [
      ...settings,
      'log',
      '--no-show-signature',
      '--no-ext-diff',
      '--no-textconv',
      '--no-color',
      '--no-renames',
      '--name-only',
      '-z',
      `--max-count=${commitsLimit}`,
      `--since=${new Date(since).toISOString()}`,
      '--format=%x01',
      '--',
      folder,
    ]).catch((error: { readonly code?: unknown }) => {
      // It ends so where nothing was committed yet.
      if (error.code === 128) return '';
      throw error;
    }),
    ask(git, root, [...guarded.words, '--name-only', '-z', 'HEAD', '--', folder]).catch(
      (error: { readonly code?: unknown }) => {
        if (error.code === 128) return '';
        throw error;
      },
    ),
  ]);
  const commits = log.split('\u0001').length - 1;
  const committed = log
    .split('\u0001')
    .flatMap((names) => names.split('\0'))
    .map((name) => name.trim());
  const uncommitted = await Promise.all(
    touched.split('\0').map(async (name) => ((await changedAfter(join(root, name), since)) ? name : '')),
  );
  const files = new Set([...committed, ...uncommitted].filter((name) => name !== ''));
  return { commits, files: [...files], isLeast: commits >= commitsLimit };
}

/** One that is gone changed some time; when, nobody knows. */
async function changedAfter(file: string, since: number): Promise<boolean> {
  const facts = await stat(file).catch(() => undefined);
  return facts === undefined || facts.mtimeMs > since;
}

function pathsOf({ hasFilters }: GuardedDiff): readonly string[] {
  return hasFilters ? ['--', ...unfilteredPaths] : [];
}

/** Files with filters that were touched; whether they changed only their filters could say. */
async function filteredChanges(
  git: string,
  root: string,
  { words, hasFilters }: GuardedDiff,
  since: readonly string[] = [],
): Promise<readonly string[]> {
  if (!hasFilters) return [];
  const listed = await ask(git, root, [...words, '--name-only', ...since, '--', ...filteredPaths]);
  return listed.split('\n').filter((name) => name !== '');
}

function describeLeftOut(names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > namesLimit ? [`and ${names.length - namesLimit} more`] : [];
  const list = [...names.slice(0, namesLimit), ...more].join(', ');
  return `# Touched, but left out, since only a filter of git could say whether they changed: ${list}\n`;
}

/** @throws where a program of the repository cannot be switched off. */
async function guardedDiff(git: string, root: string): Promise<GuardedDiff> {
  const filters = await namesOfFilters(git, root);
  // Git takes what follows the first sign of equality for the value.
  if (filters.some((name) => name.includes('='))) throw new Error('A filter’s name cannot be handed to git.');
  const unfiltered = filters.flatMap((name) => noFilter.map((setting) => `filter.${name}.${setting}`));
  const words = [
    '--no-pager',
    ...[...configured, ...unfiltered].flatMap((setting) => ['-c', setting]),
    ...diffWords,
  ];
  return { words, hasFilters: filters.length > 0 };
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
    // Not in the repository: Windows looks for a program where it is to begin, first of all.
    cwd: dirname(process.execPath),
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    maxBuffer: 64 * 1024 * 1024,
    windowsHide: true,
  };
  return (await run(git, ['-C', root, ...words], options)).stdout;
}

/** Git names a file of which only the time changed, and says no more of it. */
function withoutUnchanged(diff: string): string {
  return diff
    .split(/^(?=diff --)/m)
    .filter((file) => !/^diff --git [^\n]*\n?$/.test(file))
    .join('');
}
