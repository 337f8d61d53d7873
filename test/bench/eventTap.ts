import { get, type ClientRequest } from 'node:http';
import { waitFor } from '../workbench/waitFor.ts';

/** Listens to a server's events beside everybody else. */
export class EventTap {
  readonly #request: ClientRequest;
  #recorded: string[] | undefined;
  #rest = '';

  constructor(url: string) {
    this.#request = get(`${url}/global/event`, (response) => {
      response.setEncoding('utf8').on('data', (chunk: string) => this.#take(chunk));
    });
    // The end of the request is an error to it; whoever waits for an event sees that none comes.
    this.#request.on('error', () => undefined);
  }

  /** Keeps the data of the events from here on. */
  record(): void {
    this.#recorded = [];
  }

  recorded(): readonly string[] {
    const recorded = this.#recorded ?? [];
    this.#recorded = undefined;
    return recorded;
  }

  /** Resolves when an event came, since they are recorded, of which that is so. */
  async until(isSo: (data: string) => boolean): Promise<void> {
    await waitFor(() => this.#recorded?.some(isSo), { what: 'an event', timeout: 60_000 });
  }

  close(): void {
    this.#request.destroy();
  }

  #take(chunk: string): void {
    const blocks = (this.#rest + chunk).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    this.#recorded?.push(...blocks.map((block) => block.replace(/^data: ?/, '')));
  }
}
