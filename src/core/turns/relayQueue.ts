import type { RelayLeg } from '../../protocol/pending.ts';
import { Problem } from '../errors.ts';
import { l10n } from '../l10n.ts';

/**
 * The queue of one session as pure operations. Each is idempotent and names legs by their message id, because it
 * is applied again when another window wrote meanwhile.
 */
export type RelayEdit = (legs: readonly RelayLeg[]) => readonly RelayLeg[];

/** The most hops of a chain, unless the setting says otherwise. */
export const defaultHopLimit = 8;

/** Refuses a chain that is longer than the limit before anything of it is stored. */
export function checkHops(legs: readonly RelayLeg[], limit: number): void {
  const longest = Math.max(0, ...legs.map(({ hop }) => hop));
  if (longest <= limit) return;
  throw new Problem(
    l10n.t(
      'This chain has {0} legs, and {1} are allowed. Shorten it, or raise the limit in the settings.',
      longest,
      limit,
    ),
  );
}

export function addLegs(added: readonly RelayLeg[]): RelayEdit {
  return (legs) => {
    const known = new Set(legs.map(({ messageId }) => messageId));
    return [...legs, ...added.filter(({ messageId }) => !known.has(messageId))];
  };
}

/** Changes what a leg says; one that is being sent stays as it is. */
export function editLeg(
  messageId: string,
  change: Partial<Pick<RelayLeg, 'agent' | 'model' | 'text'>>,
): RelayEdit {
  return (legs) =>
    legs.map((leg) => (leg.messageId === messageId && !isSending(leg) ? { ...leg, ...change } : leg));
}

/** Puts a leg before the waiting leg `before`, or at the end. What is being sent stays first. */
export function moveLeg(messageId: string, before: string | undefined): RelayEdit {
  return (legs) => {
    const moved = legs.find((leg) => leg.messageId === messageId);
    if (moved === undefined || isSending(moved) || before === messageId) return legs;
    const others = legs.filter((leg) => leg !== moved);
    const wanted = others.findIndex((leg) => leg.messageId === before);
    const index = Math.max(wanted === -1 ? others.length : wanted, others.filter(isSending).length);
    return [...others.slice(0, index), moved, ...others.slice(index)];
  };
}

/** Takes legs out; those that are being sent are left, since they cannot be taken back. */
export function cancelLegs(messageIds: ReadonlySet<string>): RelayEdit {
  return (legs) => legs.filter((leg) => isSending(leg) || !messageIds.has(leg.messageId));
}

/** Takes a leg out that the server is known to hold as a message. */
export function removeLeg(messageId: string): RelayEdit {
  return (legs) => legs.filter((leg) => leg.messageId !== messageId);
}

/** Takes out all legs that are not being sent. */
export function stopAll(): RelayEdit {
  return (legs) => legs.filter(isSending);
}

/** Takes out what is only told and waits. */
export function takeSilent(): RelayEdit {
  return (legs) => legs.filter(({ silent, state }) => silent !== true || state.kind !== 'waiting');
}

/** Those that an edit took out. */
export function takenOut(before: readonly RelayLeg[], after: readonly RelayLeg[]): readonly RelayLeg[] {
  const left = new Set(after.map(({ messageId }) => messageId));
  return before.filter(({ messageId }) => !left.has(messageId));
}

/**
 * The same edit, and what it took out of the queue as the server holds it: it is applied again where another window wrote
 * meanwhile, which may have taken out some itself.
 */
export function collecting(edit: RelayEdit): { readonly edit: RelayEdit; readonly taken: () => RelayLeg[] } {
  const taken = new Map<string, RelayLeg>();
  return {
    edit: (legs) => {
      const left = edit(legs);
      for (const leg of takenOut(legs, left)) taken.set(leg.messageId, leg);
      return left;
    },
    taken: () => [...taken.values()],
  };
}

/** Makes the waiting legs wait for a person. */
export function holdAll(reason: string): RelayEdit {
  return (legs) =>
    legs.map((leg) => (leg.state.kind === 'waiting' && leg.silent !== true ? hold(leg, reason) : leg));
}

/** Makes one leg wait for a person, also one that was about to be sent and is known not to have been. */
export function holdLeg(messageId: string, reason: string): RelayEdit {
  return (legs) => legs.map((leg) => (leg.messageId === messageId ? hold(leg, reason) : leg));
}

/**
 * Lets the held legs that a person has seen wait for their turn again: what came later, or says something else by now, was
 * not meant. What ended up to the message `after` no longer concerns the first.
 */
export function releaseLegs(seen: readonly RelayLeg[], after: string): RelayEdit {
  const meant = new Set(seen.map(wordsOf));
  return (legs) =>
    legs.map((leg, index) =>
      leg.state.kind === 'held' && meant.has(wordsOf(leg))
        ? { ...leg, after, behind: index > 0, state: { kind: 'waiting' } }
        : leg,
    );
}

function wordsOf({ messageId, agent, model, text, compacts }: RelayLeg): string {
  return JSON.stringify([messageId, agent, model.providerID, model.modelID, model.variant, text, compacts]);
}

/** Says that `window` is about to send the leg, if it still waits and none stands before it that goes first; it is the first then. */
export function claimLeg(messageId: string, window: string, time: number): RelayEdit {
  return (legs) => {
    const index = legs.findIndex((leg) => leg.messageId === messageId);
    const leg = legs[index];
    if (leg?.state.kind !== 'waiting' || legs.some(isSending)) return legs;
    if (leg.silent !== true && !legs.slice(0, index).every(mayBePassed)) return legs;
    return [{ ...leg, state: { kind: 'sending', window, time } }, ...legs.filter((other) => other !== leg)];
  };
}

/** Whether those behind it need not wait for it. */
function mayBePassed({ state, awaits }: RelayLeg): boolean {
  return awaits !== undefined && state.kind === 'waiting';
}

/** Gives a claim back whose message is known not to be on the server. */
export function unclaimLeg(messageId: string): RelayEdit {
  return (legs) =>
    legs.map((leg) =>
      leg.messageId === messageId && isSending(leg) ? { ...leg, state: { kind: 'waiting' } } : leg,
    );
}

/**
 * The leg whose turn it is: the first one that waits, but for those that await something that is not there yet by `isDue`.
 * One that is being sent stops all others, a held one those behind it that are to be answered.
 */
export function nextLeg(
  legs: readonly RelayLeg[],
  isDue: (leg: RelayLeg) => boolean = () => true,
): RelayLeg | undefined {
  if (legs.some(isSending)) return undefined;
  const held = legs.findIndex(({ state }) => state.kind === 'held');
  return legs.find(
    (leg, index) =>
      leg.state.kind === 'waiting' && isDue(leg) && (held === -1 || index < held || leg.silent === true),
  );
}

export function isSending(leg: RelayLeg): boolean {
  return leg.state.kind === 'sending';
}

function hold(leg: RelayLeg, reason: string): RelayLeg {
  return { ...leg, state: { kind: 'held', reason } };
}
