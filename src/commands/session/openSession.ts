import type { DoubleClick } from '../../core/doubleClick.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenHow } from '../../core/sessions/openHow.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';

export interface OpenSessionDeps extends ChooseSessionDeps {
  /** `messageId` is a message to scroll to. */
  readonly openTranscript: (sessionId: string, how: OpenHow, messageId?: string) => void;
}

/** Opens a session's transcript: in the preview panel, or in one of its own on a double click. */
export function openSession(deps: OpenSessionDeps & { readonly doubleClick: DoubleClick }): Command {
  return async (argument) => {
    const session = await chooseSession(deps, argument, purpose());
    if (session === undefined) return undefined;
    const { clicked, messageId } = parseSessionArgument(argument);
    const isDouble = clicked === true && deps.doubleClick.isSecond(session.id);
    deps.openTranscript(session.id, isDouble ? 'pinned' : 'preview', messageId);
    return session.id;
  };
}

/** Opens a session's transcript in a panel of its own, beside what is open. */
export function openSessionToSide(deps: OpenSessionDeps): Command {
  return async (argument) => {
    const session = await chooseSession(deps, argument, purpose());
    if (session !== undefined) deps.openTranscript(session.id, 'side');
    return session?.id;
  };
}

function purpose() {
  return {
    title: l10n.t('Open Session'),
    none: l10n.t('There is no session here. Start one with “New Session…”.'),
  };
}
