import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** What a run of mocha leaves in the file named by the environment's `TEST_RESULT`. */
export interface TestResult {
  readonly passed: number;
  readonly failed: number;
  readonly pending: number;
}

/** Mocha's own "spec" output, and the counts in a file, for the program that started the run. */
export default class ResultReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      const result: TestResult = { passed: passes, failed: failures, pending };
      const file = process.env['TEST_RESULT'];
      if (file) writeFileSync(file, JSON.stringify(result));
    });
  }
}
