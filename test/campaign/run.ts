import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.ts';
import { type HarmName, harmNames } from './harms.ts';
import { describeRound, printTable } from './report.ts';
import type { Beside, RoundResult } from './round.ts';
import { type VerbName, verbs } from './verbs.ts';

// npm run campaign -- --rounds 1000 --seed 7, on from a round: --from 400, or one again: --seed 7 --round 312 --trail

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    /** The number of the first round. */
    from: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    /** The number of the one round that is run; so many times, with `--times`. */
    round: { type: 'string' },
    times: { type: 'string', default: '1' },
    /** Milliseconds that a round may take to become quiet. */
    patience: { type: 'string', default: '20000' },
    verb: { type: 'string' },
    fault: { type: 'string' },
    beside: { type: 'string' },
    /** Prints all that was told, logged and sent in rounds with violations, and in the one round that is run. */
    trail: { type: 'boolean', default: false },
  },
});

const { round, verb, fault, beside } = values;
if (verb !== undefined && !(verb in verbs))
  throw new Error(`The verbs are: ${Object.keys(verbs).join(', ')}.`);
if (fault !== undefined && !(harmNames as readonly string[]).includes(fault)) {
  throw new Error(`The faults are: ${harmNames.join(', ')}.`);
}
const numbers =
  round === undefined
    ? Array.from({ length: Number(values.rounds) }, (_, index) => Number(values.from) + index)
    : Array.from({ length: Number(values.times) }, () => Number(round));

const start = performance.now();
const results: RoundResult[] = [];
process.once('exit', () => {
  console.log(`\n${printTable(results)}`);
  console.log(`seed ${values.seed}, ${Math.round((performance.now() - start) / 1000)} s`);
});
// Also a campaign that is broken off leaves no server behind, and tells what it saw.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

await runCampaign({
  seed: Number(values.seed),
  rounds: numbers,
  patience: Number(values.patience),
  ...(verb === undefined ? {} : { verb: verb as VerbName }),
  ...(fault === undefined ? {} : { harm: fault as HarmName }),
  ...(beside === undefined ? {} : { beside: beside as Beside }),
  onRound: (result) => {
    results.push(result);
    console.log(describeRound(result));
    if (values.trail && (round !== undefined || result.violations.length > 0))
      console.log(result.trail.map((line) => `    ${line}`).join('\n'));
  },
});
process.exitCode = results.some(({ violations, fault }) => violations.length > 0 || fault !== undefined)
  ? 1
  : 0;
