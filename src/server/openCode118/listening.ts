import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { UnauthorizedProblem, UnavailableProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import { signPrefix } from '../../protocol/companion.ts';
import type { StreamEnd } from '../dialect/dialect.ts';

/** Milliseconds in which each sign may come back while none did; after the last no other is given. */
const patiences = [20, 40, 80, 160, 320, 640, 1280];
/** Milliseconds after which the stream is believed to flow where no sign can be had; 50 were enough on an idle server. */
const longestGap = 1000;

/** A text that nobody else says. */
export class Sign {
  readonly text = `${signPrefix}${randomUUID()}`;
  readonly #heard = Promise.withResolvers<true>();
  #isHeard = false;

  /** Resolves when the stream brought it. */
  get heard(): Promise<true> {
    return this.#heard.promise;
  }

  /** Takes the data of an event. */
  hear(data: string): void {
    if (this.#isHeard || !data.includes(this.text)) return;
    this.#isHeard = true;
    this.#heard.resolve(true);
  }
}

export interface ListeningInput {
  readonly sign: Sign;
  /** Of the stream. */
  readonly ended: Promise<StreamEnd>;
  readonly directories: readonly string[];
  readonly openCode: { giveSign(directory: string, sign: string): Promise<void> };
  readonly signal: AbortSignal;
  readonly log: Log;
}

/**
 * Resolves when the event stream is known to bring what happens.
 *
 * The server answers the request for the stream before it listens to itself (1.18): what happens in the moments between
 * is never told, and a snapshot of that time would miss it for good. So it is made to tell something.
 */
export async function untilListening({ ended, ...input }: ListeningInput): Promise<void> {
  const end = ended.then(() => {
    throw new UnavailableProblem(l10n.t('The connection to the OpenCode server broke off.'));
  });
  await Promise.race([giveSigns(input), end]);
}

async function giveSigns(input: Omit<ListeningInput, 'ended'>): Promise<void> {
  const { sign, signal, log } = input;
  for (const patience of patiences) {
    if (!(await giveSign(input))) break;
    const silence = delay(patience, false, { signal });
    if (await Promise.race([sign.heard, silence])) return;
  }
  log.warn('The event stream could not be proven to flow.');
  await delay(longestGap, undefined, { signal });
}

/** Through the first folder that takes it: one whose configuration cannot be read takes nothing. */
async function giveSign({
  sign,
  directories,
  openCode,
  log,
}: Omit<ListeningInput, 'ended'>): Promise<boolean> {
  for (const directory of directories) {
    try {
      await openCode.giveSign(directory, sign.text);
      return true;
    } catch (error) {
      if (error instanceof UnavailableProblem || error instanceof UnauthorizedProblem) throw error;
      log.debug('No sign could be given', directory, error);
    }
  }
  return false;
}
