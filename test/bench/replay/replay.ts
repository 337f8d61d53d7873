import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { EventTap } from '../eventTap.ts';
import type { BenchServer, SeededSession, StreamPlan } from '../benchServer.ts';
import { createRandom } from '../answerText.ts';
import { ending } from '../bigSessions.ts';
import { writeStreamed } from '../streamText.ts';
import { ReplayServer, type Told } from './replayServer.ts';
import { type Json, type ReplayedSession, type ReplayedTurn, TurnRecording } from './turnRecording.ts';

/** How many events of a burst are written at once; the server held back thousands and then wrote one after the other (1.18). */
const burstPiece = 100;
/** Milliseconds from what begins an answer to its first piece: the model thinks, and the page shows that it works. */
const thought = 300;
/** Milliseconds between two writes of a stream that has a speed. */
const beat = 10;

/** Tells a turn; `words` end it, in bold. */
export interface Telling {
  (): Promise<Load>;
  readonly words: string;
}

/** How much a turn was that was told. */
export interface Load extends Told {
  /** In how many pieces it was written. */
  readonly writes: number;
}

/**
 * Streams that are the same on every machine. A real server makes as many events of an answer as it has the time for, and
 * sends them when it comes to it: of 2,000 tokens at once it made 2,000 events on one machine, 1,300 on the same one
 * beside other work, and a few large ones on a third. So one turn of the real server is recorded, and told again with
 * an answer that is cut into one event for each token.
 */
export class Replay {
  readonly #server: ReplayServer;
  readonly #recording: TurnRecording;
  readonly #sessions: (id: string) => Promise<ReplayedSession>;
  #turns = 0;

  private constructor(
    server: ReplayServer,
    recording: TurnRecording,
    sessions: (id: string) => Promise<ReplayedSession>,
  ) {
    this.#server = server;
    this.#recording = recording;
    this.#sessions = sessions;
  }

  static async of(server: BenchServer): Promise<Replay> {
    const recording = await recordTurn(server);
    const sessions = async (sessionID: string): Promise<ReplayedSession> => {
      const { data } = await server.client.session.get({ sessionID }, { throwOnError: true });
      const { time, ...record } = data;
      return { id: sessionID, record: record as Record<string, Json>, created: time.created };
    };
    return new Replay(await ReplayServer.before(server.url), recording, sessions);
  }

  /** The address at which the server is to be had with what is replayed. */
  get url(): string {
    return this.#server.url;
  }

  /** Prepares a turn of that session; what is returned tells it. */
  async prepare(session: Pick<SeededSession, 'id'>, plan: StreamPlan): Promise<Telling> {
    const turn = await this.write(session, plan);
    return Object.assign(() => this.#tell(turn, plan), { words: turn.words });
  }

  /** The events of a turn of that session: the same answer in every turn of a plan, whatever was told before. */
  async write({ id }: Pick<SeededSession, 'id'>, { tokens }: StreamPlan) {
    const words = `replay ${(this.#turns += 1)}`;
    const turn = this.#recording.write({
      session: await this.#sessions(id),
      tokens: writeStreamed(tokens, tokens, words),
      time: Date.now(),
      random: createRandom(this.#turns),
    });
    return { ...turn, words: ending(words) };
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  async #tell({ start, answer, end }: ReplayedTurn, { tokensPerSecond }: StreamPlan): Promise<Load> {
    let [events, bytes, writes] = [0, 0, 0];
    const tell = (piece: readonly string[]): void => {
      if (piece.length === 0) return;
      const told = this.#server.tell(piece);
      [events, bytes, writes] = [events + told.events, bytes + told.bytes, writes + 1];
    };
    tell(start);
    await delay(thought);
    const size = tokensPerSecond === undefined ? burstPiece : (tokensPerSecond * beat) / 1000;
    const begun = performance.now();
    for (let index = 0; index * size < answer.length; index += 1) {
      const late = performance.now() - begun - index * beat;
      // A machine that is late writes the same pieces, one right after the other.
      if (tokensPerSecond === undefined || late >= 0) await nextTurn();
      else await delay(-late);
      tell(answer.slice(Math.round(index * size), Math.round((index + 1) * size)));
    }
    tell(end);
    return { events, bytes, writes };
  }
}

/** Has the real server answer two prompts and records what it tells of the second: with the first it loads its plugins. */
async function recordTurn(server: BenchServer): Promise<TurnRecording> {
  const { client, url } = server;
  const { data } = await client.session.create({ title: 'Recorded' }, { throwOnError: true });
  const tap = new EventTap(url);
  try {
    for (const tokens of [5, 40]) {
      tap.record();
      await server.prompt(data.id, { tokens, tokensPerSecond: 100 });
      await tap.until((event) => event.includes('"session.idle"') && event.includes(data.id));
      // What the server says after that belongs to the turn.
      await delay(300);
    }
    return new TurnRecording(tap.recorded(), data.id);
  } finally {
    tap.close();
    await client.session.delete({ sessionID: data.id });
  }
}
