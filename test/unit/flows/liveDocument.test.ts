import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { toText } from '../../../src/core/documents/documentStages.ts';
import { NotFoundProblem, Problem } from '../../../src/core/errors.ts';
import { Emitter } from '../../../src/core/event.ts';
import type { ConnectionState } from '../../../src/core/state/connectionState.ts';
import { TranscriptStore } from '../../../src/core/transcript/transcriptStore.ts';
import { DocumentContent } from '../../../src/flows/documents/documentContent.ts';
import type { LiveDocumentPorts } from '../../../src/flows/documents/liveDocument.ts';
import { MessageSource } from '../../../src/flows/documents/messageSource.ts';
import { SessionDocuments } from '../../../src/flows/documents/sessionDocuments.ts';
import { ServerEvent } from '../../../src/protocol/events.ts';
import { type MessageWithParts, Part, type Session } from '../../../src/protocol/records.ts';
import { aHistory, anAnswer, aSession, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';

const id = 'ses_1';
const query = `session=${id}`;
const live: ConnectionState = { kind: 'live', url: '', version: '1', managed: false };
const lost: ConnectionState = { kind: 'reconnecting', since: 1, attempt: 1, reason: '' };

/** A server with one session, and a window that shows it as a document; time passes when `settle` lets it. */
class Room {
  readonly messages: MessageWithParts[];
  readonly sessions;
  readonly transcripts: TranscriptStore;
  readonly documents: SessionDocuments;
  readonly history;
  readonly connection: LiveDocumentPorts['connection'] & { state: ConnectionState };
  readonly #didChangeState = new Emitter<ConnectionState>();
  readonly #timers = new Set<{ at: number; run: () => void }>();
  session: Session;
  isThere = true;
  /** Milliseconds that the server takes for an answer. */
  takes = 0;
  asked = 0;
  now = 0;
  changes = 0;

  constructor(messages: readonly MessageWithParts[], given: Partial<Session> = {}) {
    this.messages = [...messages];
    this.session = aSession({ id, directory: '/work', title: 'Parser', ...given });
    this.sessions = aStore([this.session]);
    const history = aHistory(() => this.messages);
    this.history = {
      getMessage: (...asked: Parameters<typeof history.getMessage>) =>
        this.#ask(() => history.getMessage(...asked)),
      listMessages: (...asked: Parameters<typeof history.listMessages>) =>
        this.#ask(() => history.listMessages(...asked)),
      getSession: (sessionId: string) =>
        sessionId === id && this.isThere
          ? Promise.resolve(this.session)
          : Promise.reject(new NotFoundProblem('There is no such session.')),
    };
    this.transcripts = new TranscriptStore(this.history);
    this.connection = {
      state: live,
      onDidChangeState: this.#didChangeState.event,
      connect: () => Promise.reject(new Problem('OpenCode could not be started.')),
    };
    this.documents = this.open();
    this.documents.onDidChange(() => (this.changes += 1));
  }

  /** What another window would show. */
  open(transcripts = this.transcripts): SessionDocuments {
    return new SessionDocuments({
      openCode: this.history,
      transcripts,
      sessions: this.sessions,
      connection: this.connection,
      follow: () => undefined,
      startTimer: (run, milliseconds) => {
        const timer = { at: this.now + milliseconds, run };
        this.#timers.add(timer);
        return { dispose: () => this.#timers.delete(timer) };
      },
      wait: (milliseconds) => this.#pass(milliseconds),
      now: () => this.now,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    });
  }

  say(type: string, properties: Record<string, unknown>): void {
    const event = ServerEvent.parse({ type, properties });
    for (const sink of [this.sessions, this.transcripts, this.documents]) sink.apply(event);
  }

  turn(state: ConnectionState): void {
    this.connection.state = state;
    this.#didChangeState.fire(state);
    if (state.kind !== 'live') return;
    const snapshot = [
      { directory: '/work', sessions: [this.session], statuses: {}, permissions: [], questions: [] },
    ];
    for (const sink of [this.sessions, this.transcripts, this.documents]) sink.reset(snapshot);
  }

  /** Lets time pass until nothing is to be done any more. */
  async settle(milliseconds = 5000): Promise<void> {
    const end = this.now + milliseconds;
    for (;;) {
      await quiet();
      const next = [...this.#timers].toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#timers.delete(next);
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = end;
  }

  /** The text as the editor has it once it asked for each that was offered. */
  async text(documents = this.documents): Promise<string> {
    const reading = documents.read('doc', query);
    await this.settle(20_000);
    let text = await reading;
    for (let version = -1; version !== documents.version('doc');) {
      version = documents.version('doc');
      text = await documents.read('doc', query);
      await this.settle();
    }
    return text;
  }

  #pass(milliseconds: number): Promise<void> {
    if (milliseconds === 0) return new Promise((resolve) => setImmediate(resolve));
    return new Promise((resolve) => this.#timers.add({ at: this.now + milliseconds, run: resolve }));
  }

  async #ask<Answer>(answer: () => Promise<Answer>): Promise<Answer> {
    this.asked += 1;
    if (this.connection.state.kind !== 'live') throw new Problem('No connection.');
    await this.#pass(this.takes);
    return answer();
  }
}

/** Until what was begun waits for time to pass. */
async function quiet(): Promise<void> {
  for (let count = 0; count < 25; count += 1) await new Promise((resolve) => setImmediate(resolve));
}

function conversation(turns: number): MessageWithParts[] {
  return Array.from({ length: turns }, (_, index) => {
    const number = String(index + 1000);
    return [
      aUserMessage(`msg_${number}a`, { text: `Prompt ${number}` }),
      anAnswer(`msg_${number}b`, `msg_${number}a`, { text: `Answer ${number}` }),
    ];
  }).flat();
}

const prompts = (text: string): string[] =>
  [...text.matchAll(/^## You: (.*)$/gm)].map(([, words = '']) => words);

describe('a document of a session', function () {
  // Of thousands of messages, on a machine that may be busy.
  this.timeout(60_000);

  it('shows the newest messages at once where somebody waits, and those before them as they come', async () => {
    const room = new Room(conversation(600));
    room.takes = 400;
    room.documents.hurry('doc');
    const reading = room.documents.read('doc', query);
    await room.settle(1000);
    const first = await reading;
    assert.match(first, /> \*\*The messages before these are being read; \d+ are here\.\*\*/);
    assert.equal(prompts(first).at(-1), 'Prompt 1599');
    assert.ok(room.documents.isFilling('doc'));
    const whole = await room.text();
    assert.equal(prompts(whole).length, 600);
    assert.doesNotMatch(whole, /being read/);
    assert.ok(!room.documents.isFilling('doc'));
  });

  it('is whole at first where nobody does, as the editor goes back to a place in it', async () => {
    const room = new Room(conversation(600));
    const reading = room.documents.read('doc', query);
    await room.settle(5000);
    assert.equal(prompts(await reading).length, 600);
  });

  it('grows with its session, in measure', async () => {
    const room = new Room(conversation(2));
    await room.text();
    const answer = anAnswer('msg_3', 'msg_2', { running: true, parts: [] });
    const part = {
      id: 'prt_1',
      sessionID: id,
      messageID: 'msg_3',
      type: 'text',
      text: '',
      time: { start: 1 },
    };
    room.messages.push({ ...answer, parts: [Part.parse(part)] });
    room.say('session.status', { sessionID: id, status: { type: 'busy' } });
    room.say('message.updated', { info: answer.info });
    room.say('message.part.updated', { part });
    const before = room.changes;
    for (let count = 0; count < 200; count += 1) {
      room.say('message.part.delta', {
        sessionID: id,
        messageID: 'msg_3',
        partID: 'prt_1',
        field: 'text',
        delta: 'word ',
      });
      await room.settle(10);
      if (count % 10 === 0) await room.documents.read('doc', query);
    }
    const said = room.changes - before;
    assert.ok(said >= 3 && said <= 8, `${said} texts in 2 s`);
    const text = await room.text();
    assert.ok(text.includes('word '.repeat(200).trim()));
    assert.doesNotMatch(text, /has no end/);
    room.say('session.status', { sessionID: id, status: { type: 'idle' } });
    assert.match(await room.text(), /has no end/);
  });

  it('costs nothing while nobody sees it, and has caught up when somebody does', async () => {
    const room = new Room(conversation(2));
    await room.text();
    room.documents.show(new Set());
    const { asked, changes } = room;
    const more = conversation(60).map((message, index) => ({
      ...message,
      info: { ...message.info, id: `msg_x${index + 1000}`, parentID: 'msg_p' },
    })) as MessageWithParts[];
    for (const message of more) {
      room.messages.push(message);
      room.say('message.updated', { info: message.info });
      for (const part of message.parts) {
        room.say('message.part.updated', {
          part: { ...part, messageID: message.info.id, id: `prt_${message.info.id}` },
        });
      }
    }
    await room.settle();
    assert.deepEqual([room.asked, room.changes], [asked, changes]);
    room.documents.show(new Set(['doc']));
    await room.settle();
    assert.equal(prompts(await room.text()).length, 62);
  });

  it('is let go when it is closed', async () => {
    const room = new Room(conversation(2));
    await room.text();
    room.documents.close('doc');
    const { asked, changes } = room;
    room.messages.push(aUserMessage('msg_9'));
    room.say('message.updated', { info: aUserMessage('msg_9').info });
    await room.settle();
    assert.deepEqual([room.asked, room.changes, room.documents.version('doc')], [asked, changes, 0]);
  });

  it('stays where the connection is lost, says since when, and is current again afterwards', async () => {
    const room = new Room(conversation(3));
    await room.text();
    room.turn(lost);
    room.messages.pop();
    room.messages.push(aUserMessage('msg_9', { text: 'While nobody heard' }));
    const text = await room.text();
    assert.match(text, /> \*\*Not current since .*: the connection to the server is lost\.\*\*/);
    assert.equal(prompts(text).length, 3);
    room.turn(live);
    const current = await room.text();
    assert.doesNotMatch(current, /Not current|Answer 1002/);
    assert.equal(prompts(current).at(-1), 'While nobody heard');
  });

  it('says what it cannot show: no session of this server, no address of ours, no server', async () => {
    const room = new Room([]);
    const read = async (address: string) => {
      const reading = room.documents.read(address, address);
      await room.settle(20_000);
      return reading;
    };
    assert.match(
      await read('session=ses_9&directory=%2Fwork'),
      /This server has no session ses\\?_9 of \/work: it was deleted, or another server keeps it/,
    );
    assert.match(await read('what=ever'), /This address names no session/);
    room.turn(lost);
    assert.match(await read('session=ses_8'), /OpenCode could not be started/);
    room.turn(live);
    await room.settle(20_000);
    assert.match(await read('session=ses_8'), /This server has no session/);
  });

  it('stays where the session is deleted, and says so', async () => {
    const room = new Room(conversation(2));
    await room.text();
    room.isThere = false;
    room.messages.length = 0;
    room.say('session.deleted', { info: room.session });
    room.say('message.removed', { sessionID: id, messageID: 'msg_1000a' });
    const text = await room.text();
    assert.match(text, /The session was deleted at .*\. This is what was known of it\./);
    assert.equal(prompts(text).length, 2);
  });

  it('begins after a message, and says so where that is gone', async () => {
    const room = new Room(conversation(300));
    const read = async (after: string) => {
      const reading = room.documents.read(after, `${query}&after=${after}`);
      await room.settle(20_000);
      return reading;
    };
    const asked = room.asked;
    assert.deepEqual(prompts(await read('msg_1295b')), [
      'Prompt 1296',
      'Prompt 1297',
      'Prompt 1298',
      'Prompt 1299',
    ]);
    assert.ok(room.asked - asked <= 4, `${room.asked - asked} requests`);
    const text = await read('msg_gone');
    assert.match(text, /The message after which this was to begin is not in the session/);
    assert.equal(prompts(text).length, 300);
  });

  it('takes no outputs along where they would be too many', async () => {
    const output = 'x'.repeat(500);
    const state = {
      status: 'completed',
      input: { command: 'ls' },
      output,
      title: '',
      time: { start: 1, end: 2 },
    };
    const call = { type: 'tool', callID: 'call', tool: 'bash', state };
    const messages = Array.from({ length: 100 }, (_, index) =>
      anAnswer(`msg_${index + 1000}`, 'msg_0', { parts: [call] }),
    );
    const history = aHistory(() => messages);
    const ports = { openCode: history, transcripts: new TranscriptStore(history) };
    const source = new MessageSource(ports, id);
    const nothing = {
      isWorking: () => false,
      pause: () => Promise.resolve(),
      rest: () => Promise.resolve(),
      onDidRead: () => undefined,
    };
    const content = new DocumentContent({ source, ...nothing }, 10_000);
    await content.read(false, () => true);
    const text = toText(content.units([]));
    assert.ok(text.length < 25_000, `${text.length} characters`);
    assert.ok(text.lastIndexOf('500 characters came of it') < text.indexOf(output));
    assert.equal(text.match(/^#### Ran/gm)?.length, 100);
  });
});

describe('a document that grew with its session', () => {
  type Act = (room: Room) => void;
  let count = 0;
  const update = (room: Room, message: MessageWithParts): void => {
    room.say('message.updated', { info: message.info });
    for (const part of message.parts) room.say('message.part.updated', { part });
  };
  const pick = (room: Room, at: number): MessageWithParts | undefined =>
    room.messages[at % (room.messages.length || 1)];
  const tell = (room: Room, act: () => void): void => {
    if (room.connection.state.kind === 'live') act();
  };
  /** As a server does whenever something was done in a session. */
  const touchSession = (room: Room): void => {
    const { time } = room.session;
    room.session = { ...room.session, time: { ...time, updated: time.updated + 1 } };
    tell(room, () => room.say('session.updated', { info: room.session }));
  };
  const acts: readonly ((at: number) => Act)[] = [
    () => (room) => {
      const prompt = aUserMessage(`msg_n${(count += 1)}`, { text: `Prompt ${count}` });
      room.messages.push(prompt);
      tell(room, () => update(room, prompt));
    },
    () => (room) => {
      const asked = room.messages.findLast(({ info }) => info.role === 'user')?.info.id ?? 'msg_0';
      const state = { status: 'running', input: { command: `run ${count}` }, time: { start: 1 } };
      const call = { type: 'tool', callID: 'call', tool: 'bash', state };
      const parts = [{ type: 'text', text: `Text ${count}` }, call];
      const answer = anAnswer(`msg_n${(count += 1)}`, asked, { running: true, parts });
      room.messages.push(answer);
      tell(room, () => update(room, answer));
    },
    (at) => (room) => {
      const message = pick(room, at);
      const part = message?.parts[0];
      if (message === undefined || part?.type !== 'text') return;
      const other = { ...part, text: `${part.text} and more` };
      room.messages[room.messages.indexOf(message)] = {
        ...message,
        parts: [other, ...message.parts.slice(1)],
      };
      tell(room, () => room.say('message.part.updated', { part: other }));
    },
    (at) => (room) => {
      const message = pick(room, at);
      if (message?.info.role !== 'assistant') return;
      const info = { ...message.info, finish: 'stop', time: { ...message.info.time, completed: 9 } };
      room.messages[room.messages.indexOf(message)] = { ...message, info };
      tell(room, () => room.say('message.updated', { info }));
    },
    (at) => (room) => {
      const message = pick(room, at);
      if (message === undefined) return;
      room.messages.splice(room.messages.indexOf(message), 1);
      tell(room, () => room.say('message.removed', { sessionID: id, messageID: message.info.id }));
    },
    (at) => (room) => {
      const message = pick(room, at);
      const { revert: _, ...session } = room.session;
      const revert =
        message && at % 3 > 0
          ? { messageID: message.info.id, ...(at % 3 === 1 ? {} : { partID: message.parts[1]?.id }) }
          : undefined;
      room.session = { ...session, ...(revert === undefined ? {} : { revert }) };
      tell(room, () => room.say('session.updated', { info: room.session }));
    },
    (at) => (room) =>
      tell(room, () =>
        room.say('session.status', { sessionID: id, status: { type: at % 2 ? 'busy' : 'idle' } }),
      ),
    () => (room) => {
      if (room.connection.state.kind === 'live') room.turn(lost);
    },
    () => (room) => {
      if (room.connection.state.kind !== 'live') room.turn(live);
    },
    () => (room) => room.documents.show(new Set()),
    () => (room) => room.documents.show(new Set(['doc'])),
  ];
  const anAct = fc.record({
    kind: fc.integer({ min: 0, max: acts.length - 1 }),
    at: fc.nat({ max: 200 }),
    pause: fc.constantFrom(0, 0, 30, 400),
  });

  it('is the one that is made of it at once, whatever happened', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(fc.array(anAct, { maxLength: 25 }), fc.nat({ max: 60 }), async (given, turns) => {
        const room = new Room(conversation(turns));
        const reading = room.documents.read('doc', query);
        await room.settle(10);
        for (const { kind, at, pause } of given) {
          acts[kind]?.(at)(room);
          touchSession(room);
          if (pause > 0) await room.settle(pause);
          if (pause > 100) await room.documents.read('doc', query);
        }
        if (room.connection.state.kind !== 'live') room.turn(live);
        room.documents.show(new Set(['doc']));
        await room.settle(20_000);
        await reading;
        const grown = await room.text();
        const anew = room.open(new TranscriptStore(room.history));
        assert.equal(grown, await room.text(anew));
        anew.dispose();
        room.documents.dispose();
      }),
      { numRuns: 60 },
    );
  });
});
