import type { ServerEvent } from '../../protocol/events.ts';
import type { ChangesFigure } from '../../protocol/page/header.ts';
import type { Message, MessageWithParts, Part, Session, SessionStatus } from '../../protocol/records.ts';
import { Emitter, type Disposable } from '../event.ts';
import { isSame } from '../isSame.ts';
import type { MessagePage, PageEnd } from '../ports/openCode.ts';
import type { DirectorySnapshot, Look, ServerSink } from '../ports/serverSink.ts';
import { sizeOf, withoutTexts } from './changedFile.ts';
import { addPart, beginTurn, changesOf, type ChangedTurn, readTurns } from './changedTurn.ts';
import { toFigure } from './changesFigure.ts';
import { type FigureMemory, lookOf } from './figureMemory.ts';
import { foldChanges } from './foldChanges.ts';
import { standingTurns } from './standingTurns.ts';

interface KnownSessions {
  get(sessionId: string): Session | undefined;
  status(sessionId: string): SessionStatus;
}

interface Counted {
  /** All standing turns are in it. */
  readonly isWhole: boolean;
  readonly figure: ChangesFigure | undefined;
  readonly files: readonly string[];
}

const forgetful: FigureMemory = {
  get: () => undefined,
  remember: () => undefined,
  forget: () => undefined,
};

const nothing: Counted = { isWhole: false, figure: undefined, files: [] };

/** What is known of one session. */
interface Kept {
  readonly turns: Map<string, ChangedTurn>;
  /** The prompts of the latest answers, by the answers' ids: parts name their own message alone. */
  readonly prompts: Map<string, string>;
  /** Up to which page back the messages are known; undefined: from the first on. */
  before: string | undefined;
  /** When the oldest and the newest message that were seen were made. */
  oldest: number;
  newest: number;
  /** Something may have happened that nobody told of. */
  isOld: boolean;
  updated: number | undefined;
  /** Characters of its texts. */
  size: number;
  /** Of the turns that stand, as of this revert. */
  counted: { readonly revert: string; readonly counted: Counted } | undefined;
}

/** Characters of texts that are kept for one session, and for all. */
const textLimits = { session: 1_000_000, all: 10_000_000 };

const sessionLimit = 500;
const promptLimit = 100;
const turnLimit = 1_000;

/** No page was read: only what events told is known. */
const unread = 'unread';

/**
 * How much sessions changed in the files, as far as it was seen: in events, and in messages that somebody read. Nothing is
 * read from the server here. A figure that was whole is remembered for as long as nothing happens in its session.
 */
export class SessionChanges implements ServerSink, Disposable {
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();
  readonly #sessions: KnownSessions;
  readonly #memory: FigureMemory;
  /** Those that were touched last are the last. */
  readonly #kept = new Map<string, Kept>();

  readonly onDidChange = this.#didChange.event;

  constructor(sessions: KnownSessions, memory: FigureMemory = forgetful) {
    this.#sessions = sessions;
    this.#memory = memory;
  }

  /** By the turns of the session itself that stand; undefined: nothing is known. */
  figure(session: Session): ChangesFigure | undefined {
    const known = this.#count(session);
    if (known?.isWhole === true) return known.figure;
    const kept = this.#memory.get(session.id);
    return kept?.look === lookOf(session) ? kept.figure : known?.figure;
  }

  /** The paths of the files that these turns changed, as far as that is known; of a renamed one also the path that it had. */
  files(session: Session): readonly string[] {
    return this.#count(session)?.files ?? [];
  }

  /** Takes messages that the server was asked for: the newest ones, or those before a cursor. */
  see(sessionId: string, asked: { readonly before?: PageEnd }, { messages, before }: MessagePage): void {
    const session = this.#sessions.get(sessionId);
    const [first, last] = [messages[0], messages.at(-1)];
    if (session === undefined || first === undefined || last === undefined) return;
    const kept = this.#touch(sessionId);
    if (asked.before === undefined) this.#seeNewest(kept, messages, before);
    else if (asked.before === kept.before) kept.before = before;
    else return;
    kept.oldest = Math.min(kept.oldest, first.info.time.created);
    kept.newest = Math.max(kept.newest, last.info.time.created);
    for (const turn of readTurns(session, messages)) mergeTurn(kept, turn);
    this.#tell(sessionId, kept);
  }

  reset(_snapshot?: readonly DirectorySnapshot[]): void {
    for (const [sessionId, kept] of this.#kept) {
      kept.isOld = true;
      this.#tell(sessionId, kept);
    }
  }

  compare({ snapshot, told }: Look): void {
    for (const { id, time } of snapshot.flatMap(({ sessions }) => sessions)) {
      const kept = this.#kept.get(id);
      if (kept === undefined || told.records.has(id)) continue;
      if (kept.updated !== undefined && kept.updated !== time.updated) {
        kept.isOld = true;
        this.#tell(id, kept);
      }
      kept.updated = time.updated;
    }
  }

  apply(event: ServerEvent): void {
    switch (event.type) {
      case 'session.created': {
        const kept = this.#touch(event.properties.info.id);
        kept.before = undefined;
        break;
      }
      case 'session.updated': {
        const { id, time } = event.properties.info;
        const kept = this.#kept.get(id);
        if (kept !== undefined) kept.updated = time.updated;
        this.#remember(id);
        break;
      }
      case 'session.status':
        this.#remember(event.properties.sessionID);
        break;
      case 'session.deleted':
        this.#kept.delete(event.properties.info.id);
        this.#memory.forget(event.properties.info.id);
        break;
      case 'message.updated':
        this.#applyMessage(event.properties.info);
        break;
      case 'message.removed': {
        const { sessionID, messageID } = event.properties;
        const kept = this.#kept.get(sessionID);
        if (kept?.turns.delete(messageID)) this.#tell(sessionID, kept);
        break;
      }
      case 'message.part.updated':
        this.#applyPart(event.properties.part);
        break;
      default:
    }
  }

  dispose(): void {
    this.#didChange.dispose();
  }

  #applyMessage(info: Message): void {
    const session = this.#sessions.get(info.sessionID);
    if (session === undefined) return;
    if (info.role === 'assistant') {
      const prompts = this.#kept.get(info.sessionID)?.prompts;
      prompts?.set(info.id, info.parentID);
      forgetFirst(prompts, promptLimit);
      return;
    }
    const kept = this.#touch(info.sessionID);
    const turn = beginTurn(session, info);
    const known = kept.turns.get(info.id);
    kept.newest = Math.max(kept.newest, turn.created);
    if (known === undefined) kept.turns.set(info.id, turn);
    else known.snapshot = turn.snapshot;
    if (known !== undefined || turn.snapshot.length > 0) this.#tell(info.sessionID, kept);
  }

  #applyPart(part: Part): void {
    if (part.type !== 'patch' && (part.type !== 'tool' || part.state.status !== 'completed')) return;
    const session = this.#sessions.get(part.sessionID);
    const kept = this.#kept.get(part.sessionID);
    const turn = kept?.turns.get(kept.prompts.get(part.messageID) ?? '');
    if (session === undefined || kept === undefined || turn === undefined) return;
    if (addPart(session, turn, part)) this.#tell(part.sessionID, kept);
  }

  /** Where the page does not reach what was known, something is missing between. */
  #seeNewest(kept: Kept, messages: readonly MessageWithParts[], before: string | undefined): void {
    const first = messages[0]?.info.time.created ?? 0;
    const joinsOn = kept.before !== unread && (before === undefined || first <= kept.newest);
    const isAnew = !joinsOn || before === undefined;
    const last = messages.at(-1)?.info.time.created ?? 0;
    // What came since was told by events; what the page does not hold is gone.
    for (const [id, { created }] of kept.turns) {
      if (created <= last && (isAnew || created >= first)) kept.turns.delete(id);
    }
    if (isAnew) kept.before = before;
    if (!joinsOn) kept.oldest = first;
    kept.isOld = false;
  }

  #count(session: Session): Counted | undefined {
    const kept = this.#kept.get(session.id);
    if (kept === undefined) return undefined;
    const revert = JSON.stringify([session.revert?.messageID, session.revert?.partID]);
    if (kept.counted?.revert !== revert) kept.counted = { revert, counted: count(session, kept) };
    return kept.counted.counted;
  }

  #touch(sessionId: string): Kept {
    const known = this.#kept.get(sessionId);
    const kept = known ?? begin();
    this.#kept.delete(sessionId);
    this.#kept.set(sessionId, kept);
    forgetFirst(this.#kept, sessionLimit);
    return kept;
  }

  #tell(sessionId: string, kept: Kept): void {
    this.#clamp(kept);
    const before = kept.counted?.counted ?? nothing;
    kept.counted = undefined;
    const session = this.#sessions.get(sessionId);
    this.#remember(sessionId);
    if (!isSame(before, (session && this.#count(session)) ?? nothing)) this.#didChange.fire({ sessionId });
  }

  /** A run that goes on may change more while the session's record stays as it is. */
  #remember(sessionId: string): void {
    const session = this.#sessions.get(sessionId);
    if (session === undefined || this.#sessions.status(sessionId).type !== 'idle') return;
    const { isWhole, figure } = this.#count(session) ?? nothing;
    if (!isWhole || figure === undefined) return;
    const kept = { look: lookOf(session), figure };
    if (!isSame(kept, this.#memory.get(sessionId))) this.#memory.remember(sessionId, kept);
  }

  #clamp(kept: Kept): void {
    forgetTurns(kept);
    kept.size = textSize(kept);
    if (kept.size > textLimits.session) dropTexts(kept);
    let all = [...this.#kept.values()].reduce((sum, { size }) => sum + size, 0);
    for (const other of this.#kept.values()) {
      if (all <= textLimits.all) return;
      all -= other.size;
      dropTexts(other);
    }
  }
}

function begin(): Kept {
  return {
    turns: new Map(),
    prompts: new Map(),
    before: unread,
    oldest: Infinity,
    newest: 0,
    isOld: false,
    updated: undefined,
    size: 0,
    counted: undefined,
  };
}

function count(session: Session, kept: Kept): Counted {
  const turns = [...kept.turns.values()].toSorted((a, b) => a.created - b.created);
  const standing = standingTurns(session, turns);
  const changes = foldChanges(standing.turns.map(changesOf));
  const isWhole = !kept.isOld && (kept.before === undefined || kept.oldest < session.time.created);
  const isSummed = changes.some(({ path, lacks }) => lacks === 'large' && isOften(path, standing.turns));
  const isKnown = isWhole || changes.length > 0;
  return {
    isWhole,
    figure: isKnown ? toFigure(changes, !isWhole || isSummed || standing.isCut) : undefined,
    files: [
      ...new Set([
        ...changes.flatMap(({ path, from }) => [path, ...(from === undefined ? [] : [from])]),
        ...seenAlone(standing.turns),
      ]),
    ],
  };
}

/** The files of turns that run, or of which there is no more than that snapshots saw them change. */
function seenAlone(turns: readonly ChangedTurn[]): readonly string[] {
  return turns.flatMap(({ snapshot, seen }) => (snapshot.length === 0 ? [...seen] : []));
}

/** Whether more than one turn changed the file. */
function isOften(path: string, turns: readonly ChangedTurn[]): boolean {
  return turns.filter((turn) => changesOf(turn).some((change) => change.path === path)).length > 1;
}

/** What a page holds of a turn may be a part of it. */
function mergeTurn(kept: Kept, turn: ChangedTurn): void {
  const known = kept.turns.get(turn.messageId);
  kept.turns.set(turn.messageId, turn);
  if (known === undefined) return;
  for (const [id, told] of known.told) if (!turn.told.has(id)) turn.told.set(id, told);
  for (const path of known.seen) turn.seen.add(path);
}

function textSize({ turns }: Kept): number {
  let size = 0;
  for (const turn of turns.values()) for (const change of changesOf(turn)) size += sizeOf(change);
  return size;
}

function dropTexts(kept: Kept): void {
  kept.size = 0;
  for (const turn of kept.turns.values()) {
    turn.snapshot = turn.snapshot.map(withoutTexts);
    for (const [id, changes] of turn.told) turn.told.set(id, changes.map(withoutTexts));
  }
}

/** Of so many turns the first are no longer known. */
function forgetTurns(kept: Kept): void {
  if (kept.turns.size <= turnLimit) return;
  forgetFirst(kept.turns, turnLimit);
  kept.before ??= unread;
  kept.oldest = Infinity;
}

function forgetFirst(map: Map<string, unknown> | undefined, limit: number): void {
  const [first] = map?.keys() ?? [];
  if (map !== undefined && map.size > limit && first !== undefined) map.delete(first);
}
