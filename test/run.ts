import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runHostSuiteInBrowser } from './workbench/hostSuite.ts';
import { ensureChromium } from './workbench/chromium.ts';
import { ProcessMark } from './workbench/markedProcesses.ts';
import type { TestResult } from './workbench/resultReporter.ts';
import { ensureVscodeServer } from './workbench/vscodeServer.ts';

// npm test: everything, in order; npm run test:…: the named stages. The last line counts what passed and failed.
// TEST_OPENCODE names another OpenCode to run them with, by the path of its program.

type Counts = Pick<TestResult, 'passed' | 'failed' | 'failures'>;
type Stage = () => Promise<Counts>;

const repository = join(import.meta.dirname, '..');

// What drives other programs may meet them at a bad moment; a test that fails three times has failed.
const stages: Readonly<Record<string, Stage>> = {
  format: check('check:format'),
  lint: check('check:lint'),
  types: check('check:types'),
  dead: check('check:dead'),
  patterns: check('check:patterns'),
  // Only what is broken takes so long: on a busy machine some take ten times as long as they need.
  unit: mochaOf('test/unit/**/*.test.ts', { timeout: 120_000 }),
  build: check('build'),
  // These wait for servers and browsers much of their time: two files go side by side.
  server: mochaOf('test/server/**/*.test.ts', { timeout: 300_000, retries: 2, jobs: 2 }),
  page: withBrowser(mochaOf('test/webview/**/*.test.ts', { timeout: 300_000, retries: 2, jobs: 2 })),
  package: check('package'),
  host: withEditor(() => runHostSuiteInBrowser((line) => console.log(line))),
  // The files of one run share an editor and a browser. A window waits much of its time: two runs go side by side.
  e2e: withEditor(mochaOf('test/e2e/**/*.test.ts', { timeout: 300_000, retries: 2, runs: 2 })),
};

const named = process.argv.slice(2);
const chosen = named.length > 0 ? named : Object.keys(stages);

// What takes minutes to install on a fresh machine comes while the first stages run.
const browser = installFor(['page', 'host', 'e2e'], ensureChromium);
const editor = installFor(['host', 'e2e'], ensureVscodeServer);

function installFor(
  stagesOfIt: readonly string[],
  install: (progress: (line: string) => void) => Promise<unknown>,
): Promise<unknown> {
  const installed = chosen.some((name) => stagesOfIt.includes(name))
    ? install(console.log)
    : Promise.resolve();
  // A failure is the failure of the stages that wait for it.
  installed.catch(() => undefined);
  return installed;
}

function withBrowser(stage: Stage): Stage {
  return async () => {
    await browser;
    return stage();
  };
}

function withEditor(stage: Stage): Stage {
  return withBrowser(async () => {
    await editor;
    return stage();
  });
}

/** A script of package.json that succeeds or fails as a whole. */
function check(script: string): Stage {
  return async () => {
    const code = await run('npm', ['run', '--silent', script]);
    return code === 0
      ? { passed: 1, failed: 0, failures: [] }
      : oneFailure(`npm run ${script} ended with ${code}`);
  };
}

interface MochaOptions {
  readonly timeout?: number;
  readonly retries?: number;
  /** So many files side by side, each in a worker. */
  readonly jobs?: number;
  /** So many runs of mocha side by side, each with its share of the files. */
  readonly runs?: number;
}

function mochaOf(pattern: string, { runs = 1, ...options }: MochaOptions = {}): Stage {
  return async () => {
    const files: string[] = [];
    for await (const file of glob(pattern, { cwd: repository })) files.push(file);
    files.sort();
    const shares = Array.from({ length: runs }, (_, run) => files.filter((_file, at) => at % runs === run));
    return sum(await Promise.all(shares.map((share) => runMocha(share, options))));
  };
}

async function runMocha(files: readonly string[], options: Omit<MochaOptions, 'runs'>): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'test-result-'));
  const result = join(folder, 'result.json');
  const mocha = join(repository, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const reporter = join(repository, 'test', 'workbench', 'resultReporter.ts');
  const limits = [
    '--timeout',
    String(options.timeout ?? 10_000),
    '--retries',
    String(options.retries ?? 0),
    ...(options.jobs === undefined ? [] : ['--parallel', '--jobs', String(options.jobs)]),
  ];
  const mark = new ProcessMark('TEST_RUN');
  const code = await run(process.execPath, [mocha, ...files, '--reporter', reporter, ...limits], {
    TEST_RESULT: result,
    ...mark.environment,
  });
  const counts = await readCounts(result);
  await rm(folder, { recursive: true, force: true });
  const isClean = await leavesNothing(mark);
  // A run that broke off, that hides a failure outside of its tests, or that goes on, counts as one more failure.
  if ((code === 0 || counts.failed > 0) && isClean) return counts;
  const reason = isClean ? `mocha ended with ${code}, and no test failed` : 'processes of the tests went on';
  return sum([counts, oneFailure(reason)]);
}

function oneFailure(reason: string): Counts {
  return { passed: 0, failed: 1, failures: [reason] };
}

/** Whether all that a run began has ended; what has not is named, and ended. */
async function leavesNothing(mark: ProcessMark): Promise<boolean> {
  try {
    await mark.allGone();
    return true;
  } catch (error) {
    console.error(error);
    await mark.end(0);
    return false;
  }
}

function sum(all: readonly Counts[]): Counts {
  const total = (read: (counts: Counts) => number): number =>
    all.reduce((before, counts) => before + read(counts), 0);
  return {
    passed: total(({ passed }) => passed),
    failed: total(({ failed }) => failed),
    failures: all.flatMap(({ failures }) => failures),
  };
}

async function readCounts(file: string): Promise<Counts> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? oneFailure('mocha left no result') : (JSON.parse(text) as TestResult);
}

async function run(command: string, args: readonly string[], environment = {}): Promise<number> {
  const child = spawn(command, args, {
    cwd: repository,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
    shell: process.platform === 'win32',
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

async function runStage(name: string): Promise<Counts> {
  const stage = stages[name];
  if (stage === undefined) {
    throw new Error(`There is no stage "${name}"; there are ${Object.keys(stages).join(', ')}.`);
  }
  const start = performance.now();
  console.log(`\n── ${name} ──`);
  const counts = await stage().catch((error: unknown) => {
    console.error(error);
    return oneFailure(String(error));
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`── ${name}: ${counts.passed} passed, ${counts.failed} failed, ${seconds} s`);
  return { ...counts, failures: counts.failures.map((failure) => `${name}: ${failure}`) };
}

const counts: Counts[] = [];
for (const name of chosen) counts.push(await runStage(name));
const { passed, failed, failures } = sum(counts);
// What failed early stands thousands of lines above: it is said again where one looks.
for (const failure of failures) console.log(`\nFAILED ${failure}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
