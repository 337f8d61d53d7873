import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parsePendingRelays } from '../../src/protocol/pending.ts';
import type { MessageWithParts, Session } from '../../src/protocol/records.ts';
import { sizeOf } from '../bench/processMemory.ts';
import { openCompanionRoom } from '../server/companion/companionRoom.ts';
import { model, type Room, type Window } from '../server/continuation/room.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { agentOf, agents, answers, perform, relayPrompt, writeGate, writePrompt } from './script.ts';

export interface SoakOptions {
  /** Relays of each lap, in one session that is made for them. */
  readonly relays: number;
  /** To how many of the others each of the five sessions writes in a lap. */
  readonly notes: number;
  /** Milliseconds for which the server rests before it is measured. */
  readonly rest: number;
}

/** What the server's process had at the end of a lap; NaN where the system does not tell. */
export interface Lap {
  readonly number: number;
  readonly seconds: number;
  /** Bytes that the process itself made. */
  readonly memory: number;
  /** Files, sockets and pipes that are open. */
  readonly handles: number;
}

/** Agents that relay and write to each other by the companion's tools on a real server, lap after lap. */
export interface Soak {
  run(): Promise<Lap>;
  /** What is wrong with what was said so far, and what still waits; empty: nothing. */
  judge(): Promise<string[]>;
  close(): Promise<void>;
}

/** Sessions that write to each other. */
const writers = 5;
/** Milliseconds for a lap: it ends by its answers, and this only bounds one that never does. */
const patience = 300_000;

export async function openSoak(options: SoakOptions): Promise<Soak> {
  const { relays } = options;
  const room = await openCompanionRoom(
    { permission: { relay: 'allow', message: 'allow' } },
    { companion: { hopLimit: relays }, model: { improvise: perform, remembers: false } },
  );
  try {
    const window = await room.openWindow();
    const sessions: Session[] = [];
    for (let number = 0; number < writers; number += 1) {
      sessions.push(await room.newSession(window, { title: `Writer ${number}` }));
    }
    return new RunningSoak(room, window, sessions, options);
  } catch (error) {
    await room.close();
    throw error;
  }
}

class RunningSoak implements Soak {
  readonly #room: Room;
  readonly #window: Window;
  readonly #writers: readonly Session[];
  readonly #options: SoakOptions;
  readonly #chains: Session[] = [];
  #laps = 0;

  constructor(room: Room, window: Window, sessions: readonly Session[], options: SoakOptions) {
    this.#room = room;
    this.#window = window;
    this.#writers = sessions;
    this.#options = options;
  }

  async run(): Promise<Lap> {
    const start = performance.now();
    const number = this.#laps;
    await this.#relay(number);
    await this.#write(number);
    this.#laps += 1;
    const seconds = (performance.now() - start) / 1000;
    await delay(this.#options.rest);
    const { pid } = this.#room.server;
    return { number, seconds, memory: (await sizeOf(pid)).own, handles: await countHandles(pid) };
  }

  async judge(): Promise<string[]> {
    const faults: string[] = [];
    for (const chain of this.#chains)
      faults.push(...judgeChain(chain, await this.#read(chain), this.#options.relays));
    const noted = new Map<string, MessageWithParts[]>();
    for (const writer of this.#writers) noted.set(writer.id, await this.#read(writer));
    for (const [to, writer] of this.#writers.entries()) {
      const messages = noted.get(writer.id) ?? [];
      faults.push(...this.#judgeAnswers(to, messages), ...judgeNotices(writer, messages));
    }
    for (const session of [...this.#chains, ...this.#writers]) {
      if (!(await this.#isAtRest(session))) faults.push(`"${session.title}" is not at rest.`);
    }
    return faults;
  }

  async close(): Promise<void> {
    await this.#room.close();
  }

  async #relay(number: number): Promise<void> {
    const { relays } = this.#options;
    const chain = await this.#room.newSession(this.#window, { title: `Chain ${number}`, agent: agentOf(0) });
    this.#chains.push(chain);
    await this.#prompt(chain, relayPrompt(0, relays), agentOf(0));
    await this.#untilAnswered([chain], async () =>
      answersOf(await this.#read(chain, 1)).includes(`${agentOf(relays)}: ${answers.relay(relays)}`),
    );
  }

  /** All of them begin before any of them writes: a prompt that comes into a turn takes its answer. */
  async #write(number: number): Promise<void> {
    const { model: scripted } = this.#room;
    for (const [from, writer] of this.#writers.entries()) {
      const targets = this.#targetsOf(number, from).map((to) => this.#writers[to]?.id ?? '');
      await this.#prompt(writer, writePrompt(number, from, targets), 'build');
    }
    const gates = this.#writers.map((_, from) => writeGate(number, from));
    await Promise.all(gates.map((gate) => scripted.reached(gate)));
    for (const gate of gates) scripted.release(gate);
    await this.#untilAnswered(this.#writers, async () => {
      for (const [to, writer] of this.#writers.entries()) {
        const messages = await this.#read(writer, 12 * (this.#options.notes + 1));
        const said = answersOf(messages);
        const wanted = this.#sendersTo(number, to).map((from) => `build: ${answers.note(number, from)}`);
        if (!wanted.every((answer) => said.includes(answer))) return false;
        if (judgeNotices(writer, messages).length > 0) return false;
      }
      return true;
    });
    scripted.releaseAll();
  }

  /** The next ones in the circle, or those after them, in turn. */
  #targetsOf(lap: number, from: number): readonly number[] {
    const first = 1 + ((lap * this.#options.notes) % (writers - 1));
    return Array.from({ length: this.#options.notes }, (_, index) => {
      const step = 1 + ((first - 1 + index) % (writers - 1));
      return (from + step) % writers;
    });
  }

  #sendersTo(lap: number, to: number): readonly number[] {
    return [...this.#writers.keys()].filter((from) => this.#targetsOf(lap, from).includes(to));
  }

  /** Each of them once, those of one sender in the order in which it wrote; and its own turns, one for each lap. */
  #judgeAnswers(to: number, messages: readonly MessageWithParts[]): string[] {
    const said = answersOf(messages).filter((answer) => answer !== 'build: ');
    const laps = [...Array(this.#laps).keys()];
    const own = laps.map((lap) => `build: ${answers.wrote(lap)}`);
    const faults = judgeOrder(
      `Writer ${to}, its own turns`,
      said.filter((answer) => own.includes(answer)),
      own,
    );
    let heard = own.length;
    for (const from of this.#writers.keys()) {
      const wanted = laps
        .filter((lap) => this.#sendersTo(lap, to).includes(from))
        .map((lap) => `build: ${answers.note(lap, from)}`);
      const those = said.filter((answer) => answer.endsWith(` of ${from} is read`));
      faults.push(...judgeOrder(`Writer ${to}, of ${from}`, those, wanted));
      heard += wanted.length;
    }
    if (said.length !== heard)
      faults.push(`Writer ${to} has ${said.length} answers, and ${heard} were asked for.`);
    return faults;
  }

  async #prompt(session: Session, text: string, agent: string): Promise<void> {
    await this.#window.openCode.promptSession(session.id, { agent, model, parts: [{ type: 'text', text }] });
  }

  /** The server is asked only while this window knows of nothing that goes on: asking many times a second is work, too. */
  async #untilAnswered(sessions: readonly Session[], isThere: () => Promise<boolean>): Promise<void> {
    const { turns, sessions: store } = this.#window;
    const isQuiet = ({ id }: Session): boolean => {
      const session = store.get(id);
      return !turns.isRunning(id) && (session === undefined || pendingOf(session) === 0);
    };
    await waitFor(async () => sessions.every(isQuiet) && (await isThere()), {
      what: `the answers of ${sessions.map(({ title }) => title).join(', ')}`,
      timeout: patience,
    });
  }

  async #isAtRest(session: Session): Promise<boolean> {
    const { openCode } = this.#window;
    const [now, statuses, permissions] = await Promise.all([
      openCode.getSession(session.id),
      openCode.listStatuses(session.directory),
      openCode.listPermissions(session.directory),
    ]);
    return pendingOf(now) === 0 && statuses[session.id] === undefined && permissions.length === 0;
  }

  async #read({ id }: Session, limit = 100_000): Promise<MessageWithParts[]> {
    return [...(await this.#window.openCode.listMessages(id, { limit })).messages];
  }
}

/** The turn of the person and each relay, in their order and each by its agent. */
function judgeChain({ title }: Session, messages: readonly MessageWithParts[], relays: number): string[] {
  const said = answersOf(messages).filter((answer) => agents.every((agent) => answer !== `${agent}: `));
  const wanted = Array.from({ length: relays + 1 }, (_, hop) => `${agentOf(hop)}: ${answers.relay(hop)}`);
  return judgeOrder(title, said, wanted);
}

/** Whoever wrote is told once of each message that it was delivered. */
function judgeNotices({ title }: Session, messages: readonly MessageWithParts[]): string[] {
  const texts = messages.flatMap(({ parts }) =>
    parts.flatMap((part) => {
      if (part.type === 'text') return part.text;
      return part.type === 'tool' && part.state.status === 'completed' ? part.state.output : [];
    }),
  );
  const find = (pattern: RegExp): string[] =>
    texts.flatMap((text) => [...text.matchAll(pattern)].map(([, id = '']) => id)).toSorted();
  const sent = find(/(?<!\[)Your message (msg_\w+) to session/g);
  const told = find(/\[Your message (msg_\w+) to session [^\]]+ was delivered\.\]/g);
  const missing = sent.filter((id) => !told.includes(id));
  const twice = told.filter((id, index) => told.indexOf(id) !== index);
  return [
    ...missing.map((id) => `"${title}" was not told of ${id}.`),
    ...twice.map((id) => `"${title}" was told twice of ${id}.`),
  ];
}

function judgeOrder(what: string, said: readonly string[], wanted: readonly string[]): string[] {
  if (JSON.stringify(said) === JSON.stringify(wanted)) return [];
  const at = wanted.findIndex((answer, index) => said[index] !== answer);
  return [
    `${what}: answer ${at} is "${said[at]}" and not "${wanted[at]}"; there are ${said.length} of ${wanted.length}.`,
  ];
}

/** What agents said, with who did, oldest first; empty where one only called a tool. */
function answersOf(messages: readonly MessageWithParts[]): string[] {
  return messages.flatMap(({ info, parts }) => {
    if (info.role !== 'assistant') return [];
    const text = parts.flatMap((part) => (part.type === 'text' ? part.text : []));
    return `${info.agent}: ${text.join('').trim()}`;
  });
}

function pendingOf(session: Session): number {
  return parsePendingRelays(session)?.legs.length ?? 0;
}

async function countHandles(pid: number): Promise<number> {
  return readdir(`/proc/${pid}/fd`).then(
    ({ length }) => length,
    () => Number.NaN,
  );
}
