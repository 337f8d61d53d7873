import * as z from 'zod';
import { isRefused, NotFoundProblem, UndeliveredProblem } from '../../core/errors.ts';
import type { Disposable } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import { HeldProblem } from '../../core/state/hold.ts';
import type { KeptValues } from '../../core/ports/keptValues.ts';
import { tell, type TellPorts } from '../../flows/tell.ts';
import { broughtBackMetadata } from '../../protocol/broughtBack.ts';
import { ModelReference } from '../../protocol/records.ts';

/** What a fork brings back to the session that it came from, as it is kept until it is there. */
const Finding = z.object({
  /** Of its message: sent again after a restart, it is stored once. */
  messageId: z.string(),
  forkId: z.string(),
  session: z.object({ id: z.string(), directory: z.string() }),
  agent: z.string(),
  model: ModelReference,
  text: z.string(),
  /** The agent that found it out; absent where an older version wrote it. */
  finder: z.string().optional().catch(undefined),
});
export type Finding = z.infer<typeof Finding>;

/** What is kept, of which it is known what there is. */
export interface ListedValues extends KeptValues {
  /** Those that begin so. */
  keys(prefix: string): readonly string[];
}

export interface FindingsPorts extends TellPorts {
  readonly kept: ListedValues;
  readonly log: Log;
}

/** Milliseconds until what could not be sent is sent again. */
const pause = 10_000;
/** Milliseconds between two looks whether Stop All still holds. */
const releasePause = 1000;
const prefix = 'findings.';

/**
 * What forks bring back, on its way: each waits until its session rests, behind what was brought back there before, and is
 * kept over a restart of the server.
 */
export class Findings implements Disposable {
  readonly #ports: FindingsPorts;
  /** The last one of each session. */
  readonly #last = new Map<string, Promise<void>>();
  #isDisposed = false;

  constructor(ports: FindingsPorts) {
    this.#ports = ports;
  }

  /** Resolves when it is there, or will never be; what was given is kept from the moment of the call. */
  add(finding: Finding): Promise<void> {
    this.#keep(finding.forkId, [...this.#kept(finding.forkId), finding]);
    return this.#enqueue(finding);
  }

  /** Goes on with what an earlier process left. */
  resume(): void {
    // Also of forks that are deleted meanwhile: what they found is their source's.
    for (const key of this.#ports.kept.keys(prefix)) {
      for (const finding of this.#kept(key.slice(prefix.length))) void this.#enqueue(finding);
    }
  }

  dispose(): void {
    this.#isDisposed = true;
  }

  #enqueue(finding: Finding): Promise<void> {
    const { id } = finding.session;
    const sent = (this.#last.get(id) ?? Promise.resolve()).then(() => this.#send(finding));
    this.#last.set(id, sent);
    return sent;
  }

  async #send(finding: Finding): Promise<void> {
    const { messageId, forkId, session, agent, model, text, finder = '' } = finding;
    const by = { kind: 'agent', session: forkId, agent: finder } as const;
    const parts = [{ type: 'text' as const, text, metadata: broughtBackMetadata(forkId) }];
    while (!this.#isDisposed) {
      try {
        await tell(this.#ports, {
          session,
          agent,
          model,
          parts,
          messageId,
          causation: { by, source: { session: forkId } },
        });
        return this.#drop(finding);
      } catch (error) {
        if (error instanceof HeldProblem) {
          await this.#untilReleased();
          continue;
        }
        const isLost =
          error instanceof NotFoundProblem || (isRefused(error) && !(error instanceof UndeliveredProblem));
        this.#ports.log.warn('What a fork found could not be brought back.', session.id, error);
        if (isLost) return this.#drop(finding);
        await this.#ports.wait(pause);
      }
    }
  }

  /** Looked at now and then: it waits for a person anyway. */
  async #untilReleased(): Promise<void> {
    while (!this.#isDisposed && this.#ports.hold.isHeld()) await this.#ports.wait(releasePause);
  }

  #drop({ forkId, messageId }: Finding): void {
    this.#keep(
      forkId,
      this.#kept(forkId).filter((other) => other.messageId !== messageId),
    );
  }

  /** A file for each fork: servers that keep theirs in the same folder do not overwrite each other's. */
  #kept(forkId: string): readonly Finding[] {
    return z
      .array(Finding)
      .catch([])
      .parse(this.#ports.kept.get<unknown>(keyOf(forkId), []));
  }

  #keep(forkId: string, findings: readonly Finding[]): void {
    void this.#ports.kept.update(keyOf(forkId), findings.length === 0 ? undefined : findings);
  }
}

function keyOf(forkId: string): string {
  return `${prefix}${forkId}`;
}
