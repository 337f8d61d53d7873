import { l10n } from '../l10n.ts';
import type { RedactionCounts } from './cutOut.ts';

/** Who the person is stands in every path: it is no secret that somebody has to change. */
const personal = new Set(['home directory', 'user name']);

/** How many secrets were taken out, without what only names the person. */
export function countSecrets(counts: RedactionCounts): number {
  return [...counts].reduce((sum, [rule, count]) => sum + (personal.has(rule) ? 0 : count), 0);
}

export function wordSecrets(count: number): string {
  return count === 1 ? l10n.t('1 secret') : l10n.t('{0} secrets', count);
}

/** What was taken out of a text, and how far that may be trusted; `counts` undefined: nothing was looked for. */
export function describeRedaction(counts: RedactionCounts | undefined): string {
  if (counts === undefined) {
    return l10n.t('Secrets were not looked for: look through it before you pass it on.');
  }
  const secrets = [...counts]
    .filter(([rule]) => !personal.has(rule))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const named = secrets.map(([rule, count]) => l10n.t('{0} × {1}', count, rule)).join(', ');
  const found = [
    secrets.length === 0
      ? l10n.t('no secret that is known by its form')
      : l10n.t('{0} ({1})', wordSecrets(countSecrets(counts)), named),
    ...[...personal].flatMap((rule) => {
      const count = counts.get(rule) ?? 0;
      return count === 0 ? [] : [l10n.t('{0} × {1}', count, rule)];
    }),
  ];
  return l10n.t(
    'Redacted: {0}. Only what has a known form is found: look through it before you pass it on.',
    found.join(', '),
  );
}
