import { startBench } from '../workbench/bench.ts';
import { daily, firstMinute, longTurn } from './daily.ts';
import { comparison, document, exported, services, whatFollows } from './following.ts';

// npm run screenshots: the pictures of the README, taken from the real thing; -- and names take only those.

// The last one kills the server.
const all = { firstMinute, longTurn, comparison, whatFollows, services, document, exported, daily };
const named = process.argv.slice(2);

const bench = await startBench({ snapshots: true });
try {
  for (const [name, take] of Object.entries(all)) {
    if (named.length === 0 || named.includes(name)) await take(bench);
  }
} finally {
  await bench.close();
}
