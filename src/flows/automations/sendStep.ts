import type { AutomationStep } from '../../core/automations/automation.ts';
import { handOffBody } from '../../core/continuation/drafts/draftBody.ts';
import type { Gathered } from '../../core/continuation/gathered.ts';
import { handoffTitle } from '../../core/continuation/handoffTitle.ts';
import { asksForTodos } from '../../core/continuation/todoInstruction.ts';
import { openTodos } from '../../core/continuation/todoDigest.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { sentByAutomation } from '../../core/prompts/sentByAgent.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { type IdSource, makeMessageId } from '../../core/turns/messageId.ts';
import type { ForkPoint } from '../../core/turns/fork.ts';
import type { PromptTarget, TargetWish } from '../../core/turns/promptTarget.ts';
import type { Session } from '../../protocol/records.ts';
import { nextForkTitle } from '../preparing/forkTitles.ts';
import type { ForkedApproach, ForkRequest } from '../forkApproaches.ts';
import type { HandedOff, HandOffRequest } from '../handOff.ts';
import type { Relays } from '../relaying/relay.ts';
import type { PromptMark } from './automationPorts.ts';

export interface SendStepPorts {
  readonly sessions: Pick<Sessions, 'all' | 'title'>;
  readonly relays: Pick<Relays, 'add'>;
  /** Who answers, checked against what the server has. */
  readonly resolveTarget: (session: Session, wish: TargetWish) => Promise<PromptTarget>;
  readonly gather: (sessionId: string) => Promise<Gathered>;
  readonly handOff: (
    request: HandOffRequest & { readonly source: Session; readonly title: string },
  ) => Promise<HandedOff>;
  readonly findForkPoint: (source: Session, messageId: undefined) => Promise<{ readonly point: ForkPoint }>;
  readonly fork: (
    source: Session,
    point: ForkPoint,
    wishes: readonly ForkRequest[],
  ) => Promise<readonly ForkedApproach[]>;
  /** Whether another OpenCode process may be at work in the session. */
  readonly mayWorkElsewhere: (sessionId: string) => Promise<boolean>;
  readonly ids: IdSource;
}

/** A prompt that a step sends, by its session and message. */
export interface SentPrompt {
  readonly sessionId: string;
  readonly messageId?: string;
}

type SendingStep = Extract<AutomationStep, { kind: 'relay' | 'handOff' | 'fork' | 'tell' }>;

export function isSendingStep(step: AutomationStep): step is SendingStep {
  return ['relay', 'handOff', 'fork', 'tell'].includes(step.kind);
}

/**
 * Sends the prompt of a step through the flow of its verb, marked as of the automation. `onSending` is told of the message
 * before it is sent, where its id is known. Throws what the flow throws.
 */
export async function sendStep(
  ports: SendStepPorts,
  session: Session,
  step: SendingStep,
  mark: PromptMark,
  onSending: (sent: SentPrompt) => Promise<void>,
): Promise<SentPrompt> {
  if (await ports.mayWorkElsewhere(session.id)) {
    throw new Problem(
      l10n.t(
        '“{0}” may still be at work in another OpenCode process, so nothing was sent.',
        ports.sessions.title(session),
      ),
    );
  }
  switch (step.kind) {
    case 'relay':
    case 'tell':
      return addLeg(ports, session, step, mark, onSending);
    case 'handOff':
      return begin(ports, session, step, mark);
    case 'fork':
      return fork(ports, session, step, mark);
  }
}

/** It waits with the session, where it is seen and can be taken out, until its turn comes. */
async function addLeg(
  ports: SendStepPorts,
  session: Session,
  step: Extract<SendingStep, { kind: 'relay' | 'tell' }>,
  mark: PromptMark,
  onSending: (sent: SentPrompt) => Promise<void>,
): Promise<SentPrompt> {
  const wish = step.kind === 'relay' ? { agent: step.agent, model: step.model } : {};
  const target = await ports.resolveTarget(session, wish);
  const sent = { sessionId: session.id, messageId: makeMessageId(ports.ids) };
  const text = wordsOf(step.text, mark);
  await onSending(sent);
  await ports.relays.add(session.id, [
    {
      ...target,
      text,
      messageId: sent.messageId,
      automation: mark.startedBy,
      ...(step.kind === 'tell' && { silent: true as const }),
    },
  ]);
  return sent;
}

/** The template of a folder is none that a person reads before, so the layout that is built in is taken. */
async function begin(
  ports: SendStepPorts,
  session: Session,
  step: Extract<SendingStep, { kind: 'handOff' | 'fork' }>,
  mark: PromptMark,
): Promise<SentPrompt> {
  const [target, gathered] = await Promise.all([
    ports.resolveTarget(session, { agent: step.agent, model: step.model }),
    ports.gather(session.id),
  ]);
  const body = handOffBody(
    gathered,
    undefined,
    { goal: step.text, form: 'short', agent: target.agent },
    undefined,
  );
  const text = wordsOf(body, mark);
  const { session: made, delivery } = await ports.handOff({
    ...target,
    source: session,
    title: step.title ?? handoffTitle(session.title, gathered.conclusion ?? ''),
    text,
    todos: asksForTodos(text) ? [...openTodos(gathered.todos)] : [],
    relayed: { hop: 1, automation: mark.startedBy },
  });
  return { sessionId: made.id, messageId: delivery.messageId };
}

async function fork(
  ports: SendStepPorts,
  session: Session,
  step: Extract<SendingStep, { kind: 'handOff' | 'fork' }>,
  mark: PromptMark,
): Promise<SentPrompt> {
  const [target, { point }] = await Promise.all([
    ports.resolveTarget(session, { agent: step.agent, model: step.model }),
    ports.findForkPoint(session, undefined),
  ]);
  const text = wordsOf(step.text, mark);
  const title = step.title ?? nextForkTitle(ports.sessions, session);
  const prompt = { ...target, text, relayed: { hop: 1, automation: mark.startedBy } };
  const [made] = await ports.fork(session, point, [{ title, prompt }]);
  if (made === undefined || 'error' in made) {
    throw made?.error ?? new Problem(l10n.t('“{0}” was not forked.', ports.sessions.title(session)));
  }
  const { messageId } = made.delivery ?? {};
  return { sessionId: made.session.id, ...(messageId !== undefined && { messageId }) };
}

function wordsOf(text: string, { startedBy: { name }, why }: PromptMark): string {
  return sentByAutomation(text, { name, why });
}
