import { joinDrafts } from '../../core/prompts/composerDraft.ts';
import type { Attachment, ComposerDraft } from '../../protocol/page/composer.ts';
import type { Addressee } from './addressee.ts';
import type { AttachmentChips } from './attachmentChips.ts';
import type { QueueSlot } from './queueSlot.ts';

const draftDelay = 300;

export interface DraftTeller {
  /** What stands there now came from the host: its attachments need not be told. */
  readonly know: () => void;
  readonly changed: () => void;
  /** Tells at once what is not told yet. */
  readonly flush: () => void;
  /** What is not told yet need not be told any more. */
  readonly cancel: () => void;
}

/**
 * Tells the host what stands in the composer: nothing that is typed is lost, and attachments go over once. `read` gives
 * the draft; `chips` hold its attachments, `queue` what is typed beside it.
 */
export function tellDrafts(
  addressee: Addressee,
  chips: AttachmentChips,
  queue: Pick<QueueSlot, 'unkept'>,
  read: () => ComposerDraft,
): DraftTeller {
  /** The attachments as the host has them. */
  let told: readonly Attachment[] | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isUntold = false;
  const post = (whole: ComposerDraft): void => {
    const { attachments: _, ...typed } = whole;
    const { attachments } = chips;
    const draft = attachments === told ? typed : { ...typed, attachments };
    told = attachments;
    addressee.post({ type: 'draft', sessionId: addressee.sessionId, draft });
  };
  const tell = (): void => {
    isUntold = false;
    post(read());
    timer = setTimeout(() => {
      timer = undefined;
      if (isUntold) tell();
    }, draftDelay);
  };
  const cancel = (): void => {
    clearTimeout(timer);
    timer = undefined;
    isUntold = false;
  };
  const flush = (): void => {
    if (isUntold) tell();
    cancel();
  };
  // The editor may take the page away at any time once it is hidden. A page that is gone when it is shown again has
  // lost what stands in the fields of the queue: the draft has it.
  document.addEventListener('visibilitychange', () => {
    flush();
    const text = queue.unkept;
    if (text === '') return;
    const draft = read();
    post(document.hidden ? joinDrafts(draft, { text }) : draft);
  });
  return {
    know: () => {
      told = chips.attachments;
    },
    changed: () => {
      isUntold = true;
      // The first key is told at once: it makes the panel one of its own session.
      if (timer === undefined) tell();
    },
    flush,
    cancel,
  };
}
