import { NotFoundProblem } from '../../core/errors.ts';
import { Emitter, type Disposable, type Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import { type DeliveryState, hasArrived, mayComeLate, withoutWord } from '../../core/prompts/delivery.ts';
import { LedgerBook, type LedgerStore, toEntry, toLedgerLine } from '../../core/prompts/ledger.ts';
import { firstWords } from '../../core/prompts/firstWords.ts';
import type { ListedDelivery } from '../../core/prompts/listedDelivery.ts';
import type { LedgerLine } from '../../protocol/ledger.ts';
import type { Deliveries } from '../prompting/deliveries.ts';
import { type FollowPorts, readEnding } from '../prompting/followPrompt.ts';
import type { PromptDoor } from '../prompting/promptDoor.ts';
import type { PendingSends } from './pendingSends.ts';

export interface LedgerPorts extends Pick<FollowPorts, 'openCode' | 'turns' | 'startTimer' | 'log'> {
  readonly store: LedgerStore;
  readonly pending: Pick<PendingSends, 'all' | 'onDidChange'>;
  readonly door: Pick<PromptDoor, 'hasArrived' | 'look'>;
  readonly deliveries: Pick<Deliveries, 'get'>;
  /** The connection is there, for the first time or again. */
  readonly onDidGoLive: Event<void>;
  /** Whether the connection is there. */
  readonly isLive: () => boolean;
  /** Whether what is sent to sessions of that directory is listed here. */
  readonly isOurs: (directory: string) => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
}

/** Milliseconds between two looks for what others wrote, while somebody reads. */
const readPause = 1000;
/** Of so many, those sent last, it is looked by itself what became of them. */
const lookLimit = 50;
/** Milliseconds without a word after which others are taken not to follow a prompt any more. */
const silence = 60_000;

/**
 * The account of what was sent, by whatever window or companion, and of what waits. It is read while somebody looks at
 * it. What became of a prompt whose sender is gone is asked of the server, by its id; nothing is sent again.
 */
export class Ledger implements Disposable {
  readonly #ports: LedgerPorts;
  readonly #book = new LedgerBook();
  readonly #didChange = new Emitter<void>();
  readonly #subscriptions: readonly Disposable[];
  /** One read after the other: each takes what the one before has left. */
  #reading: Promise<void> = Promise.resolve();
  #timer: Disposable | undefined;
  #isRead = false;
  #isLooking = false;
  #isDisposed = false;
  /** Why what is kept cannot be read. */
  #failure: unknown;

  readonly onDidChange = this.#didChange.event;

  constructor(ports: LedgerPorts) {
    this.#ports = ports;
    this.#subscriptions = [
      ports.store.onDidAppend(() => {
        if (this.#timer !== undefined) void this.read();
      }),
      ports.pending.onDidChange(() => this.#didChange.fire()),
      ports.onDidGoLive(() => void this.#lookAtLost()),
    ];
  }

  /** What waits, in the order in which it goes, then what was sent, that sent last first. */
  all(): readonly ListedDelivery[] {
    const { pending, isOurs, now } = this.#ports;
    const sent = this.#book.all().filter(({ directory }) => isOurs(directory));
    const waiting = pending.all().flatMap((entry): ListedDelivery[] => {
      const line = this.#book.get(entry.messageId);
      // Whether it is still to be sent is found out; that it waits is what it was before.
      const isDecided = line !== undefined && (hasArrived(line) || line.state.kind === 'unknown');
      return isDecided ? [] : [{ ...entry, text: firstWords(entry.text) }];
    });
    const listed = new Set(waiting.map(({ messageId }) => messageId));
    const rest = sent.filter(({ messageId }) => !listed.has(messageId));
    return [...waiting, ...rest.map((line) => ({ ...toEntry(line, now()), changed: line.changed }))];
  }

  get(messageId: string): ListedDelivery | undefined {
    return this.all().find((entry) => entry.messageId === messageId);
  }

  /** Whether what is kept was read. */
  get isRead(): boolean {
    return this.#isRead;
  }

  get failure(): unknown {
    return this.#failure;
  }

  /** So many are kept no more, or are older than those that are listed, as far as it is known. */
  get dropped(): number {
    return this.#book.dropped;
  }

  /** Somebody begins to look at it, or looks no more. */
  watch(isWatched: boolean): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (!isWatched || this.#isDisposed) return;
    this.#again();
    void this.read().then(() => this.#lookAtLost());
  }

  /** Reads what was written since; resolves also where it could not be read. */
  read(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  /**
   * Asks the server what became of a prompt, by its id. Throws `NotFoundProblem` where the account does not hold it, and
   * `UncertainProblem` where the server cannot be asked.
   */
  async look(messageId: string): Promise<void> {
    await this.read();
    const line = this.#book.get(messageId);
    if (line === undefined) {
      throw new NotFoundProblem(l10n.t('This prompt is no longer in the account of what was sent.'));
    }
    await this.#lookAt(line);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#didChange.dispose();
  }

  #again(): void {
    this.#timer = this.#ports.startTimer(() => {
      this.#again();
      void this.read();
    }, readPause);
  }

  async #read(): Promise<void> {
    if (this.#isDisposed) return;
    const wasRead = this.#isRead && this.#failure === undefined;
    let lines: readonly LedgerLine[] = [];
    try {
      lines = await this.#ports.store.readNew();
      this.#failure = undefined;
    } catch (error) {
      if (this.#failure === undefined) this.#ports.log.warn('What was sent cannot be read.', error);
      this.#failure = error;
    }
    this.#isRead = true;
    this.#book.add(lines);
    const isSame = lines.length === 0 && wasRead === (this.#failure === undefined);
    if (!isSame && !this.#isDisposed) this.#didChange.fire();
  }

  /** What became of those whose sender is gone, one after the other. */
  async #lookAtLost(): Promise<void> {
    if (this.#isLooking || this.#timer === undefined || !this.#ports.isLive()) return;
    this.#isLooking = true;
    try {
      const lost = this.#book.all().filter((line) => this.#isLost(line));
      for (const line of lost.slice(0, lookLimit)) {
        if (this.#isDisposed || !this.#ports.isLive()) return;
        await this.#lookAt(line);
      }
    } catch (error) {
      // The next connection, or the next look of a person, asks again.
      this.#ports.log.debug('What became of prompts could not be asked.', error);
    } finally {
      this.#isLooking = false;
    }
  }

  #isLost({ messageId, directory, cause, state, changed }: LedgerLine): boolean {
    const { isOurs, deliveries, now } = this.#ports;
    // The door of this window looks for its own.
    if (!isOurs(directory) || deliveries.get(messageId) !== undefined) return false;
    if (state.kind === 'unknown') return true;
    const goesOn = state.kind === 'stored' ? cause !== 'tell' : state.kind === 'started';
    const isOnItsWay = state.kind === 'sending' || state.kind === 'accepted';
    return (goesOn || isOnItsWay) && now() > changed + silence;
  }

  async #lookAt(line: LedgerLine): Promise<void> {
    const { door, deliveries, store, now } = this.#ports;
    // Where this window sent it, the door says what it found, and the account hears of it.
    if (deliveries.get(line.messageId) !== undefined) await door.look(line.messageId);
    const state = await this.#find(line);
    const found = toLedgerLine({ ...line, state }, now());
    if (found === undefined || JSON.stringify(found.state) === JSON.stringify(line.state)) return;
    store.append({ ...found, text: line.text });
    await this.read();
  }

  async #find(line: LedgerLine): Promise<DeliveryState> {
    const { door, now } = this.#ports;
    const { sessionId, messageId, directory, cause } = line;
    const entry = toEntry(line, now());
    if (!(await door.hasArrived(sessionId, messageId))) {
      if (mayComeLate(entry, now())) return withoutWord(entry.state);
      return { kind: 'absent', reason: l10n.t('It was looked for, and OpenCode does not hold it.') };
    }
    if (cause === 'tell') return { kind: 'stored' };
    const ending = await readEnding(this.#ports, { id: sessionId, directory }, messageId);
    if (ending.kind !== 'running' && ending.kind !== 'unknown') return { kind: 'ended', how: ending.kind };
    return hasArrived(entry) ? entry.state : { kind: 'stored' };
  }
}
