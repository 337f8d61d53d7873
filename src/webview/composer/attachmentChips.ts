import { l10n } from '../../core/l10n.ts';
import { attachmentName } from '../../core/prompts/promptText.ts';
import { placesOf, standingMentions } from '../../core/prompts/takenMentions.ts';
import type { Attachment, TakenMention } from '../../protocol/page/composer.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import { element, icon, iconButton } from '../dom/element.ts';
import type { PromptField } from './promptField.ts';

/** A word that was completed. */
interface PutIn extends Pick<TakenMention, 'label' | 'sessionId'> {
  readonly kind: string;
  readonly insert: string;
}

/** What goes with the prompt beside its text, and what words in it stand for, each with a button to take it away. */
export class AttachmentChips {
  readonly element = element('div', {
    class: 'chips',
    role: 'list',
    'aria-label': l10n.t('Attachments and mentions'),
    on: { keydown: (event: KeyboardEvent) => removeByKey(event) },
  });
  readonly #field: () => PromptField;
  readonly #onChange: () => void;
  #attachments: readonly Attachment[] = [];
  /** Also those whose word was taken out of the text: undone, it stands there again. */
  #taken: readonly TakenMention[] = [];
  #mentions: readonly TakenMention[] = [];

  /** `field` has the text in which mentions stand; `onChange` hears of what is changed from here. */
  constructor(field: () => PromptField, onChange: () => void) {
    this.#field = field;
    this.#onChange = onChange;
    this.#render();
  }

  get attachments(): readonly Attachment[] {
    return this.#attachments;
  }

  /** Those whose words stand in the text. */
  get mentions(): readonly TakenMention[] {
    return this.#mentions;
  }

  show(attachments: readonly Attachment[]): void {
    this.#attachments = attachments;
    this.#render();
  }

  add(attachments: readonly Attachment[]): void {
    const known = new Set(this.#attachments.map(identity));
    const added = attachments.filter((attachment) => !known.has(identity(attachment)));
    if (added.length === 0) return;
    this.show([...this.#attachments, ...added]);
    this.#onChange();
  }

  /** Knows mentions that were made in another text, and no others. */
  knowMentions(taken: readonly TakenMention[]): void {
    this.#taken = taken;
  }

  /** Knows what was put into the text, if it mentions something. */
  take({ kind, label, insert: word, sessionId }: PutIn): void {
    if (!isMention(kind)) return;
    const mention = withoutUndefined({ kind, label, word, sessionId });
    this.#taken = [...this.#taken.filter((other) => other.word !== word), mention];
  }

  /** Shows the mentions whose words stand in the text, in its order. */
  showMentions(): void {
    // Most texts have none, and each key asks.
    const standing =
      this.#taken.length === 0 ? this.#taken : standingMentions(this.#field().text, this.#taken);
    const isSame = standing.every((one, at) => one === this.#mentions[at]);
    if (isSame && standing.length === this.#mentions.length) return;
    this.#mentions = standing;
    this.#render();
  }

  #render(): void {
    const chips = [
      ...this.#attachments.map((attachment) => this.#attachmentChip(attachment)),
      ...this.#mentions.map((mention) => this.#mentionChip(mention)),
    ];
    this.element.hidden = chips.length === 0;
    this.element.replaceChildren(...chips);
  }

  /** The button that had the focus goes away: that of the next one gets it. */
  #remove(at: number, remove: () => void): void {
    remove();
    const buttons = [...this.element.querySelectorAll('button')];
    (buttons[at] ?? buttons.at(-1))?.focus();
  }

  #removeAttachment(attachment: Attachment): void {
    this.#remove(this.#attachments.indexOf(attachment), () =>
      this.show(this.#attachments.filter((other) => other !== attachment)),
    );
    this.#onChange();
  }

  #removeMention(mention: TakenMention): void {
    const at = this.#attachments.length + this.#mentions.indexOf(mention);
    this.#remove(at, () => {
      const field = this.#field();
      for (const { start, end } of placesOf(mention, field.text).toReversed()) {
        field.replace('', start, end);
      }
      this.showMentions();
    });
    this.#onChange();
  }

  #attachmentChip(attachment: Attachment): HTMLElement {
    const name = attachmentName(attachment);
    const isImage = attachment.kind === 'data' && attachment.mime.startsWith('image/');
    const picture = isImage ? element('img', { src: attachment.url, alt: '' }) : icon('file');
    const title = attachment.kind === 'file' ? attachment.path : name;
    return chip(picture, name, title, () => this.#removeAttachment(attachment));
  }

  #mentionChip(mention: TakenMention): HTMLElement {
    const { kind, label, word } = mention;
    return chip(icon(mentionIcons[kind]), label, word, () => this.#removeMention(mention));
  }
}

/** What is found by `@` and what it is called with. */
export const mentionIcons = {
  file: 'file',
  agent: 'robot',
  session: 'comment-discussion',
  symbol: 'symbol-event',
} as const;

const isMention = (kind: string): kind is TakenMention['kind'] => Object.hasOwn(mentionIcons, kind);

function chip(picture: HTMLElement, name: string, title: string, remove: () => void): HTMLElement {
  return element(
    'span',
    { class: 'chip', role: 'listitem', title },
    picture,
    element('span', { class: 'chip-name', dir: 'auto', text: name }),
    iconButton({ label: l10n.t('Remove {0}', name), icon: 'close', run: remove }),
  );
}

/** The keys that take away what stands in a text take away what is marked here, too. */
function removeByKey(event: KeyboardEvent): void {
  const { key, target } = event;
  if ((key !== 'Delete' && key !== 'Backspace') || !(target instanceof HTMLButtonElement)) return;
  event.preventDefault();
  target.click();
}

function identity(attachment: Attachment): string {
  return attachment.kind === 'data' ? attachment.url : JSON.stringify(attachment);
}
