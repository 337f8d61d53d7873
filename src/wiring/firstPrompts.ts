import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import { wait } from '../editor/timer.ts';
import { FirstPrompts } from '../flows/firstPrompts.ts';
import type { Stores } from './stores.ts';

export interface FirstPromptsInput {
  readonly stores: Pick<Stores, 'sessions'>;
  readonly openCode: OpenCode;
  readonly log: Log;
}

/** Finds out what people can call the sessions that the server has not named. */
export function createFirstPrompts({ stores, openCode, log }: FirstPromptsInput): FirstPrompts {
  return new FirstPrompts({ openCode, sessions: stores.sessions, wait, log });
}
