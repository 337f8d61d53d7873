import type { Disposable } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { type ComposerTexts, isWritten, type Lending } from '../../core/prompts/prompting.ts';
import { Retries, type RetriesPorts } from '../../core/retries.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { isGone, sessionGone } from './sessionGone.ts';

export interface WrittenPromptsPorts extends Pick<RetriesPorts, 'startTimer'> {
  readonly sessions: Pick<Sessions, 'get' | 'onDidChange'>;
  readonly openCode: Pick<OpenCode, 'getSession'>;
  readonly drafts: Pick<ComposerTexts, 'get'>;
  readonly lent: Pick<Lending, 'has' | 'onDidChange'>;
  /** Shows a person what went wrong. */
  readonly report: (error: unknown) => void;
  readonly log: Pick<Log, 'debug'>;
}

/**
 * The prompts that are written and not sent, in composers and in documents. Of one whose session is gone a person is told
 * where its text is: no row and no transcript leads there any more.
 */
export class WrittenPrompts implements Disposable {
  readonly #ports: WrittenPromptsPorts;
  readonly #subscriptions: readonly Disposable[];
  readonly #retries: Retries;
  /** The texts that a person was told of, by session: once is enough. */
  readonly #told = new Map<string, string>();

  constructor(ports: WrittenPromptsPorts) {
    this.#ports = ports;
    this.#retries = new Retries({ ...ports, retry: (sessionId) => void this.#look(sessionId) });
    this.#subscriptions = [
      ports.sessions.onDidChange(({ sessionIds }) => sessionIds.forEach((id) => void this.#look(id))),
      // Its document was closed.
      ports.lent.onDidChange(({ sessionId }) => void this.#look(sessionId)),
    ];
  }

  has(sessionId: string): boolean {
    return isWritten(this.#ports, sessionId);
  }

  dispose(): void {
    this.#retries.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #look(sessionId: string): Promise<void> {
    const { openCode, report, log } = this.#ports;
    if (!this.#mayBeLeft(sessionId)) return;
    try {
      // Of a folder that is open no more a session is not known either.
      const gone = await isGone(openCode, sessionId);
      this.#retries.reset(sessionId);
      if (!gone || !this.#mayBeLeft(sessionId)) return;
      const text = this.#text(sessionId);
      this.#told.set(sessionId, text);
      report(sessionGone(sessionId, text));
    } catch (error) {
      log.debug('Whether the session of a prompt is gone is not known.', sessionId, error);
      this.#retries.later(sessionId);
    }
  }

  /** What stands in a document is seen. */
  #mayBeLeft(sessionId: string): boolean {
    const { sessions, lent } = this.#ports;
    if (sessions.get(sessionId) !== undefined || lent.has(sessionId)) return false;
    const text = this.#text(sessionId);
    return text.trim() !== '' && this.#told.get(sessionId) !== text;
  }

  #text(sessionId: string): string {
    return this.#ports.drafts.get(sessionId).text;
  }
}
