import type { Memento } from 'vscode';

const key = 'opencodeSessions.lastRelay';

/** The agent that a person of this workspace relayed to last. */
export function createLastRelay(memento: Memento) {
  return {
    get: () => memento.get<string>(key),
    set: (agent: string) => void memento.update(key, agent),
  };
}
