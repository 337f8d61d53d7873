import { sizeOf, withoutTexts, type ChangedFile } from '../../core/changes/changedFile.ts';
import { changesOf, type ChangedTurn, readDiffs, readTurns } from '../../core/changes/changedTurn.ts';
import { foldChanges } from '../../core/changes/foldChanges.ts';
import { isCopied, standingTurns } from '../../core/changes/standingTurns.ts';
import { NotFoundProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { loadMessagesBack, pagesBack } from '../../core/transcript/messagesBack.ts';
import type { MessageWithParts, Session } from '../../protocol/records.ts';

export interface LoadChangesDeps {
  readonly openCode: Pick<OpenCode, 'listMessages' | 'diffMessage'>;
}

export interface LoadedChanges {
  readonly changes: readonly ChangedFile[];
  /** There is more that was not read. */
  readonly isPartial?: true;
  /** Sentences about what is not among them. */
  readonly notes: readonly string[];
}

/** How much of a session is read: what comes before is left out, and that is said. */
const limits = { messages: 20_000, characters: 50_000_000 };

/** What the session's own turns changed that stand; or one turn, by a message of it. */
export async function loadChanges(
  deps: LoadChangesDeps,
  session: Session,
  messageId: string | undefined,
): Promise<LoadedChanges> {
  return messageId === undefined ? loadChangesSince(deps, session) : loadTurn(deps, session, messageId);
}

async function loadTurn(deps: LoadChangesDeps, session: Session, messageId: string): Promise<LoadedChanges> {
  const isIt = ({ info }: MessageWithParts): boolean => info.id === messageId;
  const promptOf = (messages: readonly MessageWithParts[]): string | undefined => {
    const info = messages.find(isIt)?.info;
    return info?.role === 'assistant' ? info.parentID : info?.id;
  };
  const isWhole = (messages: readonly MessageWithParts[]): boolean => {
    const prompt = promptOf(messages);
    return prompt !== undefined && messages.some(({ info }) => info.id === prompt);
  };
  const messages = await loadMessagesBack(deps.openCode, session.id, isWhole);
  const prompt = promptOf(messages);
  const own = messages.filter(({ info }) => (info.role === 'user' ? info.id : info.parentID) === prompt);
  const [turn] = readTurns(session, own);
  if (turn === undefined) {
    throw new NotFoundProblem(l10n.t('This message is no longer in the session. Choose another message.'));
  }
  await readWhole(deps, session, turn);
  return { changes: foldChanges([changesOf(turn)]), notes: [] };
}

/** What the session's own turns changed that stand, of those that began after `since`, in milliseconds since 1970. */
export async function loadChangesSince(
  deps: LoadChangesDeps,
  session: Session,
  since = -Infinity,
): Promise<LoadedChanges> {
  const { turns, isAll } = await readBack(deps, session, since);
  const standing = standingTurns(
    session,
    turns.filter(({ created }) => created > since),
  );
  let characters = 0;
  let isClamped = false;
  // The latest first: where it becomes too much, texts of the earlier ones are left out.
  for (const turn of standing.turns.toReversed()) {
    if (!isClamped) await readWhole(deps, session, turn);
    characters += changesOf(turn).reduce((sum, change) => sum + sizeOf(change), 0);
    isClamped ||= characters > limits.characters;
    if (isClamped) turn.snapshot = turn.snapshot.map(withoutTexts);
  }
  const notes = [
    isAll ? '' : l10n.t('Turns before the latest {0} messages are not among them.', limits.messages),
    standing.isCut ? l10n.t('A part of the last turn is reverted; what that had changed is among them.') : '',
    isClamped ? l10n.t('The texts of earlier turns are too large to be read.') : '',
  ];
  return {
    changes: foldChanges(standing.turns.map(changesOf)),
    ...((!isAll || isClamped) && { isPartial: true }),
    notes: notes.filter((note) => note !== ''),
  };
}

/** The turns of the session itself, page by page from the end; of a fork those that it was not made with. */
async function readBack({ openCode }: LoadChangesDeps, session: Session, since: number) {
  const turns: ChangedTurn[] = [];
  let carried: readonly MessageWithParts[] = [];
  let count = 0;
  let isAll = true;
  for await (const { messages, before } of pagesBack(openCode, session.id)) {
    const ids = new Set(messages.map(({ info }) => info.id));
    // Answers at the beginning of a page belong to a prompt of an earlier one.
    const isOrphan = ({ info }: MessageWithParts): boolean =>
      info.role === 'assistant' && !ids.has(info.parentID);
    turns.unshift(...readTurns(session, [...messages, ...carried]));
    carried = [...messages, ...carried].filter(isOrphan);
    count += messages.length;
    const first = messages[0]?.info.time.created;
    if (first !== undefined && (first <= since || isCopied(session, { created: first }))) break;
    isAll = before === undefined || count < limits.messages;
    if (!isAll) break;
  }
  return { turns, isAll };
}

/** Asks for the turn's diff where its prompt does not hold all of it. */
async function readWhole({ openCode }: LoadChangesDeps, session: Session, turn: ChangedTurn): Promise<void> {
  const isWhole = turn.snapshot.length > 0 && turn.snapshot.every(({ lacks }) => lacks !== 'large');
  if (isWhole || (turn.snapshot.length === 0 && turn.seen.size === 0)) return;
  turn.snapshot = readDiffs(session, await openCode.diffMessage(session.id, turn.messageId));
}
