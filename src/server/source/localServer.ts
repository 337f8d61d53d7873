import { Problem } from '../../core/errors.ts';
import { type Disposable, Emitter } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { ServerUse } from '../../core/serverUse.ts';
import { keeperSecret } from '../keeper/keeperSecret.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { RegisteredService, ServiceRegistry } from '../dialect/service.ts';
import { IncompatibleProblem } from '../dialect/versions.ts';
import { watchFile } from './watchFile.ts';
import { chooseProgram } from './chooseProgram.ts';
import { NotInstalledProblem } from './findOpenCode.ts';
import { ManagedServer, type ManagedServerOptions } from './managedServer.ts';
import type { FoundServer, ServerSource } from './serverSource.ts';
import { ServiceServer } from './serviceServer.ts';

export interface LocalServerOptions extends ManagedServerOptions {
  /** Whether the person's own service may be used; else a server of ours is, or none. */
  readonly takesService: boolean;
  /** Milliseconds in which a service must answer. */
  readonly timeout: number;
}

/** One of the two, and the word that it is gone. */
interface Used<Server> extends Disposable {
  readonly server: Server;
}

/**
 * The server on this machine: the person's own service where the program's generation has such and one runs, else one of
 * ours. Never both: two servers on the same sessions damage each other (2.0.26).
 */
export class LocalServer implements ServerSource {
  readonly #options: LocalServerOptions;
  readonly #didEnd = new Emitter<void>();
  readonly #didMeetService = new Emitter<void>();
  #dialect: Dialect | undefined;
  #own: Used<ManagedServer> | undefined;
  #service: Used<ServiceServer> | undefined;
  #watch: Disposable | undefined;
  #meetsService = false;

  readonly onDidEnd = this.#didEnd.event;
  /** A service began, or ended, beside a server of ours. */
  readonly onDidMeetService = this.#didMeetService.event;

  constructor(options: LocalServerOptions) {
    this.#options = options;
  }

  get managed(): boolean {
    return this.#service === undefined;
  }

  /** Whether a service runs beside a server of ours. */
  get meetsService(): boolean {
    return this.#meetsService;
  }

  /** A service that is away is waited for: it may just be replaced, and a server of ours would stand in the way of the next. */
  async open(): Promise<FoundServer> {
    return this.#service?.server.open() ?? this.#decide((own) => own.open());
  }

  /** Here all is looked at anew, also which server it is to be. */
  async restart(): Promise<FoundServer> {
    const before = this.#dialect?.name;
    this.#dialect = undefined;
    const dialect = await this.#chooseDialect();
    if (dialect !== undefined && before !== undefined && dialect.name !== before) await this.#endOwn();
    return this.#decide((own) => own.restart());
  }

  async reread(): Promise<FoundServer> {
    return this.#service?.server.open() ?? this.#decide((own) => own.reread());
  }

  async use(): Promise<ServerUse | undefined> {
    return this.#own?.server.use();
  }

  dispose(): void {
    this.#watch?.dispose();
    this.#own?.dispose();
    this.#service?.dispose();
    this.#didEnd.dispose();
    this.#didMeetService.dispose();
  }

  async #decide(open: (own: ManagedServer) => Promise<FoundServer>): Promise<FoundServer> {
    const registry = (await this.#chooseDialect())?.service;
    const service = registry && (await this.#read(registry));
    if (registry === undefined || service === undefined) {
      this.#service?.dispose();
      this.#service = undefined;
      this.#own ??= this.#follow(new ManagedServer(this.#options));
      const found = await open(this.#own.server);
      if (registry !== undefined) this.#watchFor(registry);
      return found;
    }
    if (!this.#options.takesService) throw serviceRuns(service);
    await this.#endOwn();
    this.#service ??= this.#follow(new ServiceServer({ ...this.#options, registry }));
    return this.#service.server.open();
  }

  /** Undefined where no program is spoken with, but a service runs that may be. */
  async #chooseDialect(): Promise<Dialect | undefined> {
    // First, since all that follows writes into that folder, too.
    if (this.#dialect === undefined) await keeperSecret(this.#options.stateFolder);
    try {
      this.#dialect ??= (await chooseProgram(this.#options)).dialect;
    } catch (error) {
      const isLacking = error instanceof NotInstalledProblem || error instanceof IncompatibleProblem;
      if (!isLacking) throw error;
      for (const dialect of this.#options.dialects) {
        if ((await dialect.service?.read(this.#options.environment)) !== undefined) return dialect;
      }
      throw error;
    }
    return this.#dialect;
  }

  /** Who asked for a server of ours has one where it cannot be known whether a service runs. */
  async #read(registry: ServiceRegistry): Promise<RegisteredService | undefined> {
    const { environment, takesService, log } = this.#options;
    try {
      return await registry.read(environment);
    } catch (error) {
      if (takesService || !(error instanceof Problem)) throw error;
      log.warn('It is not known whether a service runs', error);
      return undefined;
    }
  }

  #follow<Server extends ServerSource>(server: Server): Used<Server> {
    const watch = server.onDidEnd(() => this.#didEnd.fire());
    return {
      server,
      dispose: () => {
        watch.dispose();
        server.dispose();
      },
    };
  }

  /** For all windows: each looks for its server then, and finds what this one found. */
  async #endOwn(): Promise<void> {
    const own = this.#own;
    this.#own = undefined;
    this.#watch?.dispose();
    this.#meetsService = false;
    await own?.server.stop();
    own?.dispose();
  }

  #watchFor(registry: ServiceRegistry): void {
    const { environment } = this.#options;
    this.#watch?.dispose();
    this.#watch = watchFile(registry.file(environment), () => void this.#look(registry));
  }

  async #look(registry: ServiceRegistry): Promise<void> {
    const service = await registry.read(this.#options.environment).catch(() => undefined);
    const meets = service !== undefined && this.#own !== undefined;
    if (meets === this.#meetsService) return;
    this.#meetsService = meets;
    this.#didMeetService.fire();
  }
}

function serviceRuns({ pid }: RegisteredService): Problem {
  return new Problem(
    l10n.t(
      'Your OpenCode background service runs (process {0}), and a second server would damage the sessions on which both work. Have the editor use the service (the setting "opencodeSessions.server.mode"), or end OpenCode there.',
      pid,
    ),
    {
      remedy: {
        title: l10n.t('Open Settings'),
        command: 'workbench.action.openSettings',
        arguments: ['opencodeSessions.server.mode'],
      },
    },
  );
}
