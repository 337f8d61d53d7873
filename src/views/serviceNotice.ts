import type { ConnectionState } from '../core/state/connectionState.ts';
import type { Disposable, Event } from '../core/event.ts';
import { l10n } from '../core/l10n.ts';
import type { Notify } from '../core/ports/notify.ts';
import { secondServerWords } from './connectionTexts.ts';

export interface ServiceNoticePorts {
  readonly connection: { readonly onDidChangeState: Event<ConnectionState> };
  readonly notify: Notify;
}

/** Says when the person's own service begins to run beside a server of ours, and offers to go over to it. */
export function noticeServices({ connection, notify }: ServiceNoticePorts): Disposable {
  let met = false;
  return connection.onDidChangeState((state) => {
    const meets = state.kind === 'live' && state.meetsService === true;
    if (meets && !met) {
      notify({
        message: secondServerWords(),
        actions: [{ title: l10n.t('Use the Service…'), command: 'opencodeSessions.server.restart' }],
      });
    }
    met = meets;
  });
}
