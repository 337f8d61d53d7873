import { Emitter, type Disposable } from '../../core/event.ts';
import { joinDrafts } from '../../core/prompts/composerDraft.ts';
import type { KeptValues } from '../../core/ports/keptValues.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { ComposerDraft, PickedTarget } from '../../protocol/page/composer.ts';
import type { ModelReference } from '../../protocol/records.ts';

const key = 'transcript.drafts';
const sendingKey = 'transcript.sending';
/** Milliseconds after the last keystroke until drafts are written down. */
const writeDelay = 500;
/** Drafts of so many sessions are kept, those written last. */
const sessionLimit = 200;

/** A prompt that is on its way. */
interface SentDraft {
  readonly sessionId: string;
  readonly draft: ComposerDraft;
  /** Our own, by which the server tells whether it arrived; without one it was not sent yet. */
  readonly messageId?: string;
}

type IdentifiedDraft = Required<SentDraft>;

export interface ComposerDraftsPorts {
  readonly memento: KeptValues;
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
}

/** What stands in the composers, by session, kept over reloads. */
export class ComposerDrafts implements Disposable {
  readonly #memento: KeptValues;
  readonly #startTimer: ComposerDraftsPorts['startTimer'];
  readonly #drafts: Map<string, ComposerDraft>;
  readonly #sending = new Map<ComposerDraft, SentDraft>();
  /** What was on its way when a window ended or a connection broke: nobody knows yet whether it arrived. */
  #unjudged: readonly IdentifiedDraft[];
  #writtenSending: number;
  #timer: Disposable | undefined;
  readonly #didType = new Emitter<{ readonly sessionId: string; readonly isTyping: boolean }>();

  /** A page told other words than before, or those that stood there went on their way. */
  readonly onDidType = this.#didType.event;

  constructor({ memento, startTimer }: ComposerDraftsPorts) {
    this.#memento = memento;
    this.#startTimer = startTimer;
    this.#drafts = new Map(Object.entries(memento.get<Record<string, ComposerDraft>>(key, {})));
    this.#unjudged = memento.get<readonly IdentifiedDraft[]>(sendingKey, []);
    this.#writtenSending = this.#unjudged.length;
  }

  get(sessionId: string): ComposerDraft {
    return this.#drafts.get(sessionId) ?? { text: '' };
  }

  set(sessionId: string, draft: ComposerDraft): void {
    this.#drafts.delete(sessionId);
    if (!isEmpty(draft)) this.#drafts.set(sessionId, draft);
    this.#timer?.dispose();
    this.#timer = this.#startTimer(() => this.#write(), writeDelay);
  }

  /** Takes what a page tells while somebody types: without attachments, those that it told last stay. */
  update(sessionId: string, told: ComposerDraft): void {
    const { attachments, text } = this.get(sessionId);
    if (told.text !== text) this.#didType.fire({ sessionId, isTyping: told.text !== '' });
    this.set(sessionId, withoutUndefined({ attachments, ...told }));
  }

  /** A prompt is on its way: it stands in no composer, but in what is kept until it is known what became of it. */
  send(sessionId: string, sent: ComposerDraft): void {
    const { agent, model } = sent;
    this.#sending.set(sent, { sessionId, draft: sent });
    this.#didType.fire({ sessionId, isTyping: false });
    this.set(sessionId, withoutUndefined({ text: '', agent, model }));
  }

  /** As `send`, of what stood in no composer: it is written down at once, since nothing else keeps it. */
  hold(sessionId: string, sent: ComposerDraft): void {
    this.#sending.set(sent, { sessionId, draft: sent });
    this.#write();
  }

  /** What stood in no composer was taken. */
  release(sent: ComposerDraft): void {
    this.#sending.delete(sent);
    this.#write();
  }

  /** What is on its way means this: it is what is kept of it. */
  replace(sent: ComposerDraft, meant: ComposerDraft): void {
    const sending = this.#sending.get(sent);
    if (sending === undefined || sent === meant) return;
    this.#sending.delete(sent);
    this.#sending.set(meant, { ...sending, draft: meant });
  }

  /** From here on it may arrive under this message id, also when nobody is left to see it. */
  identify(sent: ComposerDraft, messageId: string): void {
    const sending = this.#sending.get(sent);
    if (sending === undefined) return;
    this.#sending.set(sent, { ...sending, messageId });
    // Typed again, it is the same prompt: two copies of it would both be put back.
    this.#unjudged = this.#unjudged.filter((earlier) => earlier.messageId !== messageId);
    this.#write();
  }

  /** Nobody knows yet whether it arrived: it is kept, and stands in no composer, until `judge` finds out. */
  suspend(sent: ComposerDraft): void {
    const sending = this.#sending.get(sent);
    this.#sending.delete(sent);
    if (sending !== undefined && isIdentified(sending)) this.#unjudged = [...this.#unjudged, sending];
    this.#write();
  }

  /**
   * Finds out what became of the prompts that were on their way when a window ended or a connection broke. Those that did not arrive stand
   * in their composers again, of which `onAbsent` hears at once; where it cannot be found out, they are kept until it can.
   */
  async judge(
    hasArrived: (sent: IdentifiedDraft) => Promise<boolean>,
    onAbsent: (sent: IdentifiedDraft) => void,
  ): Promise<void> {
    const asked = this.#unjudged;
    const answers = await Promise.allSettled(asked.map(hasArrived));
    const judged = asked.flatMap((sent, index) => {
      const answer = answers[index];
      // Another connect may have asked meanwhile.
      if (answer?.status !== 'fulfilled' || !this.#unjudged.includes(sent)) return [];
      return [{ sent, isArrived: answer.value }];
    });
    const known = new Set(judged.map(({ sent }) => sent));
    this.#unjudged = this.#unjudged.filter((sent) => !known.has(sent));
    const absent = judged.flatMap(({ sent, isArrived }) => (isArrived ? [] : [sent]));
    for (const sent of absent.toReversed()) {
      this.putBack(sent.sessionId, sent.draft);
      onAbsent(sent);
    }
    if (known.size > 0) this.#write();
  }

  /**
   * A prompt was taken. What was picked for it is no pick any more, since the session uses it; `kept` is picked in its
   * place, where the next prompt is to go on with something else.
   */
  take(sessionId: string, sent: ComposerDraft, kept: PickedTarget = {}): void {
    this.#sending.delete(sent);
    const { agent, model, ...typed } = this.get(sessionId);
    const picked = {
      agent: agent === sent.agent ? kept.agent : agent,
      model: isSameModel(model, sent.model) ? kept.model : model,
    };
    this.set(sessionId, withoutUndefined({ ...typed, ...picked }));
  }

  /** Something was not taken: it stands before what was typed since. */
  putBack(sessionId: string, sent: ComposerDraft): void {
    this.#sending.delete(sent);
    this.set(sessionId, joinDrafts(sent, this.get(sessionId)));
  }

  /** Puts text and files behind what stands in a composer. */
  add(sessionId: string, added: ComposerDraft): void {
    this.set(sessionId, joinDrafts(this.get(sessionId), added));
  }

  keepNow(): void {
    if (this.#timer !== undefined) this.#write();
  }

  dispose(): void {
    this.keepNow();
    this.#didType.dispose();
  }

  #write(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const sending = [...this.#sending.values()];
    const identified = [...this.#unjudged, ...sending.filter(isIdentified)];
    const drafts = new Map(this.#drafts);
    for (const { sessionId, draft } of sending.filter((sent) => !isIdentified(sent)).toReversed()) {
      drafts.set(sessionId, joinDrafts(draft, drafts.get(sessionId) ?? { text: '' }));
    }
    const kept = Object.fromEntries([...drafts].slice(-sessionLimit));
    const values = [
      [sendingKey, identified],
      [key, kept],
    ] as const;
    // What goes from the one to the other is there before it is here no more, and so are the files of its attachments.
    const isGrowing = identified.length > this.#writtenSending;
    for (const [name, value] of isGrowing ? values : values.toReversed()) {
      void this.#memento.update(name, value);
    }
    this.#writtenSending = identified.length;
  }
}

function isIdentified(sent: SentDraft): sent is IdentifiedDraft {
  return sent.messageId !== undefined;
}

function isSameModel(one: ModelReference | undefined, other: ModelReference | undefined): boolean {
  return (
    one?.providerID === other?.providerID &&
    one?.modelID === other?.modelID &&
    one?.variant === other?.variant
  );
}

function isEmpty({ text, agent, model, attachments = [] }: ComposerDraft): boolean {
  return text === '' && agent === undefined && model === undefined && attachments.length === 0;
}
