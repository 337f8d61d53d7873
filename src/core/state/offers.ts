import { isCompanionCommand } from '../../protocol/companion.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import type { Agent, ProviderList, SlashCommand } from '../../protocol/records.ts';
import { Problem, sentenceOf } from '../errors.ts';
import { Emitter } from '../event.ts';
import { l10n } from '../l10n.ts';
import type { OpenCode } from '../ports/openCode.ts';
import type { ServerSink } from '../ports/serverSink.ts';

/** What the configuration of a directory offers to a prompt. */
export interface Offer {
  readonly agents: readonly Agent[];
  readonly providers: ProviderList;
  readonly commands: readonly SlashCommand[];
  /** Why nothing is known of the commands, although the rest is: there may be any. */
  readonly commandsFailure?: Problem;
}

/** The commands that there are. Throws where nobody knows: what is one of them would be taken for something else. */
export function knownCommands({ commands, commandsFailure }: Offer): readonly SlashCommand[] {
  if (commandsFailure !== undefined) throw commandsFailure;
  return commands;
}

/** What the directories that were asked for offer, until their configuration changes. */
export class Offers implements ServerSink {
  readonly #openCode: Pick<OpenCode, 'listAgents' | 'listProviders' | 'listCommands'>;
  readonly #didChange = new Emitter<{ readonly directory: string }>();
  readonly #loading = new Map<string, Promise<Offer>>();
  readonly #known = new Map<string, Offer>();
  /** Directories whose offer could not be had, or not all of it, when it was asked for last. */
  readonly #missed = new Set<string>();

  /** Tells of a directory whose offer is to be asked for again: it changed, or is there after it could not be had. */
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
    return !this.#loading.has(directory) && this.#known.get(directory)?.commandsFailure === undefined;
  }

  /** Throws what the server answers; asked again, it tries again, also for the commands alone. */
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
    if (event.type !== 'server.instance.disposed' && event.type !== 'offers.changed') return;
    const { directory } = event.properties;
    if (directory === undefined) this.reset();
    else if (this.#loading.has(directory)) this.#forget(directory);
  }

  async #ask(directory: string): Promise<Offer> {
    const asked = Promise.all([
      this.#openCode.listAgents(directory),
      this.#openCode.listProviders(directory),
      this.#listCommands(directory),
    ]);
    let offer: Offer | undefined;
    try {
      const [agents, providers, commands] = await asked;
      offer = { agents, providers, ...commands };
      this.#known.set(directory, offer);
      return offer;
    } finally {
      this.#note(directory, offer !== undefined && offer.commandsFailure === undefined);
    }
  }

  /** Without commands a prompt can be sent all the same. The companion's own are for terminals: ours of these names do more. */
  async #listCommands(directory: string): Promise<Pick<Offer, 'commands' | 'commandsFailure'>> {
    try {
      const commands = await this.#openCode.listCommands(directory);
      return { commands: commands.filter((command) => !isCompanionCommand(command)) };
    } catch (error) {
      const said = l10n.t('OpenCode did not say which commands there are. {0}', sentenceOf(error));
      return { commands: [], commandsFailure: new Problem(said, { cause: error }) };
    }
  }

  #note(directory: string, isWhole: boolean): void {
    if (!isWhole) {
      this.#missed.add(directory);
      this.#loading.delete(directory);
    } else if (this.#missed.delete(directory)) this.#didChange.fire({ directory });
  }

  #forget(directory: string): void {
    this.#loading.delete(directory);
    this.#didChange.fire({ directory });
  }
}
