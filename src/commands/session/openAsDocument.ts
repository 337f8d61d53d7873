import { l10n } from '../../core/l10n.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';

export interface OpenAsDocumentDeps extends ChooseSessionDeps {
  readonly openDocument: (session: Session, title: string) => Promise<void>;
}

/** Opens a session as a Markdown document that is read, searched and folded like any other. */
export function openAsDocument(deps: OpenAsDocumentDeps): Command {
  return async (argument) => {
    const session = await chooseSession(deps, argument, {
      title: l10n.t('Open as Document'),
      none: l10n.t('There is no session here. Start one with “New Session…”.'),
    });
    if (session === undefined) return undefined;
    await deps.openDocument(session, deps.sessions.title(session));
    return session.id;
  };
}
