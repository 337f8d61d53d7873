import type { Cancellation } from '../core/cancellation.ts';
import { type CompactionLoss, compareAfterCompaction } from '../core/continuation/compactionCheck.ts';
import { lastSummary } from '../core/continuation/conversation.ts';
import { filesTouched } from '../core/continuation/filesTouched.ts';
import { Problem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { Held, SessionLock } from '../core/turns/sessionLock.ts';
import type { Hold } from '../core/state/hold.ts';
import { loadMessagesBack } from '../core/transcript/messagesBack.ts';
import { withoutReverted } from '../core/turns/standing.ts';
import type { MessageWithParts, ModelReference, Session, Todo } from '../protocol/records.ts';
import type { Delivery } from '../core/prompts/delivery.ts';
import type { Attempt, Attempts } from './prompting/attempts.ts';
import { textPrompt } from './prompting/outgoing.ts';
import type { PromptDoor } from './prompting/promptDoor.ts';
import { whenIdle, type WhenIdlePorts } from './prompting/whenIdle.ts';
import { describeUnfollowed } from './unfinished.ts';

export interface ClearUpPorts {
  readonly openCode: Pick<OpenCode, 'brokenCompactions' | 'clearUpCompaction'>;
  readonly lock: SessionLock;
}

export interface CompactPorts extends WhenIdlePorts {
  readonly sessions: Pick<Sessions, 'title'>;
  readonly door: Pick<PromptDoor, 'send'>;
  readonly attempts: Attempts;
  readonly hold: Pick<Hold, 'isHeld'>;
  readonly openCode: WhenIdlePorts['openCode'] &
    Pick<OpenCode, 'abilities' | 'compactSession' | 'listMessages' | 'listTodos'>;
  /** Keeps a copy of the session before it is compacted; undefined where none is wanted. */
  readonly exportSession:
    | ((session: Session, messages: readonly MessageWithParts[]) => Promise<void>)
    | undefined;
  readonly onProgress: (step: CompactStep) => void;
  readonly log: Log;
}

export type CompactStep = 'waiting' | 'exporting' | 'summarizing' | 'continuing';

export interface CompactRequest {
  readonly session: Session;
  /** The model that writes the summary. */
  readonly model: ModelReference;
  /** What the summary is told (`buildCompactGuidance`); empty: nothing. */
  readonly guidance: string;
  /** What goes on afterwards; absent: nothing. */
  readonly continuation?: { readonly agent: string; readonly model: ModelReference; readonly text: string };
}

export interface Compacted {
  readonly summary: string;
  /** What was named before and is missing from the summary. */
  readonly loss: CompactionLoss;
  readonly delivery: Delivery | undefined;
}

/**
 * Compacts a session and goes on. While it is compacted nothing else of this window is sent there: a server may swallow
 * that. Throws `CancelledError` when cancelled; the session is then as it was.
 */
export async function compactAndContinue(
  ports: CompactPorts,
  request: CompactRequest,
  cancellation?: Cancellation,
): Promise<Compacted> {
  const { session, model, guidance, continuation } = request;
  // What a person sends although Stop All holds is meant; what they stop afterwards, too.
  const isPressed = ports.hold.isHeld();
  ports.onProgress('waiting');
  return ports.attempts.runLasting('compaction', session.id, [model, guidance, continuation], (attempt) =>
    whenIdle(
      ports,
      session,
      l10n.t('The session is being compacted.'),
      (held) => compact(ports, request, { attempt, held, isPressed, cancellation }),
      cancellation,
    ),
  );
}

interface CompactRun {
  readonly attempt: Attempt;
  readonly held: Held;
  /** Whether a person sent it although Stop All held. */
  readonly isPressed: boolean;
  readonly cancellation: Cancellation | undefined;
}

async function compact(ports: CompactPorts, request: CompactRequest, run: CompactRun): Promise<Compacted> {
  const { openCode, onProgress } = ports;
  const { session, model, guidance } = request;
  // Once compacted is enough, also where it is not known whether what comes next arrived.
  const known = await run.attempt.once('compacted', async () => {
    const { messages, standing, todos: open } = await readToCompact(openCode, session);
    assertCompactable(standing);
    onProgress('exporting');
    await ports.exportSession?.(session, messages);
    onProgress('summarizing');
    await openCode.compactSession(session, { model, guidance, messages }, run.cancellation);
    return { todos: open, files: filesTouched(standing, session.directory) };
  });
  onProgress('continuing');
  const delivery = await goOn(ports, request, run);
  return { ...(await check(ports, session, known)), delivery };
}

/**
 * Clears up after compactions that broke off because the server or the window ended; to be called whenever there
 * is a server again. Until it is done, nothing else of this window sends to those sessions.
 */
export async function clearUpCompactions({ openCode, lock }: ClearUpPorts): Promise<void> {
  const reason = l10n.t('A compaction that broke off is being cleared up.');
  await Promise.all(
    openCode
      .brokenCompactions()
      .map((session) => lock.hold(session.id, reason, () => openCode.clearUpCompaction(session))),
  );
}

async function goOn(
  ports: CompactPorts,
  { session, continuation }: CompactRequest,
  { attempt, held, isPressed }: CompactRun,
): Promise<Delivery | undefined> {
  if (continuation === undefined) return undefined;
  const outgoing = textPrompt(attempt.messageId('prompt'), continuation);
  try {
    return await ports.door.send(session, outgoing, { cause: 'compaction', isPressed }, held);
  } catch (error) {
    throw error instanceof Problem ? describeUnfollowed(ports.sessions.title(session), error) : error;
  }
}

async function check(
  { openCode, log }: CompactPorts,
  session: Session,
  known: { readonly todos: readonly Todo[]; readonly files: readonly string[] },
): Promise<Pick<Compacted, 'summary' | 'loss'>> {
  try {
    const { messages } = await openCode.listMessages(session.id, { limit: 20 });
    const summary = lastSummary(messages) ?? '';
    return { summary, loss: compareAfterCompaction(known, summary) };
  } catch (error) {
    // What was done is done, also if it cannot be looked at.
    log.warn('A compaction could not be checked.', session.id, error);
    return { summary: '', loss: { todos: [], files: [] } };
  }
}

export interface ReadToCompact {
  /** All of the session, also what was reverted: that goes with the next request, and a copy alone keeps it. */
  readonly messages: readonly MessageWithParts[];
  readonly standing: readonly MessageWithParts[];
  readonly todos: readonly Todo[];
}

/** What a session holds that is about to be compacted. */
export async function readToCompact(
  openCode: Pick<OpenCode, 'abilities' | 'listMessages' | 'listTodos'>,
  session: Session,
): Promise<ReadToCompact> {
  const [messages, todos] = await Promise.all([
    loadMessagesBack(openCode, session.id, () => false),
    openCode.abilities.todos ? openCode.listTodos(session.id) : [],
  ]);
  return { messages, standing: withoutReverted(messages, session.revert), todos };
}

/** Throws where nobody has answered yet. */
export function assertCompactable(messages: readonly MessageWithParts[]): void {
  if (messages.some(({ info }) => info.role === 'assistant')) return;
  throw new Problem(l10n.t('There is nothing to compact yet: nobody has answered in this session.'));
}
