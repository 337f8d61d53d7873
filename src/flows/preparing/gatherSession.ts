import { lastConclusion } from '../../core/continuation/conversation.ts';
import { listChanges } from '../../core/continuation/fileChanges.ts';
import { type Gathered, type GitState, toGathered } from '../../core/continuation/gathered.ts';
import { sayingSoFar } from '../../core/continuation/turns.ts';
import { writtenTodos } from '../../core/continuation/writtenTodos.ts';
import { NotFoundProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Proof } from '../../core/ports/proof.ts';
import { mergeTodos, noWishes } from '../../core/todos/shownTodos.ts';
import { readTodoEdits } from '../../core/todos/todoProof.ts';
import { isCopied } from '../../core/changes/standingTurns.ts';
import { loadMessagesBack } from '../../core/transcript/messagesBack.ts';
import { withoutReverted } from '../../core/turns/standing.ts';
import type { MessageWithParts, Session } from '../../protocol/records.ts';

export interface GatherPorts {
  readonly openCode: Pick<
    OpenCode,
    'abilities' | 'getSession' | 'listMessages' | 'listTodos' | 'listToolIds'
  >;
  /** For what a person wants of the todos: it goes along, although the agent has not written it yet. */
  readonly proof: Proof;
  /** Of the working tree there; undefined where there is none. */
  readonly git: (directory: string) => Promise<GitState | undefined>;
  /** Of paths relative to the directory (or absolute), those that do not exist. */
  readonly findMissing: (directory: string, paths: readonly string[]) => Promise<readonly string[]>;
}

export interface GatherWish {
  /** The last message that counts; absent: all count. */
  readonly upTo?: string | undefined;
  /** Whether it takes no more than the last turn, e.g. for a line of context. */
  readonly latest?: boolean;
  /** Whether the state of git is asked for, which takes long in a big working tree. */
  readonly git?: boolean;
  /** The message of a running turn in which its agent asks for it: what the turn said so far counts as its answer. */
  readonly within?: string;
  /** Whether only what a fork did itself counts, and nothing that it has of its source. */
  readonly own?: boolean;
}

/** More than a built-in prompt names, what matters most first. */
const checkedFiles = 100;
/** What the server answers in about a second; the beginning of a session that is longer still is not read. */
const readLimit = 5000;

/**
 * Gathers what continuation prompts are made of, without a model and all at once. Throws `NotFoundProblem` for a
 * session or a message that is not there.
 */
export async function gatherSession(
  { openCode, proof, git, findMissing }: GatherPorts,
  sessionId: string,
  wish: GatherWish = {},
): Promise<Gathered> {
  const known = openCode.getSession(sessionId);
  const [session, read, todos, toolIds, gitState] = await Promise.all([
    known,
    known.then((record) => readMessages(openCode, record, wish)),
    openCode.abilities.todos ? openCode.listTodos(sessionId) : undefined,
    known.then(({ directory }) => openCode.listToolIds(directory)),
    wish.git === true ? known.then(({ directory }) => git(directory)) : undefined,
  ]);
  const { messages, isLast, isPartial, hasLater } = read;
  const changes = listChanges(messages, session.directory).slice(0, checkedFiles);
  const missingFiles = await findMissing(
    session.directory,
    changes.map(({ file }) => file),
  );
  return toGathered({
    session,
    messages,
    todos:
      (isLast ? todos && mergeTodos(todos, readTodoEdits(proof, session) ?? noWishes) : undefined) ??
      writtenTodos(messages),
    toolIds,
    git: gitState,
    missingFiles,
    isPartial,
    hasLater,
  });
}

interface ReadMessages {
  /** Those that count, in the order of time. */
  readonly messages: readonly MessageWithParts[];
  /** Whether the last of them is the last one of the session, also of what was reverted. */
  readonly isLast: boolean;
  /** Whether others that stand come after them. */
  readonly hasLater: boolean;
  readonly isPartial: boolean;
}

async function readMessages(
  openCode: GatherPorts['openCode'],
  session: Session,
  { upTo, latest = false, within, own = false }: GatherWish,
): Promise<ReadMessages> {
  const { id, revert } = session;
  let isPartial = false;
  const loaded = await loadMessagesBack(openCode, id, (messages) => {
    const counted = countMessages(withoutReverted(messages, revert), upTo);
    isPartial =
      counted !== undefined &&
      counted.length > 0 &&
      (messages.length >= readLimit || (latest && lastConclusion(counted) !== undefined));
    return isPartial;
  });
  const standing = withoutReverted(loaded, revert);
  const messages = countMessages(standing, upTo);
  if (messages === undefined) {
    throw new NotFoundProblem(l10n.t('This message is no longer in the session. Choose another message.'));
  }
  const done = within === undefined ? messages : sayingSoFar(messages, within);
  return {
    messages: own ? done.filter(({ info }) => !isCopied(session, info.time)) : done,
    isLast: messages.length === loaded.length && revert === undefined,
    hasLater: messages.length < standing.length,
    isPartial,
  };
}

/** The messages up to that one, itself included; undefined where it is not among them. */
function countMessages(
  messages: readonly MessageWithParts[],
  upTo: string | undefined,
): readonly MessageWithParts[] | undefined {
  if (upTo === undefined) return messages;
  const index = messages.findIndex(({ info }) => info.id === upTo);
  return index === -1 ? undefined : messages.slice(0, index + 1);
}
