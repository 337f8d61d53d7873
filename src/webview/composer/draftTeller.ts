import { joinDrafts } from '../../core/prompts/composerDraft.ts';
import type { Attachment, ComposerDraft } from '../../protocol/page/composer.ts';
import type { Addressee } from './addressee.ts';
import type { AttachmentChips } from './attachmentChips.ts';
import type { QueueList } from './queueList.ts';

const draftDelay = 300;

/** Tells the host what stands in the composer: nothing that is typed is lost, and attachments go over once. */
export class DraftTeller {
  readonly #addressee: Addressee;
  readonly #chips: AttachmentChips;
  readonly #queue: QueueList;
  readonly #read: () => ComposerDraft;
  /** The attachments as the host has them. */
  #toldAttachments: readonly Attachment[] | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isUntold = false;

  /** `read` gives the draft as it stands there; `chips` hold its attachments, `queue` what is typed beside it. */
  constructor(addressee: Addressee, chips: AttachmentChips, queue: QueueList, read: () => ComposerDraft) {
    this.#addressee = addressee;
    this.#chips = chips;
    this.#queue = queue;
    this.#read = read;
    // The editor may take the page away at any time once it is hidden.
    document.addEventListener('visibilitychange', () => this.#tellUnkept());
  }

  /** What stands there now came from the host: its attachments need not be told. */
  know(): void {
    this.#toldAttachments = this.#chips.attachments;
  }

  changed(): void {
    this.#isUntold = true;
    // The first key is told at once: it makes the panel one of its own session.
    if (this.#timer === undefined) this.#tell();
  }

  /** Tells at once what is not told yet. */
  flush(): void {
    if (this.#isUntold) this.#tell();
    this.cancel();
  }

  /** What is not told yet need not be told any more. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isUntold = false;
  }

  #tell(): void {
    this.#isUntold = false;
    this.#post(this.#read());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isUntold) this.#tell();
    }, draftDelay);
  }

  /** A page that is gone when it is shown again has lost what stands in the fields of the queue: the draft has it. */
  #tellUnkept(): void {
    this.flush();
    const text = this.#queue.unkept;
    if (text === '') return;
    const draft = this.#read();
    this.#post(document.hidden ? joinDrafts(draft, { text }) : draft);
  }

  #post(whole: ComposerDraft): void {
    const { attachments: _, ...typed } = whole;
    const { attachments } = this.#chips;
    const draft = attachments === this.#toldAttachments ? typed : { ...typed, attachments };
    this.#toldAttachments = attachments;
    const { post, sessionId } = this.#addressee;
    post({ type: 'draft', sessionId, draft });
  }
}
