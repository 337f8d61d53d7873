import type { Disposable } from '../../core/event.ts';
import { withoutIsolation } from '../../core/isolate.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import { titleById } from '../../core/sessions/sessionRow.ts';
import type { SessionStore } from '../../core/sessions/sessionStore.ts';
import type { RelayNotice, Relays } from '../../flows/relaying/relay.ts';
import { describeRelay } from '../../flows/relaying/relayWords.ts';

export interface ToastsPorts {
  readonly relays: Pick<Relays, 'onDidNotice'>;
  readonly sessions: SessionStore;
  /** Shows something for a moment to whoever sits at OpenCode's own terminal. */
  readonly show: (toast: { message: string; variant: 'info' | 'warning' | 'error' }) => Promise<void>;
  readonly log: Pick<Log, 'warn'>;
}

/** Says at the terminal what became of what was sent from here, since it happens while nobody looks; an editor that listens says it, too. */
export function showToasts({ relays, sessions, show, log }: ToastsPorts): Disposable {
  return relays.onDidNotice((notice) => {
    const toast = toToast(notice, titleById(sessions, notice.sessionId));
    if (toast === undefined) return;
    show({ ...toast, message: withoutIsolation(toast.message) }).catch((error: unknown) => {
      log.warn('Nothing could be shown at the terminal.', error);
    });
  });
}

function toToast(notice: RelayNotice, title: string) {
  const described = describeRelay(notice, title);
  if (described !== undefined) {
    const variant = described.severity === 'information' ? 'info' : (described.severity ?? 'info');
    return { message: described.message, variant } as const;
  }
  if (notice.kind !== 'sent' || notice.leg.from === undefined || notice.leg.silent === true) return undefined;
  const { agent, from } = notice.leg;
  const message = l10n.t('{0} goes on in “{1}” on what {2} wrote.', agent, title, from.agent);
  return { message, variant: 'info' } as const;
}
