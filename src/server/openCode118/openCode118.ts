import type { OpencodeClient } from '@opencode-ai/sdk/v2/client';
import * as z from 'zod';
import type { Abilities } from '../../core/ports/abilities.ts';
import type {
  AskedRequest,
  MessagePage,
  NewSession,
  OpenCode,
  PageEnd,
  Prompt,
  PromptPart,
  SessionChange,
} from '../../core/ports/openCode.ts';
import {
  Agent,
  FileDiff,
  MessageWithParts,
  type ModelReference,
  PermissionRequest,
  ProviderList,
  QuestionRequest,
  Session,
  SessionStatus,
  SlashCommand,
  Todo,
} from '../../protocol/records.ts';
import { isCompanionPlugin } from '../../protocol/companion.ts';
import type { CompactingServer, Compactions } from './compactions.ts';
import { partIdOf } from './partId.ts';
import { isShared } from '../../core/sessions/elsewhereSessions.ts';
import { ask, askForLong, unknownRoute } from './answer.ts';
import { requireId } from '../dialect/requireId.ts';
import type { Toast } from '../dialect/within.ts';
import { Stored118 } from './stored118.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import {
  DirectorySet,
  isBelow,
  isSameDirectory,
  requireReadAsWritten,
  takenForAnother,
} from '../dialect/directories.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { createFetch } from '../http/httpRequest.ts';

/** The server gives 100 where nobody asks for more (1.18). */
const allSessions = 100_000;

export const abilities118: Abilities = {
  todos: true,
  archive: true,
  serverQueue: false,
  generate: false,
  forkOrigin: false,
};

const Configuration = z.object({ plugin: z.array(z.unknown()).catch([]) });

/** The route's answer has nothing in it that is read. */
const nothing = z.unknown().transform(() => undefined);

/** Carries a request to a server, to that address instead of its own, and answers once all of the answer was read. */
export type SendRequest = (request: Request, url: string) => Promise<Response>;

/**
 * Makes the official client for a server; the SDK is loaded when the first server is there. The signal ends
 * what is still under way; `onMissing` hears of each session that was asked for and is not there.
 */
export function createClient(
  endpoint: Endpoint,
  signal: AbortSignal,
  onMissing?: (sessionId: string) => void,
): Promise<OpencodeClient> {
  return createClientOver(endpoint.url, createFetch(endpoint, signal), onMissing);
}

/** The same over another way to the server. */
export async function createClientOver(
  baseUrl: string,
  send: SendRequest,
  onMissing: (sessionId: string) => void = () => undefined,
): Promise<OpencodeClient> {
  const { createOpencodeClient } = await import('@opencode-ai/sdk/v2/client');
  return createOpencodeClient({
    baseUrl,
    fetch: async (input) => {
      const request = input as Request;
      const response = await send(request, moveDirectory(request));
      const [, sessionId] = /\/session\/(ses_\w+)/.exec(request.url) ?? [];
      if (sessionId !== undefined && (await isSessionMissing(response))) onMissing(sessionId);
      const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
      // The page of a gateway that failed says nothing about the server behind it.
      if (!isPage || response.status >= 500) return response;
      throw unknownRoute(new URL(request.url).pathname);
    },
  });
}

async function isSessionMissing(response: Response): Promise<boolean> {
  return response.status === 404 && (await response.clone().text()).includes('Session not found');
}

/**
 * Says the directory of a request in its header, as it is said to be encoded there, and answers with the URL without
 * it: a query's directory is decoded twice (1.18). All requests pass here, so none has to think of it.
 */
function moveDirectory(request: Request): string {
  const url = new URL(request.url);
  const directory = url.searchParams.get('directory');
  if (directory === null) return request.url;
  requireReadAsWritten(directory);
  request.headers.set('x-opencode-directory', encodeURIComponent(directory));
  url.searchParams.delete('directory');
  return url.href;
}

/**
 * OpenCode 1.18 over its official SDK. Routes with a session's id find its directory by themselves; all
 * others are asked within the directory that they are given.
 */
export class OpenCode118 extends Stored118 implements OpenCode, CompactingServer {
  readonly #client: OpencodeClient;
  readonly abilities = abilities118;
  readonly compactSession: OpenCode['compactSession'];
  readonly brokenCompactions: OpenCode['brokenCompactions'];
  readonly clearUpCompaction: OpenCode['clearUpCompaction'];
  readonly giveSign: OpenCode['giveSign'];
  readonly showToast: (directory: string, toast: Toast) => Promise<void>;
  readonly hasCompanion: OpenCode['hasCompanion'];

  constructor(client: OpencodeClient, compactions: Compactions) {
    super(client);
    this.#client = client;
    this.compactSession = (...asked) => compactions.compact(...asked);
    this.brokenCompactions = () => compactions.broken();
    this.clearUpCompaction = (session) => compactions.clearUp(session);
    this.giveSign = (...told) => giveSign(client, ...told);
    this.showToast = (directory, toast) =>
      ask(nothing, (signal) => client.tui.showToast({ directory, ...toast }, { signal }));
    this.hasCompanion = (directory) => hasCompanion(client, directory);
  }

  async listSessions(directory: string): Promise<Session[]> {
    return (await this.listProject(directory)).here;
  }

  /** The server lists the whole project where the directory stands in the header (1.18). */
  async listProject(directory: string, since?: number): ReturnType<OpenCode['listProject']> {
    const asked = { directory, scope: 'project' as const, limit: allSessions };
    const sessions = await ask(z.array(Session), (signal) =>
      this.#client.session.list({ ...asked, ...withoutUndefined({ start: since }) }, { signal }),
    );
    const set = new DirectorySet([directory]);
    const [here, others] = partition(sessions, (session) => set.has(session.directory));
    // All folders without git are one project (1.18), which says nothing of what they have to do with each other.
    const elsewhere = others.filter(
      (session) => !isShared(session.projectID) || isBelow(session.directory, directory),
    );
    return { here, elsewhere };
  }

  async getSession(sessionId: string): Promise<Session> {
    const sessionID = requireId('ses', sessionId);
    const session = await ask(Session, (signal) => this.#client.session.get({ sessionID }, { signal }));
    requireReadAsWritten(session.directory);
    return session;
  }

  async createSession({
    directory,
    title,
    parentID,
    agent,
    model,
    metadata,
    permission,
  }: NewSession): Promise<Session> {
    const body = withoutUndefined({
      title,
      parentID,
      agent,
      model:
        model &&
        withoutUndefined({ id: model.modelID, providerID: model.providerID, variant: model.variant }),
      metadata,
      permission: permission && [...permission],
    });
    const session = await ask(Session, (signal) =>
      this.#client.session.create({ directory, ...body }, { signal }),
    );
    if (await isSameDirectory(session.directory, directory)) return session;
    // Nothing runs in it yet; a prompt to it would be answered in the other folder.
    await this.deleteSession(session.id);
    throw takenForAnother(directory, session.directory);
  }

  async forkSession(sessionId: string, messageId?: string): Promise<Session> {
    const sessionID = requireId('ses', sessionId);
    return ask(Session, (signal) =>
      this.#client.session.fork({ sessionID, ...withoutUndefined({ messageID: messageId }) }, { signal }),
    );
  }

  async updateSession(sessionId: string, change: SessionChange): Promise<Session> {
    const sessionID = requireId('ses', sessionId);
    const { title, metadata, permission, archived } = change;
    const body = withoutUndefined({
      title,
      metadata,
      permission: permission && [...permission],
      time: archived === undefined ? undefined : { archived },
    });
    return ask(Session, (signal) => this.#client.session.update({ sessionID, ...body }, { signal }));
  }

  async deleteSession(sessionId: string): Promise<void> {
    const sessionID = requireId('ses', sessionId);
    return ask(nothing, (signal) => this.#client.session.delete({ sessionID }, { signal }));
  }

  async abortSession(sessionId: string): Promise<void> {
    const sessionID = requireId('ses', sessionId);
    return ask(nothing, (signal) => this.#client.session.abort({ sessionID }, { signal }));
  }

  promptSession(sessionId: string, prompt: Prompt): Promise<void> {
    return this.#prompt(sessionId, prompt);
  }

  tellSession(sessionId: string, told: Prompt): Promise<void> {
    return this.#prompt(sessionId, told, { noReply: true });
  }

  extractFromSession(sessionId: string, prompt: Prompt, schema: Record<string, unknown>): Promise<void> {
    return this.#prompt(sessionId, prompt, { format: { type: 'json_schema', schema } });
  }

  async #prompt(
    sessionId: string,
    { messageId, agent, model: { providerID, modelID, variant }, parts }: Prompt,
    way: Pick<Parameters<OpencodeClient['session']['promptAsync']>[0], 'noReply' | 'format'> = {},
  ): Promise<void> {
    const sessionID = requireId('ses', sessionId);
    const body = {
      agent,
      model: { providerID, modelID },
      parts: toParts(parts, messageId),
      ...withoutUndefined({ messageID: messageId, variant }),
      ...way,
    };
    return ask(nothing, (signal) => this.#client.session.promptAsync({ sessionID, ...body }, { signal }));
  }

  async runCommand(sessionId: string, command: Parameters<OpenCode['runCommand']>[1]): Promise<void> {
    const sessionID = requireId('ses', sessionId);
    const { name, agent, model, messageId, files = [] } = command;
    const body = {
      command: name,
      arguments: command.arguments,
      agent,
      model: `${model.providerID}/${model.modelID}`,
      ...withoutUndefined({ messageID: messageId, variant: model.variant }),
      ...(files.length > 0 ? { parts: [...files] } : {}),
    };
    return askForLong(nothing, () => this.#client.session.command({ sessionID, ...body }));
  }

  async runShell(
    sessionId: string,
    { command, agent, model, messageId }: Parameters<OpenCode['runShell']>[1],
  ): Promise<void> {
    const sessionID = requireId('ses', sessionId);
    const { providerID, modelID } = model;
    const body = {
      command,
      agent,
      model: { providerID, modelID },
      ...withoutUndefined({ messageID: messageId }),
    };
    return askForLong(nothing, () => this.#client.session.shell({ sessionID, ...body }));
  }

  async summarizeSession(sessionId: string, { providerID, modelID }: ModelReference): Promise<void> {
    const sessionID = requireId('ses', sessionId);
    return askForLong(nothing, () =>
      this.#client.session.summarize({ sessionID, providerID, modelID, auto: false }),
    );
  }

  async revertSession(sessionId: string, messageId: string, partId?: string): Promise<Session> {
    const sessionID = requireId('ses', sessionId);
    const body = { messageID: requireId('msg', messageId), ...withoutUndefined({ partID: partId }) };
    return ask(Session, (signal) => this.#client.session.revert({ sessionID, ...body }, { signal }));
  }

  async unrevertSession(sessionId: string): Promise<Session> {
    const sessionID = requireId('ses', sessionId);
    return ask(Session, (signal) => this.#client.session.unrevert({ sessionID }, { signal }));
  }

  async listMessages(
    sessionId: string,
    { limit, before: end }: Parameters<OpenCode['listMessages']>[1],
  ): Promise<MessagePage> {
    const page = {
      sessionID: requireId('ses', sessionId),
      limit,
      ...withoutUndefined({ before: toCursor(end) }),
    };
    let response: Response | undefined;
    const messages = await ask(z.array(MessageWithParts), async (signal) => {
      const answer = await this.#client.session.messages(page, { signal });
      ({ response } = answer);
      return answer;
    });
    const before = response?.headers.get('x-next-cursor') ?? undefined;
    return { messages, ...withoutUndefined({ before }) };
  }

  async getMessage(sessionId: string, messageId: string): Promise<MessageWithParts> {
    const ids = { sessionID: requireId('ses', sessionId), messageID: requireId('msg', messageId) };
    return ask(MessageWithParts, (signal) => this.#client.session.message(ids, { signal }));
  }

  async deleteMessage(sessionId: string, messageId: string): Promise<void> {
    const ids = { sessionID: requireId('ses', sessionId), messageID: requireId('msg', messageId) };
    return ask(nothing, (signal) => this.#client.session.deleteMessage(ids, { signal }));
  }

  async addHiddenText(
    sessionId: string,
    messageId: string,
    { id, text }: { id: string; text: string },
  ): Promise<void> {
    const ids = { sessionID: requireId('ses', sessionId), messageID: requireId('msg', messageId) };
    const part = { ...ids, id, type: 'text' as const, text, synthetic: true };
    return ask(nothing, (signal) => this.#client.part.update({ ...ids, partID: id, part }, { signal }));
  }

  async deletePart(sessionId: string, messageId: string, partId: string): Promise<void> {
    const ids = { sessionID: requireId('ses', sessionId), messageID: requireId('msg', messageId) };
    return ask(nothing, (signal) => this.#client.part.delete({ ...ids, partID: partId }, { signal }));
  }

  async listTodos(sessionId: string): Promise<Todo[]> {
    const sessionID = requireId('ses', sessionId);
    return ask(z.array(Todo), (signal) => this.#client.session.todo({ sessionID }, { signal }));
  }

  async diffMessage(sessionId: string, messageId: string): Promise<FileDiff[]> {
    const ids = { sessionID: requireId('ses', sessionId), messageID: requireId('msg', messageId) };
    return ask(z.array(FileDiff), (signal) => this.#client.session.diff(ids, { signal }));
  }

  listStatuses(directory: string): Promise<Record<string, SessionStatus>> {
    return ask(z.record(z.string(), SessionStatus), (signal) =>
      this.#client.session.status({ directory }, { signal }),
    );
  }

  listPermissions(directory: string): Promise<PermissionRequest[]> {
    return ask(z.array(PermissionRequest), (signal) =>
      this.#client.permission.list({ directory }, { signal }),
    );
  }

  listQuestions(directory: string): Promise<QuestionRequest[]> {
    return ask(z.array(QuestionRequest), (signal) => this.#client.question.list({ directory }, { signal }));
  }

  replyPermission(
    directory: string,
    request: AskedRequest,
    reply: 'once' | 'always' | 'reject',
    message?: string,
  ): Promise<void> {
    const body = { directory, requestID: request.id, reply, ...withoutUndefined({ message }) };
    return ask(nothing, (signal) => this.#client.permission.reply(body, { signal }));
  }

  replyQuestion(
    directory: string,
    request: AskedRequest,
    answers: readonly (readonly string[])[],
  ): Promise<void> {
    const body = { directory, requestID: request.id, answers: answers.map((labels) => [...labels]) };
    return ask(nothing, (signal) => this.#client.question.reply(body, { signal }));
  }

  rejectQuestion(directory: string, request: AskedRequest): Promise<void> {
    const body = { directory, requestID: request.id };
    return ask(nothing, (signal) => this.#client.question.reject(body, { signal }));
  }

  listAgents(directory: string): Promise<Agent[]> {
    return ask(z.array(Agent), (signal) => this.#client.app.agents({ directory }, { signal }));
  }

  listProviders(directory: string): Promise<ProviderList> {
    return ask(ProviderList, (signal) => this.#client.config.providers({ directory }, { signal }));
  }

  listCommands(directory: string): Promise<SlashCommand[]> {
    return ask(z.array(SlashCommand), (signal) => this.#client.command.list({ directory }, { signal }));
  }

  listToolIds(directory: string): Promise<string[]> {
    return ask(z.array(z.string()), (signal) => this.#client.tool.ids({ directory }, { signal }));
  }

  findFiles(directory: string, query: string): Promise<string[]> {
    return ask(z.array(z.string()), (signal) =>
      this.#client.find.files({ directory, query, limit: 100 }, { signal }),
    );
  }
}

/**
 * Has the server tell a text to all that listen to it, and does nothing else: OpenCode's terminal is told of a command
 * that it does not have, which it passes over (1.18.33).
 */
function giveSign(client: OpencodeClient, directory: string, sign: string): Promise<void> {
  const body = { type: 'tui.command.execute' as const, properties: { command: sign } };
  return ask(nothing, (signal) => client.tui.publish({ directory, body }, { signal }));
}

async function hasCompanion(client: OpencodeClient, directory: string): Promise<boolean> {
  const { plugin } = await ask(Configuration, (signal) => client.config.get({ directory }, { signal }));
  return plugin.some((one) => isCompanionPlugin(one));
}

/** The server's own cursors have this form (1.18.33); it takes any, also of a message that there is not. */
function toCursor(end: PageEnd | undefined): string | undefined {
  if (typeof end !== 'object') return end;
  return Buffer.from(JSON.stringify(toPlace(end))).toString('base64url');
}

function toPlace(end: Exclude<PageEnd, string>): { readonly id: string; readonly time: number } {
  if ('time' in end) return { id: 'msg_0', time: end.time };
  if ('last' in end) return { id: `${requireId('msg', end.last.id)}z`, time: end.last.created };
  return { id: requireId('msg', end.id), time: end.created };
}

function partition<T>(all: readonly T[], fits: (one: T) => boolean): [T[], T[]] {
  return [all.filter((one) => fits(one)), all.filter((one) => !fits(one))];
}

/** Texts have ids that come of their message's: sent again, they are stored once (1.18). What has none is stored anew. */
function toParts(parts: readonly PromptPart[], messageId: string | undefined) {
  return parts.map((part, index) =>
    part.type === 'text'
      ? withoutUndefined({ ...part, id: messageId && partIdOf(messageId, index) })
      : { ...part },
  );
}
