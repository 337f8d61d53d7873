import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import { type Announcement, toAnnouncementLine } from '../workbench/announcement.ts';

/** What VS Code's extension host calls: runs the tests that are bundled beside this file. */
export async function run(): Promise<void> {
  const base: { consoleLog: (...args: unknown[]) => void } = Mocha.reporters.Base;
  base.consoleLog = (...args) => announce({ text: format(...args) });
  const mocha = new Mocha({ ui: 'bdd', timeout: 120_000, retries: 2, reporter: 'spec', color: false });
  const files = readdirSync(__dirname).filter((file) => file.endsWith('.test.cjs'));
  for (const file of files.sort()) mocha.addFile(join(__dirname, file));
  const { passes, failures } = await runMocha(mocha);
  announce({ counts: { passed: passes, failed: failures } });
  if (failures > 0) throw new Error(`${failures} of the host tests failed.`);
}

function runMocha(mocha: Mocha): Promise<Mocha.Stats> {
  return new Promise((resolve) => {
    const runner: Mocha.Runner = mocha.run(() => resolve(runner.stats ?? { ...noStats, failures: 1 }));
  });
}

const noStats = { suites: 0, tests: 0, passes: 0, pending: 0 };

function announce(announcement: Announcement): void {
  console.log(toAnnouncementLine(announcement));
}
