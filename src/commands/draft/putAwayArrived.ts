import { parseApproaches, printApproaches } from '../../core/continuation/drafts/approaches.ts';
import { parseChain } from '../../core/continuation/drafts/relayChain.ts';
import { parseCompactDraft } from '../../core/continuation/drafts/compactDraft.ts';
import { type Draft, parseDraft } from '../../core/continuation/drafts/draft.ts';
import { beginsSession, type DraftOrder, type DraftVerb } from '../../core/continuation/drafts/draftOrder.ts';
import type { Drafts, WrittenDraft } from '../../core/continuation/drafts/drafts.ts';
import { sentText } from '../../core/continuation/drafts/sentDraft.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { type DeliveryEntry, hasArrived, type PromptCause } from '../../core/prompts/delivery.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { LastingCause } from '../../flows/prompting/attempts.ts';
import { parseLineage } from '../../protocol/lineage.ts';
import type { RelayLeg } from '../../protocol/pending.ts';
import type { UnsentPrompts } from '../session/promptSession.ts';
import { unsentKey } from '../session/tellSession.ts';

export interface PutAwayDeps {
  readonly sessions: Pick<Sessions, 'get'>;
  readonly openCode: Pick<OpenCode, 'getMessage'>;
  readonly drafts: Pick<Drafts, 'all' | 'open' | 'hold' | 'remove' | 'mark'>;
  readonly unsent: UnsentPrompts;
  /** What was sent by this window, and by the one before it. */
  readonly deliveries: { all(): readonly DeliveryEntry[] };
  /** The relays that are to be sent to a session. */
  readonly pending: (sessionId: string) => readonly RelayLeg[];
  /** What is said of what was begun with a session since then, in milliseconds since 1970, and came to no end that was seen. */
  readonly left: (cause: LastingCause, sessionId: string, since: number) => readonly string[];
  readonly log: Log;
}

export interface PutAway {
  /** Of a prompt of which nobody knew whether it arrived, also because its window ended. */
  readonly judged: (judged: DeliveryEntry) => Promise<void>;
  /** Of the drafts whose window ended while they were sent: what had arrived before that. */
  readonly cutOff: () => Promise<void>;
}

/** What is known to be there, as a draft says it. */
interface Sent {
  readonly cause: PromptCause;
  /** What the draft that it was written in begins with. */
  readonly source: string | undefined;
  readonly agent: string;
  readonly text: string;
}

/**
 * Puts away what still offers to send what is known to be there. What a person wrote otherwise meanwhile stays.
 */
export function putAwayArrived(deps: PutAwayDeps): PutAway {
  // Several prompts may be of one draft: each finds what the one before it left.
  let last = Promise.resolve();
  const inTurn = (act: () => Promise<void>): Promise<void> => {
    last = last
      .then(act)
      .catch((error: unknown) => deps.log.warn('What arrived may still be offered.', error));
    return last;
  };
  return {
    // What is said of a draft that was cut off may be known better now.
    judged: (judged) =>
      inTurn(() => (judged.state.kind === 'absent' ? putAwayCutOff(deps) : putAway(deps, judged))),
    cutOff: () => inTurn(() => putAwayCutOff(deps)),
  };
}

async function putAway(deps: PutAwayDeps, entry: DeliveryEntry): Promise<void> {
  const { drafts, unsent } = deps;
  const { sessionId, cause } = entry;
  if (
    cause !== 'tell' &&
    cause !== 'handOff' &&
    cause !== 'fork' &&
    cause !== 'brief' &&
    cause !== 'compaction'
  )
    return;
  const sent = await readSent(deps, entry);
  if (cause === 'tell' && unsent.get(unsentKey(sessionId)) === sent.text) {
    unsent.set(unsentKey(sessionId), undefined);
  }
  for (const written of await drafts.all()) await takeOut(drafts, written, [sent]);
}

async function putAwayCutOff(deps: PutAwayDeps): Promise<void> {
  const { drafts, left } = deps;
  for (const written of await drafts.all()) {
    const { cutOff, order } = written;
    if (cutOff === undefined) continue;
    const rest = await takeOut(drafts, written, await readSentSince(deps, order, cutOff));
    const cause = causeOf(order);
    // What is told goes on without the window nowhere.
    const said = cause === 'tell' ? [] : left(cause, sourceOfDraft(order), cutOff);
    if (rest !== undefined && said.length > 0) drafts.mark(rest, said.join(' '));
  }
}

/** What was sent since then of what such an order may have sent, and the relays that are pending since then. */
async function readSentSince(deps: PutAwayDeps, order: DraftOrder, since: number): Promise<readonly Sent[]> {
  const { deliveries, pending, log } = deps;
  const entries = deliveries
    .all()
    .filter(
      (entry) =>
        entry.time >= since &&
        hasArrived(entry) &&
        entry.cause === causeOf(order) &&
        sourceOf(deps, entry) === sourceOfDraft(order),
    );
  const read = entries.map(async (entry) => {
    try {
      return await readSent(deps, entry);
    } catch (error) {
      log.debug('What was sent cannot be read any more.', entry.messageId, error);
      return [];
    }
  });
  const { sessionId } = order;
  const legs = pending(sessionId).filter(({ time }) => time >= since);
  const waiting = legs.map(({ agent, text }): Sent => ({ cause: 'relay', source: sessionId, agent, text }));
  return [...(await Promise.all(read)).flat(), ...waiting];
}

/** What is known of a prompt is but its beginning: the server has all of it. */
async function readSent(deps: PutAwayDeps, entry: DeliveryEntry): Promise<Sent> {
  const { sessionId, messageId, cause, agent } = entry;
  const { parts } = await deps.openCode.getMessage(sessionId, messageId);
  const text = parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join('');
  return { cause, agent, text, source: sourceOf(deps, entry) };
}

/** The session of the draft that a prompt was written in; of a brief that began one, the folder. */
function sourceOf(
  { sessions }: PutAwayDeps,
  { sessionId, cause, directory }: DeliveryEntry,
): string | undefined {
  if (cause === 'brief') return directory;
  if (cause !== 'handOff' && cause !== 'fork') return sessionId;
  const session = sessions.get(sessionId);
  return session && parseLineage(session)?.from;
}

/** Takes what was sent out of a draft. Answers with the id of what is left; undefined: that was all, and the draft is gone. */
async function takeOut(
  drafts: PutAwayDeps['drafts'],
  written: WrittenDraft,
  sent: readonly Sent[],
): Promise<string | undefined> {
  const own = sent.filter(({ source }) => source === sourceOfDraft(written.order));
  const { draft } = parseDraft(written.text);
  const left =
    written.order.verb === 'chain'
      ? withoutChain(written.order, draft, own)
      : own.reduce((rest, one) => withoutSent(written.order, rest, one), draft);
  if (left === draft || !(await remove(drafts, written))) return written.id;
  return left.body === '' ? undefined : drafts.open(written.order, left, { hasOwnWords: true });
}

/** The draft without what was sent of it, with an empty body where that was all; the same one if it does not say that. */
function withoutSent(order: DraftOrder, draft: Draft, { cause, agent, text }: Sent): Draft {
  const { verb } = order;
  if (cause !== causeOf(order) || (draft.agent !== undefined && draft.agent !== agent)) return draft;
  switch (verb) {
    case 'relay':
    case 'handOff':
    case 'fork':
    case 'brief':
      return sentText(order, draft.body) === text ? { ...draft, body: '' } : draft;
    case 'bringBack':
      // Who found it out stands before it.
      return text.endsWith(`\n\n${sentText(order, draft.body)}`) ? { ...draft, body: '' } : draft;
    case 'chain':
      return draft;
    case 'compact':
      return parseCompactDraft(sentText(order, draft.body)).message === text ? { ...draft, body: '' } : draft;
    case 'forkMany': {
      const approaches = parseApproaches(draft.body);
      const index = approaches.findIndex(({ prompt }) => sentText(order, prompt) === text);
      return index === -1 ? draft : { ...draft, body: printApproaches(approaches.toSpliced(index, 1)) };
    }
  }
}

/** The same for a chain, whose legs are kept all at once: it goes when all of them are there. */
function withoutChain(order: DraftOrder, draft: Draft, sent: readonly Sent[]): Draft {
  const isThere = ({ agent, prompt }: { agent: string; prompt: string }): boolean =>
    sent.some((one) => one.cause === 'relay' && one.agent === agent && one.text === sentText(order, prompt));
  const legs = parseChain(draft.body);
  return legs.length > 0 && legs.every(isThere) ? { ...draft, body: '' } : draft;
}

/** What the prompt of a draft is sent as, and what the act is kept as that sends it. */
const causes = {
  relay: 'relay',
  chain: 'relay',
  handOff: 'handOff',
  fork: 'fork',
  forkMany: 'fork',
  bringBack: 'tell',
  compact: 'compaction',
} as const satisfies Record<Exclude<DraftVerb, 'brief'>, LastingCause | 'tell'>;

/** A brief for a session that is there waits for its turn as a relay does. */
function causeOf(order: DraftOrder): LastingCause | 'tell' {
  if (order.verb !== 'brief') return causes[order.verb];
  return beginsSession(order) ? 'brief' : 'relay';
}

/** What a draft begins with: its session, or the folder in which it begins one. */
function sourceOfDraft(order: DraftOrder): string {
  return beginsSession(order) ? order.directory : order.sessionId;
}

/** One that is being sent is put away by whoever sends it. */
async function remove(drafts: PutAwayDeps['drafts'], { id, text }: WrittenDraft): Promise<boolean> {
  const held = drafts.hold(id);
  if (held === undefined) return false;
  try {
    return await drafts.remove(id, text);
  } finally {
    held.dispose();
  }
}
