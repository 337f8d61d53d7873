import { isDeepStrictEqual } from 'node:util';
import type { Memento } from 'vscode';
import type { Disposable } from '../../core/event.ts';
import { joinDrafts } from '../../core/transcript/composerDraft.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { ComposerDraft } from '../../protocol/page.ts';

const key = 'transcript.drafts';
/** Milliseconds after the last keystroke until drafts are written down. */
const writeDelay = 500;
/** Drafts of so many sessions are kept, those written last. */
const sessionLimit = 200;

/** What stands in the composers, by session, kept over reloads. */
export class ComposerDrafts implements Disposable {
  readonly #memento: Memento;
  readonly #drafts: Map<string, ComposerDraft>;
  #timer: NodeJS.Timeout | undefined;

  constructor(memento: Memento) {
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

  /**
   * A prompt was taken: its draft goes, unless something else was typed meanwhile. What was picked for it is no pick
   * any more, since the session uses it.
   */
  take(sessionId: string, sent: ComposerDraft): void {
    const { agent, model, ...typed } = this.get(sessionId);
    if (this.get(sessionId) === sent) this.set(sessionId, { text: '' });
    else {
      const picked = {
        agent: agent === sent.agent ? undefined : agent,
        model: isDeepStrictEqual(model, sent.model) ? undefined : model,
      };
      this.set(sessionId, withoutUndefined({ ...typed, ...picked }));
    }
  }

  /** A prompt was not taken: it stands before what was typed since. */
  putBack(sessionId: string, sent: ComposerDraft): void {
    const since = this.get(sessionId);
    if (since !== sent) this.set(sessionId, joinDrafts(sent, since));
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
    const kept = [...this.#drafts].slice(-sessionLimit);
    void this.#memento.update(key, Object.fromEntries(kept));
  }
}

function isEmpty({ text, agent, model, attachments = [] }: ComposerDraft): boolean {
  return text === '' && agent === undefined && model === undefined && attachments.length === 0;
}
