import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import { type Announcement, toAnnouncementLine } from '../workbench/announcement.ts';
import { describeFailure, type TestResult, type Thrown } from '../workbench/testResult.ts';

/** What VS Code's extension host calls: runs the tests that are bundled beside this file. */
export async function run(): Promise<void> {
  const base: { consoleLog: (...args: unknown[]) => void } = Mocha.reporters.Base;
  base.consoleLog = (...args) => announce({ text: format(...args) });
  const mocha = new Mocha({ ui: 'bdd', timeout: 120_000, retries: 2, reporter: 'spec', color: false });
  const files = readdirSync(__dirname).filter((file) => file.endsWith('.test.cjs'));
  for (const file of files.sort()) mocha.addFile(join(__dirname, file));
  const counts = await runMocha(mocha);
  announce({ counts });
  if (counts.failed > 0) throw new Error(`${counts.failed} of the host tests failed.`);
}

function runMocha(mocha: Mocha): Promise<TestResult> {
  return new Promise((resolve) => {
    const failures: string[] = [];
    const runner: Mocha.Runner = mocha.run((failed) =>
      resolve({ passed: runner.stats?.passes ?? 0, failed, failures }),
    );
    runner.on('fail', (test: Mocha.Runnable, error: Thrown) => failures.push(describeFailure(test, error)));
  });
}

function announce(announcement: Announcement): void {
  console.log(toAnnouncementLine(announcement));
}
