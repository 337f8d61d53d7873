import { UnauthorizedProblem, UnavailableProblem } from '../../core/errors.ts';
import { type Disposable, Emitter } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { RegisteredService, ServiceRegistry } from '../dialect/service.ts';
import type { Dialects } from '../dialect/versions.ts';
import { isSameEndpoint } from '../http/endpoint.ts';
import { StartingProblem } from '../http/refusals.ts';
import { watchFile } from './watchFile.ts';
import { AttachedServer } from './attachedServer.ts';
import type { FoundServer, ServerSource } from './serverSource.ts';

export interface ServiceServerOptions {
  readonly registry: ServiceRegistry;
  readonly dialects: Dialects;
  readonly environment: NodeJS.ProcessEnv;
  /** Milliseconds in which it must answer. */
  readonly timeout: number;
}

/**
 * The server that the person's own OpenCode runs in the background for all its clients. It is never started, stopped or
 * replaced by us: others replace it, so its registration is read anew each time, and what it says is neither kept nor logged.
 */
export class ServiceServer implements ServerSource {
  readonly managed = false;
  readonly #options: ServiceServerOptions;
  readonly #didEnd = new Emitter<void>();
  readonly #closing = new AbortController();
  #watch: Disposable | undefined;

  readonly onDidEnd = this.#didEnd.event;

  constructor(options: ServiceServerOptions) {
    this.#options = options;
  }

  async open(): Promise<FoundServer> {
    const { registry, environment } = this.#options;
    const service = await registry.read(environment);
    if (service === undefined) throw notRunning();
    const found = await this.#find(service);
    const pid = await registry.identify(found.endpoint);
    // Read in the moment in which another took its place: the next look reads that one.
    if (pid !== service.pid) throw notItself(service, pid);
    this.#watchFor(service);
    return { ...found, isService: true };
  }

  restart(): Promise<FoundServer> {
    return this.open();
  }

  reread(): Promise<FoundServer> {
    return this.open();
  }

  use(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  dispose(): void {
    this.#closing.abort();
    this.#watch?.dispose();
    this.#didEnd.dispose();
  }

  /** Its password leaves when it asks for one, as with any server. */
  async #find(service: RegisteredService): Promise<FoundServer> {
    const { registry, environment } = this.#options;
    const server = new AttachedServer({
      ...this.#options,
      url: service.url,
      environment: {},
      credentials: async () => (service.password === '' ? undefined : service),
    });
    try {
      return await server.open();
    } catch (error) {
      if (error instanceof UnauthorizedProblem) throw otherPassword(registry.file(environment), error);
      if (!(error instanceof UnavailableProblem) || error instanceof StartingProblem) throw error;
      throw silent(service, registry.file(environment), error);
    }
  }

  /** A registration that names another one tells sooner than the stream that this one is on its way out. */
  #watchFor(service: RegisteredService): void {
    const { registry, environment } = this.#options;
    this.#watch?.dispose();
    if (this.#closing.signal.aborted) return;
    this.#watch = watchFile(registry.file(environment), () => void this.#look(service));
  }

  async #look(service: RegisteredService): Promise<void> {
    const { registry, environment } = this.#options;
    // What cannot be read says nothing against the one that answers.
    const now = await registry.read(environment).catch(() => undefined);
    if (now === undefined || (now.pid === service.pid && isSameEndpoint(now, service))) return;
    this.#didEnd.fire();
  }
}

function notRunning(): UnavailableProblem {
  return new UnavailableProblem(
    l10n.t(
      'Your OpenCode background service does not run. Start OpenCode, which starts it, or run “Restart Server” to have the editor look for a server anew.',
    ),
    { mayHaveArrived: false },
  );
}

function silent({ url, pid }: RegisteredService, file: string, cause: unknown): UnavailableProblem {
  return new UnavailableProblem(
    l10n.t(
      'Your OpenCode background service (process {0}) does not answer at {1}. If that stays so, end it and start OpenCode again; if that process is something else, delete {2}.',
      pid,
      url,
      file,
    ),
    { cause, mayHaveArrived: false },
  );
}

function notItself({ url, pid }: RegisteredService, other: number | undefined): UnavailableProblem {
  return new UnavailableProblem(
    l10n.t(
      'At {0} another server answers (process {1}) than your OpenCode background service (process {2}). Restart OpenCode, which registers its service anew.',
      url,
      other ?? '?',
      pid,
    ),
    { mayHaveArrived: false },
  );
}

function otherPassword(file: string, cause: unknown): UnavailableProblem {
  return new UnavailableProblem(
    l10n.t(
      'Your OpenCode background service has another password than {0} says. Restart OpenCode, which writes it anew.',
      file,
    ),
    { cause, mayHaveArrived: false },
  );
}
