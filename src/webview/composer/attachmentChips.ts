import { l10n } from '../../core/l10n.ts';
import { attachmentName } from '../../core/prompts/promptText.ts';
import type { Attachment } from '../../protocol/page/composer.ts';
import { element, icon, iconButton } from '../dom/element.ts';

/** What goes with the prompt beside its text, each with a button to take it away. */
export class AttachmentChips {
  readonly element = element('div', { class: 'chips', role: 'list', 'aria-label': l10n.t('Attachments') });
  readonly #onChange: () => void;
  #attachments: readonly Attachment[] = [];

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.show([]);
  }

  get attachments(): readonly Attachment[] {
    return this.#attachments;
  }

  show(attachments: readonly Attachment[]): void {
    this.#attachments = attachments;
    this.element.hidden = attachments.length === 0;
    this.element.replaceChildren(...attachments.map((attachment) => this.#chip(attachment)));
  }

  add(attachments: readonly Attachment[]): void {
    const known = new Set(this.#attachments.map(identity));
    const added = attachments.filter((attachment) => !known.has(identity(attachment)));
    if (added.length === 0) return;
    this.show([...this.#attachments, ...added]);
    this.#onChange();
  }

  /** The button that had the focus goes away: that of the next one gets it. */
  #remove(attachment: Attachment): void {
    const index = this.#attachments.indexOf(attachment);
    this.show(this.#attachments.filter((other) => other !== attachment));
    const buttons = [...this.element.querySelectorAll('button')];
    (buttons[index] ?? buttons.at(-1))?.focus();
    this.#onChange();
  }

  #chip(attachment: Attachment): HTMLElement {
    const name = attachmentName(attachment);
    const isImage = attachment.kind === 'data' && attachment.mime.startsWith('image/');
    return element(
      'span',
      { class: 'chip', role: 'listitem', title: attachment.kind === 'file' ? attachment.path : name },
      isImage ? element('img', { src: attachment.url, alt: '' }) : icon('file'),
      element('span', { class: 'chip-name', text: name }),
      iconButton({
        label: l10n.t('Remove {0}', name),
        icon: 'close',
        run: () => this.#remove(attachment),
      }),
    );
  }
}

function identity(attachment: Attachment): string {
  return attachment.kind === 'data' ? attachment.url : JSON.stringify(attachment);
}
