import type { ModelReference, ProviderList } from '../../protocol/records.ts';

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
