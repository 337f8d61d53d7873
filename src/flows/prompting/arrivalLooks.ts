import { UncertainProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { findMessage } from './findMessage.ts';

export interface ArrivalLooksPorts {
  readonly openCode: Pick<OpenCode, 'getMessage'>;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** How long a request whose connection broke may still be on its way inside the server, in milliseconds. */
export const arrivalGrace = 1500;
/** How long is waited before the server is asked again that could not be asked. */
const lookPauses: readonly number[] = [250, 1000, 2000];

/** Asks the server whether it holds a message. Each look throws `UncertainProblem` where it cannot be asked. */
export class ArrivalLooks {
  readonly #ports: ArrivalLooksPorts;

  constructor(ports: ArrivalLooksPorts) {
    this.#ports = ports;
  }

  /** Asks some times over if the server cannot be asked. */
  async isThere(sessionId: string, messageId: string): Promise<boolean> {
    for (const pause of lookPauses) {
      try {
        return await this.#look(sessionId, messageId);
      } catch (error) {
        if (!(error instanceof UncertainProblem)) throw error;
      }
      await this.#ports.wait(pause);
    }
    return this.#look(sessionId, messageId);
  }

  /** The same for what was sent a moment ago, and may be on its way inside the server. */
  async hasArrived(sessionId: string, messageId: string): Promise<boolean> {
    if (await this.#look(sessionId, messageId)) return true;
    await this.#ports.wait(arrivalGrace);
    return this.#look(sessionId, messageId);
  }

  async #look(sessionId: string, messageId: string): Promise<boolean> {
    try {
      return (await findMessage(this.#ports.openCode, sessionId, messageId)) !== undefined;
    } catch (cause) {
      throw new UncertainProblem(
        l10n.t(
          'It is not known yet whether the prompt reached OpenCode. It is looked for when the server can be asked, and is not sent again before that.',
        ),
        { cause },
      );
    }
  }
}
