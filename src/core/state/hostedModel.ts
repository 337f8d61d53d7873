import type { ModelReference, ProviderList } from '../../protocol/records.ts';
import { Emitter, type Disposable } from '../event.ts';
import { l10n } from '../l10n.ts';
import type { KeptValues } from '../ports/keptValues.ts';

/** OpenCode's own service, of which a server uses the free models where nobody signed in to anything. */
export const hostedProvider = 'opencode';

/** The name of the model, where it is one that OpenCode hosts and that costs nothing; else undefined. */
export function findFreeHosted(
  { providerID, modelID }: ModelReference,
  { providers }: ProviderList,
): string | undefined {
  if (providerID !== hostedProvider) return undefined;
  const model = providers.find(({ id }) => id === providerID)?.models[modelID];
  const isFree = model?.cost !== undefined && model.cost.input === 0 && model.cost.output === 0;
  return isFree ? model.name : undefined;
}

/** Where prompts go to a free model that OpenCode hosts. */
export function describeHosted(name: string): string {
  return l10n.t(
    '“{0}” is a free model that OpenCode Zen hosts: your prompts, and what agents read of your files, go to opencode.ai, which may use them to improve free models.',
    name,
  );
}

const key = 'toldOfHostedModels';

/** Whether the person was told where prompts go to free models that OpenCode hosts: once, for all windows. */
export class HostedWord implements Disposable {
  readonly #memento: KeptValues;
  readonly #didTell = new Emitter<void>();

  readonly onDidTell = this.#didTell.event;

  constructor(memento: KeptValues) {
    this.#memento = memento;
  }

  get isTold(): boolean {
    return this.#memento.get(key, false);
  }

  async tell(): Promise<void> {
    await this.#memento.update(key, true);
    this.#didTell.fire();
  }

  dispose(): void {
    this.#didTell.dispose();
  }
}
