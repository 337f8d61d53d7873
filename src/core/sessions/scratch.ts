import { parseScratch, type Scratch, scratchMetadata } from '../../protocol/scratch.ts';
import type { Session } from '../../protocol/records.ts';
import type { Proof } from '../ports/proof.ts';

/**
 * Throw-away sessions, made to ask a model something without leaving a turn in the source. One is deleted whatever
 * happens; views leave it out, and one that a crash left behind is recognised by its metadata. Since it is deleted
 * without a question, its proof must hold: a fork of it, in which somebody works, is none, and may have the copy of its metadata.
 */
export function readScratch(
  proof: Proof,
  session: Pick<Session, 'id' | 'metadata'>,
): Pick<Scratch, 'from' | 'time'> | undefined {
  const scratch = parseScratch(session);
  return scratch !== undefined && proof.holds(wordsOf(session.id, scratch), scratch.proof)
    ? scratch
    : undefined;
}

/** The metadata that makes this session, and no copy of it, a throw-away one. */
export function provedScratch(
  proof: Proof,
  sessionId: string,
  scratch: Pick<Scratch, 'from' | 'time'>,
): Record<string, unknown> {
  return scratchMetadata({ ...scratch, of: sessionId, proof: proof.make(wordsOf(sessionId, scratch)) });
}

function wordsOf(sessionId: string, { from, time }: Pick<Scratch, 'from' | 'time'>): readonly unknown[] {
  return ['scratch', sessionId, from, time];
}
