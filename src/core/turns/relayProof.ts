import {
  parsePendingRelays,
  type PendingRelays,
  RelayLeg,
  withPendingRelays,
} from '../../protocol/pending.ts';
import type { Session } from '../../protocol/records.ts';
import { l10n } from '../l10n.ts';
import type { Proof } from '../ports/proof.ts';

/**
 * The pending relays of a session as far as they may be acted on: a leg that no editor of this user wrote for this
 * session, word for word, has no proof and is held, whatever it says of itself.
 */
export function readRelays(
  proof: Proof,
  session: Pick<Session, 'id' | 'metadata'>,
): PendingRelays | undefined {
  const stored = parsePendingRelays(session);
  if (stored === undefined) return undefined;
  return { ...stored, legs: stored.legs.map((leg) => (isOurs(proof, session.id, leg) ? leg : hold(leg))) };
}

/**
 * The session's metadata with these legs. What was added or changed gets its proof; what stands as `readRelays` gave it
 * stays as it is stored, so that another's leg gets none, and is what it was to whoever wrote it.
 */
export function withProvedRelays(
  proof: Proof,
  session: Pick<Session, 'id' | 'metadata'>,
  {
    legs,
    revision,
    base,
    told,
  }: Pick<PendingRelays, 'revision' | 'base' | 'told'> & { readonly legs: readonly RelayLeg[] },
): Record<string, unknown> {
  const stored = parsePendingRelays(session)?.legs ?? [];
  const read = readRelays(proof, session)?.legs ?? [];
  const unchanged = new Map(read.map((leg, index) => [JSON.stringify(leg), stored[index]]));
  return withPendingRelays(session.metadata, {
    session: session.id,
    revision,
    ...(base === undefined ? {} : { base }),
    ...(told === undefined || told.length === 0 ? {} : { told }),
    legs: legs.map((leg) => unchanged.get(JSON.stringify(leg)) ?? prove(proof, session.id, leg)),
  });
}

/** Whether a leg, as `readRelays` gives it, came from somewhere else; it is sent only if a person says so. */
export function isForeign(leg: RelayLeg): boolean {
  return leg.proof === undefined;
}

const Proved = RelayLeg.omit({ proof: true });

function isOurs(proof: Proof, sessionId: string, leg: RelayLeg): boolean {
  return proof.holds(wordsOf(sessionId, leg), leg.proof);
}

function prove(proof: Proof, sessionId: string, leg: RelayLeg): RelayLeg {
  return { ...leg, proof: proof.make(wordsOf(sessionId, leg)) };
}

/** All of the leg; a parse puts its fields into the order of the schema. */
function wordsOf(sessionId: string, leg: RelayLeg): readonly unknown[] {
  return ['relay', sessionId, Proved.parse(leg)];
}

function hold(leg: RelayLeg): RelayLeg {
  const reason = l10n.t('It was not asked for from this editor but came with the session.');
  return { ...Proved.parse(leg), state: { kind: 'held', reason } };
}
