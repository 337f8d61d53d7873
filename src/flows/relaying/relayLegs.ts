import { NotFoundProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { IdSource } from '../../core/turns/messageId.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { findPromptTarget } from '../../core/turns/promptTarget.ts';
import { isSending, nextLeg } from '../../core/turns/relayQueue.ts';
import { type Causation, type Delivery, type PromptEnding, senderOf } from '../../core/prompts/delivery.ts';
import type { RelayLeg } from '../../protocol/pending.ts';
import { isFinished } from '../../core/turns/turn.ts';
import type { Message, ModelReference, Session } from '../../protocol/records.ts';
import type { Attempt } from '../prompting/attempts.ts';
import { findSource, type FindSourceDeps } from '../preparing/findSource.ts';
import { relayedMetadata } from '../../protocol/relayed.ts';
import { readAwaited } from './awaited.ts';
import { findMessage } from '../prompting/findMessage.ts';
import { type Outgoing, textPrompt } from '../prompting/outgoing.ts';
import { isBusy } from '../../core/turns/isBusy.ts';

/** What somebody asks for: a prompt for an agent, or what one reads without an answer. */
export interface RelayRequest
  extends
    Pick<RelayLeg, 'agent' | 'text'>,
    // Under a message id of its own, it is the same one however often it is asked for.
    Partial<Pick<RelayLeg, 'messageId' | 'compacts' | 'silent' | 'from' | 'automation' | 'awaits'>> {
  readonly model: ModelReference;
  /** Why it waits for a person from the beginning, as a sentence. */
  readonly heldFor?: string;
}

/** The moment at which legs are asked for. */
interface Moment {
  /** The hops that their chain already has. */
  readonly hops: number;
  /** The newest message. */
  readonly after: string;
  /** Whether something runs or is pending that they follow. */
  readonly isBehind: boolean;
  readonly time: number;
}

/** The legs of what is asked for at this moment; `isKnown`: something runs or is pending that they follow. */
export async function planLegs(
  ports: Parameters<typeof mayWork>[0] & {
    readonly openCode: Pick<OpenCode, 'listMessages'>;
    readonly ids: IdSource;
  },
  sessionId: string,
  requests: readonly RelayRequest[],
  {
    attempt,
    hops,
    isKnown,
  }: Pick<Moment, 'hops'> & {
    readonly attempt: Pick<Attempt, 'messageId'>;
    readonly isKnown: boolean;
  },
): Promise<readonly RelayLeg[]> {
  const newest = await findNewest(ports.openCode, sessionId);
  const isBehind = isKnown || (await mayWork(ports, sessionId, newest));
  return buildLegs(requests, attempt, { hops, after: newest?.id ?? '', isBehind, time: ports.ids.now() });
}

/** The legs of what is asked for, in its order; the same attempt makes the same ones again. */
export function buildLegs(
  requests: readonly RelayRequest[],
  attempt: Pick<Attempt, 'messageId'>,
  { hops, after, isBehind, time }: Moment,
): readonly RelayLeg[] {
  return requests.map(({ heldFor, ...request }, index) => ({
    ...request,
    messageId: request.messageId ?? attempt.messageId(`leg ${index}`),
    chain: attempt.messageId('chain'),
    hop: hops + index + 1,
    time,
    after,
    behind: isBehind || index > 0,
    state: heldFor === undefined ? { kind: 'waiting' } : { kind: 'held', reason: heldFor },
  }));
}

/** The leg whose turn it is, and what came of what it awaits. */
export interface NextLeg {
  readonly leg: RelayLeg;
  readonly result: string | undefined;
}

/** What a leg awaits is asked of the server. */
export async function findNext(
  openCode: Parameters<typeof readAwaited>[0],
  legs: readonly RelayLeg[],
): Promise<NextLeg | undefined> {
  const results = new Map<RelayLeg, string>();
  for (const leg of legs) {
    const result = leg.awaits === undefined ? undefined : await readAwaited(openCode, leg.awaits);
    if (result !== undefined) results.set(leg, result);
  }
  const next = nextLeg(legs, (leg) => leg.awaits === undefined || results.has(leg));
  return next && { leg: next, result: results.get(next) };
}

/** What is sent of a leg. */
export function outgoingOf(session: Session, leg: RelayLeg, result: string | undefined): Outgoing {
  const { messageId, agent, model, silent } = leg;
  const text = [leg.text, result ?? ''].filter((words) => words !== '').join('\n\n');
  const metadata = relayedMetadata(session, leg);
  if (silent !== true) return textPrompt(messageId, { agent, model, text }, metadata);
  const part = { type: 'text' as const, text, synthetic: true, metadata };
  return { kind: 'told', prompt: { messageId, agent, model, parts: [part] } };
}

/** Why it is sent: what is only told, and not by an agent, is the extension's own word. */
export function causeOf(session: Pick<Session, 'id'>, leg: RelayLeg): Causation {
  const { silent, from, after } = leg;
  const isPassedOn = from === undefined || from.session === session.id;
  return {
    cause: silent === true ? 'tell' : 'relay',
    by: senderOf(leg) ?? (silent === true ? { kind: 'extension' } : undefined),
    source: isPassedOn
      ? { session: session.id, ...(after === undefined || after === '' ? {} : { message: after }) }
      : { session: from.session },
    isPressed: false,
  };
}

/** The newest message of a session. */
export async function findNewest(
  openCode: Pick<OpenCode, 'listMessages'>,
  sessionId: string,
): Promise<Message | undefined> {
  const { messages } = await openCode.listMessages(sessionId, { limit: 1 });
  return messages.at(-1)?.info;
}

/** Whether a session works by the server's word: of a run that has just begun, this window may not have heard yet. */
export async function mayWork(
  ports: FindSourceDeps & { readonly openCode: Pick<OpenCode, 'listStatuses'> },
  sessionId: string,
  newest: Message | undefined,
): Promise<boolean> {
  if (newest === undefined || isFinished(newest)) return false;
  return isBusy(ports.openCode, await findSource(ports, { sessionId }));
}

/** Those of which the server does not have the message. */
export async function withoutSent(
  openCode: Pick<OpenCode, 'getMessage'>,
  sessionId: string,
  legs: readonly RelayLeg[],
): Promise<readonly RelayLeg[]> {
  const absent: RelayLeg[] = [];
  for (const leg of legs) {
    if ((await findMessage(openCode, sessionId, leg.messageId)) === undefined) absent.push(leg);
  }
  return absent;
}

/** Throws `NotFoundProblem` where it is sent, or on its way. */
export function assertPending(legs: readonly RelayLeg[], messageId: string): void {
  const leg = legs.find((candidate) => candidate.messageId === messageId);
  if (leg !== undefined && !isSending(leg)) return;
  throw new NotFoundProblem(
    l10n.t('This relay is no longer pending: it was sent or cancelled. The session shows which.'),
  );
}

/** Agent and model may have gone since the leg was asked for; the server would answer nothing. */
export async function assertTarget(
  openCode: Pick<OpenCode, 'listAgents' | 'listProviders'>,
  session: Session,
  { agent, model }: RelayLeg,
): Promise<void> {
  const [agents, providers] = await Promise.all([
    openCode.listAgents(session.directory),
    openCode.listProviders(session.directory),
  ]);
  findPromptTarget(
    { agent, model },
    { session, agents, providers, latestPrompt: undefined, recentModel: undefined },
  );
}

/** What is seen of a leg that was sent, and was not meant. */
export type SeenOfLeg =
  /** Another agent than the one that was named answers. */
  | { readonly kind: 'wrongAgent'; readonly leg: RelayLeg; readonly agent: string }
  /** The run went on with a prompt that somebody else sent at the same moment. */
  | { readonly kind: 'superseded'; readonly leg: RelayLeg };

/** Reads back who answers a leg, and whether it is answered. */
export async function watchLeg(
  log: Log,
  leg: RelayLeg,
  { answering, ended }: Delivery,
  tell: (seen: SeenOfLeg) => void,
): Promise<void> {
  const answer = await answering;
  if (answer !== undefined && answer.agent !== leg.agent) {
    tell({ kind: 'wrongAgent', leg, agent: answer.agent });
  }
  const ending = await ended.catch((error: unknown): PromptEnding => {
    log.warn('A relay was lost from sight.', leg.messageId, error);
    return { kind: 'unseen' };
  });
  if (ending.kind === 'superseded') tell({ kind: 'superseded', leg });
}
