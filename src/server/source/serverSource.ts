import type { Disposable, Event } from '../../core/event.ts';
import type { ServerUse } from '../../core/serverUse.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { Endpoint } from '../http/endpoint.ts';

export interface FoundServer {
  readonly endpoint: Endpoint;
  readonly version: string;
  readonly dialect: Dialect;
  /** It is one that the person's own OpenCode runs in the background. */
  readonly isService?: true;
}

/** Where the server comes from: one that we run, or one that runs already. */
export interface ServerSource extends Disposable {
  /** Whether the server that was found last is ours to run; before the first, whether one may be. */
  readonly managed: boolean;
  /** Whether the person's own service runs beside a server of ours, and word that this changed; absent: it is never known. */
  readonly meetsService?: boolean;
  readonly onDidMeetService?: Event<void>;
  /** The server is known to be gone, sooner than its event stream would tell. */
  readonly onDidEnd: Event<void>;
  /** A server that answers now. Throws `UnavailableProblem` where trying again may help, else another `Problem`. */
  open(): Promise<FoundServer>;
  /** A fresh server where it is ours to say so, else the same one. */
  restart(): Promise<FoundServer>;
  /** A server that has read its configuration as it is, where nobody else uses the one that runs. */
  reread(): Promise<FoundServer>;
  /** Who uses a server of ours beside this window; undefined where it cannot be known. */
  use(): Promise<ServerUse | undefined>;
}
