import type { Disposable, Event } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { TypingSessions } from '../../core/state/typing.ts';
import { printTyping } from '../../protocol/signs.ts';

export interface TypingTellerPorts {
  /** What a person typed, or that nothing of it stands there any more. */
  readonly onDidType: Event<{ readonly sessionId: string; readonly isTyping: boolean }>;
  readonly openCode: Pick<OpenCode, 'giveSign'>;
  readonly sessions: Pick<Sessions, 'get'>;
  readonly typingSessions: Pick<TypingSessions, 'note'>;
  readonly now: () => number;
  readonly log: Pick<Log, 'debug'>;
}

/** Milliseconds between two words of the same typing, well within the time for which one counts. */
const pause = 3000;

/** Tells where somebody types in this window: to this one at once, to others and to companions through the server. */
export class TypingTeller implements Disposable {
  readonly #ports: TypingTellerPorts;
  readonly #subscription: Disposable;
  /** When it was last told, in milliseconds since 1970. */
  readonly #told = new Map<string, number>();

  constructor(ports: TypingTellerPorts) {
    this.#ports = ports;
    this.#subscription = ports.onDidType(({ sessionId, isTyping }) => this.#heard(sessionId, isTyping));
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #heard(sessionId: string, isTyping: boolean): void {
    const { typingSessions, now } = this.#ports;
    typingSessions.note(sessionId, isTyping);
    const told = this.#told.get(sessionId);
    if (!isTyping) {
      if (this.#told.delete(sessionId)) this.#tell(sessionId, isTyping);
    } else if (told === undefined || Math.abs(now() - told) >= pause) {
      this.#told.set(sessionId, now());
      this.#tell(sessionId, isTyping);
    }
  }

  #tell(sessionId: string, isTyping: boolean): void {
    const { sessions, openCode, log } = this.#ports;
    const session = sessions.get(sessionId);
    if (session === undefined) return;
    // Whoever does not hear of it sends what it would have sent without us.
    openCode
      .giveSign(session.directory, printTyping({ sessionID: sessionId, isTyping }))
      .catch((error: unknown) => log.debug('Nobody could be told where somebody types.', error));
  }
}
