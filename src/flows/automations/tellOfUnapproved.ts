import { isOfWorkspace } from '../../core/automations/automation.ts';
import type { Disposable } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { AutomationList } from './automationList.ts';

/** Says once in a window of each automation that a workspace brought that it waits for a person. */
export function tellOfUnapproved(
  list: Pick<AutomationList, 'all' | 'onDidChange'>,
  notify: Notify,
): Disposable {
  const told = new Set<string>();
  return list.onDidChange(() => {
    const waiting = list
      .all()
      .filter(
        ({ entry, standing }) =>
          isOfWorkspace(entry) &&
          (standing === 'unapproved' || standing === 'changed') &&
          !told.has(entry.id),
      );
    for (const { entry } of waiting) told.add(entry.id);
    if (waiting.length === 0) return;
    notify({
      message: l10n.t(
        'This workspace brings automations that do not run until you approve them: {0}.',
        waiting.map(({ entry }) => entry.name).join(', '),
      ),
      actions: [{ title: l10n.t('Show Automations'), command: 'opencodeSessions.automations.show' }],
    });
  });
}
