import { UnavailableProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode118 } from './openCode118.ts';

/** The clients that are open, for what outlives each of them. */
export class Clients {
  readonly #open: { readonly client: OpenCode118; readonly signal: AbortSignal }[] = [];

  /** The signal ends it. */
  add(client: OpenCode118, signal: AbortSignal): OpenCode118 {
    const opened = { client, signal };
    this.#open.push(opened);
    signal.addEventListener('abort', () => this.#open.splice(this.#open.indexOf(opened), 1), { once: true });
    return client;
  }

  /** The newest; throws `UnavailableProblem` where there is none. */
  current(): OpenCode118 {
    const newest = this.#open.findLast(({ signal }) => !signal.aborted);
    if (newest !== undefined) return newest.client;
    throw new UnavailableProblem(l10n.t('There is no connection to an OpenCode server.'), {
      mayHaveArrived: false,
    });
  }
}
