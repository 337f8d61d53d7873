import assert from 'node:assert/strict';
import { runCampaign } from '../campaign/campaign.ts';
import { describeRound } from '../campaign/report.ts';

describe('The campaign', function () {
  // Two minutes on a quiet machine.
  this.timeout(1_200_000);
  // What is lost once in three tries is lost.
  this.retries(0);

  it('finds nothing lost, sent twice or pretended in forty rounds', async () => {
    const rounds = Array.from({ length: 40 }, (_, number) => number);
    const results = await runCampaign({ seed: 11, rounds, patience: 30_000 });
    const failed = results.filter(({ violations, fault }) => violations.length > 0 || fault !== undefined);
    assert.equal(failed.map((result) => [describeRound(result), ...result.trail].join('\n')).join('\n'), '');
    const harmed = results.filter(({ plan, isHarmed }) => isHarmed && plan.harm !== 'nothing');
    assert.ok(harmed.length > rounds.length / 2, `harm was done in ${harmed.length} rounds only`);
  });
});
