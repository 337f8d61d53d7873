import type { ClampedText } from '../../protocol/page/entries.ts';
import { l10n } from '../l10n.ts';

/** Says how much of a text stands there, in a line of Markdown; empty: all of it. */
export function cutNote({ text, clamped, tail }: ClampedText): string {
  if (clamped === undefined) return '';
  const said = tail
    ? l10n.t('The last {0} of {1} characters; the session has all of them.', text.length, clamped)
    : l10n.t('The first {0} of {1} characters; the session has all of them.', text.length, clamped);
  return `*${said}*`;
}
