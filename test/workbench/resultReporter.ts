import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { describeFailure, type TestResult, type Thrown } from './testResult.ts';

/**
 * Mocha's own "spec" output, the result in the file named by the environment's `TEST_RESULT` for the program that started the run, and why a try failed of a
 * test that was tried again: mocha itself tells of the last one alone, which often fails of what the first one left.
 */
export default class ResultReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const whyFailed: string[] = [];
    runner.on('retry', (test: Mocha.Test, error: Thrown) => {
      console.log(Mocha.reporters.Base.color('bright yellow', `    again: ${describeFailure(test, error)}`));
    });
    runner.on('fail', (test: Mocha.Runnable, error: Thrown) => {
      whyFailed.push(describeFailure(test, error));
    });
    runner.once('end', () => {
      const { passes, failures } = this.stats;
      const result: TestResult = { passed: passes, failed: failures, failures: whyFailed };
      const file = process.env['TEST_RESULT'];
      if (file) writeFileSync(file, JSON.stringify(result));
    });
  }
}
