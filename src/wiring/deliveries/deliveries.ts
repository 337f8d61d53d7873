import { type ConnectionState, isLive } from '../../core/state/connectionState.ts';
import type { Disposable, Event } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import type { PendingPrompts } from '../../core/prompts/pendingPrompts.ts';
import type { LedgerStore } from '../../core/prompts/ledger.ts';
import type { ElsewhereSessions } from '../../core/sessions/elsewhereSessions.ts';
import { titleById } from '../../core/sessions/sessionRow.ts';
import type { SessionStore } from '../../core/sessions/sessionStore.ts';
import type { Hold } from '../../core/state/hold.ts';
import type { EarlyViews } from '../../editor/earlyViews.ts';
import { workspaceDirectories } from '../../editor/workspaceFolders.ts';
import { Ledger, type LedgerPorts } from '../../flows/ledger/ledger.ts';
import { PendingSends } from '../../flows/ledger/pendingSends.ts';
import type { PromptQueue } from '../../flows/prompting/promptQueue.ts';
import type { Relays } from '../../flows/relaying/relay.ts';
import { DeliveriesStatus } from '../../views/deliveries/deliveriesStatus.ts';
import { DeliveriesTree } from '../../views/deliveries/deliveriesTree.ts';

export interface DeliveriesInput {
  readonly earlyViews: Pick<EarlyViews, 'deliveries'>;
  readonly stores: { readonly sessions: SessionStore; readonly elsewhere: ElsewhereSessions };
  readonly connection: {
    readonly state: ConnectionState;
    readonly onDidChangeState: Event<ConnectionState>;
  };
  readonly hold: Hold;
  /** Where the account is kept. */
  readonly store: LedgerStore;
  readonly prompting: {
    readonly typing: { readonly queue: PromptQueue };
    readonly flow: Omit<LedgerPorts, 'store' | 'pending' | 'isLive' | 'isOurs' | 'now'>;
  };
  readonly continuation: { readonly relays: Relays; readonly pending: PendingPrompts };
  readonly log: Log;
}

/** The account of what was sent and of what waits, and what shows it. */
export interface DeliveriesRoom extends Disposable {
  readonly ledger: Ledger;
  readonly pending: PendingSends;
  readonly titleOf: (sessionId: string) => string;
}

export function createDeliveries({
  earlyViews,
  stores,
  connection,
  hold,
  store,
  prompting,
  continuation,
}: DeliveriesInput): DeliveriesRoom {
  const { sessions, elsewhere } = stores;
  const { flow } = prompting;
  const now = Date.now;
  const pending = new PendingSends({ sessions, ...continuation, queue: prompting.typing.queue, hold, now });
  const ledger = new Ledger({
    ...flow,
    store,
    pending,
    isLive: () => isLive(connection.state),
    isOurs: (directory) => [...workspaceDirectories(), ...elsewhere.followed].includes(directory),
    now,
  });
  const titleOf = (sessionId: string): string => titleById(sessions, sessionId);
  const tree = new DeliveriesTree({
    openView: (rows) => earlyViews.deliveries.open(rows),
    ledger,
    hold,
    titleOf,
    onDidChangeSessions: sessions.onDidChange,
    startTimer: flow.startTimer,
  });
  const status = new DeliveriesStatus({ hold, pending });
  return {
    ledger,
    pending,
    titleOf,
    dispose: () => {
      for (const made of [status, tree, ledger, pending]) made.dispose();
    },
  };
}
