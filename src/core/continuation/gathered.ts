import type { MessageWithParts, ModelReference, Session, Todo } from '../../protocol/records.ts';
import { lastConclusion, lastTurn, userRequests } from './conversation.ts';
import { type FileChange, listChanges } from './fileChanges.ts';
import { filesTouched } from './filesTouched.ts';
import { toTurns, type Turn } from './turns.ts';

/** Where the working tree of a session stands; absent where there is no git. */
export interface GitState {
  readonly branch: string;
  /** As `git diff --stat` sums up, e.g. `2 files changed, 10 insertions(+)`; empty when clean. */
  readonly diffStat: string;
}

/** All that is known about a session without asking a model: what the continuation prompts are made of. */
export interface Gathered {
  readonly sessionId: string;
  readonly directory: string;
  readonly title: string;
  readonly agent: string | undefined;
  readonly model: ModelReference | undefined;
  readonly todos: readonly Todo[];
  /** Newest first, relative to the directory. */
  readonly files: readonly string[];
  /** The same and what tools say of it, what matters most first. */
  readonly changes: readonly FileChange[];
  /** Those of the files that are no longer there. */
  readonly missingFiles: readonly string[];
  /** In the order of time. */
  readonly turns: readonly Turn[];
  /** Oldest first. */
  readonly requests: readonly string[];
  readonly conclusion: string | undefined;
  /** Who gave the conclusion, and the files that its turn changed, newest first. */
  readonly lastTurn: { readonly agent: string | undefined; readonly files: readonly string[] };
  readonly git: GitState | undefined;
  /** Whether agents there have a tool that reads another session. */
  readonly readSession: boolean;
  /** Whether there are messages before those that were read. */
  readonly isPartial: boolean;
  /** Whether there are messages after those that count. */
  readonly hasLater: boolean;
}

const requestLimit = 6;

/** `messages` in the order of time. */
export function toGathered(given: {
  readonly session: Session;
  readonly messages: readonly MessageWithParts[];
  readonly todos: readonly Todo[];
  readonly toolIds: readonly string[];
  readonly git: GitState | undefined;
  /** Of the relative paths, those that are not there. */
  readonly missingFiles: readonly string[];
  readonly isPartial?: boolean;
  readonly hasLater?: boolean;
}): Gathered {
  const { session, messages } = given;
  const turn = lastTurn(messages);
  return {
    sessionId: session.id,
    directory: session.directory,
    title: session.title,
    ...lastSpeaker(session, messages),
    todos: given.todos,
    files: filesTouched(messages, session.directory),
    changes: listChanges(messages, session.directory),
    missingFiles: given.missingFiles,
    turns: toTurns(messages, session.directory),
    requests: userRequests(messages, requestLimit),
    conclusion: lastConclusion(messages),
    lastTurn: { agent: turn.agent, files: filesTouched(turn.messages, session.directory) },
    git: given.git,
    readSession: given.toolIds.includes('read_session'),
    isPartial: given.isPartial ?? false,
    hasLater: given.hasLater ?? false,
  };
}

/** Who goes on by default: agent and model of the session's record, else of its last user message. */
export function lastSpeaker(
  session: Session,
  messages: readonly MessageWithParts[],
): { agent: string | undefined; model: ModelReference | undefined } {
  const last = messages.findLast(({ info }) => info.role === 'user')?.info;
  const user = last?.role === 'user' ? last : undefined;
  return {
    agent: session.agent ?? (user?.agent === '' ? undefined : user?.agent),
    model: toModelReference(session) ?? user?.model,
  };
}

/** The session's model in the words of messages and prompts. A variant named `default` is none. */
export function toModelReference({ model }: Session): ModelReference | undefined {
  if (model === undefined) return undefined;
  const { providerID, id, variant } = model;
  return {
    providerID,
    modelID: id,
    ...(variant === undefined || variant === 'default' ? {} : { variant }),
  };
}
