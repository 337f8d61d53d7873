import { parseArgs } from 'node:util';
import { judgeGrowth } from './growth.ts';
import { type Lap, openSoak } from './soak.ts';

// npm run soak: 500 relays among three agents and 200 messages among five sessions, in laps of 25 and 10, by the companion on
// a real server; `-- --laps 60` goes on for longer. It ends with 1 where an answer is missing, twice there or out of
// order, where something still waits, or where the server's process goes on growing.

const { values } = parseArgs({
  options: {
    laps: { type: 'string', default: '20' },
    relays: { type: 'string', default: '25' },
    /** To how many of the others each session writes in a lap. */
    notes: { type: 'string', default: '2' },
  },
});

const laps: Lap[] = [];
const soak = await openSoak({ relays: Number(values.relays), notes: Number(values.notes), rest: 2_000 });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void soak.close().finally(() => process.exit(130)));
}
const start = performance.now();
try {
  for (let lap = 0; lap < Number(values.laps); lap += 1) {
    const ended = await soak.run();
    laps.push(ended);
    const { seconds, memory, handles } = ended;
    console.log(
      `lap ${String(lap).padStart(3)}: ${seconds.toFixed(1).padStart(5)} s, ${(memory / 1e6).toFixed(0)} MB, ${handles} handles`,
    );
  }
  const faults = await soak.judge();
  for (const fault of faults) console.log(fault);
  const growths = judgeGrowth(laps);
  for (const { what, middle, last, ratio, allowed, isMet } of growths) {
    const [before, after] = [middle, last].map((value) =>
      what === 'memory' ? `${(value / 1e6).toFixed(0)} MB` : value,
    );
    console.log(
      `${what}: ${before} in the middle third, ${after} in the last, ${ratio.toFixed(3)} x of ${allowed} allowed${isMet ? '' : ': GROWS'}`,
    );
  }
  console.log(`${faults.length} faults, ${Math.round((performance.now() - start) / 1000)} s`);
  process.exitCode = faults.length > 0 || growths.some(({ isMet }) => !isMet) ? 1 : 0;
} finally {
  await soak.close();
}
