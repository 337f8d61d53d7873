import { l10n } from '../../core/l10n.ts';
import { element } from '../dom/element.ts';
import type { Row } from '../dom/rowWindow.ts';

/** Stands where messages are missing, until they have come. */
export class GapRow implements Row {
  readonly element = element('div', {
    class: 'missing-messages',
    text: l10n.t('Loading the messages between…'),
  });

  dispose(): void {
    // Nothing is held.
  }
}
