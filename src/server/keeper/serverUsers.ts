import type { Disposable } from '../../core/event.ts';
import type { Activity, Serving } from '../dialect/serving.ts';
import type { RunningServer } from './keeperMessages.ts';
import { type PortClient, portClients } from './portClients.ts';
import { descendants } from './processTree.ts';

/** For what a server is needed; `unknown`: it cannot be known. */
export type Need = 'none' | 'working' | 'connected' | 'unknown';

/** Who uses one server of ours: the sessions that work, and the programs that are connected. */
export class ServerUsers implements Disposable {
  readonly #server: RunningServer;
  readonly #activity: Activity;

  constructor(server: RunningServer, serving: Serving) {
    this.#server = server;
    this.#activity = serving.watch(server);
  }

  /** For what the server is needed, beside by these processes. */
  async need(except: readonly number[] = []): Promise<Need> {
    const [working, clients] = await Promise.all([this.#activity.working(), this.clients(except)]);
    if (clients !== undefined && clients.length > 0) return 'connected';
    if (working !== undefined && working.length > 0) return 'working';
    return working === undefined || clients === undefined ? 'unknown' : 'none';
  }

  /** The titles of the sessions that work; undefined where it cannot be known. */
  async workingTitles(): Promise<string[] | undefined> {
    const working = await this.#activity.working();
    if (working === undefined) return undefined;
    const titles = await Promise.all(working.map((session) => this.#activity.titleOf(session)));
    return titles.filter((title) => title !== undefined);
  }

  /**
   * The programs that are connected, beside the keeper, the server with all that it began itself, and these processes.
   * Undefined where it cannot be known.
   */
  async clients(except: readonly number[] = []): Promise<readonly PortClient[] | undefined> {
    const { pid, url } = this.#server;
    const connected = await portClients(Number(new URL(url).port));
    if (connected === undefined || connected.length === 0) return connected;
    const own = new Set([process.pid, pid, ...(await descendants(pid)), ...except]);
    return connected.filter((client) => client.pid === undefined || !own.has(client.pid));
  }

  dispose(): void {
    this.#activity.dispose();
  }
}
