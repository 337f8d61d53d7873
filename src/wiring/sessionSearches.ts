import type { ExtensionContext } from 'vscode';
import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import { createOriginMemory } from '../editor/keeping/originMemory.ts';
import { wait } from '../editor/timer.ts';
import { FirstPrompts } from '../flows/firstPrompts.ts';
import { OriginSearch } from '../flows/originSearch.ts';
import type { Stores } from './stores.ts';

export interface OriginSearchInput {
  readonly context: Pick<ExtensionContext, 'workspaceState'>;
  readonly stores: Pick<Stores, 'sessions'>;
  readonly openCode: OpenCode;
  readonly log: Log;
}

/** Looks for what nobody wrote down: where forks of other clients come from. */
export function createOriginSearch({ context, stores, openCode, log }: OriginSearchInput): OriginSearch {
  const memory = createOriginMemory(context.workspaceState);
  return new OriginSearch({ openCode, sessions: stores.sessions, memory, wait, now: Date.now, log });
}

/** Finds out what people can call the sessions that the server has not named. */
export function createFirstPrompts({
  stores,
  openCode,
  log,
}: Omit<OriginSearchInput, 'context'>): FirstPrompts {
  return new FirstPrompts({ openCode, sessions: stores.sessions, wait, log });
}
