import type {
  Agent,
  FileDiff,
  MessageWithParts,
  ModelReference,
  PermissionRequest,
  PermissionRule,
  ProviderList,
  QuestionRequest,
  Session,
  SessionStatus,
  SlashCommand,
  Todo,
} from '../../protocol/records.ts';
import type { Cancellation } from '../cancellation.ts';
import type { Abilities } from './abilities.ts';
import type { SignIn } from './signIn.ts';
import type { StoredSessions } from './storedSessions.ts';

export type PromptPart =
  | {
      readonly type: 'text';
      readonly text: string;
      readonly synthetic?: boolean;
      readonly metadata?: Record<string, unknown>;
    }
  | FilePart
  | { readonly type: 'agent'; readonly name: string };

export interface FilePart {
  readonly type: 'file';
  readonly mime: string;
  readonly url: string;
  readonly filename?: string;
}

/**
 * What is put into a session, and who answers it or is named with it: a server may take its default agent instead of the
 * session's. `messageId` is ours, so that the answer can be recognised by its `parentID`; under the same one, the same
 * texts are stored once, however often they are sent.
 */
export interface Prompt {
  readonly messageId?: string;
  readonly agent: string;
  readonly model: ModelReference;
  readonly parts: readonly PromptPart[];
}

export interface NewSession {
  readonly directory: string;
  readonly title?: string;
  readonly parentID?: string;
  readonly agent?: string;
  readonly model?: ModelReference;
  readonly metadata?: Record<string, unknown>;
  readonly permission?: readonly PermissionRule[];
}

export interface SessionChange {
  readonly title?: string;
  /** Replaces the whole object. */
  readonly metadata?: Record<string, unknown>;
  /** Is appended; the last match wins. */
  readonly permission?: readonly PermissionRule[];
  /** Milliseconds since 1970; 0 takes it out of the archive. Only where `abilities.archive`. */
  readonly archived?: number;
}

export interface Compaction {
  /** Writes the summary, where the server does not choose by itself. */
  readonly model: ModelReference;
  /** What the summary is told; empty: nothing. */
  readonly guidance: string;
  /** All of the session, as it was read just now. */
  readonly messages: readonly MessageWithParts[];
}

/** A permission or question that waits for its answer, known by its id to one generation, and within its session to another. */
export type AskedRequest = Pick<PermissionRequest | QuestionRequest, 'id' | 'sessionID'>;

/** A message that the session has; `created` in milliseconds since 1970. */
interface MessagePlace {
  readonly id: string;
  readonly created: number;
}

/**
 * Where a page of messages ends: before a later page (its `before`) or a message, with a message, or before a time in
 * milliseconds since 1970.
 */
export type PageEnd = string | MessagePlace | { readonly last: MessagePlace } | { readonly time: number };

/**
 * Messages in their order, which is that of `created` and then of their ids, as that of a message's parts is that of theirs;
 * a dialect whose server orders otherwise makes times and ids that say so. `before` is where the page before these ends,
 * absent at the beginning.
 */
export interface MessagePage {
  readonly messages: readonly MessageWithParts[];
  readonly before?: string;
}

/**
 * One OpenCode server in our words, whatever its generation speaks on the wire. Every call may throw
 * `UnavailableProblem`, `UnauthorizedProblem`, `NotFoundProblem`, `BusyProblem` or, with the server's own
 * words, `Problem`. State never comes from here: it comes by events (see `ServerSink`).
 */
export interface OpenCode extends SignIn, StoredSessions {
  /** While there is no server, what the last one could; before the first, what the likeliest can. */
  readonly abilities: Abilities;
  /** Every request within a directory throws where the server would take it for another one. */
  listSessions(directory: string): Promise<Session[]>;
  /**
   * The sessions of the directory, and those of the same project in others: without git, in those below it. `since`: only
   * those that were touched from then on, in milliseconds since 1970.
   */
  listProject(
    directory: string,
    since?: number,
  ): Promise<{ readonly here: Session[]; readonly elsewhere: Session[] }>;
  getSession(sessionId: string): Promise<Session>;
  createSession(session: NewSession): Promise<Session>;
  /** Copies what stands before `messageId` (exclusive; absent: all). Agent, permission and todos are not copied. */
  forkSession(sessionId: string, messageId?: string): Promise<Session>;
  updateSession(sessionId: string, change: SessionChange): Promise<Session>;
  /** Of an idle session only: deleting a busy one may leave a runner behind that fails for ever. */
  deleteSession(sessionId: string): Promise<void>;
  abortSession(sessionId: string): Promise<void>;
  /** Resolves when the server took the prompt, not when it is answered. An unknown agent is told by `session.error` only. */
  promptSession(sessionId: string, prompt: Prompt): Promise<void>;
  /** Puts something into a session without a turn. Of an idle session only: in a run it may begin a turn. */
  tellSession(sessionId: string, told: Prompt): Promise<void>;
  /** Prompts for an answer of this JSON schema, which is found in the answer's `structured`; no tool of the session is meant. */
  extractFromSession(sessionId: string, prompt: Prompt, schema: Record<string, unknown>): Promise<void>;
  runCommand(
    sessionId: string,
    command: {
      name: string;
      arguments: string;
      agent: string;
      model: ModelReference;
      messageId?: string;
      /** What goes with it; a command that runs as a subtask may leave it out. */
      files?: readonly FilePart[];
    },
  ): Promise<void>;
  runShell(
    sessionId: string,
    shell: { command: string; agent: string; model: ModelReference; messageId?: string },
  ): Promise<void>;
  /**
   * Summarizes an idle session: what stands there is out of the model's sight afterwards. Resolves once the summary is
   * written, minutes later; throws a `Problem` or `CancelledError`, and the session is as it was. Nothing may be sent there
   * before it ends. A server that is away meanwhile is asked again.
   */
  compactSession(session: Session, compaction: Compaction, cancellation?: Cancellation): Promise<void>;
  /** Sessions where a compaction of this workspace broke off; what it left there is cleared up before anything else is sent. */
  brokenCompactions(): readonly Pick<Session, 'id' | 'directory'>[];
  /** Waits until the session has come to rest; where the server is gone, it stays among the broken ones. */
  clearUpCompaction(session: Pick<Session, 'id' | 'directory'>): Promise<void>;
  revertSession(sessionId: string, messageId: string, partId?: string): Promise<Session>;
  unrevertSession(sessionId: string): Promise<Session>;
  /** The last ones of the session, or the last before that end. */
  listMessages(sessionId: string, page: { limit: number; before?: PageEnd }): Promise<MessagePage>;
  getMessage(sessionId: string, messageId: string): Promise<MessageWithParts>;
  /** None where the server keeps none: see `abilities.todos`. */
  listTodos(sessionId: string): Promise<Todo[]>;
  /** What the turn that this user message began changed in the files. */
  diffMessage(sessionId: string, messageId: string): Promise<FileDiff[]>;
  /** The sessions that are not idle: at least those of the directory, all where the server keeps one list of them. */
  listStatuses(directory: string): Promise<Record<string, SessionStatus>>;
  listPermissions(directory: string): Promise<PermissionRequest[]>;
  listQuestions(directory: string): Promise<QuestionRequest[]>;
  /**
   * Within the directory of the session that asks. A `reject` without a message ends the run; with one the agent goes on and
   * has read it.
   */
  replyPermission(
    directory: string,
    request: AskedRequest,
    reply: 'once' | 'always' | 'reject',
    message?: string,
  ): Promise<void>;
  /** One list of answers for each question. */
  replyQuestion(
    directory: string,
    request: AskedRequest,
    answers: readonly (readonly string[])[],
  ): Promise<void>;
  rejectQuestion(directory: string, request: AskedRequest): Promise<void>;
  listAgents(directory: string): Promise<Agent[]>;
  listProviders(directory: string): Promise<ProviderList>;
  listCommands(directory: string): Promise<SlashCommand[]>;
  /** Names of the tools that agents have there. */
  listToolIds(directory: string): Promise<string[]>;
  /** Has the server tell a text of ours to all who listen to that directory: other windows, and a companion there. */
  giveSign(directory: string, sign: string): Promise<void>;
  /** Whether the server was given the companion there, by whomever; it may not have loaded it. */
  hasCompanion(directory: string): Promise<boolean>;
  /** Paths relative to the directory, best match first. */
  findFiles(directory: string, query: string): Promise<string[]>;
}
