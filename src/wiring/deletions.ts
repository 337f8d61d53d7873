import { Disposable, type ExtensionContext } from 'vscode';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { WaitingPrompts } from '../core/prompts/prompting.ts';
import type { ConnectionState } from '../core/state/connectionState.ts';
import { setContextKey } from '../editor/contextKeys.ts';
import { createDeletionMemory } from '../editor/keeping/deletionMemory.ts';
import { startTimer } from '../editor/timer.ts';
import { Deletions } from '../flows/deletions.ts';
import type { PromptingRoom } from './prompting.ts';
import type { Stores } from './stores.ts';

export interface DeletionsInput {
  readonly context: Pick<ExtensionContext, 'workspaceState'>;
  readonly stores: Pick<Stores, 'sessions' | 'ends' | 'lock'>;
  readonly prompting: Pick<PromptingRoom, 'written'> & {
    readonly flow: Pick<PromptingRoom['flow'], 'deliveries'>;
  };
  readonly waiting: WaitingPrompts;
  readonly connection: {
    readonly openCode: OpenCode;
    readonly onDidChangeState: Event<ConnectionState>;
  };
  readonly notify: Notify;
  readonly log: Log;
}

/** What deletes sessions after a while; what an earlier window left is told of once the server can be asked. */
export function createDeletions({
  context,
  stores,
  connection,
  prompting,
  waiting,
  notify,
  log,
}: DeletionsInput): DeletionsRoom {
  const deletions = new Deletions({
    ...stores,
    deliveries: prompting.flow.deliveries,
    written: prompting.written,
    waiting,
    openCode: connection.openCode,
    memory: createDeletionMemory(context.workspaceState),
    startTimer,
    now: Date.now,
    notify,
    log,
  });
  const tell = (has: boolean): void => {
    setContextKey('opencodeSessions.hasDeletions', has).catch((error: unknown) =>
      log.warn('A context key was not set.', error),
    );
  };
  const followed = Disposable.from(
    deletions,
    deletions.onDidChange(() => tell(deletions.pending.length > 0)),
    connection.onDidChangeState(({ kind }) => {
      if (kind === 'live') void deletions.resume();
    }),
  );
  return { deletions, dispose: () => followed.dispose() };
}

export interface DeletionsRoom extends Disposable {
  readonly deletions: Deletions;
}
