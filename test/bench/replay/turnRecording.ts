import type { Random } from '../answerText.ts';
import { makeId } from '../bigSessions.ts';

/** The session that a recorded turn is told of when it is replayed. */
export interface ReplayedSession {
  readonly id: string;
  /** The server's record of it, without its times. */
  readonly record: Readonly<Record<string, Json>>;
  readonly created: number;
}

export interface TurnPlan {
  readonly session: ReplayedSession;
  /** The answer, one event for each piece. */
  readonly tokens: readonly string[];
  /** When it begins, in milliseconds since 1970. */
  readonly time: number;
  readonly random: Random;
}

/** The events of a turn as the data of the stream of all folders: those before the answer, its pieces, those after it. */
export interface ReplayedTurn {
  readonly start: readonly string[];
  readonly answer: readonly string[];
  readonly end: readonly string[];
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

interface RecordedEvent {
  readonly payload: {
    readonly type: string;
    readonly properties?: { readonly partID?: string; readonly delta?: string };
  };
}

const ids = /\b(?:msg|prt|evt)_[0-9A-Za-z]{26}\b/g;
const times = new Set(['time', 'created', 'updated', 'start', 'end', 'completed']);

/**
 * What the server told while it answered one prompt. It is told again of another session, with another answer, other ids
 * and other times, in whatever form this version of the server has; only into how many pieces the answer is cut does not
 * depend on the machine any more.
 */
export class TurnRecording {
  readonly #events: readonly Json[];
  readonly #sessionId: string;
  readonly #text: string;
  readonly #ids: readonly string[];
  readonly #time: number;
  readonly #pieceAt: number;

  /** `events` are the data of the stream, `sessionId` is the session that was prompted. */
  constructor(events: readonly string[], sessionId: string) {
    const own = events.filter((data) => data.includes(sessionId));
    this.#sessionId = sessionId;
    this.#events = own.map((data) => JSON.parse(data) as Json);
    // As the server sorts them: what is made of them must stand in the same order.
    this.#ids = [...new Set(own.flatMap((data) => data.match(ids) ?? []))].sort((one, other) =>
      one.slice(4) < other.slice(4) ? -1 : 1,
    );
    this.#pieceAt = this.#events.findIndex(isPiece);
    const pieces = this.#events.filter(isPiece);
    this.#text = pieces.map(pieceOf).join('');
    this.#time = Math.min(...own.flatMap((data) => /"created":(\d{13})\}/.exec(data)?.[1] ?? []).map(Number));
    if (this.#pieceAt === -1 || !own.some((data) => data.includes('"session.idle"'))) {
      throw new Error(`The recorded turn of ${sessionId} is not whole: ${own.length} events.`);
    }
  }

  write({ session, tokens, time, random }: TurnPlan): ReplayedTurn {
    const fresh = new Map(
      this.#ids.map((id, index) => [
        id,
        makeId(id.slice(0, 3), BigInt(time) * 0x1000n + BigInt(index + 1), random),
      ]),
    );
    const text = tokens.join('');
    const rewrite = (value: Json, key = ''): Json => {
      if (typeof value === 'string') return this.#rewriteText(value, text, session.id, fresh);
      if (typeof value === 'number') return times.has(key) ? time + Math.max(0, value - this.#time) : value;
      if (value === null || typeof value === 'boolean') return value;
      if (Array.isArray(value)) return value.map((item) => rewrite(item));
      const written = Object.fromEntries(
        Object.entries(value).map(([name, field]) => [name, rewrite(field, name)]),
      );
      return written['id'] === session.id ? asRecordOf(session, written) : written;
    };
    const others = (events: readonly Json[]): string[] =>
      events.filter((event) => !isPiece(event)).map((event) => JSON.stringify(rewrite(event)));
    const [before, after] = JSON.stringify(rewrite(asTemplate(this.#events[this.#pieceAt] ?? null))).split(
      JSON.stringify(mark),
    ) as [string, string];
    // Each event has an id of its own.
    const [eventId = ''] = before.match(/\bevt_\w+/) ?? [];
    const piece = (token: string, index: number): string => {
      const value = BigInt(time) * 0x1000n + BigInt(this.#ids.length + index + 1);
      return before.replace(eventId, makeId('evt', value, random)) + JSON.stringify(token) + after;
    };
    return {
      start: others(this.#events.slice(0, this.#pieceAt)),
      answer: tokens.map(piece),
      end: others(this.#events.slice(this.#pieceAt)),
    };
  }

  #rewriteText(value: string, text: string, sessionId: string, fresh: ReadonlyMap<string, string>): string {
    if (value === this.#sessionId) return sessionId;
    if (value === this.#text) return text;
    // The server ends a text without the space behind it.
    if (value !== '' && value === this.#text.trimEnd()) return text.trimEnd();
    return value.replace(ids, (id) => fresh.get(id) ?? id);
  }
}

/** What was told of the session that was recorded, as the record of the other one. */
function asRecordOf({ record, created }: ReplayedSession, told: Readonly<Record<string, Json>>): Json {
  return { ...told, ...record, time: { ...(told['time'] as Record<string, Json>), created } };
}

/** Stands for a piece of the answer. */
const mark = '\u{1}piece\u{1}';

function isPiece(event: Json): boolean {
  return (event as unknown as RecordedEvent).payload.type === 'message.part.delta';
}

function pieceOf(event: Json): string {
  return (event as unknown as RecordedEvent).payload.properties?.delta ?? '';
}

/** The event of one piece, with the mark in its place. */
function asTemplate(event: Json): Json {
  return JSON.parse(JSON.stringify(event), (key, value: unknown) => (key === 'delta' ? mark : value)) as Json;
}
