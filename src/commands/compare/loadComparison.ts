import { type Attributed, attributeChanges, namedFiles } from '../../core/compare/attributeChanges.ts';
import { toFigure } from '../../core/changes/changesFigure.ts';
import { isCopied } from '../../core/changes/standingTurns.ts';
import { choosePair } from '../../core/compare/choosePair.ts';
import { uniteFiles } from '../../core/compare/comparedFiles.ts';
import type { ComparedSession, Comparison } from '../../core/compare/comparison.ts';
import { readFigures } from '../../core/compare/figures.ts';
import { ancestorsOf, commonAncestor } from '../../core/sessions/related.ts';
import { splitShared } from '../../core/compare/sharedMessages.ts';
import { nameApart } from '../../core/compare/namesApart.ts';
import { ownText } from '../../core/continuation/conversation.ts';
import { shorten } from '../../core/continuation/shorten.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { listNames } from '../../core/rows/names.ts';
import { subagentsBelow } from '../../core/sessions/attention.ts';
import type { SessionState } from '../../core/sessions/sessionState.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { titleById } from '../../core/sessions/sessionRow.ts';
import { countTodos, type TodoSummary } from '../../core/todos/todoSummary.ts';
import { loadMessagesBack } from '../../core/transcript/messagesBack.ts';
import { judgeMessages } from '../../core/turns/judgeMessages.ts';
import { withoutReverted } from '../../core/turns/standing.ts';
import type { Wait } from '../../protocol/page/header.ts';
import type { MessageWithParts, Session } from '../../protocol/records.ts';
import { loadChangesSince, type LoadedChanges } from '../changes/loadChanges.ts';

export interface LoadComparisonDeps {
  readonly sessions: Pick<Sessions, 'all' | 'get' | 'origin' | 'title'>;
  readonly openCode: Pick<OpenCode, 'abilities' | 'listMessages' | 'diffMessage' | 'listTodos'>;
  readonly stateOf: (sessionId: string) => SessionState;
  readonly waits: { of(sessionId: string): readonly Wait[] };
  readonly now: () => number;
}

/** So many sessions are read at most. */
export const mostCompared = 8;
/** Messages of one session that are read: what comes before is left out, and that is said. */
const mostMessages = 5_000;
const forkLength = 120;
/** Files that a note names at most. */
const namedPaths = 10;

interface ReadSession {
  readonly session: Session;
  /** Those that stand, in the order of time. */
  readonly messages: readonly MessageWithParts[];
  readonly isCut: boolean;
  readonly loaded: LoadedChanges;
  readonly todos: TodoSummary | undefined;
}

/** Reads sessions from the point on where they part. Throws a sentence for people where they share nothing. */
export async function loadComparison(
  deps: LoadComparisonDeps,
  compared: readonly Session[],
): Promise<Comparison> {
  const ancestor = requireCommon(deps.sessions, compared);
  const now = deps.now();
  const end = await findSharedEnd(deps, compared, ancestor);
  const read = await Promise.all(compared.map((session) => readSession(deps, session, end)));
  const { last, own } = splitShared(read.map(({ messages }) => messages));
  const names = nameApart(
    compared.map((session) => deps.sessions.title(session)),
    titleById(deps.sessions, ancestor),
  );
  const counted = read.map((one, index) => countOne(deps, one, { own: own[index] ?? [], last, now }));
  const attributed = attributeChanges(counted);
  const sessions = counted.map((one, index): ComparedSession => {
    const { session, state, outcome, figures, todos, notes, loaded } = one;
    const { changes, ...rest } = attributed[index] ?? {
      changes: loaded.changes,
      ofOthers: [],
      contested: [],
    };
    return {
      session,
      name: names[index] ?? session.id,
      state,
      outcome,
      figures,
      todos,
      changes: toFigure(changes, loaded.isPartial),
      notes: [...notes, ...noteOfOthers({ changes, ...rest })],
    };
  });
  return {
    source: deps.sessions.get(ancestor) && titleById(deps.sessions, ancestor),
    fork: last && shorten(ownText(last), forkLength),
    sessions,
    files: uniteFiles(
      compared.map(({ directory }, index) => ({ directory, changes: attributed[index]?.changes ?? [] })),
    ),
    pair: choosePair(sessions),
    notes: noteContested(attributed),
    time: now,
  };
}

function requireCommon(sessions: LoadComparisonDeps['sessions'], compared: readonly Session[]): string {
  if (compared.length < 2) {
    throw new Problem(
      l10n.t(
        'There is nothing to compare it with. Select two sessions or more, or start some with “Fork into Approaches…”.',
      ),
    );
  }
  if (compared.length > mostCompared) {
    throw new Problem(
      l10n.t('{0} sessions are too many to be compared. Choose {1} at most.', compared.length, mostCompared),
    );
  }
  const ancestor = commonAncestor(sessions, compared);
  if (ancestor !== undefined) return ancestor;
  throw new Problem(
    l10n.t(
      '{0} share nothing: neither came from the other, and no session is known that all of them came from. Choose forks of one session, or a session and its fork.',
      listNames(compared.map((session) => sessions.title(session))),
    ),
  );
}

/**
 * When the last message was made that all of them can have of the session that they have in common, in milliseconds since
 * 1970. Undefined: one of them has none of it.
 */
async function findSharedEnd(
  deps: LoadComparisonDeps,
  compared: readonly Session[],
  ancestor: string,
): Promise<number | undefined> {
  const ends = await Promise.all(
    compared
      .filter(({ id }) => id !== ancestor)
      .map(async (session) => {
        const parted = partedAt(deps.sessions, session, ancestor);
        const copied = ({ info }: MessageWithParts): boolean => isCopied(parted, info.time);
        const messages = await loadMessagesBack(
          deps.openCode,
          session.id,
          (loaded) => loaded.some(copied) || loaded.length >= mostMessages,
        );
        return messages.findLast(copied)?.info.time.created;
      }),
  );
  return ends.includes(undefined) ? undefined : Math.min(...ends.filter((time) => time !== undefined));
}

/** The session with which the way from that ancestor to this one left it: what was said there since stands in no other. */
function partedAt(
  sessions: LoadComparisonDeps['sessions'],
  session: Session,
  ancestor: string,
): Pick<Session, 'time'> {
  const way = ancestorsOf(sessions, session).map(({ id }) => id);
  return sessions.get(way[way.indexOf(ancestor) - 1] ?? session.id) ?? session;
}

async function readSession(
  deps: LoadComparisonDeps,
  session: Session,
  end: number | undefined,
): Promise<ReadSession> {
  let isCut = false;
  const reaches = (loaded: readonly MessageWithParts[]): boolean =>
    end !== undefined && (loaded[0]?.info.time.created ?? Infinity) <= end;
  const [messages, loaded, todos] = await Promise.all([
    loadMessagesBack(deps.openCode, session.id, (some) => {
      isCut = some.length >= mostMessages && !reaches(some);
      return isCut || reaches(some);
    }),
    loadChangesSince(deps, session, end),
    deps.openCode.abilities.todos ? deps.openCode.listTodos(session.id) : undefined,
  ]);
  return {
    session,
    messages: withoutReverted(messages, session.revert),
    isCut,
    loaded,
    todos: todos && countTodos(todos),
  };
}

/** What is known of one of them by itself, since the point on where they part. */
function countOne(
  deps: LoadComparisonDeps,
  { session, isCut, loaded, todos }: ReadSession,
  given: {
    readonly own: readonly MessageWithParts[];
    readonly last: MessageWithParts | undefined;
    readonly now: number;
  },
) {
  const { own, last, now } = given;
  const { directory } = session;
  const state = deps.stateOf(session.id);
  const since = last?.info.time.created ?? session.time.created;
  const below = new Set(subagentsBelow(deps.sessions.all(), session.id));
  const subagents = deps.sessions.all().filter(({ id, time }) => below.has(id) && time.created >= since);
  const figures = readFigures({
    messages: own,
    directory,
    subagents,
    waits: deps.waits.of(session.id),
    isWorking: goesOn.has(state.kind),
    now,
  });
  return {
    session,
    directory,
    loaded,
    changes: loaded.changes,
    named: namedFiles(own, directory),
    hasSubagents: subagents.length > 0,
    spans: figures.spans,
    figures,
    todos,
    state,
    outcome: judgeMessages(own),
    notes: [
      ...loaded.notes,
      ...(isCut ? [l10n.t('Messages before the latest {0} are not counted.', mostMessages)] : []),
    ],
  };
}

const goesOn: ReadonlySet<SessionState['kind']> = new Set(['busy', 'retry', 'permission', 'question']);

/** A file of which nobody knows whose change it was. */
function noteContested(attributed: readonly Attributed[]): readonly string[] {
  const paths = [...new Set(attributed.flatMap(({ contested }) => contested))].toSorted();
  if (paths.length === 0) return [];
  return [
    l10n.t(
      'Changed while several of them worked in the same folder, so that nobody knows whose change it was last: {0}.',
      nameFiles(paths),
    ),
  ];
}

function noteOfOthers({ ofOthers }: Attributed): readonly string[] {
  if (ofOthers.length === 0) return [];
  return [
    l10n.t(
      'not counted, since only calls of others that worked meanwhile name them: {0}.',
      nameFiles(ofOthers),
    ),
  ];
}

function nameFiles(paths: readonly string[]): string {
  const more = paths.length - namedPaths;
  const named = paths.slice(0, namedPaths).join(', ');
  return more > 0 ? l10n.t('{0} and {1} more', named, more) : named;
}
