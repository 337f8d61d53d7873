import type { AssistantMessage, MessageWithParts } from '../../protocol/records.ts';
import { ownText } from '../continuation/conversation.ts';
import { readAnswer } from '../continuation/digest/answer.ts';
import { sayShort } from '../continuation/digest/say.ts';
import { splitSentences } from '../continuation/digest/sentences.ts';
import { Emitter, type Disposable } from '../event.ts';
import type { Log } from '../log.ts';
import { Retries } from '../retries.ts';
import type { LastEnds } from '../sessions/lastEnds.ts';
import type { Unread } from '../sessions/unread.ts';

export interface ResultsPorts {
  readonly unread: Pick<Unread, 'has' | 'onDidChange'>;
  readonly ends: Pick<LastEnds, 'of' | 'onDidChange'>;
  /** The newest messages of a session, `limit` at most, in the order of time. */
  readonly readMessages: (sessionId: string, limit: number) => Promise<readonly MessageWithParts[]>;
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly log: Pick<Log, 'debug'>;
}

/** Among so many of its newest messages is what a session said last. */
const size = 6;
/** Tokens of a sentence in a row. */
const sentenceLength = 24;

/** What sessions that nobody has looked at yet came to: the first sentence of their answer, as long as they are unread. */
export class Results implements Disposable {
  readonly #ports: ResultsPorts;
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();
  readonly #known = new Map<string, { readonly answerId: string; readonly result: string | undefined }>();
  readonly #reading = new Map<string, Promise<void>>();
  readonly #retries: Retries;
  readonly #subscriptions: readonly Disposable[];

  readonly onDidChange = this.#didChange.event;

  constructor(ports: ResultsPorts) {
    this.#ports = ports;
    this.#retries = new Retries({ ...ports, retry: (sessionId) => this.#look(sessionId) });
    this.#subscriptions = [ports.unread, ports.ends].map(({ onDidChange }) =>
      onDidChange(({ sessionId }) => this.#look(sessionId)),
    );
  }

  /** Empty: nothing was answered. Undefined: it is not known, or somebody has looked at the session. */
  of(sessionId: string): string | undefined {
    return this.#known.get(sessionId)?.result;
  }

  /** The same, once it was asked for. */
  async soon(sessionId: string): Promise<string | undefined> {
    await this.#reading.get(sessionId);
    return this.of(sessionId);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#retries.dispose();
    this.#didChange.dispose();
  }

  #answerOf(sessionId: string): AssistantMessage | undefined {
    const { ends, unread } = this.#ports;
    const end = ends.of(sessionId);
    return end?.kind === 'settled' && unread.has(sessionId) ? end.answer : undefined;
  }

  #look(sessionId: string): void {
    const answer = this.#answerOf(sessionId);
    if (this.#reading.has(sessionId) || this.#known.get(sessionId)?.answerId === answer?.id) return;
    if (this.#known.delete(sessionId)) this.#didChange.fire({ sessionId });
    if (answer === undefined) return;
    const reading = this.#read(sessionId, answer).finally(() => {
      this.#reading.delete(sessionId);
      // Another run may have ended meanwhile.
      if (this.#answerOf(sessionId)?.id !== answer.id) this.#look(sessionId);
    });
    this.#reading.set(sessionId, reading);
  }

  async #read(sessionId: string, answer: AssistantMessage): Promise<void> {
    try {
      const said = saidInTurn(await this.#ports.readMessages(sessionId, size), answer);
      this.#retries.reset(sessionId);
      if (this.#answerOf(sessionId)?.id !== answer.id) return;
      this.#known.set(sessionId, { answerId: answer.id, result: said && sentenceOf(said) });
      this.#didChange.fire({ sessionId });
    } catch (error) {
      this.#ports.log.debug('What a session came to could not be read.', sessionId, error);
      this.#retries.later(sessionId);
    }
  }
}

/** The first sentence of an answer, beside what it only heads or names; undefined: there is none, as in code alone. */
function sentenceOf(answer: string): string | undefined {
  const told = readAnswer(answer).prose.filter(({ kind }) => kind !== 'code' && kind !== 'table');
  return splitSentences(sayShort(told, sentenceLength))[0]?.replaceAll('`', '');
}

/** What the turn of an answer said last. Empty: nothing; undefined: these messages do not tell. */
function saidInTurn(
  messages: readonly MessageWithParts[],
  { parentID, structured, summary }: AssistantMessage,
): string | undefined {
  if (summary === true || (structured !== undefined && structured !== null)) return undefined;
  const turn = messages.filter(({ info }) => info.role === 'assistant' && info.parentID === parentID);
  const said = turn.map(ownText).findLast((text) => text !== '');
  // Of a long turn there may be more than was read.
  const isWhole = messages.some(({ info }) => info.id === parentID);
  return said ?? (isWhole && turn.length > 0 ? '' : undefined);
}
