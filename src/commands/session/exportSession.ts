import { exportName } from '../../core/export/exportName.ts';
import { l10n } from '../../core/l10n.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { AskWhereToSave } from '../../core/ports/saveTarget.ts';
import type { ExportPorts } from '../../flows/readForExport.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import { readMarkdown } from './copySession.ts';

export interface ExportSessionDeps extends ChooseSessionDeps, ExportPorts {
  readonly openCode: ChooseSessionDeps['openCode'] & ExportPorts['openCode'];
  readonly askWhereToSave: AskWhereToSave;
  readonly notify: Notify;
}

/** Writes a session from its beginning to its end into a file that the person names, as Markdown. */
export function exportSession(deps: ExportSessionDeps): Command {
  return async (argument) => {
    const title = l10n.t('Export Session as Markdown');
    const session = await chooseSession(deps, argument, {
      title,
      none: l10n.t('There is no session here. Start one with “New Session…”.'),
    });
    if (session === undefined) return undefined;
    const called = deps.sessions.title(session);
    const target = await deps.askWhereToSave({
      title,
      directory: session.directory,
      name: `${exportName(called)}.md`,
      kinds: { Markdown: ['md'] },
    });
    if (target === undefined) return undefined;
    await target.write(await readMarkdown(deps, session));
    deps.notify({
      message: l10n.t('“{0}” was exported to {1}.', called, target.name),
      actions: [target.open],
    });
    return session.id;
  };
}
