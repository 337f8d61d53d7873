import { l10n } from '../../core/l10n.ts';
import type { Picked } from '../../protocol/page/toPage.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';

export interface FocusPromptDeps extends ChooseSessionDeps {
  /** Shows a session with the cursor in its composer. */
  readonly focusPrompt: (sessionId: string) => void;
}

export interface SwitchTargetDeps extends ChooseSessionDeps {
  /** Shows a session with one of the lists of its composer open. */
  readonly openPicker: (sessionId: string, what: Picked) => void;
}

/** Puts the cursor where the next prompt of a session is written. */
export function focusPrompt(deps: FocusPromptDeps): Command {
  return async (argument) => {
    const session = await chooseSession(deps, argument, purpose(l10n.t('Focus Prompt')));
    if (session !== undefined) deps.focusPrompt(session.id);
    return session?.id;
  };
}

/** Lets a person pick who answers the next prompt of a session: its agent, its model or the variant of that. */
export function switchTarget(deps: SwitchTargetDeps, what: Picked): Command {
  return async (argument) => {
    const session = await chooseSession(deps, argument, purpose(titles(what)));
    if (session !== undefined) deps.openPicker(session.id, what);
    return session?.id;
  };
}

function titles(what: Picked): string {
  switch (what) {
    case 'agent':
      return l10n.t('Switch Agent');
    case 'model':
      return l10n.t('Switch Model');
    case 'variant':
      return l10n.t('Switch Variant');
  }
}

function purpose(title: string) {
  return { title, none: l10n.t('There is no session here. Start one with “New Session…”.') };
}
