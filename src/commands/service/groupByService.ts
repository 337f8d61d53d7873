import { l10n } from '../../core/l10n.ts';
import type { Notify } from '../../core/ports/notify.ts';
import { openSetting } from '../../core/services/serviceGlobs.ts';
import type { ServiceMap } from '../../core/services/serviceFolders.ts';
import type { Command } from '../command.ts';

export interface GroupByServiceDeps {
  readonly grouping: {
    /** Undefined: sessions are not grouped. */
    readonly services: Pick<ServiceMap, 'services'> | undefined;
    set(isOn: boolean): Promise<void>;
  };
  readonly notify: Notify;
}

/** Groups the sessions by the service that they work on, or no more. Without any service it is said how to name them. */
export function groupByService({ grouping, notify }: GroupByServiceDeps, isOn: boolean): Command {
  return async () => {
    await grouping.set(isOn);
    if (!isOn || grouping.services === undefined || grouping.services.services.length > 0) return undefined;
    notify({
      message: l10n.t(
        'No folder with a service of its own was found here. Name them in the setting “opencodeSessions.services”, such as ["services/*"].',
      ),
      actions: [openSetting()],
    });
    return undefined;
  };
}
