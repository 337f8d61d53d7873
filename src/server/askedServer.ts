import type { OpenCode } from '../core/ports/openCode.ts';
import type { Dialect } from './dialect/dialect.ts';
import { isSameEndpoint, type Endpoint } from './http/endpoint.ts';
import type { FoundServer } from './source/serverSource.ts';

interface Asking {
  readonly endpoint: Endpoint;
  readonly dialect: Dialect;
  /** One that was replaced by another version at its place may have other routes. */
  readonly version: string;
  readonly openCode: OpenCode;
  readonly closing: AbortController;
}

/** The one server that is asked at a time. A break of its event stream ends nothing of it: the answers may still come. */
export class AskedServer {
  readonly #onMissing: (sessionId: string) => void;
  #asking: Asking | undefined;
  /** That of the server that was asked last; before the first, the likeliest. */
  #dialect: Dialect;

  constructor(likeliest: Dialect, onMissing: (sessionId: string) => void) {
    this.#dialect = likeliest;
    this.#onMissing = onMissing;
  }

  get dialect(): Dialect {
    return this.#dialect;
  }

  /** Ends what is asked of another server, unless `generation` ends before. */
  async use({ endpoint, dialect, version }: FoundServer, generation: AbortSignal): Promise<OpenCode> {
    const before = this.#asking;
    const isSame = before?.dialect === dialect && before.version === version;
    if (isSame && isSameEndpoint(before.endpoint, endpoint)) return before.openCode;
    const closing = new AbortController();
    const onMissing = this.#onMissing;
    const openCode = await dialect.openClient({ endpoint, signal: closing.signal, onMissing });
    if (generation.aborted) closing.abort();
    generation.throwIfAborted();
    this.end();
    this.#asking = { endpoint, dialect, version, openCode, closing };
    this.#dialect = dialect;
    return openCode;
  }

  end(): void {
    this.#asking?.closing.abort();
    this.#asking = undefined;
  }
}
