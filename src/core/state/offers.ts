import type { ServerEvent } from '../../protocol/events.ts';
import type { Agent, ProviderList, SlashCommand } from '../../protocol/records.ts';
import { Emitter } from '../event.ts';
import type { OpenCode } from '../ports/openCode.ts';
import type { ServerSink } from '../ports/serverSink.ts';

/** What the configuration of a directory offers to a prompt. */
export interface Offer {
  readonly agents: readonly Agent[];
  readonly providers: ProviderList;
  readonly commands: readonly SlashCommand[];
}

/** What the directories that were asked for offer, until their configuration changes. */
export class Offers implements ServerSink {
  readonly #openCode: Pick<OpenCode, 'listAgents' | 'listProviders' | 'listCommands'>;
  readonly #didChange = new Emitter<{ readonly directory: string }>();
  readonly #loading = new Map<string, Promise<Offer>>();
  readonly #known = new Map<string, Offer>();

  /** Tells of a directory whose offer is to be asked for again. */
  readonly onDidChange = this.#didChange.event;

  constructor(openCode: Pick<OpenCode, 'listAgents' | 'listProviders' | 'listCommands'>) {
    this.#openCode = openCode;
  }

  /** undefined: not loaded. What was known before a reset is told until it is known anew. */
  known(directory: string): Offer | undefined {
    return this.#known.get(directory);
  }

  /** Whether the server is to be asked for it. */
  isWanting(directory: string): boolean {
    return !this.#loading.has(directory);
  }

  /** Throws what the server answers; asked again, it tries again. */
  load(directory: string): Promise<Offer> {
    const loading = this.#loading.get(directory) ?? this.#ask(directory);
    this.#loading.set(directory, loading);
    return loading;
  }

  reset(): void {
    // Listeners ask again while they are told: a list of its own, or the loop would meet what they asked for.
    const directories = [...this.#loading.keys()];
    for (const directory of directories) this.#forget(directory);
  }

  /** A server may dispose a directory's instance when its configuration changed. */
  apply(event: ServerEvent): void {
    if (event.type !== 'server.instance.disposed') return;
    const { directory } = event.properties;
    if (directory === undefined) this.reset();
    else if (this.#loading.has(directory)) this.#forget(directory);
  }

  async #ask(directory: string): Promise<Offer> {
    const asked = Promise.all([
      this.#openCode.listAgents(directory),
      this.#openCode.listProviders(directory),
      this.#openCode.listCommands(directory),
    ]);
    try {
      const [agents, providers, commands] = await asked;
      const offer = { agents, providers, commands };
      this.#known.set(directory, offer);
      return offer;
    } catch (error) {
      this.#loading.delete(directory);
      throw error;
    }
  }

  #forget(directory: string): void {
    this.#loading.delete(directory);
    this.#didChange.fire({ directory });
  }
}
