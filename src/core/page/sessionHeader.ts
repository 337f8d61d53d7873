import type { MessageHead } from '../../protocol/page/entries.ts';
import type {
  ChangesFigure,
  SessionHeader,
  SessionRelative,
  SubagentState,
} from '../../protocol/page/header.ts';
import type { Session, SessionStatus, Todo } from '../../protocol/records.ts';
import { clampText } from '../entries/clampedText.ts';
import type { Waits } from '../requests/waits.ts';
import type { Attention, Waiting } from '../sessions/attention.ts';
import { isArchived, type Origin } from '../sessions/sessionKind.ts';
import type { LastEnds } from '../sessions/lastEnds.ts';
import { isCutOff, type Outcome } from '../turns/outcome.ts';
import type { Sessions } from '../sessions/sessionStore.ts';
import { runRemedies, toOfferedRemedy } from '../turns/runRemedies.ts';
import { clampRunError } from '../entries/runErrorText.ts';
import { inferredFrom, titleToEdit } from '../sessions/sessionRow.ts';
import { costWithSubagents } from '../sessions/usage.ts';
import type { ContextNow } from '../transcript/transcriptContext.ts';
import { withoutUndefined } from '../withoutUndefined.ts';

export interface HeaderSources {
  readonly sessions: Pick<
    Sessions,
    'origin' | 'derivedFrom' | 'get' | 'title' | 'status' | 'permissions' | 'questions'
  >;
  readonly ends: Pick<LastEnds, 'of' | 'ranHere' | 'worksElsewhere'>;
  readonly attention: Pick<Attention, 'of'>;
  readonly waits: Pick<Waits, 'of'>;
  readonly todos: readonly Todo[];
  readonly changes?: ChangesFigure | undefined;
  readonly context: ContextNow | undefined;
  /** Names agent and model where the session's record does not, as in a fork. */
  readonly latestPrompt: Pick<MessageHead, 'agent' | 'model'> | undefined;
  /** Whether there is no message yet. */
  readonly isEmpty: boolean;
  /** Whether the running answer is the summary of a compaction. */
  readonly compacting: boolean;
}

/** So many characters of an error: it is one line, and it is told with every change of the header. */
const headerWords = 500;

/** Characters of a title that a page is given to change; nobody wrote a longer one to be changed. */
const longestTitle = 10_000;

const waitsFor = { permission: 'leave', question: 'answer' } as const;

/** What stands above a transcript: the session's name, state, relatives and spend. */
export function buildSessionHeader(session: Session, sources: HeaderSources): SessionHeader {
  const { id, directory, revert } = session;
  const called = sources.sessions.title(session);
  const toEdit = titleToEdit(session, called);
  const end = sources.ends.of(id);
  const waiting = sources.attention.of(id);
  const waits = sources.waits.of(id);
  return withoutUndefined({
    sessionId: id,
    title: called,
    titleToEdit: toEdit === called || toEdit.length > longestTitle ? undefined : toEdit,
    directory,
    archived: isArchived(session),
    isEmpty: sources.isEmpty ? true : undefined,
    agent: session.agent ?? (sources.latestPrompt?.agent || undefined),
    model: findModel(session) ?? sources.latestPrompt?.model,
    status: toStatus(sources.sessions.status(id), sources.compacting, sources.ends.worksElsewhere(id)),
    from: findSource(session, sources.sessions),
    to: findDescendants(id, sources),
    context: toContext(sources.context),
    cost: session.cost ?? 0,
    costWithSubagents: costWithSubagents(session, sources.sessions),
    todos: sources.todos,
    changes: sources.changes,
    lastError: end?.kind === 'failed' ? clampRunError(end.error, headerWords).text : undefined,
    lastRemedies:
      end?.kind === 'failed'
        ? runRemedies(end.error, { sessionId: id, providerId: session.model?.providerID }).map(
            toOfferedRemedy,
          )
        : undefined,
    waiting: waiting.length === 0 ? undefined : askedCalls(id, waiting),
    waitsFor: waiting[0] && waitsFor[waiting[0].kind],
    waits: waits.length === 0 ? undefined : waits,
    isStopped: end?.kind === 'aborted' ? true : undefined,
    end: toEnd(end, sources.ends.ranHere(id)),
    revertedFrom: revert?.messageID,
  });
}

/** The calls of the session itself that a person is to allow. */
function askedCalls(sessionId: string, waiting: readonly Waiting[]): readonly string[] {
  return waiting.flatMap(({ kind, request: { sessionID, tool } }) =>
    kind === 'permission' && sessionID === sessionId && tool !== undefined ? [tool.callID] : [],
  );
}

function findModel({ model }: Session): SessionHeader['model'] {
  return (
    model && withoutUndefined({ providerID: model.providerID, modelID: model.id, variant: model.variant })
  );
}

function toStatus(status: SessionStatus, compacting: boolean, isElsewhere: boolean): SessionHeader['status'] {
  if (status.type === 'idle' && isElsewhere) return { type: 'elsewhere' };
  if (status.type === 'busy' && compacting) return { type: 'compacting' };
  if (status.type !== 'retry' || status.message.length <= headerWords) return status;
  return { ...status, message: `${clampText(status.message, headerWords).text}…` };
}

function toEnd(end: Outcome | undefined, isSure: boolean): SessionHeader['end'] {
  if (end?.kind === 'unseen') return { kind: end.kind };
  if (end === undefined || !isCutOff(end)) return undefined;
  return { kind: end.kind, messageId: end.kind === 'unanswered' ? end.prompt.id : end.answer.id, isSure };
}

function toContext(context: ContextNow | undefined): SessionHeader['context'] {
  if (context?.limit === undefined) return undefined;
  const { used, limit, before, isLeast } = context;
  return withoutUndefined({ used, limit, before, isLeast });
}

/** Where it came from, if that session is still there. */
function findSource(
  session: Session,
  sessions: Pick<Sessions, 'get' | 'title' | 'origin'>,
): SessionRelative | undefined {
  const origin = sessions.origin(session);
  const source = origin.from === undefined ? undefined : sessions.get(origin.from);
  return source && toRelative(source, origin, sessions);
}

/** What came from it, oldest first. */
function findDescendants(
  sessionId: string,
  sources: Pick<HeaderSources, 'sessions' | 'ends'>,
): SessionHeader['to'] {
  return sources.sessions
    .derivedFrom(sessionId)
    .toSorted((a, b) => a.time.created - b.time.created)
    .flatMap((session): SessionHeader['to'] => {
      const relative = toRelative(session, sources.sessions.origin(session), sources.sessions);
      if (relative === undefined) return [];
      if (relative.kind !== 'subagent') return [relative];
      return [{ ...relative, state: findState(session.id, sources) }];
    });
}

/** `other` as a relative of the session that the origin joins it to; undefined where it joins nothing. */
function toRelative(
  other: Session,
  { kind, inferred }: Origin,
  sessions: Pick<Sessions, 'title'>,
): SessionRelative | undefined {
  if (kind === 'root') return undefined;
  return {
    kind,
    sessionId: other.id,
    title: sessions.title(other),
    ...(inferred === undefined ? {} : { inferred: inferredFrom(inferred) }),
  };
}

function findState(
  sessionId: string,
  { sessions, ends }: Pick<HeaderSources, 'sessions' | 'ends'>,
): SubagentState {
  if (sessions.permissions(sessionId).length + sessions.questions(sessionId).length > 0) return 'waiting';
  const { type } = sessions.status(sessionId);
  if (type !== 'idle') return type;
  if (ends.worksElsewhere(sessionId)) return 'elsewhere';
  const end = ends.of(sessionId);
  if (end?.kind === 'failed') return 'error';
  return end !== undefined && isCutOff(end) ? 'cutOff' : 'idle';
}
