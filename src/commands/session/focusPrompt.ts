import { l10n } from '../../core/l10n.ts';
import type { TargetWish } from '../../core/turns/promptTarget.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import { resolveTarget, type ResolveTargetDeps } from '../../flows/preparing/target.ts';
import type { Picked } from '../../protocol/page/toPage.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';
import type { Command } from '../command.ts';

export interface FocusPromptDeps extends ChooseSessionDeps {
  /** Shows a session with the cursor in its composer. */
  readonly focusPrompt: (sessionId: string) => void;
}

export interface SwitchTargetDeps extends ChooseSessionDeps, ResolveTargetDeps {
  readonly sessions: ChooseSessionDeps['sessions'];
  readonly openCode: ChooseSessionDeps['openCode'] & ResolveTargetDeps['openCode'];
  /** Shows a session with one of the lists of its composer open. */
  readonly openPicker: (sessionId: string, what: Picked) => void;
  /** Picks who is to answer the next prompt of a session. */
  readonly pick: (sessionId: string, picked: TargetWish) => void;
}

/** Puts the cursor where the next prompt of a session is written. */
export function focusPrompt(deps: FocusPromptDeps): Command {
  return async (argument) => {
    const session = await chooseSession(deps, argument, purpose(l10n.t('Focus Prompt')));
    if (session !== undefined) deps.focusPrompt(session.id);
    return session?.id;
  };
}

/**
 * Lets a person pick who answers the next prompt of a session: its agent, its model or the variant of that. An agent or
 * a model that is named is picked at once.
 */
export function switchTarget(deps: SwitchTargetDeps, what: Picked): Command {
  return async (argument) => {
    const session = await chooseSession(deps, argument, purpose(titles(what)));
    if (session === undefined) return undefined;
    const { agent, model } = parseSessionArgument(argument);
    const named = what === 'agent' ? { agent } : { model };
    // Where nobody knows what there is, no list opens, and nothing was done.
    if (agent === undefined && model === undefined) {
      await deps.offers.load(session.directory);
      deps.openPicker(session.id, what);
    } else deps.pick(session.id, await findPicked(deps, session, withoutUndefined(named)));
    return session.id;
  };
}

/** What is named, if the server has it; an agent brings the model of its own along, as in the list. */
async function findPicked(deps: SwitchTargetDeps, session: Session, named: TargetWish): Promise<TargetWish> {
  const target = await resolveTarget(deps, session, named);
  const { agents } = await deps.offers.load(session.directory);
  const own = agents.find(({ name }) => name === named.agent)?.model;
  return own === undefined ? named : { ...named, model: target.model };
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
