import type { Answer, WaitingPrompt } from './productWindow.ts';
import type { SeenMessage, SeenSession } from './witness.ts';

/** A prompt of the round: what was asked for, and what the person was told. */
export interface AskedPrompt {
  /** Stands in its text and nowhere else. */
  readonly id: string;
  readonly agent: string;
  readonly model: string;
  /** The session that it is for; undefined: one that is made for it. */
  readonly sessionId: string | undefined;
  /** Whether it is to be answered; what is only told is not. */
  readonly isAnswered: boolean;
  /** The one before it in its chain or queue, which is to be answered first. */
  readonly afterId?: string;
  /** undefined: the person was told nothing, since the act never came to an end. */
  readonly answer: Answer | undefined;
  /** Whether the window that asked is gone, so that nobody could be told. */
  readonly isAbandoned: boolean;
  /** Where the person finds its text now; empty: nowhere. */
  readonly heldIn: readonly string[];
}

/** A request that the model received. */
export interface SeenRequest {
  readonly model: string;
  readonly system: string;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
}

/** One window after all has become quiet. */
export interface SeenWindow {
  readonly name: string;
  readonly state: string;
  readonly sessions: readonly {
    readonly id: string;
    readonly record: unknown;
    readonly isBusy: boolean;
    readonly isRunning: boolean;
  }[];
  readonly waiting: readonly WaitingPrompt[];
}

/** A request to the server, as the proxy saw it. */
export interface SeenExchange {
  readonly method: string;
  readonly path: string;
  readonly time: number;
  readonly reachedServer: boolean;
  readonly serverStatus: number | undefined;
  readonly answered: 'nothing' | 'part' | 'whole';
  readonly isHarmed: boolean;
}

/** All that is known of a round once it is quiet, or once patience has come to its end. */
export interface Seen {
  readonly prompts: readonly AskedPrompt[];
  /** Sessions that a round may leave: those that it began with, and those that strangers made. */
  readonly knownSessionIds: ReadonlySet<string>;
  readonly sessions: readonly SeenSession[];
  readonly requests: readonly SeenRequest[];
  readonly windows: readonly SeenWindow[];
  readonly exchanges: readonly SeenExchange[];
  /** All sentences that the person was shown. */
  readonly told: readonly string[];
  readonly wasServerKilled: boolean;
}

export type ViolationKind =
  | 'lost'
  | 'doubled'
  | 'wrong agent or model'
  | 'wrong session'
  | 'success told that was none'
  | 'failure told of what arrived'
  | 'offered again although it arrived'
  | 'never answered'
  | 'out of order'
  | 'sent on after a cut'
  | 'deleted with a prompt in it'
  | 'left behind'
  | 'dangling compaction'
  | 'not equal to the server'
  | 'waits without a reason'
  | 'never ends'
  | 'hot loop'
  | 'no sentence';

export interface Violation {
  readonly kind: ViolationKind;
  readonly expected: string;
  readonly seen: string;
}

/** Stands behind what a person would be shown of an error that was made for nobody to read. */
export const withoutSentence = '(no sentence)';

/** What the server changes without telling anybody (1.18): a fork has the figures of what it copied. */
const untold: ReadonlySet<string> = new Set(['cost', 'tokens']);

/** What a round did against what is promised. */
export function judge(seen: Seen): readonly Violation[] {
  return [
    ...seen.prompts.flatMap((prompt) => judgePrompt(seen, prompt)),
    ...seen.prompts.flatMap((prompt) => judgeOrder(seen, prompt)),
    ...judgeSessions(seen),
    ...judgeDeletions(seen),
    ...seen.windows.flatMap((window) => judgeWindow(seen, window)),
    ...judgeLoad(seen.exchanges),
  ];
}

function judgePrompt(seen: Seen, prompt: AskedPrompt): Violation[] {
  const stored = findStored(seen, prompt);
  const begun = seen.requests.filter((request) => isTurnOf(request, prompt));
  const reached = seen.requests.filter(({ messages }) =>
    messages.some(({ text }) => text.includes(prompt.id)),
  );
  const isThere = stored.length > 0 || reached.length > 0;
  const where = `${prompt.id} is ${describePlace(stored, reached.length)}`;
  const violations: Violation[] = [];
  const add = (kind: ViolationKind, expected: string, what = where): void =>
    void violations.push({
      kind,
      expected,
      seen: `${what}; told ${describeAnswer(prompt)}; held in [${prompt.heldIn.join(', ')}]`,
    });

  const repeated = Math.max(0, ...reached.map((request) => countIn(request, prompt.id)));
  if (stored.length > 1 || begun.length > 1 || repeated > 1) {
    add(
      'doubled',
      'once on the server and once before the model',
      `${where}, began ${begun.length} turns, ${repeated} times in one request`,
    );
  }
  if (!isThere && prompt.heldIn.length === 0) {
    if (prompt.answer?.kind === 'done')
      add('success told that was none', 'that it arrived, or that the person holds it');
    else add('lost', 'that it arrived, or that the person holds it');
  }
  if (isThere && prompt.answer?.kind === 'failed')
    add('failure told of what arrived', 'that it arrived, or that it is not known');
  if (isThere && prompt.heldIn.length > 0 && prompt.answer?.kind !== 'failed') {
    add('offered again although it arrived', 'that nobody holds what has arrived');
  }
  if (prompt.isAnswered && stored.length > 0 && reached.length === 0 && !isSeenAsCut(seen, stored)) {
    add('never answered', 'that the model reads what is stored, or that its transcript ends with it');
  }
  if (prompt.answer?.kind === 'failed' && prompt.answer.sentence.endsWith(withoutSentence)) {
    add('no sentence', 'a sentence that says what happened and what to do');
  }
  if (prompt.answer === undefined && !prompt.isAbandoned)
    add('never ends', 'that the act comes to an end that is told');
  return [...violations, ...judgeTarget(prompt, stored, begun)];
}

function judgeTarget(
  prompt: AskedPrompt,
  stored: readonly Stored[],
  begun: readonly SeenRequest[],
): Violation[] {
  const violations: Violation[] = [];
  for (const { session, message } of stored) {
    if (message.agent !== prompt.agent || !isModel(message.model, prompt.model)) {
      violations.push({
        kind: 'wrong agent or model',
        expected: `${prompt.agent} with ${prompt.model}`,
        seen: `${prompt.id} was stored for ${message.agent} with ${message.model}`,
      });
    }
    if (prompt.sessionId !== undefined && session.id !== prompt.sessionId) {
      violations.push({
        kind: 'wrong session',
        expected: prompt.sessionId,
        seen: `${prompt.id} is in ${session.id} “${session.title}”`,
      });
    }
  }
  for (const { model, system, messages } of begun) {
    // Where another prompt came at the same moment, the run is of both.
    if (trailing(messages).length !== 1) continue;
    const isReviewer = system.includes('You review changes and say what is wrong');
    if (isReviewer !== (prompt.agent === 'reviewer') || !prompt.model.includes(`/${model}`)) {
      violations.push({
        kind: 'wrong agent or model',
        expected: `${prompt.agent} with ${prompt.model}`,
        seen: `${prompt.id} was answered by ${isReviewer ? 'reviewer' : 'another agent'} with ${model}`,
      });
    }
  }
  return violations;
}

/** A leg goes only after the answer to the leg before it, and not at all where that was cut. */
function judgeOrder(seen: Seen, prompt: AskedPrompt): Violation[] {
  const { afterId } = prompt;
  if (afterId === undefined) return [];
  const [stored] = findStored(seen, prompt);
  if (stored === undefined) return [];
  const { messages } = stored.session;
  const place = messages.indexOf(stored.message);
  const before = messages.findIndex(({ role, text }) => role === 'user' && text.includes(afterId));
  if (before === -1 || before > place) {
    return [
      { kind: 'out of order', expected: `${afterId} before ${prompt.id}`, seen: describeMessages(messages) },
    ];
  }
  const between = messages.slice(before, place);
  const isFinished = between.some(
    ({ role, parentId, isCompleted, error }) =>
      role === 'assistant' && parentId === messages[before]?.id && isCompleted && error === undefined,
  );
  if (isFinished) return [];
  return [
    {
      kind: 'sent on after a cut',
      expected: `${prompt.id} only after an answer to ${afterId}`,
      seen: describeMessages(messages),
    },
  ];
}

function judgeSessions(seen: Seen): Violation[] {
  return seen.sessions.flatMap((session) => {
    const violations: Violation[] = [];
    const last = session.messages.findLastIndex(({ isCompaction }) => isCompaction);
    const isSummed = session.messages
      .slice(last + 1)
      .some(({ isSummary, isCompleted, error }) => isSummary && isCompleted && error === undefined);
    if (last !== -1 && !isSummed && !session.isBusy) {
      violations.push({
        kind: 'dangling compaction',
        expected: 'a summary, or no request for one',
        seen: describeMessages(session.messages),
      });
    }
    const isOurs = seen.knownSessionIds.has(session.id);
    const isUsed = seen.prompts.some(({ id }) =>
      session.messages.some(({ role, text, isCopied }) => role === 'user' && !isCopied && text.includes(id)),
    );
    const isNamed = seen.prompts.some(
      ({ answer }) => answer?.kind === 'done' && answer.sessionId === session.id,
    );
    if (!isOurs && !isUsed && !isNamed && !isToldOf(seen, session)) {
      violations.push({
        kind: 'left behind',
        expected: 'no session that nobody was told of',
        seen: `${session.id} “${session.title}” with ${session.messages.length} messages`,
      });
    }
    return violations;
  });
}

/** Where a session is named that was made although its prompt did not come, or in whose composer that stands. */
const toldOf = [
  /“([^”]+)”(?: \(maybe still named “([^”]+)”\))? was made, but /g,
  /stands in the composer of “([^”]+)”/g,
  /^The prompt of the (?:fork|hand off) did not reach “([^”]+)”\. Send the draft again/g,
];

/** Whether it was said that this very session is there, though not that its prompt came: by a name that no other one has. */
function isToldOf({ sessions, told }: Seen, { title }: SeenSession): boolean {
  if (sessions.filter((session) => session.title === title).length > 1) return false;
  return told.some((sentence) =>
    toldOf.some((pattern) => [...sentence.matchAll(pattern)].some((names) => names.slice(1).includes(title))),
  );
}

/** No session is deleted into which a prompt went that the server took, or may have taken. */
function judgeDeletions({ exchanges }: Seen): Violation[] {
  return exchanges.flatMap((deletion, index) => {
    const [, id] = /^\/session\/(ses_\w+)(?:\?|$)/.exec(deletion.path) ?? [];
    if (deletion.method !== 'DELETE' || id === undefined || !deletion.reachedServer) return [];
    const prompt = exchanges
      .slice(0, index)
      .find(
        ({ path, reachedServer, serverStatus }) =>
          path.startsWith(`/session/${id}/prompt_async`) &&
          reachedServer &&
          (serverStatus === undefined || serverStatus < 300),
      );
    if (prompt === undefined) return [];
    return [
      {
        kind: 'deleted with a prompt in it',
        expected: 'that a session stays while something may run in it',
        seen: `DELETE of ${id} ${Math.round(deletion.time - prompt.time)} ms after its prompt`,
      },
    ];
  });
}

function judgeWindow(seen: Seen, window: SeenWindow): Violation[] {
  const violations: Violation[] = [];
  const differ = (expected: string, what: string): void =>
    void violations.push({
      kind: 'not equal to the server',
      expected,
      seen: `window ${window.name}: ${what}`,
    });
  if (window.state !== 'live') differ('a live connection', window.state);
  const shown = new Map(window.sessions.map((session) => [session.id, session]));
  for (const session of seen.sessions) {
    const own = shown.get(session.id);
    if (own === undefined) differ(`session ${session.id} “${session.title}”`, 'it is missing');
    else if (!isSame(own.record, session.record))
      differ(JSON.stringify(session.record), JSON.stringify(own.record));
    if (own !== undefined && (own.isBusy !== session.isBusy || own.isRunning !== session.isBusy)) {
      differ(
        `${session.id} ${session.isBusy ? 'works' : 'idle'}`,
        `status ${own.isBusy ? 'works' : 'idle'}, turn ${own.isRunning ? 'runs' : 'over'}`,
      );
    }
  }
  const there = new Set(seen.sessions.map(({ id }) => id));
  for (const { id } of window.sessions) if (!there.has(id)) differ('no session that is gone', id);
  const busy = new Set(seen.sessions.filter(({ isBusy }) => isBusy).map(({ id }) => id));
  for (const { sessionId, text, isBeingSent } of findUnexplained(window.waiting)) {
    if (busy.has(sessionId) && !isBeingSent) continue;
    violations.push({
      kind: 'waits without a reason',
      expected: 'that it is sent, or says why it waits',
      seen: `window ${window.name}: “${text.slice(0, 60)}” ${isBeingSent ? 'is said to be on its way' : 'waits in an idle session'}`,
    });
  }
  return violations;
}

/** What waits and does not say why, nor stands behind something in the same session that does. */
export function findUnexplained(waiting: readonly WaitingPrompt[]): readonly WaitingPrompt[] {
  const explained = new Set<string>();
  return waiting.filter(({ sessionId, reason = '' }) => {
    if (reason !== '') explained.add(sessionId);
    return !explained.has(sessionId);
  });
}

/**
 * So many requests for one thing within so many milliseconds are a loop without a pause: those that came to nothing, those
 * that write, and all of them.
 */
const hotAfter = 2_000;
const hotKinds: readonly {
  readonly name: string;
  readonly count: number;
  readonly is: (exchange: SeenExchange) => boolean;
}[] = [
  {
    name: 'failing requests',
    count: 14,
    is: ({ isHarmed, answered, serverStatus = 0 }) => isHarmed || answered !== 'whole' || serverStatus >= 400,
  },
  { name: 'writes', count: 20, is: ({ method }) => method !== 'GET' },
  { name: 'requests', count: 60, is: () => true },
];

function judgeLoad(exchanges: readonly SeenExchange[]): Violation[] {
  return hotKinds.flatMap(({ name, count, is }) => {
    const routes = Map.groupBy(
      exchanges.filter(is),
      ({ method, path }) => `${method} ${path.split('?')[0] ?? ''}`,
    );
    return [...routes].flatMap(([route, all]): Violation[] => {
      const isHot = all.some((exchange, index) => {
        const later = all[index + count - 1];
        return later !== undefined && later.time - exchange.time < hotAfter;
      });
      if (!isHot) return [];
      return [
        {
          kind: 'hot loop',
          expected: `fewer than ${count} ${name} of a kind in ${hotAfter} ms`,
          seen: `${route} ${all.length} times`,
        },
      ];
    });
  });
}

interface Stored {
  readonly session: SeenSession;
  readonly message: SeenMessage;
}

function findStored({ sessions }: Seen, { id }: AskedPrompt): readonly Stored[] {
  return sessions.flatMap((session) =>
    session.messages
      .filter(
        ({ role, text, isCompaction, isCopied }) =>
          role === 'user' && !isCompaction && !isCopied && text.includes(id),
      )
      .map((message) => ({ session, message })),
  );
}

/** Whether the model was asked to answer this prompt: nothing of its own follows it yet. */
function isTurnOf({ messages }: SeenRequest, { id }: AskedPrompt): boolean {
  return trailing(messages).some(({ text }) => text.includes(id));
}

function trailing(messages: SeenRequest['messages']): SeenRequest['messages'] {
  return messages.slice(messages.findLastIndex(({ role }) => role !== 'user') + 1);
}

function countIn({ messages }: SeenRequest, id: string): number {
  return messages.filter(({ role, text }) => role === 'user' && text.includes(id)).length;
}

/** A prompt that a server took along when it was killed: its transcript shows that nobody answers, as nothing follows. */
function isSeenAsCut({ wasServerKilled }: Seen, stored: readonly Stored[]): boolean {
  return (
    wasServerKilled &&
    stored.every(({ session: { messages }, message }) =>
      messages
        .slice(messages.indexOf(message))
        .every(({ role, isCompleted }) => role === 'user' || !isCompleted),
    )
  );
}

/** A model without a variant is stored with the one that is its default (1.18). */
function isModel(stored: string, wanted: string): boolean {
  return stored === wanted || stored === `${wanted}/default`;
}

/** The product reads some of the fields of a record; all that it has is to be as the server has it. */
function isSame(own: unknown, server: unknown): boolean {
  if (own === null || typeof own !== 'object' || Array.isArray(own))
    return canonical(own) === canonical(server);
  if (server === null || typeof server !== 'object') return false;
  return Object.entries(own).every(([key, value]) => {
    const there = (server as Record<string, unknown>)[key];
    if (untold.has(key)) return true;
    return key === 'metadata'
      ? canonical(value) === canonical(there)
      : value === undefined || isSame(value, there);
  });
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

function describePlace(stored: readonly Stored[], requests: number): string {
  return `${stored.length} times on the server and in ${requests} requests`;
}

function describeAnswer({ answer, isAbandoned }: AskedPrompt): string {
  if (answer === undefined) return isAbandoned ? 'nothing (its window is gone)' : 'nothing';
  return answer.kind === 'done' ? 'done' : `${answer.kind}: “${answer.sentence}”`;
}

function describeMessages(messages: readonly SeenMessage[]): string {
  return messages
    .map(({ role, agent, text, isCompleted, isCompaction, isSummary, error }) => {
      const kind = isCompaction
        ? 'compaction'
        : isSummary
          ? 'summary'
          : text.trim().replaceAll(/\s+/g, ' ').slice(0, 50);
      const end =
        role === 'user' ? '' : error !== undefined ? ` (${error})` : isCompleted ? '' : ' (unfinished)';
      return `${role}(${agent}): ${kind}${end}`;
    })
    .join(' | ');
}
