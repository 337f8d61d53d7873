import { Problem } from '../../core/errors.ts';
import type { Disposable } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Proof } from '../../core/ports/proof.ts';
import { readRelays, withProvedRelays } from '../../core/turns/relayProof.ts';
import { addLegs, type RelayEdit, takenOut } from '../../core/turns/relayQueue.ts';
import type { PendingRelays, RelayLeg } from '../../protocol/pending.ts';
import type { Session } from '../../protocol/records.ts';
import { findMessage } from '../prompting/findMessage.ts';
import { readBack } from '../prompting/readBack.ts';

export interface RelayRecordPorts {
  readonly openCode: Pick<OpenCode, 'getSession' | 'updateSession' | 'getMessage'>;
  /** A text that no other write has. */
  readonly makeRevision: () => string;
  /** What it does not hold for is read as held. */
  readonly proof: Proof;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly log: Log;
}

/** What a person asked for a moment ago, which another window may write over without having read it. */
interface Wish {
  readonly added: readonly RelayLeg[];
  readonly edit: RelayEdit;
}

/** The wishes of this window for one session, and the writes that were made in the knowledge of them. */
interface Wishes {
  readonly made: Wish[];
  readonly knowing: Set<string>;
  /** How often they were written again. */
  rewrites: number;
  readonly timer: Disposable;
}

const attempts = 5;
/** How long a wish is looked after, in milliseconds: longer than a write of another window is on its way. */
const wishTime = 15_000;
/** So many ids of what was told in another way are remembered. */
const toldLimit = 50;

/**
 * The pending relays of the sessions, as the server keeps them. The server replaces metadata whole and knows no
 * conditional write, so a write is read back, and done again when another window wrote over it; also when that
 * is seen only later.
 */
export class RelayRecord implements Disposable {
  readonly #ports: RelayRecordPorts;
  /** The last write of each session: one after the other within a window. */
  readonly #writes = new Map<string, Promise<unknown>>();
  readonly #wishes = new Map<string, Wishes>();

  constructor(ports: RelayRecordPorts) {
    this.#ports = ports;
  }

  async read(sessionId: string): Promise<{ session: Session; legs: readonly RelayLeg[] }> {
    const session = await this.#ports.openCode.getSession(sessionId);
    return { session, legs: readRelays(this.#ports.proof, session)?.legs ?? [] };
  }

  /**
   * Applies an edit and answers with what the server then holds. Throws what the server throws, and
   * `UncertainProblem` where nobody knows whether it was written.
   */
  change(sessionId: string, edit: RelayEdit): Promise<readonly RelayLeg[]> {
    return this.inTurn(sessionId, () => this.#write(sessionId, edit));
  }

  /**
   * As `change`, for legs that are told in another way: no message of theirs will ever be found, so the queue itself
   * remembers that they are not to be told again, whoever asks for the same ones.
   */
  takeToTell(sessionId: string, edit: RelayEdit): Promise<readonly RelayLeg[]> {
    return this.inTurn(sessionId, () => this.#write(sessionId, edit, { isTold: true }));
  }

  /** As `change`, for what a person asks: it is done again where another window turns out to have written over it. */
  async wish(
    sessionId: string,
    edit: RelayEdit,
    added: readonly RelayLeg[] = [],
  ): Promise<readonly RelayLeg[]> {
    const legs = await this.change(sessionId, edit);
    this.#wishes.get(sessionId)?.made.push({ edit, added });
    return legs;
  }

  /** Looks whether another window wrote over what was wished for here, without having read it. */
  async heed(session: Session): Promise<void> {
    const wishes = this.#wishes.get(session.id);
    const relays = readRelays(this.#ports.proof, session);
    if (wishes === undefined || isKnowing(wishes, relays)) return;
    await this.inTurn(session.id, () => this.#wishAgain(session.id));
  }

  dispose(): void {
    for (const { timer } of this.#wishes.values()) timer.dispose();
    this.#wishes.clear();
  }

  /** Lets what this window writes into a session's metadata follow each other: each write is made of what was read before it. */
  async inTurn<T>(sessionId: string, act: () => Promise<T>): Promise<T> {
    const before = this.#writes.get(sessionId) ?? Promise.resolve();
    const write = before.then(act, act);
    this.#writes.set(sessionId, write);
    try {
      return await write;
    } finally {
      if (this.#writes.get(sessionId) === write) this.#writes.delete(sessionId);
    }
  }

  /** What was added and is missing was either written over, or sent and taken out: its message tells. */
  async #wishAgain(sessionId: string): Promise<void> {
    const wishes = this.#wishes.get(sessionId);
    const { session, legs } = await this.read(sessionId);
    const relays = readRelays(this.#ports.proof, session);
    if (wishes === undefined || isKnowing(wishes, relays)) return;
    const kept = new Set(legs.map(({ messageId }) => messageId));
    const edits: RelayEdit[] = [];
    for (const { added, edit } of wishes.made) {
      const lost: RelayLeg[] = [];
      for (const leg of added.filter(({ messageId }) => !kept.has(messageId))) {
        const message = await findMessage(this.#ports.openCode, sessionId, leg.messageId);
        if (message === undefined) lost.push(leg);
      }
      edits.push(added.length > 0 ? addLegs(lost) : edit);
    }
    if (wishes.rewrites === attempts) {
      // Another client writes over them each time: neither of the two would ever end.
      this.#ports.log.warn('Pending relays are written over again and again by another client.', sessionId);
      wishes.knowing.add(revisionOf(relays));
      return;
    }
    await this.#write(sessionId, (current) => edits.reduce((edited, edit) => edit(edited), current));
    const written = this.#wishes.get(sessionId);
    if (written !== undefined && written !== wishes) written.rewrites = wishes.rewrites + 1;
    // Where nothing had to be written, this write holds all that was wished for; it is not looked at with each change.
    if (this.#wishes.get(sessionId) === wishes) wishes.knowing.add(revisionOf(relays));
  }

  /** `isTold`: what the edit takes out is told in another way. */
  async #write(
    sessionId: string,
    edit: RelayEdit,
    { isTold } = { isTold: false },
  ): Promise<readonly RelayLeg[]> {
    const { openCode, makeRevision, proof } = this.#ports;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const { session, legs } = await this.read(sessionId);
      const { revision: base, told: before = [] } = readRelays(proof, session) ?? {};
      const edited = edit(legs).filter(({ messageId }) => !before.includes(messageId));
      const told = isTold ? takenOut(legs, edited).map(({ messageId }) => messageId) : [];
      if (JSON.stringify(edited) === JSON.stringify(legs)) return legs;
      const revision = makeRevision();
      this.#know(sessionId, revision);
      const metadata = withProvedRelays(proof, session, {
        legs: edited,
        revision,
        base,
        told: [...before, ...told].slice(-toldLimit),
      });
      const written = await this.#readBack(sessionId, openCode.updateSession(sessionId, { metadata }));
      if (written?.revision === revision) return written.legs;
    }
    throw new Problem(
      l10n.t('The pending relays could not be saved, because other windows write them too. Try again.'),
    );
  }

  async #readBack(sessionId: string, write: Promise<unknown>): Promise<PendingRelays | undefined> {
    const session = await readBack(this.#ports, sessionId, write, () =>
      l10n.t(
        'It is not known yet whether the pending relays were saved: the session shows it when the server is back. Asked for again, nothing is sent twice.',
      ),
    );
    return readRelays(this.#ports.proof, session);
  }

  /** Each write of this window holds all that was wished for in it before. */
  #know(sessionId: string, revision: string): void {
    const known = this.#wishes.get(sessionId);
    known?.timer.dispose();
    const timer = this.#ports.startTimer(() => this.#wishes.delete(sessionId), wishTime);
    this.#wishes.set(sessionId, {
      made: known?.made ?? [],
      knowing: new Set([revision]),
      rewrites: known?.rewrites ?? 0,
      timer,
    });
  }
}

/**
 * Whether this write was made by somebody who had read the last wish of this window. Absent: another client wrote its
 * own metadata over the record, which we never take away.
 */
function isKnowing({ knowing }: Wishes, relays: PendingRelays | undefined): boolean {
  if (knowing.has(revisionOf(relays))) return true;
  if (relays === undefined) return false;
  const { revision, base } = relays;
  if (base === undefined || !knowing.has(base)) return false;
  knowing.add(revision);
  return true;
}

/** Empty: there is no record. */
function revisionOf(relays: PendingRelays | undefined): string {
  return relays?.revision ?? '';
}
