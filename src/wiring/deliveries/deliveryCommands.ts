import { commands, env } from 'vscode';
import { copyDelivery } from '../../commands/delivery/copyDelivery.ts';
import { lookAgain } from '../../commands/delivery/lookAgain.ts';
import {
  openDelivery,
  type OpenDeliveryDeps,
  openDeliveryCause,
} from '../../commands/delivery/openDelivery.ts';
import { releaseAll, stopAll } from '../../commands/delivery/stopAll.ts';
import { whenLive } from '../../commands/whenLive.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Proof } from '../../core/ports/proof.ts';
import type { Companions } from '../../core/state/companions.ts';
import { directoryName } from '../../editor/workspaceFolders.ts';
import type { SessionStore } from '../../core/sessions/sessionStore.ts';
import type { WorkingSessions } from '../../core/sessions/workingSessions.ts';
import type { StopAll } from '../../core/state/hold.ts';
import type { CommandTable } from '../../editor/registerCommands.ts';
import { type DeliveryCommandId, viewIds } from '../../manifest.ts';
import type { DeliveriesRoom } from './deliveries.ts';

export interface DeliveryCommandsInput {
  readonly deliveries: DeliveriesRoom;
  readonly hold: StopAll;
  readonly stores: {
    readonly sessions: SessionStore;
    readonly working: WorkingSessions;
    readonly proof: Proof;
  };
  readonly companion: { readonly companions: Companions };
  readonly connection: { readonly openCode: OpenCode; connect(): Promise<void> };
  readonly openDeliveryAt: OpenDeliveryDeps['openTranscript'];
  readonly dialogs: Dialogs;
  readonly notify: Notify;
}

/** The verbs on what was sent and on what waits. */
export function createDeliveryCommands({
  deliveries,
  hold,
  stores,
  companion,
  connection,
  openDeliveryAt,
  dialogs,
  notify,
}: DeliveryCommandsInput): Pick<CommandTable, DeliveryCommandId> {
  const showDeliveries = async (): Promise<void> => {
    await commands.executeCommand(`${viewIds.deliveries}.focus`);
  };
  const deps = {
    ...stores,
    ...deliveries,
    ...companion,
    directoryName,
    hold,
    openCode: connection.openCode,
    openTranscript: openDeliveryAt,
    copy: async (text: string) => env.clipboard.writeText(text),
    showDeliveries,
    dialogs,
    notify,
  };
  const live = whenLive(connection);
  return {
    'opencodeSessions.deliveries.show': showDeliveries,
    // Neither waits for a server: what is to be stopped may be what keeps it from answering.
    'opencodeSessions.deliveries.stopAll': stopAll(deps),
    'opencodeSessions.deliveries.release': releaseAll(deps),
    'opencodeSessions.delivery.open': live(openDelivery(deps)),
    'opencodeSessions.delivery.openCause': live(openDeliveryCause(deps)),
    'opencodeSessions.delivery.copy': copyDelivery(deps),
    'opencodeSessions.delivery.lookAgain': live(lookAgain(deps)),
  };
}
