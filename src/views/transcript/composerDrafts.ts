import { isDeepStrictEqual } from 'node:util';
import type { Disposable } from '../../core/event.ts';
import { joinDrafts } from '../../core/transcript/composerDraft.ts';
import type { KeptValues } from '../../core/transcript/keptValues.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { ComposerDraft } from '../../protocol/page.ts';

const key = 'transcript.drafts';
/** Milliseconds after the last keystroke until drafts are written down. */
const writeDelay = 500;
/** Drafts of so many sessions are kept, those written last. */
const sessionLimit = 200;

/** What stands in the composers, by session, kept over reloads. */
export class ComposerDrafts implements Disposable {
  readonly #memento: KeptValues;
  readonly #drafts: Map<string, ComposerDraft>;
  /** The prompts that are on their way, with the ids of their sessions. */
  readonly #sending = new Map<ComposerDraft, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(memento: KeptValues) {
    this.#memento = memento;
    this.#drafts = new Map(Object.entries(memento.get<Record<string, ComposerDraft>>(key, {})));
  }

  get(sessionId: string): ComposerDraft {
    return this.#drafts.get(sessionId) ?? { text: '' };
  }

  set(sessionId: string, draft: ComposerDraft): void {
    this.#drafts.delete(sessionId);
    if (!isEmpty(draft)) this.#drafts.set(sessionId, draft);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), writeDelay);
  }

  /** Takes what a page tells while somebody types: without attachments, those that it told last stay. */
  update(sessionId: string, told: ComposerDraft): void {
    const { attachments } = this.get(sessionId);
    this.set(sessionId, withoutUndefined({ attachments, ...told }));
  }

  /** A prompt is on its way: it stands in no composer, but in what is kept until it is known what became of it. */
  send(sessionId: string, sent: ComposerDraft): void {
    const { agent, model } = sent;
    this.#sending.set(sent, sessionId);
    this.set(sessionId, withoutUndefined({ text: '', agent, model }));
  }

  /** A prompt was taken. What was picked for it is no pick any more, since the session uses it. */
  take(sessionId: string, sent: ComposerDraft): void {
    this.#sending.delete(sent);
    const { agent, model, ...typed } = this.get(sessionId);
    const picked = {
      agent: agent === sent.agent ? undefined : agent,
      model: isDeepStrictEqual(model, sent.model) ? undefined : model,
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

  dispose(): void {
    if (this.#timer !== undefined) this.#write();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const drafts = new Map(this.#drafts);
    for (const [sent, sessionId] of [...this.#sending].toReversed()) {
      drafts.set(sessionId, joinDrafts(sent, drafts.get(sessionId) ?? { text: '' }));
    }
    const kept = [...drafts].slice(-sessionLimit);
    void this.#memento.update(key, Object.fromEntries(kept));
  }
}

function isEmpty({ text, agent, model, attachments = [] }: ComposerDraft): boolean {
  return text === '' && agent === undefined && model === undefined && attachments.length === 0;
}
