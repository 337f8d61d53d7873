import { type Cancellation, orCancelled, throwIfCancelled } from '../core/cancellation.ts';
import { buildExtractionPrompt, Extraction, extractionSchema } from '../core/continuation/extraction.ts';
import { runErrorWords } from '../core/errorWords.ts';
import { NotFoundProblem, Problem } from '../core/errors.ts';
import type { PromptEnding } from '../core/turns/followedPrompt.ts';
import type { ForkPoint } from '../core/turns/fork.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import { type IdSource, makeMessageId } from '../core/turns/messageId.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { Proof } from '../core/ports/proof.ts';
import { answerTools } from '../core/tools/toolOf.ts';
import { provedScratch, readScratch } from '../core/sessions/scratch.ts';
import type { ModelReference, PermissionRule, Session } from '../protocol/records.ts';
import { mayHaveActed } from './prompting/attempts.ts';
import { insist, type MakingPorts, unknownMaking } from './makeOnce.ts';
import { isBusy } from '../core/turns/isBusy.ts';
import type { PromptDoor } from './prompting/promptDoor.ts';
import { type IdlePorts, untilIdle } from './prompting/whenIdle.ts';

export interface DiscardPorts extends IdlePorts {
  readonly openCode: IdlePorts['openCode'] & Pick<OpenCode, 'abortSession' | 'deleteSession'>;
  readonly ids: IdSource;
  readonly proof: Proof;
  readonly log: Log;
}

export interface ExtractionPorts extends DiscardPorts, MakingPorts {
  readonly openCode: DiscardPorts['openCode'] & MakingPorts['openCode'] & Pick<OpenCode, 'updateSession'>;
  readonly door: Pick<PromptDoor, 'send'>;
}

export interface ExtractionRequest {
  readonly source: Pick<Session, 'id' | 'title' | 'directory'>;
  /** What of the source is read; of a session that works, up to its last settled turn. */
  readonly point: ForkPoint;
  readonly agent: string;
  readonly model: ModelReference;
  /** What the user wants next; empty if nothing was said. */
  readonly goal: string;
}

/** The answer's own tool is all that the model may call; the last rule that matches wins. */
const answerOnly: readonly PermissionRule[] = [
  { permission: '*', pattern: '*', action: 'deny' },
  ...answerTools.map((permission) => ({ permission, pattern: '*', action: 'allow' as const })),
];

/** How old a throw-away session must be before another window takes it for forgotten. */
const forgottenAfter = 30 * 60_000;

/**
 * Lets a model say what a session's successor must know, in a throw-away fork: the source gets no turn. The fork
 * is deleted afterwards. Throws `CancelledError` when cancelled, and a `Problem` when the model fails.
 */
export async function extractHandoff(
  ports: ExtractionPorts,
  request: ExtractionRequest,
  cancellation?: Cancellation,
): Promise<Extraction> {
  throwIfCancelled(cancellation);
  const fork = await makeThrowAway(ports, request);
  try {
    await insist(ports, () =>
      ports.openCode.updateSession(fork.id, {
        title: l10n.t('Summary for a hand off'),
        metadata: provedScratch(ports.proof, fork.id, { from: request.source.id, time: ports.ids.now() }),
        permission: answerOnly,
      }),
    );
    throwIfCancelled(cancellation);
    // A server may refuse to list the messages of a session that was asked for a JSON schema: the event has the answer.
    const prompt = {
      messageId: makeMessageId(ports.ids),
      agent: request.agent,
      model: request.model,
      parts: [{ type: 'text' as const, text: buildExtractionPrompt(request.goal) }],
    };
    const delivery = await ports.door.send(
      fork,
      { kind: 'extraction', prompt, schema: extractionSchema() },
      { cause: 'extraction', source: { session: request.source.id } },
    );
    const extraction = parseAnswer(await orCancelled(delivery.ended, cancellation));
    await discard(ports, fork);
    return extraction;
  } catch (error) {
    // Where its prompt may arrive yet, something may run in it: it is deleted once it is old.
    if (!mayHaveActed(error)) await discard(ports, fork);
    throw error;
  }
}

/** One whose answer is lost is not looked for: what is taken for it is deleted, and it may be somebody else's fork. */
async function makeThrowAway(
  { openCode }: ExtractionPorts,
  { source, point }: ExtractionRequest,
): Promise<Session> {
  try {
    return await openCode.forkSession(source.id, point.before);
  } catch (error) {
    throw mayHaveActed(error) ? unknownMaking(error) : error;
  }
}

/** Deletes throw-away sessions that a window left behind when it crashed; one that works is not forgotten. */
export async function deleteForgotten(ports: DiscardPorts, sessions: readonly Session[]): Promise<void> {
  const forgotten = sessions.filter((session) => {
    const scratch = readScratch(ports.proof, session);
    return scratch !== undefined && ports.ids.now() - scratch.time > forgottenAfter;
  });
  for (const session of forgotten) {
    // One folder that cannot be asked keeps no other from being cleared up.
    const isAtWork = await isBusy(ports.openCode, session).catch(() => true);
    if (!isAtWork) await discard(ports, session);
  }
}

async function discard(ports: DiscardPorts, fork: Session): Promise<void> {
  const { openCode, turns, log } = ports;
  try {
    if (turns.isRunning(fork.id)) await openCode.abortSession(fork.id);
    await untilIdle(ports, fork);
    await openCode.deleteSession(fork.id);
  } catch (error) {
    if (!(error instanceof NotFoundProblem))
      log.warn('Throw-away session could not be deleted.', fork.id, error);
  }
}

function parseAnswer(ending: PromptEnding): Extraction {
  if (ending.kind === 'failed') {
    throw new Problem(l10n.t('The model could not summarize the session: {0}', runErrorWords(ending.error)));
  }
  const parsed = Extraction.safeParse(ending.kind === 'answered' ? ending.answer.structured : undefined);
  if (parsed.success) return parsed.data;
  throw new Problem(
    l10n.t('The model gave no usable summary. The draft stands as it is; you can try again.'),
    {
      cause: parsed.error,
    },
  );
}
