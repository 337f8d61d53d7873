import { describeAgent } from '../../core/continuation/drafts/draftCompletion.ts';
import { checkChainNames, parseChainNames, printChain } from '../../core/continuation/drafts/relayChain.ts';
import type { Review, ReviewedVerb } from '../../core/continuation/drafts/review.ts';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import { describeSource } from '../../core/continuation/drafts/draftOrder.ts';
import type { Drafts } from '../../core/continuation/drafts/drafts.ts';
import { Problem, sentenceOf } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { choosableAgents } from '../../core/turns/promptTarget.ts';
import type { Agent, Session } from '../../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import type { DraftedLine } from './draftRelay.ts';
import type { UnsentPrompts } from '../session/promptSession.ts';
import { sendRelay, type SendRelayDeps } from './sendRelay.ts';
import { parseSessionArgument, type SessionArgument } from '../choosing/sessionArgument.ts';

export interface RelaySessionDeps extends ChooseSessionDeps, SendRelayDeps {
  readonly sessions: ChooseSessionDeps['sessions'];
  readonly openCode: ChooseSessionDeps['openCode'] & SendRelayDeps['openCode'];
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'pickOne' | 'askText' | 'confirm' | 'inform'>;
  readonly drafts: Pick<Drafts, 'open'>;
  readonly unsent: UnsentPrompts;
  readonly review: (verb: ReviewedVerb) => Review;
  readonly hopLimit: () => number;
  /** What the next agent should know as of that message (absent: the last one), in a line; by the template if there is one. */
  readonly draftRelay: (session: Session, agent: string, messageId?: string) => Promise<DraftedLine>;
}

type Choosing = { readonly kind: 'agent'; readonly agent: string } | { readonly kind: 'chain' };

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
    const choice: Choosing | undefined =
      given.agent === undefined
        ? await pickAgent(deps, session, agents)
        : { kind: 'agent', agent: given.agent };
    if (choice === undefined) return undefined;
    if (choice.kind === 'chain') return openChain(deps, session, agents, given.messageId);
    return relayTo(deps, session, choice.agent, given);
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
    await deps.drafts.open(
      { verb: 'relay', ...describeSource(session) },
      {
        agent,
        ...(model && { model }),
        source: session.id,
        body: (await deps.draftRelay(session, agent, messageId)).text,
      },
    );
    return session.id;
  }
  const message = text ?? (await askMessage(deps, session, agent, messageId));
  if (message === undefined) return undefined;
  const key = unsentKey(session.id);
  deps.unsent.set(key, message);
  const isSent = await keepText(session, deps.sessions.title(session), agent, () =>
    sendRelay(deps, session, [{ agent, model, text: message }]),
  );
  if (!isSent) return undefined;
  deps.unsent.set(key, undefined);
  return session.id;
}

async function pickAgent(
  { sessions, dialogs }: Pick<RelaySessionDeps, 'sessions' | 'dialogs'>,
  session: Session,
  agents: readonly Agent[],
): Promise<Choosing | undefined> {
  const choices = agents.map((agent): Choice<Choosing> => ({
    label: agent.name,
    description: [
      agent.name === session.agent ? l10n.t('current') : undefined,
      agent.model && `${agent.model.providerID}/${agent.model.modelID}`,
    ]
      .filter((word) => word !== undefined)
      .join(' · '),
    detail: describeAgent(agent),
    icon: agent.name === session.agent ? 'check' : 'person',
    value: { kind: 'agent', agent: agent.name },
  }));
  return dialogs.pickOne(l10n.t('Relay “{0}” to Which Agent?', sessions.title(session)), [
    ...choices,
    {
      label: l10n.t('Chain of Agents…'),
      detail: l10n.t('Several legs at once, each with its own prompt: build → plan → build'),
      icon: 'arrow-swap',
      value: { kind: 'chain' },
    },
  ]);
}

async function openChain(
  deps: RelaySessionDeps,
  session: Session,
  agents: readonly Agent[],
  messageId: string | undefined,
): Promise<string | undefined> {
  const known = agents.map(({ name }) => name);
  const answer = await deps.dialogs.askText({
    title: l10n.t('Chain of Agents'),
    prompt: l10n.t('Agents in the order in which they answer: {0}', known.join(', ')),
    placeholder: 'build → plan → build',
    validate: (text) => checkChainNames(parseChainNames(text), known, deps.hopLimit()),
  });
  if (answer === undefined) return undefined;
  const [first = '', ...others] = parseChainNames(answer);
  const { text: context } = await deps.draftRelay(session, first, messageId);
  const body = printChain([
    { agent: first, prompt: context },
    ...others.map((agent) => ({ agent, prompt: '' })),
  ]);
  await deps.drafts.open({ verb: 'chain', ...describeSource(session) }, { source: session.id, body });
  return session.id;
}

async function askMessage(
  {
    sessions,
    dialogs,
    unsent,
    draftRelay,
  }: Pick<RelaySessionDeps, 'sessions' | 'dialogs' | 'unsent' | 'draftRelay'>,
  session: Session,
  agent: string,
  messageId: string | undefined,
): Promise<string | undefined> {
  const key = unsentKey(session.id);
  const drafted = await draftRelay(session, agent, messageId);
  return dialogs.askText({
    title: l10n.t('Relay “{0}” to {1}', sessions.title(session), agent),
    prompt: drafted.hasLater
      ? l10n.t(
          'What should {0} do? It also reads what came after this message, unless you first choose “Revert to Here…”.',
          agent,
        )
      : l10n.t('What should {0} do? The drafted line tells it what was done last.', agent),
    value: unsent.get(key) ?? drafted.text,
    validate: (text) => (text.trim() === '' ? l10n.t('Type a message, or press Escape.') : undefined),
    onLeave: (text) => unsent.set(key, text.trim() === '' ? undefined : text),
  });
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
