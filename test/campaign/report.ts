import type { RoundPlan, RoundResult } from './round.ts';

/** A round in one line, and each violation below it. */
export function describeRound({ plan, violations, milliseconds, fault, isHarmed }: RoundResult): string {
  const again = `  again: npm run campaign -- --seed ${plan.seed} --round ${plan.number}`;
  if (fault !== undefined)
    return `? round ${plan.number} (seed ${plan.seed}) ${describePlan(plan)}: ${fault}\n${again}`;
  const head = `round ${plan.number} (seed ${plan.seed}) ${describePlan(plan)}: ${Math.round(milliseconds)} ms${isHarmed ? '' : ' (spared)'}`;
  const lines = violations.map(
    ({ kind, expected, seen }) => `  ✗ ${kind}\n      expected: ${expected}\n      seen:     ${seen}`,
  );
  if (lines.length === 0) return `✓ ${head}`;
  return [`✗ ${head}`, ...lines, again].join('\n');
}

function describePlan({ verb, harm, harmDetail, beside, insists }: RoundPlan): string {
  const at = harmDetail === '' ? '' : ` at ${harmDetail}`;
  return `${verb} × ${harm}${at}, beside ${beside}${insists ? ', insisting' : ''}`;
}

/** Rounds and violations by verb and by harm, and the violations by kind. */
export function printTable(results: readonly RoundResult[]): string {
  const by = (title: string, nameOf: (plan: RoundPlan) => string): string => {
    const rows = [...Map.groupBy(results, ({ plan }) => nameOf(plan))]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(
        ([name, all]) =>
          `| ${name} | ${all.length} | ${all.filter(({ isHarmed }) => isHarmed).length} | ${sum(all, ({ promptCount }) => promptCount)} | ${count(all)} |`,
      );
    return [
      `| ${title} | rounds | of them harmed | prompts | rounds with violations |`,
      '| --- | ---: | ---: | ---: | ---: |',
      ...rows,
    ].join('\n');
  };
  const kinds = [
    ...Map.groupBy(
      results.flatMap(({ plan, violations }) =>
        [...new Set(violations.map(({ kind }) => kind))].map((kind) => ({ kind, plan })),
      ),
      ({ kind }) => kind,
    ),
  ]
    .sort(([, one], [, other]) => other.length - one.length)
    .map(([kind, all]) => `| ${kind} | ${all.length} | ${describeSpread(all.map(({ plan }) => plan))} |`);
  return [
    by('verb', ({ verb }) => verb),
    by('fault', ({ harm }) => harm),
    by('beside', ({ beside }) => beside),
    ['| violation | rounds | verb × fault |', '| --- | ---: | --- |', ...kinds].join('\n'),
    `${results.length} rounds, ${sum(results, ({ promptCount }) => promptCount)} prompts, ${count(results)} rounds with violations, ${results.filter(({ fault }) => fault !== undefined).length} that could not be judged`,
  ].join('\n\n');
}

function describeSpread(plans: readonly RoundPlan[]): string {
  const pairs = [...Map.groupBy(plans, ({ verb, harm }) => `${verb} × ${harm}`)];
  return pairs
    .sort(([, one], [, other]) => other.length - one.length)
    .slice(0, 8)
    .map(([pair, all]) => `${pair} (${all.length === 1 ? `#${all[0]?.number}` : all.length})`)
    .join(', ');
}

function count(results: readonly RoundResult[]): number {
  return results.filter(({ violations }) => violations.length > 0).length;
}

function sum(results: readonly RoundResult[], read: (result: RoundResult) => number): number {
  return results.reduce((total, result) => total + read(result), 0);
}
