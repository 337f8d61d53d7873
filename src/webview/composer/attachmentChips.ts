import { l10n } from '../../core/l10n.ts';
import type { Attachment, TakenMention } from '../../protocol/page/composer.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import { element } from '../dom/element.ts';
import { composerParts } from './composerParts.ts';
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
    hidden: true,
  });
  readonly field: () => PromptField;
  readonly onChange: () => void;
  #attachments: readonly Attachment[] = [];
  /** Also those whose word was taken out of the text: undone, it stands there again. */
  #taken: readonly TakenMention[] = [];
  #mentions: readonly TakenMention[] = [];

  /** `field` has the text in which mentions stand; `onChange` hears of what is changed from here. */
  constructor(field: () => PromptField, onChange: () => void) {
    this.field = field;
    this.onChange = onChange;
    composerParts.onceThere(() => this.showMentions());
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
    this.onChange();
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
    // Most texts have none, and each key asks. As long as nobody can tell which of them stand there, all count.
    const { piece } = composerParts;
    const standing =
      piece === undefined || this.#taken.length === 0
        ? this.#taken
        : piece.standingMentions(this.field().text, this.#taken);
    const isSame = standing.every((one, at) => one === this.#mentions[at]);
    if (isSame && standing.length === this.#mentions.length) return;
    this.#mentions = standing;
    this.#render();
  }

  #render(): void {
    this.element.hidden = this.#attachments.length + this.#mentions.length === 0;
    if (this.element.hidden) this.element.replaceChildren();
    else composerParts.use(({ chipNodes }) => this.element.replaceChildren(...chipNodes(this)));
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

function identity(attachment: Attachment): string {
  return attachment.kind === 'data' ? attachment.url : JSON.stringify(attachment);
}
