import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { ServerSink } from '../core/ports/serverSink.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { VisibleSessions } from '../core/sessions/visibleSessions.ts';
import {
  describeHosted,
  findFreeHosted,
  hostedProvider,
  type HostedWord,
} from '../core/state/hostedModel.ts';
import { connectRemedy } from '../core/state/modelLack.ts';
import type { Offers } from '../core/state/offers.ts';
import type { ServerEvent } from '../protocol/events.ts';
import type { ModelReference } from '../protocol/records.ts';

export interface HostedNoticePorts {
  readonly sessions: Pick<Sessions, 'get'>;
  readonly offers: Pick<Offers, 'load'>;
  readonly hosted: Pick<HostedWord, 'isTold' | 'tell'>;
  /** The sessions in view: their composers say it before a prompt is sent. */
  readonly visible: Pick<VisibleSessions, 'has'>;
  readonly notify: Notify;
  readonly log: Pick<Log, 'debug'>;
}

/**
 * Says once where prompts go to a free model that OpenCode hosts: a server takes one by itself where nobody chose any. Who
 * sent the prompt from a composer has read it there.
 */
export class HostedNotice implements ServerSink {
  readonly #ports: HostedNoticePorts;
  #isLooking = false;

  constructor(ports: HostedNoticePorts) {
    this.#ports = ports;
  }

  reset(): void {
    // What is there was sent before: the next prompt tells.
  }

  apply(event: ServerEvent): void {
    if (event.type !== 'message.updated' || this.#isLooking) return;
    const { info } = event.properties;
    const model = info.role === 'user' ? info.model : undefined;
    if (model?.providerID !== hostedProvider || this.#ports.hosted.isTold) return;
    const directory = this.#ports.sessions.get(info.sessionID)?.directory;
    if (directory !== undefined) void this.#tell(directory, info.sessionID, model);
  }

  async #tell(directory: string, sessionId: string, model: ModelReference): Promise<void> {
    const { offers, hosted, visible, notify, log } = this.#ports;
    this.#isLooking = true;
    try {
      const name = findFreeHosted(model, (await offers.load(directory)).providers);
      if (name === undefined || hosted.isTold) return;
      const isRead = visible.has(sessionId);
      await hosted.tell();
      if (isRead) return;
      notify({
        message: describeHosted(name),
        actions: [
          {
            title: l10n.t('Switch Model…'),
            command: 'opencodeSessions.session.switchModel',
            arguments: [sessionId],
          },
          connectRemedy(),
        ],
      });
    } catch (error) {
      log.debug('It is not known whether a model is free', error);
    } finally {
      this.#isLooking = false;
    }
  }
}
