import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import type { KeptValues } from '../core/ports/keptValues.ts';
import type { Notify } from '../core/ports/notify.ts';
import type { ServerSink } from '../core/ports/serverSink.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import { findFreeHosted, hostedProvider } from '../core/state/hostedModel.ts';
import { connectRemedy } from '../core/state/modelLack.ts';
import type { Offers } from '../core/state/offers.ts';
import type { ServerEvent } from '../protocol/events.ts';
import type { ModelReference } from '../protocol/records.ts';

export interface HostedNoticePorts {
  readonly sessions: Pick<Sessions, 'get'>;
  readonly offers: Pick<Offers, 'load'>;
  /** For all windows of the person. */
  readonly memento: KeptValues;
  readonly notify: Notify;
  readonly log: Pick<Log, 'debug'>;
}

const key = 'toldOfHostedModels';

/** Says once where prompts go to a free model that OpenCode hosts: a server takes one by itself where nobody chose any. */
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
    if (model?.providerID !== hostedProvider || this.#ports.memento.get(key, false)) return;
    const directory = this.#ports.sessions.get(info.sessionID)?.directory;
    if (directory !== undefined) void this.#tell(directory, model);
  }

  async #tell(directory: string, model: ModelReference): Promise<void> {
    const { offers, memento, notify, log } = this.#ports;
    this.#isLooking = true;
    try {
      const name = findFreeHosted(model, (await offers.load(directory)).providers);
      if (name === undefined || memento.get(key, false)) return;
      await memento.update(key, true);
      notify({
        message: l10n.t(
          '“{0}” is a free model that OpenCode Zen hosts: your prompts, and what agents read of your files, go to opencode.ai, which may use them to improve free models. Another provider is yours to choose.',
          name,
        ),
        actions: [
          connectRemedy(),
          {
            title: l10n.t('Open Settings'),
            command: 'workbench.action.openSettings',
            arguments: ['opencodeSessions'],
          },
        ],
      });
    } catch (error) {
      log.debug('It is not known whether a model is free', error);
    } finally {
      this.#isLooking = false;
    }
  }
}
