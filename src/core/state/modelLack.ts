import type { Remedy } from '../errors.ts';
import { Emitter, type Disposable } from '../event.ts';
import { l10n } from '../l10n.ts';
import type { Log } from '../log.ts';
import { Retries } from '../retries.ts';
import type { ProviderList } from '../../protocol/records.ts';
import type { Offers } from './offers.ts';

/** Whether there is no model to answer with: no provider is connected that has one. */
export function lacksModel({ providers }: ProviderList): boolean {
  return providers.every(({ models }) => Object.keys(models).length === 0);
}

/** What helps where no model is there, or where one is missed; `providerId` names who is meant. */
export function connectRemedy(provider?: { readonly providerId: string }): Remedy {
  return {
    title: l10n.t('Connect a Provider…'),
    command: 'opencodeSessions.provider.connect',
    ...(provider === undefined ? {} : { arguments: [provider] }),
  };
}

export interface ModelLackPorts {
  readonly offers: Pick<Offers, 'known' | 'load' | 'onDidChange'>;
  /** The workspace folders, absolute. */
  readonly directories: () => readonly string[];
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly log: Pick<Log, 'debug'>;
}

/** Whether the window has no model to answer with, in none of its folders. Until the server has said so, it has. */
export class ModelLack implements Disposable {
  readonly #ports: ModelLackPorts;
  readonly #retries: Retries;
  readonly #didChange = new Emitter<void>();
  readonly #subscription: Disposable;
  #isLacking = false;
  #hasModel = false;

  readonly onDidChange = this.#didChange.event;

  constructor(ports: ModelLackPorts) {
    this.#ports = ports;
    this.#retries = new Retries({ ...ports, retry: (directory) => void this.#load(directory) });
    this.#subscription = ports.offers.onDidChange(({ directory }) => {
      if (ports.directories().includes(directory)) void this.#load(directory);
    });
  }

  get isLacking(): boolean {
    return this.#isLacking;
  }

  /** Whether the server said of a model. */
  get hasModel(): boolean {
    return this.#hasModel;
  }

  /** Asks what each folder offers, where that is not known. */
  look(): void {
    for (const directory of this.#ports.directories()) void this.#load(directory);
    this.#judge();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#retries.dispose();
    this.#didChange.dispose();
  }

  async #load(directory: string): Promise<void> {
    try {
      const { commandsFailure } = await this.#ports.offers.load(directory);
      this.#judge();
      if (commandsFailure !== undefined) throw commandsFailure;
      this.#retries.reset(directory);
    } catch (error) {
      this.#ports.log.debug('It is not known what a folder offers', directory, error);
      if (this.#ports.directories().includes(directory)) this.#retries.later(directory);
    }
  }

  #judge(): void {
    const { offers, directories } = this.#ports;
    const known = directories().flatMap((directory) => offers.known(directory) ?? []);
    const isLacking = known.length > 0 && known.every(({ providers }) => lacksModel(providers));
    const hasModel = known.some(({ providers }) => !lacksModel(providers));
    if (isLacking === this.#isLacking && hasModel === this.#hasModel) return;
    this.#isLacking = isLacking;
    this.#hasModel = hasModel;
    this.#didChange.fire();
  }
}
