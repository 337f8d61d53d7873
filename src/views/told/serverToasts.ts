import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { ServerSink } from '../../core/ports/serverSink.ts';
import type { ServerEvent } from '../../protocol/events.ts';

export interface ServerToastsPorts {
  readonly notify: Notify;
  readonly log: Pick<Log, 'info'>;
}

/**
 * What OpenCode and its plugins show for a moment in the terminal's own client. What went wrong is a notification here;
 * the rest would be one too many each time, and stands in the log.
 */
export class ServerToasts implements ServerSink {
  readonly #ports: ServerToastsPorts;

  constructor(ports: ServerToastsPorts) {
    this.#ports = ports;
  }

  reset(): void {
    // What was shown for a moment is over.
  }

  apply(event: ServerEvent): void {
    if (event.type !== 'tui.toast.show') return;
    const { title, message, variant } = event.properties;
    const words = title === undefined || title === '' ? message : l10n.t('{0}: {1}', title, message);
    if (variant === 'error' || variant === 'warning') {
      this.#ports.notify({ message: l10n.t('OpenCode: {0}', words), severity: variant, actions: [] });
    } else this.#ports.log.info('OpenCode says:', words);
  }
}
