import { join } from 'node:path';
import { startBench } from './workbench/bench.ts';
import { repository } from './workbench/extensionCopy.ts';
import type { ActivationTimes } from './workbench/activationProbe.ts';
import { bundleForHost, runInWindow } from './workbench/hostSuite.ts';

// npm run measure:activation: how long the packaged extension takes to load and activate in a real extension host.

const windows = 7;
const limit = 50;

const [probe = ''] = await bundleForHost('activation', ['test/workbench/activationProbe.ts']);
const bench = await startBench({ sessions: false });
const runs: ActivationTimes[] = [];
try {
  const logFile = join(repository, 'test-results', 'activation-window.log');
  for (let index = 0; index < windows; index += 1) {
    await runInWindow(await bench.browser(), bench.url(probe), {
      print: (line) => runs.push(JSON.parse(line)),
      logFile,
    });
  }
} finally {
  await bench.close();
}
for (const { load, activate, house } of runs)
  console.log(
    `load ${load.toFixed(1)} ms, activate ${activate.toFixed(1)} ms; the house, right after, ${house.toFixed(1)} ms`,
  );
const total = median(runs.map(({ load, activate }) => load + activate));
console.log(`Median of load and activate together: ${total.toFixed(1)} ms; the limit is ${limit} ms.`);
process.exitCode = total < limit ? 0 : 1;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
