import { get, type ClientRequest } from 'node:http';

/** Listens to a server's events beside everybody else and counts them. */
export class EventTap {
  readonly #request: ClientRequest;
  #bytes = 0;
  #recorded: string[] | undefined;
  #rest = '';

  constructor(url: string) {
    this.#request = get(`${url}/global/event`, (response) => {
      response.setEncoding('utf8').on('data', (chunk: string) => this.#take(chunk));
    });
    // The end of the request is an error to it; whoever needs the bytes sees that none come.
    this.#request.on('error', () => undefined);
  }

  /** How many came so far. */
  get bytes(): number {
    return this.#bytes;
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

  close(): void {
    this.#request.destroy();
  }

  #take(chunk: string): void {
    this.#bytes += Buffer.byteLength(chunk);
    const blocks = (this.#rest + chunk).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    this.#recorded?.push(...blocks.map((block) => block.replace(/^data: ?/, '')));
  }
}
