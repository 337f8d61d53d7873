import type { PartEntry } from '../../protocol/page/entries.ts';
import { attachedFile } from './attachedFile.ts';
import { element } from '../dom/element.ts';
import type { PartOf, PartSurroundings, PartView } from './partView.ts';

/** A file or picture that came with a message. */
export class FilePart implements PartView {
  readonly element = element('div', { class: 'attachment' });
  readonly #surroundings: PartSurroundings;

  constructor(part: PartOf<'file'>, surroundings: PartSurroundings) {
    this.#surroundings = surroundings;
    this.update(part);
  }

  update(part: PartEntry): void {
    if (part.type !== 'file') return;
    const { sessionId, messageId, post } = this.#surroundings;
    const address = { sessionId, messageId, partId: part.id };
    const hadFocus = this.element.contains(document.activeElement);
    this.element.replaceChildren(
      ...attachedFile(part, {
        open: () => post({ type: 'openAttachment', ...address, index: 0 }),
        load: () => post({ type: 'loadPart', ...address }),
      }),
    );
    // "Show Picture" had it: the picture is where the reader goes on.
    if (hadFocus) this.element.querySelector('button')?.focus();
  }
}
