import { l10n } from '../core/l10n.ts';
import { isLoopback } from '../core/loopback.ts';
import type { Dialogs } from '../core/ports/dialogs.ts';

/** Whether what is sent to this address can be read on the way: plain http to another machine. */
export function isReadable(url: string): boolean {
  const { protocol, hostname = '' } = URL.parse(url) ?? {};
  return protocol === 'http:' && !isLoopback(hostname);
}

/** Asks whether what nobody else is to read may go to an address on the way to which it can be. */
export async function agreeUnencrypted(dialogs: Pick<Dialogs, 'confirm'>, message: string): Promise<boolean> {
  return dialogs.confirm({
    message,
    detail: l10n.t(
      'Whoever stands between this machine and that one can read it, and all that is sent and answered. An address that begins with https://, or a tunnel, keeps it private.',
    ),
    action: l10n.t('Send Unencrypted'),
  });
}
