import { shownTextLimit } from '../../core/entries/clampedText.ts';
import { l10n } from '../../core/l10n.ts';
import { textButton } from '../dom/element.ts';
import type { PartSurroundings } from './partView.ts';

/** Shows the whole of a text of which only some stands here: in its place, or in an editor if it is very long. */
export function showAllButton(
  partId: string,
  length: number,
  { sessionId, messageId, post }: PartSurroundings,
): HTMLElement {
  const type = length > shownTextLimit ? 'openOutput' : 'loadPart';
  return wholeTextButton(length, () => post({ type, sessionId, messageId, partId }));
}

/** Offers the whole of a text of so many characters of which only some stands here. */
export function wholeTextButton(length: number, run: () => void, testId = 'show-all'): HTMLElement {
  return textButton({ label: l10n.t('Show All ({0} characters)', length), class: 'link', testId, run });
}
