import { inspect } from 'node:util';
import { Bed } from './bed.ts';
import { planRound, type RoundOptions, type RoundPlan, type RoundResult, runRound } from './round.ts';

export interface CampaignOptions extends RoundOptions {
  readonly seed: number;
  /** The numbers of the rounds, in order. */
  readonly rounds: readonly number[];
  readonly onRound?: (result: RoundResult) => void;
}

/** Runs rounds one after the other on one bed, which is gone afterwards with all that it started. */
export async function runCampaign(options: CampaignOptions): Promise<readonly RoundResult[]> {
  let bed = await Bed.open(options.seed);
  const results: RoundResult[] = [];
  try {
    for (const number of options.rounds) {
      const plan = planRound(options.seed, number, options);
      const result = await runRound(bed, plan, options).catch((error: unknown) => toBroken(plan, error));
      results.push(result);
      options.onRound?.(result);
      if (result.fault === undefined) continue;
      await bed.close();
      bed = await Bed.open(options.seed);
    }
  } finally {
    await bed.close();
  }
  return results;
}

/** A round that could not be judged is no round that went well. */
function toBroken(plan: RoundPlan, error: unknown): RoundResult {
  return {
    plan,
    violations: [],
    isHarmed: false,
    promptCount: 0,
    milliseconds: 0,
    requestCount: 0,
    trail: [],
    fault: inspect(error),
  };
}
