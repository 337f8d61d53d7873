import * as z from 'zod';
import type { KeptValues } from '../../core/ports/keptValues.ts';
import type { Proof } from '../../core/ports/proof.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import { Receive, receiveWords, stricter } from '../../protocol/signs.ts';

export interface ReceivePolicyPorts {
  /** As the plugin was configured, which a project may do. */
  readonly receive?: Receive | undefined;
  readonly directory: string;
  /** What is kept of a directory. */
  readonly kept: (directory: string) => KeptValues;
  readonly proof: Pick<Proof, 'holds'>;
}

const key = 'receive';

const Kept = z.object({ receive: Receive, time: z.number() }).catch({ receive: 'accept', time: 0 });

/**
 * What becomes of the messages that sessions of a directory get from others, as the user's editor said last, also once it
 * is closed. A configuration, and whoever cannot prove to be an editor of this user, may only let less through.
 */
export class ReceivePolicy {
  readonly #ports: ReceivePolicyPorts;
  /** What somebody said who could not prove it. */
  #unproven: Receive = 'accept';

  constructor(ports: ReceivePolicyPorts) {
    this.#ports = ports;
  }

  of(directory: string): Receive {
    const base = stricter(this.#ports.receive ?? 'accept', this.#kept(directory).receive);
    return directory === this.#ports.directory ? stricter(base, this.#unproven) : base;
  }

  take(event: ServerEvent): void {
    if (event.type !== 'person.receives') return;
    const { directory, receive, time, proof } = event.properties;
    if (!this.#ports.proof.holds(receiveWords(directory, { receive, time }), proof)) {
      this.#unproven = stricter(this.#unproven, receive);
    } else if (time > this.#kept(directory).time) {
      void this.#ports.kept(directory).update(key, { receive, time });
    }
  }

  /** Another directory's companion keeps it there, and may have done so since. */
  #kept(directory: string): z.infer<typeof Kept> {
    return Kept.parse(this.#ports.kept(directory).get<unknown>(key, undefined));
  }
}
