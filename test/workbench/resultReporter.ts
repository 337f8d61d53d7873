import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** What a run of mocha leaves in the file named by the environment's `TEST_RESULT`. */
export interface TestResult {
  readonly passed: number;
  readonly failed: number;
  readonly pending: number;
  /** Of each test that failed: its name and why. */
  readonly failures: readonly string[];
}

/**
 * Mocha's own "spec" output, the counts in a file for the program that started the run, and why a try failed of a
 * test that was tried again: mocha itself tells of the last one alone, which often fails of what the first one left.
 */
export default class ResultReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const whyFailed: string[] = [];
    runner.on('retry', (test: Mocha.Test, error: Thrown) => {
      console.log(Mocha.reporters.Base.color('bright yellow', `    again: ${told(test, error)}`));
    });
    runner.on('fail', (test: Mocha.Runnable, error: Thrown) => {
      whyFailed.push(told(test, error));
    });
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      const result: TestResult = { passed: passes, failed: failures, pending, failures: whyFailed };
      const file = process.env['TEST_RESULT'];
      if (file) writeFileSync(file, JSON.stringify(result));
    });
  }
}

/** What comes from a worker has the shape of an error, but is none. */
type Thrown = Pick<Error, 'message' | 'stack'>;

function told(test: Mocha.Runnable, { message, stack }: Thrown): string {
  return `${test.fullTitle()}\n${stack ?? message}`;
}
