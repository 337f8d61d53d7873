import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runHostSuiteInBrowser } from './workbench/hostSuite.ts';
import type { TestResult } from './workbench/resultReporter.ts';

// npm test: everything, in order; npm run test:…: the named stages. The last line counts what passed and failed.

type Counts = Pick<TestResult, 'passed' | 'failed'>;
type Stage = () => Promise<Counts>;

const repository = join(import.meta.dirname, '..');

// What drives other programs may meet them at a bad moment; a test that fails three times has failed.
const stages: Readonly<Record<string, Stage>> = {
  format: check('check:format'),
  lint: check('check:lint'),
  types: check('check:types'),
  dead: check('check:dead'),
  unit: mochaOf('test/unit/**/*.test.ts'),
  build: check('build'),
  // These wait for servers and browsers much of their time: two files go side by side.
  server: mochaOf('test/server/**/*.test.ts', { timeout: 300_000, retries: 2, jobs: 2 }),
  page: mochaOf('test/webview/**/*.test.ts', { timeout: 300_000, jobs: 2 }),
  package: check('package'),
  host: () => runHostSuiteInBrowser((line) => console.log(line)),
  e2e: mochaOf('test/e2e/**/*.test.ts', { timeout: 300_000, retries: 2 }),
};

/** A script of package.json that succeeds or fails as a whole. */
function check(script: string): Stage {
  return async () => {
    const code = await run('npm', ['run', '--silent', script]);
    return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  };
}

function mochaOf(
  files: string,
  options: { readonly timeout?: number; readonly retries?: number; readonly jobs?: number } = {},
): Stage {
  return async () => {
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
    const code = await run(process.execPath, [mocha, files, '--reporter', reporter, ...limits], {
      TEST_RESULT: result,
    });
    const counts = await readCounts(result);
    await rm(folder, { recursive: true, force: true });
    // A run that broke off, or that hides a failure outside of its tests, counts as one more failure.
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  };
}

async function readCounts(file: string): Promise<Counts> {
  const text = await readFile(file, 'utf8').catch(() => '{ "passed": 0, "failed": 1 }');
  return JSON.parse(text) as TestResult;
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
    return { passed: 0, failed: 1 };
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`── ${name}: ${counts.passed} passed, ${counts.failed} failed, ${seconds} s`);
  return counts;
}

const named = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const name of named.length > 0 ? named : Object.keys(stages)) {
  const counts = await runStage(name);
  passed += counts.passed;
  failed += counts.failed;
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
