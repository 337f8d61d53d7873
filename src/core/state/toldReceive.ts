import { printReceive, type Receive, receiveWords } from '../../protocol/signs.ts';
import type { Disposable, Event } from '../event.ts';
import type { Log } from '../log.ts';
import type { OpenCode } from '../ports/openCode.ts';
import type { Proof } from '../ports/proof.ts';
import type { Companions } from './companions.ts';

export interface ToldReceivePorts {
  readonly companions: Pick<Companions, 'states' | 'onDidChange'>;
  readonly openCode: Pick<OpenCode, 'giveSign'>;
  /** What becomes of the messages that sessions of a directory get from others, as the settings say. */
  readonly receives: (directory: string) => Receive;
  readonly onDidChangeReceives: Event<void>;
  readonly proof: Pick<Proof, 'make'>;
  readonly now: () => number;
  readonly log: Log;
}

/** Tells each companion, when it answers and when a setting changes, what becomes of the messages of other sessions. */
export class ToldReceive implements Disposable {
  readonly #ports: ToldReceivePorts;
  readonly #subscriptions: readonly Disposable[];
  /** What was told last, by directory; a companion that is gone is told anew. */
  readonly #told = new Map<string, Receive>();

  constructor(ports: ToldReceivePorts) {
    this.#ports = ports;
    this.#subscriptions = [
      ports.companions.onDidChange(() => this.#tellAll()),
      ports.onDidChangeReceives(() => this.#tellAll()),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #tellAll(): void {
    const { states } = this.#ports.companions;
    for (const directory of this.#told.keys()) {
      if (states.get(directory)?.kind !== 'running') this.#told.delete(directory);
    }
    for (const [directory, { kind }] of states) if (kind === 'running') this.#tell(directory);
  }

  #tell(directory: string): void {
    const { openCode, receives, proof, now, log } = this.#ports;
    const receive = receives(directory);
    if (this.#told.get(directory) === receive) return;
    this.#told.set(directory, receive);
    const said = { receive, time: now() };
    const told = { ...said, proof: proof.make(receiveWords(directory, said)) };
    openCode.giveSign(directory, printReceive(told)).catch((error: unknown) => {
      // The companion is asked who it is after the next connect, and told then.
      this.#told.delete(directory);
      log.warn('The companion could not be told what becomes of messages.', directory, error);
    });
  }
}
