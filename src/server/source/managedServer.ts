import { UnavailableProblem } from '../../core/errors.ts';
import { Emitter, type Disposable } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import type { ServerUse } from '../../core/serverUse.ts';
import { chooseProgram } from './chooseProgram.ts';
import { Lease } from '../keeper/keeperClient.ts';
import { keeperSecret } from '../keeper/keeperSecret.ts';
import type { RunningServer, ServerPlace } from '../keeper/keeperMessages.ts';
import { servingOf } from '../keeper/servings.ts';
import type { HandedInCompanion } from '../dialect/serving.ts';
import type { FoundServer, ServerSource } from './serverSource.ts';
import { chooseDialect, type Dialects } from '../dialect/versions.ts';

export interface ManagedServerOptions {
  /** The setting `opencodeSessions.server.path`. */
  readonly path: string | undefined;
  readonly dialects: Dialects;
  readonly script: string;
  readonly stateFolder: string;
  readonly grace: number;
  readonly longestRun: number;
  readonly longestDoubt: number;
  readonly environment: NodeJS.ProcessEnv;
  /** What a server is started with, at the moment of asking. */
  readonly companion?: () => HandedInCompanion | undefined;
  readonly log: Log;
}

/** The server that all windows of the user share, started by the first and stopped when nobody uses it any more. */
export class ManagedServer implements ServerSource {
  readonly managed = true;
  readonly #options: ManagedServerOptions;
  readonly #didEnd = new Emitter<void>();
  #lease: Lease | undefined;
  #leaseWatch: Disposable | undefined;
  #last: RunningServer | undefined;

  readonly onDidEnd = this.#didEnd.event;

  constructor(options: ManagedServerOptions) {
    this.#options = options;
  }

  async open(): Promise<FoundServer> {
    const before = this.#last && placeOf(this.#last);
    const lease = await this.#takeLease();
    try {
      return this.#found(await lease.start(before));
    } catch (error) {
      // A keeper that was just ending let this window in at its last moment; the next one does not.
      if (lease.isOpen || !(error instanceof UnavailableProblem)) throw error;
      return this.#found(await (await this.#takeLease()).start(before));
    }
  }

  async restart(): Promise<FoundServer> {
    const lease = await this.#takeLease();
    return this.#found(await lease.restart());
  }

  async reread(): Promise<FoundServer> {
    const lease = await this.#takeLease();
    return this.#found(await lease.reread());
  }

  /** Ends it, for all windows; resolves when it is gone. */
  async stop(): Promise<void> {
    await this.#lease?.stop();
  }

  async use(): Promise<ServerUse | undefined> {
    return this.#lease?.use();
  }

  dispose(): void {
    this.#dropLease();
    this.#didEnd.dispose();
  }

  #found(server: RunningServer): FoundServer {
    this.#last = server;
    const { url, username, password, version } = server;
    const dialect = chooseDialect(this.#options.dialects, version, this);
    return { endpoint: { url, username, password }, version, dialect };
  }

  async #takeLease(): Promise<Lease> {
    if (this.#lease?.isOpen === true) return this.#lease;
    this.#dropLease();
    // First, since all that follows writes into that folder, too.
    const secret = await keeperSecret(this.#options.stateFolder);
    const { program, dialect } = await chooseProgram(this.#options);
    this.#options.log.info('OpenCode program found', program);
    this.#tellObstacle(servingOf(dialect.name).findCompanionObstacle(this.#options.environment));
    const lease = await Lease.take({ ...this.#options, program, dialect, secret });
    this.#lease = lease;
    this.#leaseWatch = lease.onDidEnd(() => this.#didEnd.fire());
    return lease;
  }

  #tellObstacle(variable: string | undefined): void {
    const { companion, log } = this.#options;
    if (variable === undefined || companion?.() === undefined) return;
    log.warn(
      `The environment variable ${variable} is no JSON object with a list of plugins. It is left as it is, and the server is started without the companion.`,
    );
  }

  #dropLease(): void {
    this.#leaseWatch?.dispose();
    this.#lease?.dispose();
    this.#lease = undefined;
  }
}

function placeOf({ url, password }: RunningServer): ServerPlace {
  return { port: Number(new URL(url).port), password };
}
