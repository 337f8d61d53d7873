import { filesOfCalls, isToldByCalls } from '../../core/entries/toldPatch.ts';
import type { PartEntry, ToolEntry } from '../../protocol/page/entries.ts';
import { beginsAnswer, isFailed } from './answerFigures.ts';
import type { Entries, Message } from './entries.ts';

/** Calls that follow each other, with nothing between them but thoughts and marks; a group goes over messages. */
export interface CallGroup {
  /** The id of its first call: it stays while the group grows. */
  readonly id: string;
  /** The message of its first call. */
  readonly messageId: string;
  readonly calls: readonly ToolEntry[];
  /** The ids of all calls among which it is, also of those that stay in view. */
  readonly among: readonly string[];
  /** The ids of its parts, from the first call to the last, with what stands between them. */
  readonly partIds: readonly string[];
  /** Whether the turn has said nothing since. */
  readonly isLast: boolean;
}

/** The shape of a turn: what of its work is folded together, and where it says something. */
export interface TurnShape {
  readonly messageIds: readonly string[];
  readonly groups: readonly CallGroup[];
  readonly byPart: ReadonlyMap<string, CallGroup>;
  /** The texts that come right after calls. */
  readonly afterCalls: ReadonlySet<string>;
  /** The one of them after which no call comes. */
  readonly answerId: string | undefined;
  /** Patches that name nothing but what calls beside them name. */
  readonly told: ReadonlySet<string>;
}

/** The end of the turn in which the message at `from` stands: its index is no longer one of the turn. */
export function turnEnd(entries: Entries, from: number): number {
  const { all } = entries;
  let end = from + 1;
  while (end < all.length && all[end]?.head.role === 'assistant' && !entries.isMissingBefore(end)) end += 1;
  return end;
}

/** Where the turn begins in which the message at `index` stands, as far as it is here. */
export function turnStart(entries: Entries, index: number): number {
  const { all } = entries;
  let start = index;
  while (start > 0 && all[start]?.head.role === 'assistant' && !entries.isMissingBefore(start)) start -= 1;
  return start;
}

/** Of a session that works: whether the turn up to `to` runs; later prompts perhaps wait for its next step. */
export function isRunningTurn(messages: readonly Message[], to: number): boolean {
  if (to === messages.length) return true;
  const last = messages[to - 1]?.head;
  // Between two steps of a run none is open.
  const isOpen = last?.role === 'assistant' && (last.completed === undefined || last.finish === 'tool-calls');
  return isOpen && messages.slice(to).every(({ head }) => head.role === 'user');
}

/** What decides which calls stay in view. */
export interface ShapeState {
  /** The calls for which a person is to give leave. */
  readonly asked: ReadonlySet<string>;
  /** The turn runs no more, nor did while it was read: what it changed is what is looked for. */
  readonly isOver: boolean;
}

/** So many changes of a turn that is over stay in view; where there are more, the lines of their groups name them. */
const mostChangesInView = 8;

/** The shape of the turn from one index up to another. */
export function shapeTurn(
  messages: readonly Message[],
  from: number,
  to: number,
  { asked, isOver }: ShapeState,
): TurnShape {
  const turn = messages.slice(from, to);
  const inView = callsInView(turn, asked);
  const changes = isOver ? changesInView(turn) : new Set<string>();
  const shaping = new Shaping();
  for (const [at, { head, parts }] of turn.entries()) {
    if (beginsAnswer(messages, from + at)) shaping.close();
    for (const part of parts) {
      if (part.type === 'tool' && changes.has(part.id)) shaping.addChangeInView(part.id);
      else if (part.type === 'tool' && !inView.has(part.id)) shaping.addCall(head.id, part);
      else if (part.type === 'tool') shaping.addCallInView();
      else if (isQuiet(part)) shaping.addQuiet(part.id);
      else shaping.addWords(part);
    }
    if (head.error !== undefined) shaping.close();
  }
  return shaping.finish(turn);
}

/** Puts a turn together, part by part. */
class Shaping {
  readonly #groups: (CallGroup & { isLast: boolean })[] = [];
  readonly #afterCalls = new Set<string>();
  #messageId = '';
  #calls: ToolEntry[] = [];
  #partIds: string[] = [];
  #among: string[] = [];
  /** What came since the last call, and belongs to the group once another call comes. */
  #pending: string[] = [];
  #hasCalled = false;
  #answerId: string | undefined;

  addCall(messageId: string, call: ToolEntry): void {
    if (this.#calls.length === 0) this.#messageId = messageId;
    this.#calls.push(call);
    this.#among.push(call.id);
    this.#partIds.push(...this.#pending, call.id);
    this.#pending = [];
    this.#called();
  }

  /** The calls around it fold together, and it stands below their line. */
  addChangeInView(partId: string): void {
    this.#among.push(partId);
    if (this.#calls.length > 0) this.#partIds.push(...this.#pending);
    this.#pending = [];
    this.#called();
  }

  addCallInView(): void {
    this.close();
    this.#called();
  }

  addQuiet(partId: string): void {
    if (this.#calls.length > 0) this.#pending.push(partId);
  }

  addWords({ id, type }: PartEntry): void {
    this.close();
    for (const group of this.#groups) group.isLast = false;
    if (type !== 'text' || !this.#hasCalled) return;
    this.#hasCalled = false;
    this.#afterCalls.add(id);
    this.#answerId = id;
  }

  close(): void {
    const [first] = this.#calls;
    if (first !== undefined && this.#calls.length > 1) {
      const [messageId, calls, partIds, among] = [this.#messageId, this.#calls, this.#partIds, this.#among];
      this.#groups.push({ id: first.id, messageId, calls, among, partIds, isLast: true });
    }
    [this.#calls, this.#partIds, this.#pending, this.#among] = [[], [], [], []];
  }

  finish(turn: readonly Message[]): TurnShape {
    this.close();
    return {
      messageIds: turn.map(({ head }) => head.id),
      groups: this.#groups,
      byPart: new Map(this.#groups.flatMap((group) => group.partIds.map((id) => [id, group] as const))),
      afterCalls: this.#afterCalls,
      answerId: this.#answerId,
      told: new Set(turn.flatMap(({ parts }) => toldPatches(parts))),
    };
  }

  #called(): void {
    this.#hasCalled = true;
    this.#answerId = undefined;
  }
}

/** What a person does not read beside calls. */
function isQuiet(part: PartEntry): boolean {
  switch (part.type) {
    case 'step-start':
    case 'step-finish':
    case 'snapshot':
    case 'reasoning':
    case 'patch':
    case 'retry':
      return true;
    case 'text':
      // One that has only begun is about to say something.
      return part.done === true && part.text.trim() === '';
    default:
      return false;
  }
}

/**
 * The calls that are never folded away: those by which a person is or was asked, those that a person is to allow, that
 * was cut off, and a change of a file that failed, unless the file was changed later in the turn. What failed to find or
 * to read something, the model saw and went on from; that is counted.
 */
function callsInView(turn: readonly Message[], asked: ReadonlySet<string>): ReadonlySet<string> {
  const inView = new Set<string>();
  const changedLater = new Set<string>();
  for (const { parts } of turn.toReversed()) {
    for (const part of parts.toReversed()) {
      if (part.type !== 'tool') continue;
      const { id, kind, status, given, callId } = part;
      const path = given.path ?? '';
      if (kind === 'askPerson' || kind === 'proposePlan' || status === 'interrupted') inView.add(id);
      else if (callId !== undefined && asked.has(callId)) inView.add(id);
      else if (isChange(part) && isFailed(part) && !changedLater.has(path)) inView.add(id);
      if (isChange(part) && status === 'completed') changedLater.add(path);
    }
  }
  return inView;
}

/** The changes that were made in a turn, unless there are too many to stand there one by one. */
function changesInView(turn: readonly Message[]): ReadonlySet<string> {
  const made = turn.flatMap(({ parts }) =>
    parts.flatMap((part) =>
      part.type === 'tool' && isChange(part) && part.status === 'completed' ? [part.id] : [],
    ),
  );
  return new Set(made.length > mostChangesInView ? [] : made);
}

const isChange = ({ kind }: ToolEntry): boolean => kind === 'editFile' || kind === 'writeFile';

function toldPatches(parts: readonly PartEntry[]): readonly string[] {
  const patches = parts.filter((part) => part.type === 'patch');
  if (patches.length === 0) return [];
  const changed = filesOfCalls(parts);
  return patches.filter(({ files }) => isToldByCalls(files, changed)).map(({ id }) => id);
}
