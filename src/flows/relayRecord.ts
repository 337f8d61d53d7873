import { Problem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { OpenCode } from '../core/openCode.ts';
import type { Proof } from '../core/proof.ts';
import { readRelays, withProvedRelays } from '../core/turns/relayProof.ts';
import type { RelayEdit } from '../core/turns/relayQueue.ts';
import type { RelayLeg } from '../protocol/pending.ts';
import type { Session } from '../protocol/records.ts';

export interface RelayRecordPorts {
  readonly openCode: Pick<OpenCode, 'getSession' | 'updateSession'>;
  /** A text that no other write has. */
  readonly makeRevision: () => string;
  /** What it does not hold for is read as held. */
  readonly proof: Proof;
}

const attempts = 5;

/**
 * The pending relays of the sessions, as the server keeps them. The server replaces metadata whole and knows no
 * conditional write (1.18), so a write is read back, and done again when another window wrote over it.
 */
export class RelayRecord {
  readonly #ports: RelayRecordPorts;
  /** The last write of each session: one after the other within a window. */
  readonly #writes = new Map<string, Promise<unknown>>();

  constructor(ports: RelayRecordPorts) {
    this.#ports = ports;
  }

  async read(sessionId: string): Promise<{ session: Session; legs: readonly RelayLeg[] }> {
    const session = await this.#ports.openCode.getSession(sessionId);
    return { session, legs: readRelays(this.#ports.proof, session)?.legs ?? [] };
  }

  /** Applies an edit and answers with what the server then holds. Throws what the server throws. */
  async change(sessionId: string, edit: RelayEdit): Promise<readonly RelayLeg[]> {
    const before = this.#writes.get(sessionId) ?? Promise.resolve();
    const write = before.then(
      () => this.#write(sessionId, edit),
      () => this.#write(sessionId, edit),
    );
    this.#writes.set(sessionId, write);
    try {
      return await write;
    } finally {
      if (this.#writes.get(sessionId) === write) this.#writes.delete(sessionId);
    }
  }

  async #write(sessionId: string, edit: RelayEdit): Promise<readonly RelayLeg[]> {
    const { openCode, makeRevision, proof } = this.#ports;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const { session, legs } = await this.read(sessionId);
      const edited = edit(legs);
      if (JSON.stringify(edited) === JSON.stringify(legs)) return legs;
      const revision = makeRevision();
      const metadata = withProvedRelays(proof, session, { legs: edited, revision });
      await openCode.updateSession(sessionId, { metadata });
      const written = readRelays(proof, await openCode.getSession(sessionId));
      if (written?.revision === revision) return written.legs;
    }
    throw new Problem(
      l10n.t('The pending relays could not be saved, because other windows write them too. Try again.'),
    );
  }
}
