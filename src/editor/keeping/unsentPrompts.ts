import type { Memento } from 'vscode';

/** Prompts that did not arrive, kept until they are sent. */
export function createUnsentPrompts(memento: Memento) {
  const keyOf = (sessionId: string): string => `unsent:${sessionId}`;
  return {
    get: (sessionId: string) => memento.get<string>(keyOf(sessionId)),
    set: (sessionId: string, text: string | undefined) => void memento.update(keyOf(sessionId), text),
  };
}
