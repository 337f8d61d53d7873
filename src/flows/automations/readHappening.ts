import type { AutomationEvent } from '../../core/automations/automation.ts';
import type { Happening } from '../../core/automations/happenings.ts';
import { changesOf, readTurns } from '../../core/changes/changedTurn.ts';
import { NotFoundProblem } from '../../core/errors.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { describeRequest } from '../../core/requests/requestWords.ts';
import { ownRequests } from '../../core/sessions/attention.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { toolOf } from '../../core/tools/toolOf.ts';
import { loadMessagesBack } from '../../core/transcript/messagesBack.ts';
import { isCopied } from '../../core/turns/messageId.ts';
import type { MessageWithParts, PartOf, Session, Todo } from '../../protocol/records.ts';

/** What the server holds of something that happened: the same for every window that asks. */
export interface ReadHappening {
  /** Names it, by the server's ids: it is run once for each. */
  readonly key: string;
  /** The prompt in whose turn it happened; undefined: in none that is there. */
  readonly promptId: string | undefined;
  /** Paths of the files that changed by it. */
  readonly files: readonly string[];
  readonly agent: string | undefined;
  /** The tool, the todo, what is asked for. */
  readonly what?: string;
}

export interface ReadHappeningPorts {
  readonly openCode: Pick<OpenCode, 'listMessages' | 'getMessage'>;
  readonly sessions: Pick<Sessions, 'permissions' | 'questions'>;
}

/** The turns that were looked at before: what they changed is not told again. */
export interface SeenTurns {
  /** The prompt of the last turn that was looked at. */
  readonly last?: string;
  /** Where none was: that of the first turn that counts; absent: the one that ended. */
  readonly first?: string;
}

/** What stands beside a happening. */
export interface SeenBefore extends SeenTurns {
  /** Calls soon before it that were not looked at, oldest first: what they did counts with it. */
  readonly passed?: readonly PartOf<'tool'>[];
}

/**
 * Reads what the server holds of something that happened. Undefined: it is no more, or it is no news, as what a fork copied.
 * Throws what the server throws.
 */
export async function readHappening(
  ports: ReadHappeningPorts,
  session: Session,
  happening: Happening,
  { passed = [], ...seen }: SeenBefore,
): Promise<ReadHappening | undefined> {
  switch (happening.on) {
    case 'settled':
      return readSettled(ports, session, happening, seen);
    case 'failed':
      return readFailed(ports, session, seen, happening.messageId);
    case 'toolCompleted':
      return readTool(ports, session, happening.call, passed);
    case 'todoCompleted':
    case 'allTodosDone':
      return readTodos(ports, session, happening.on, [...passed, happening.call]);
    case 'created':
      return { key: `created ${session.id}`, ...(await readFirst(ports, session)), files: [] };
    case 'compacted':
      return readCompacted(ports, session);
    case 'needsYou':
      return readAsked(ports, session, happening.requestId);
  }
}

async function readSettled(
  { openCode }: ReadHappeningPorts,
  session: Session,
  { answer }: Happening & { readonly on: 'settled' },
  seen: SeenTurns,
): Promise<ReadHappening> {
  const wanted = seen.last ?? seen.first ?? answer.parentID;
  const messages = await loadMessagesBack(openCode, session.id, (loaded) => has(loaded, wanted), turnPage);
  return {
    key: `settled ${answer.id}`,
    promptId: answer.parentID,
    agent: answer.agent,
    files: filesSince(session, messages, seen, answer.parentID),
  };
}

async function readFailed(
  { openCode }: ReadHappeningPorts,
  session: Session,
  seen: SeenTurns,
  messageId: string | undefined,
): Promise<ReadHappening | undefined> {
  const wanted = seen.last ?? seen.first;
  const messages = await loadMessagesBack(
    openCode,
    session.id,
    (loaded) => (wanted === undefined ? findPrompt(loaded) !== undefined : has(loaded, wanted)),
    turnPage,
  );
  const at = messages.findIndex(({ info }) => info.id === messageId);
  const told = at === -1 ? messages : messages.slice(0, at + 1);
  const newest = told.at(-1)?.info;
  if (newest === undefined) return undefined;
  const prompt = findPrompt(told);
  return {
    key: `failed ${newest.id}`,
    promptId: prompt?.info.id,
    agent: newest.agent,
    files: filesSince(session, messages, seen, prompt?.info.id),
  };
}

async function readTool(
  { openCode }: ReadHappeningPorts,
  session: Session,
  call: PartOf<'tool'>,
  passed: readonly PartOf<'tool'>[],
): Promise<ReadHappening | undefined> {
  const message = await findCalling(openCode, call);
  if (message?.info.role !== 'assistant') return undefined;
  const { parentID, agent } = message.info;
  const calls = [...passed, call];
  const others = [...new Map(passed.map((one) => [one.messageID, one])).values()];
  const found = await Promise.all(
    others.map(async (one) => (one.messageID === call.messageID ? message : findCalling(openCode, one))),
  );
  const calling = new Map(
    [...found, message].flatMap((one) => (one === undefined ? [] : [[one.info.id, one]])),
  );
  const infos = [...calling.values()].flatMap(({ info }) => (info.role === 'assistant' ? info : []));
  const prompts = new Set(infos.map((info) => info.parentID));
  const turns = readTurns(session, [
    ...[...prompts].map((id) => ({ info: { ...asPrompt(session.id), id }, parts: [] })),
    ...infos.map((info) => ({ info, parts: calls.filter(({ messageID }) => messageID === info.id) })),
  ]);
  return {
    key: `call ${call.id}`,
    promptId: parentID,
    agent,
    files: [...new Set(turns.flatMap((turn) => pathsOf(turn)))],
    what: call.tool,
  };
}

/** What was completed with calls is what was not before them, by the call before the first one. */
async function readTodos(
  { openCode }: ReadHappeningPorts,
  session: Session,
  on: AutomationEvent,
  calls: readonly PartOf<'tool'>[],
): Promise<ReadHappening | undefined> {
  const [first, call] = [calls[0], calls.at(-1)];
  if (first === undefined || call === undefined) return undefined;
  const calling = await findCalling(openCode, call);
  // An agent that is done may clear its list at once.
  const lists = calls.flatMap((one) => [todosOf(one) ?? []]).filter(({ length }) => length > 0);
  const todos = lists.at(-1);
  if (calling?.info.role !== 'assistant' || todos === undefined) return undefined;
  const { parentID, agent } = calling.info;
  const messages = await loadMessagesBack(
    openCode,
    session.id,
    (loaded) => listBefore(loaded, first) !== undefined,
    turnPage,
  );
  const before = listBefore(messages, first) ?? [];
  const wasDone = new Set(before.flatMap(({ content, status }) => (status === 'completed' ? content : [])));
  const done = lists.flat().flatMap(({ content, status }) => (status === 'completed' ? content : []));
  const completed = [...new Set(done)].filter((content) => !wasDone.has(content));
  const isOver = ({ status }: Todo): boolean => status === 'completed' || status === 'cancelled';
  const isNews =
    on === 'todoCompleted'
      ? completed.length > 0
      : todos.every(isOver) &&
        todos.some(({ status }) => status === 'completed') &&
        !(before.length > 0 && before.every(isOver));
  if (!isNews) return undefined;
  const turn = readTurns(session, messages).find(({ messageId }) => messageId === parentID);
  return {
    key: `todos ${call.id}`,
    promptId: parentID,
    agent,
    files: turn === undefined ? [] : pathsOf(turn),
    what: completed.join(', '),
  };
}

async function readFirst(
  { openCode }: ReadHappeningPorts,
  session: Session,
): Promise<Pick<ReadHappening, 'promptId' | 'agent'>> {
  const { messages } = await openCode.listMessages(session.id, { limit: turnPage });
  return { promptId: findPrompt(messages)?.info.id, agent: session.agent };
}

async function readCompacted(
  { openCode }: ReadHappeningPorts,
  session: Session,
): Promise<ReadHappening | undefined> {
  const isSummary = ({ info }: MessageWithParts): boolean =>
    info.role === 'assistant' && info.summary === true;
  const messages = await loadMessagesBack(openCode, session.id, (loaded) => loaded.some(isSummary), turnPage);
  const at = messages.findLastIndex(isSummary);
  const summary = messages[at]?.info;
  if (summary === undefined) return undefined;
  const prompt = findPrompt(messages.slice(0, at));
  return { key: `compacted ${summary.id}`, promptId: prompt?.info.id, agent: session.agent, files: [] };
}

async function readAsked(
  { openCode, sessions }: ReadHappeningPorts,
  session: Session,
  requestId: string,
): Promise<ReadHappening | undefined> {
  const waiting = ownRequests(sessions, session.id).find(({ request }) => request.id === requestId);
  if (waiting === undefined) return undefined;
  const messages = await loadMessagesBack(
    openCode,
    session.id,
    (loaded) => findPrompt(loaded) !== undefined,
    turnPage,
  );
  return {
    key: `asked ${requestId}`,
    promptId: findPrompt(messages)?.info.id,
    agent: session.agent,
    files: [],
    what: describeRequest(waiting),
  };
}

/** Messages that are read at once; a turn is seldom longer. */
const turnPage = 50;

/** What a fork copied did not happen there. */
async function findCalling(
  openCode: Pick<OpenCode, 'getMessage'>,
  { sessionID, messageID }: PartOf<'tool'>,
): Promise<MessageWithParts | undefined> {
  try {
    const message = await openCode.getMessage(sessionID, messageID);
    return message.info.role === 'assistant' && isCopied(message.info) ? undefined : message;
  } catch (error) {
    if (error instanceof NotFoundProblem) return undefined;
    throw error;
  }
}

function todosOf({ tool, state }: PartOf<'tool'>): readonly Todo[] | undefined {
  if (state.status !== 'completed') return undefined;
  const { todos, result } = toolOf(tool);
  return result(state).todos ?? todos?.(state.input);
}

/** The list of the call before this one; undefined: there is none among these messages. */
function listBefore(
  messages: readonly MessageWithParts[],
  call: PartOf<'tool'>,
): readonly Todo[] | undefined {
  const parts = messages.flatMap((message) => message.parts);
  const at = parts.findIndex(({ id }) => id === call.id);
  return parts
    .slice(0, Math.max(at, 0))
    .flatMap((part) => (part.type === 'tool' ? [todosOf(part)] : []))
    .findLast((todos) => todos !== undefined);
}

/** What the turns changed that were not looked at yet; the one that ended in any case. */
function filesSince(
  session: Session,
  messages: readonly MessageWithParts[],
  { last, first }: SeenTurns,
  promptId: string | undefined,
): readonly string[] {
  const turns = readTurns(session, messages);
  const placeOf = (id: string | undefined): number => turns.findIndex(({ messageId }) => messageId === id);
  const own = placeOf(promptId);
  const start = last === undefined ? placeOf(first) : placeOf(last) + 1;
  const isKnown = last === undefined ? start !== -1 : start > 0;
  const meant = turns.slice(isKnown ? Math.min(start, own) : own, own + 1);
  return [...new Set(meant.flatMap(pathsOf))];
}

function pathsOf(turn: ReturnType<typeof readTurns>[number]): readonly string[] {
  return [...new Set([...changesOf(turn).map(({ path }) => path), ...turn.seen])];
}

function has(messages: readonly MessageWithParts[], messageId: string): boolean {
  return messages.some(({ info }) => info.id === messageId);
}

/** The last message that somebody is to answer. */
function findPrompt(messages: readonly MessageWithParts[]): MessageWithParts | undefined {
  return messages.findLast(
    ({ info, parts }) => info.role === 'user' && !parts.some(({ type }) => type === 'compaction'),
  );
}

function asPrompt(sessionID: string) {
  return { sessionID, role: 'user' as const, time: { created: 0 }, agent: '' };
}
