import { describeSource } from '../../core/continuation/drafts/draftOrder.ts';
import type { Drafts } from '../../core/continuation/drafts/drafts.ts';
import type { Review, ReviewedVerb } from '../../core/continuation/drafts/review.ts';
import { sentText } from '../../core/continuation/drafts/sentDraft.ts';
import { Problem, sentenceOf } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import { choosableAgents } from '../../core/turns/promptTarget.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import { parseSessionArgument, type SessionArgument } from '../choosing/sessionArgument.ts';
import type { Command } from '../command.ts';
import type { UnsentPrompts } from '../session/promptSession.ts';
import { askFor, draftChain, type DraftChainDeps, pickLegs, type PickLegsDeps } from './draftChain.ts';
import type { DraftedRelay } from './draftRelay.ts';
import { pickAgent, type PickAgentDeps, type RelayChoice } from './pickAgent.ts';
import { legsOf } from './runChain.ts';
import { sendRelay, type SendRelayDeps } from './sendRelay.ts';

export interface RelaySessionDeps
  extends ChooseSessionDeps, SendRelayDeps, PickAgentDeps, PickLegsDeps, DraftChainDeps {
  readonly sessions: ChooseSessionDeps['sessions'];
  readonly openCode: ChooseSessionDeps['openCode'] & SendRelayDeps['openCode'];
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'pickOne' | 'askText' | 'confirm' | 'inform'>;
  readonly drafts: Pick<Drafts, 'open'>;
  readonly unsent: UnsentPrompts;
  readonly review: (verb: ReviewedVerb) => Review;
  readonly lastRelay: { get(): string | undefined; set(agent: string): void };
}

/** Passes the turn to another agent in the same session, as soon as the running turn has settled. */
export function relaySession(deps: RelaySessionDeps): Command {
  return async (argument) => {
    const given = parseSessionArgument(argument);
    const session = await chooseSession(deps, argument, {
      title: l10n.t('Relay to Agent'),
      none: l10n.t('There is no session to relay. Start one with “New Session…”.'),
    });
    if (session === undefined) return undefined;
    const offered = await deps.offers.load(session.directory);
    const agents = choosableAgents(offered.agents);
    const choice: RelayChoice | undefined =
      given.agent === undefined
        ? await pickAgent(deps, session, agents)
        : { kind: 'agent', agent: given.agent };
    if (choice === undefined) return undefined;
    if (choice.kind === 'agent') return relayTo(deps, session, choice.agent, given);
    const legs = choice.kind === 'saved' ? legsOf(choice.chain) : await pickLegs(deps, session, agents);
    if (legs === undefined) return undefined;
    await draftChain(deps, session, legs, agents, given.messageId);
    return session.id;
  };
}

async function relayTo(
  deps: RelaySessionDeps,
  session: Session,
  agent: string,
  given: SessionArgument,
): Promise<string | undefined> {
  const { text, model, messageId } = given;
  if (text === undefined && deps.review('relay') === 'always') {
    await openDraft(deps, session, agent, given);
    return session.id;
  }
  const drafted = text === undefined ? await deps.draftRelay(session, agent, messageId) : undefined;
  const message = text ?? (drafted && (await askMessage(deps, session, agent, drafted)));
  if (message === undefined) return undefined;
  const key = unsentKey(session.id);
  deps.unsent.set(key, message);
  const whole = drafted === undefined ? message : sentText(drafted, drafted.textFor(message.trim()));
  const isSent = await keepText(session, deps.sessions.title(session), agent, () =>
    sendRelay(deps, session, [{ agent, model, text: whole }]),
  );
  if (!isSent) return undefined;
  deps.unsent.set(key, undefined);
  return session.id;
}

async function openDraft(
  deps: RelaySessionDeps,
  session: Session,
  agent: string,
  { model, messageId }: SessionArgument,
): Promise<void> {
  const { textFor, isByTemplate, going } = await deps.draftRelay(session, agent, messageId);
  const blank = askFor(agent);
  await deps.drafts.open(
    {
      verb: 'relay',
      ...describeSource(deps.sessions, session),
      ...(isByTemplate ? {} : { blanks: [blank] }),
      ...(going && { going }),
    },
    { agent, ...(model && { model }), source: session.id, body: textFor(isByTemplate ? '' : blank) },
  );
}

/** The message alone; what was done last goes before it by itself. */
async function askMessage(
  { sessions, dialogs, unsent }: Pick<RelaySessionDeps, 'sessions' | 'dialogs' | 'unsent'>,
  session: Session,
  agent: string,
  { textFor, isByTemplate, hasLater }: DraftedRelay,
): Promise<string | undefined> {
  const key = unsentKey(session.id);
  return dialogs.askText({
    title: l10n.t('Relay “{0}” to {1}', sessions.title(session), agent),
    placeholder: askFor(agent),
    prompt: [describeContext(textFor(''), isByTemplate), hasLater ? describeLater(agent) : '']
      .filter((sentence) => sentence !== '')
      .join(' '),
    value: unsent.get(key) ?? '',
    validate: (text) =>
      text.trim() === '' && !isByTemplate
        ? l10n.t('Say what {0} should do, or press Escape.', agent)
        : undefined,
    onLeave: (text) => unsent.set(key, text.trim() === '' ? undefined : text),
  });
}

/** Says what goes before the message, so that it is not typed again. */
function describeContext(context: string, isByTemplate: boolean): string {
  if (isByTemplate) return l10n.t('The template of the relay goes along: leave this empty to add nothing.');
  return context === '' ? '' : l10n.t('This goes before it: {0}', context);
}

function describeLater(agent: string): string {
  return l10n.t(
    '{0} also reads what came after this message, unless you first choose “Revert to Message…”.',
    agent,
  );
}

/** A problem on the way offers to go on with the very text. */
async function keepText<T>(
  session: Session,
  title: string,
  agent: string,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw new Problem(
      l10n.t('“{0}” was not relayed to {1}; your message is kept. {2}', title, agent, sentenceOf(cause)),
      {
        cause,
        remedy: {
          title: l10n.t('Try Again'),
          command: 'opencodeSessions.session.relay',
          arguments: [session.id],
        },
      },
    );
  }
}

/** A message for another agent is another text than a prompt. */
function unsentKey(sessionId: string): string {
  return `relay:${sessionId}`;
}
