import assert from 'node:assert/strict';
import { SessionChanges } from '../../../src/core/changes/sessionChanges.ts';
import type { ConnectionState } from '../../../src/core/state/connectionState.ts';
import type { AskedCall } from '../../../src/core/requests/askedCalls.ts';
import { Attention } from '../../../src/core/sessions/attention.ts';
import { Offers } from '../../../src/core/state/offers.ts';
import { NotFoundProblem, UnavailableProblem } from '../../../src/core/errors.ts';
import { Emitter, type Event } from '../../../src/core/event.ts';
import type { ServerSink } from '../../../src/core/ports/serverSink.ts';
import { SessionStore } from '../../../src/core/sessions/sessionStore.ts';
import { TodoStore } from '../../../src/core/todos/todoStore.ts';
import { TranscriptStore } from '../../../src/core/transcript/transcriptStore.ts';
import { ServerEvent } from '../../../src/protocol/events.ts';
import type { ComposerDraft, QueuedPrompt } from '../../../src/protocol/page/composer.ts';
import type { ToPage } from '../../../src/protocol/page/toPage.ts';
import { type MessageWithParts, Part, type Session } from '../../../src/protocol/records.ts';
import { TranscriptFeed } from '../../../src/views/transcript/transcriptFeed.ts';
import { aHistory, anAnswer, aSession, aUserMessage } from '../core/builders.ts';
import { someEnds } from '../core/stores.ts';

type Sent<Type extends ToPage['type']> = Extract<ToPage, { type: Type }>;

/** A page and a server, both literal: frames come and answers arrive when the test says so. */
class Stage {
  readonly sessions = new SessionStore();
  readonly todos = new TodoStore();
  readonly posted: ToPage[] = [];
  readonly messages = new Map<string, MessageWithParts[]>();
  readonly drafts = new Map<string, ComposerDraft>();
  readonly titles: string[] = [];
  readonly frames: (() => void)[] = [];
  problem: Error | undefined;
  /** A session that the server has and the store does not. */
  elsewhere: Session | undefined;
  /** How often the server was asked for messages. */
  asked = 0;
  readonly didChangeConnection = new Emitter<ConnectionState>();
  readonly connection: { state: ConnectionState; readonly onDidChangeState: Event<ConnectionState> } = {
    state: { kind: 'live', url: '', version: '1.18.33', managed: true },
    onDidChangeState: this.didChangeConnection.event,
  };
  readonly didChangeQueue = new Emitter<{ sessionId: string }>();
  queue: QueuedPrompt[] = [];
  readonly lent = new Set<string>();
  readonly didChangeLent = new Emitter<{ sessionId: string }>();
  readonly calls = new Map<string, AskedCall>();
  readonly didChangeCalls = new Emitter<{ readonly sessionId: string }>();
  readonly transcripts = new TranscriptStore(
    aHistory((sessionId) => {
      this.asked += 1;
      if (this.problem !== undefined) throw this.problem;
      return this.messages.get(sessionId) ?? [];
    }),
  );
  /** Why the server does not say which agents there are. */
  noAgents: Error | undefined;
  readonly offers = new Offers({
    listAgents: async () => {
      if (this.noAgents !== undefined) throw this.noAgents;
      return [{ name: 'build', mode: 'primary', permission: [] }];
    },
    listProviders: async () => ({ providers: [], default: {} }),
    listCommands: async () => [],
  });
  readonly changes = new SessionChanges(this.sessions);
  readonly sinks: readonly ServerSink[] = [
    this.sessions,
    this.todos,
    this.changes,
    this.transcripts,
    this.offers,
  ];
  readonly feed: TranscriptFeed;

  constructor(sessions: readonly Session[], statuses = {}) {
    this.sessions.reset([{ directory: '/work', sessions, statuses, permissions: [], questions: [] }]);
    this.feed = new TranscriptFeed({
      sessions: this.sessions,
      todos: this.todos,
      changes: this.changes,
      transcripts: this.transcripts,
      follow: () => undefined,
      offers: this.offers,
      savedChains: () => [],
      hosted: { isTold: true },
      ends: someEnds(this.sessions).ends,
      attention: new Attention(this.sessions),
      waits: { of: () => [] },
      calls: {
        of: ({ id }) => this.calls.get(id) ?? { kind: 'none' },
        onDidChange: this.didChangeCalls.event,
      },
      prompting: {
        waiting: { of: () => this.queue, onDidChange: this.didChangeQueue.event },
        drafts: { get: (sessionId) => this.drafts.get(sessionId) ?? { text: '' } },
        lent: { has: (sessionId) => this.lent.has(sessionId), onDidChange: this.didChangeLent.event },
        typed: { of: () => ({}) },
      },
      connection: this.connection,
      openCode: {
        getSession: async () => {
          if (this.elsewhere !== undefined) return this.elsewhere;
          throw new NotFoundProblem('gone');
        },
        listTodos: async () => [],
      },
      log: { debug() {}, info() {}, warn() {}, error() {} },
      post: (message) => this.posted.push(message),
      onNextFrame: (run) => {
        this.frames.push(run);
        return { dispose: () => this.frames.splice(this.frames.indexOf(run), 1) };
      },
      onTitle: (title) => this.titles.push(title),
    });
  }

  tell(type: string, properties: Record<string, unknown>): void {
    const event = ServerEvent.parse({ type, properties });
    for (const sink of this.sinks) sink.apply(event);
  }

  delta(text: string): void {
    this.tell('message.part.delta', {
      sessionID: 'ses_1',
      messageID: 'msg_2',
      partID: 'prt_1',
      field: 'text',
      delta: text,
    });
  }

  /** Lets one frame pass. */
  frame(): void {
    this.frames.shift()?.();
  }

  async settle(): Promise<void> {
    await new Promise(setImmediate);
    while (this.frames.length > 0) this.frame();
    await new Promise(setImmediate);
    while (this.frames.length > 0) this.frame();
  }

  /** What was posted, also what was posted together. */
  get told(): ToPage[] {
    return this.posted.flatMap((message) => (message.type === 'together' ? message.messages : message));
  }

  take<Type extends ToPage['type']>(type: Type): Sent<Type>[] {
    return this.told.filter((message): message is Sent<Type> => message.type === type);
  }

  types(): string[] {
    return this.told.map(({ type }) => type);
  }
}

function aConversation(): MessageWithParts[] {
  const text = { id: 'prt_1', type: 'text', text: '', time: { start: 1 } };
  return [aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1', { running: true, parts: [text] })];
}

function many(count: number): MessageWithParts[] {
  return Array.from({ length: count }, (_, index) => aUserMessage(`msg_${10_000 + index}`));
}

async function showing(given: { messages?: MessageWithParts[]; statuses?: object } = {}): Promise<Stage> {
  const stage = new Stage([aSession({ id: 'ses_1' })], given.statuses);
  stage.messages.set('ses_1', given.messages ?? aConversation());
  stage.feed.turnTo('ses_1');
  stage.feed.setReady(true);
  await stage.settle();
  return stage;
}

/** A page that showed one session and then another; `leaving` is done just before it turns. */
async function showingTwo(leaving: (stage: Stage) => void = () => undefined): Promise<Stage> {
  const stage = new Stage([aSession({ id: 'ses_1' }), aSession({ id: 'ses_2' })]);
  stage.messages.set('ses_1', aConversation());
  stage.feed.setReady(true);
  stage.feed.turnTo('ses_1');
  await stage.settle();
  leaving(stage);
  stage.feed.turnTo('ses_2');
  await stage.settle();
  return stage;
}

describe('what a page is fed', () => {
  it('is nothing until it listens, then everything at once', async () => {
    const stage = new Stage([aSession({ id: 'ses_1' })]);
    stage.messages.set('ses_1', aConversation());
    stage.feed.turnTo('ses_1');
    await stage.settle();
    assert.deepEqual(stage.posted, []);
    assert.equal(stage.feed.shows('ses_1'), false);
    stage.feed.setReady(true);
    await stage.settle();
    assert.equal(stage.feed.shows('ses_1'), true);
    assert.equal(stage.types()[0], 'show');
    const [shown] = stage.take('show');
    assert.deepEqual(
      shown?.view.entries.map(({ id }) => id),
      ['msg_1', 'msg_2'],
    );
    assert.equal(shown.view.hasOlder, false);
    assert.equal(stage.take('choices')[0]?.choices.agents[0]?.name, 'build');
  });

  it('is a failure once it listens, where the messages could not be fetched ahead', async () => {
    const stage = new Stage([aSession({ id: 'ses_1' })]);
    stage.problem = new NotFoundProblem('gone');
    stage.feed.turnTo('ses_1');
    await stage.settle();
    assert.deepEqual(stage.posted, []);
    stage.feed.setReady(true);
    await stage.settle();
    assert.equal(stage.take('failed').length, 1);
  });

  it('is one message a frame, however much happens in it', async () => {
    const stage = await showing({ statuses: { ses_1: { type: 'busy' } } });
    const before = stage.posted.length;
    for (let index = 0; index < 2000; index++) stage.delta('x');
    stage.tell('session.updated', { info: aSession({ id: 'ses_1', title: 'Other' }) });
    assert.equal(stage.posted.length, before);
    stage.frame();
    assert.equal(stage.posted.length, before + 1);
    assert.deepEqual(stage.take('changes').at(-1)?.changes, [
      { kind: 'append', messageId: 'msg_2', partId: 'prt_1', text: 'x'.repeat(2000) },
    ]);
    assert.equal(stage.take('header').at(-1)?.header.title, 'Other');
    assert.deepEqual(stage.frames, []);
  });

  it('is how much its turn changed with a prompt, and how much the session did with its header', async () => {
    const stage = await showing({ statuses: { ses_1: { type: 'busy' } } });
    const { info } = aUserMessage('msg_3');
    const diffs = [{ file: 'a.ts', additions: 2, deletions: 1, status: 'modified' }];
    stage.tell('message.updated', { info: { ...info, summary: { diffs } } });
    stage.frame();
    const [change] = stage.take('changes').at(-1)?.changes ?? [];
    const figure = { files: 1, additions: 2, deletions: 1 };
    assert.ok(change?.kind === 'message');
    assert.deepEqual(change.head.changes, figure);
    // No earlier message was read by whoever keeps the figures.
    assert.deepEqual(stage.take('header').at(-1)?.header.changes, { ...figure, isPartial: true });
  });

  it('is what is not text behind the text of its frame, together with it', async () => {
    const stage = await showing({ statuses: { ses_1: { type: 'busy' } } });
    const before = stage.types().length;
    stage.tell('session.updated', { info: aSession({ id: 'ses_1', title: 'Other' }) });
    for (let frame = 0; frame < 2; frame++) {
      stage.delta('x');
      stage.frame();
    }
    assert.deepEqual(stage.types().slice(before), ['changes', 'header', 'changes']);
    assert.equal(stage.posted.at(-2)?.type, 'together');
    assert.equal(stage.take('header').at(-1)?.header.title, 'Other');
  });

  it('is nothing while it is hidden, and the whole picture when it is shown again', async () => {
    const stage = await showing();
    stage.feed.setReady(false);
    const before = stage.posted.length;
    stage.delta('unseen');
    await stage.settle();
    assert.equal(stage.posted.length, before);
    stage.feed.setReady(true);
    await stage.settle();
    const part = stage.take('show').at(-1)?.view.entries[1]?.parts[0];
    assert.ok(part?.type === 'text');
    assert.equal(part.text, 'unseen');
  });

  it('is that its prompt is written in an editor, and no more, with what stands in its composer', async () => {
    const stage = await showing();
    const move = async (isLent: boolean, text: string): Promise<void> => {
      if (isLent) stage.lent.add('ses_1');
      else stage.lent.delete('ses_1');
      stage.drafts.set('ses_1', { text });
      for (const sessionId of ['ses_1', 'ses_2']) stage.didChangeLent.fire({ sessionId });
      await stage.settle();
    };
    stage.posted.length = 0;
    await move(true, '');
    assert.deepEqual(stage.posted, [{ type: 'lent', sessionId: 'ses_1', isLent: true, draft: { text: '' } }]);
    stage.feed.setReady(false);
    stage.feed.setReady(true);
    await stage.settle();
    const again = stage.posted.findLast((message) => message.type === 'show');
    assert.equal(again?.view.isLent, true);
    await move(false, 'Written there');
    assert.deepEqual(stage.posted.at(-1), {
      type: 'lent',
      sessionId: 'ses_1',
      isLent: false,
      draft: { text: 'Written there' },
    });
  });

  it('is nothing of other sessions', async () => {
    const stage = await showing();
    const before = stage.posted.length;
    stage.tell('message.part.delta', {
      sessionID: 'ses_2',
      messageID: 'msg_2',
      partID: 'prt_1',
      field: 'text',
      delta: 'x',
    });
    stage.tell('session.updated', { info: aSession({ id: 'ses_2' }) });
    await stage.settle();
    assert.equal(stage.posted.length, before);
  });

  it('names the agent of the latest prompt, as a fork has it, until the session has its own', async () => {
    const { agent: _, ...fork } = aSession({ id: 'ses_1' });
    const stage = new Stage([fork]);
    stage.messages.set('ses_1', [aUserMessage('msg_1', { agent: 'plan' })]);
    stage.feed.turnTo('ses_1');
    stage.feed.setReady(true);
    await stage.settle();
    assert.equal(stage.take('show').at(-1)?.view.header.agent, 'plan');
    stage.tell('session.updated', { info: aSession({ id: 'ses_1', agent: 'review' }) });
    await stage.settle();
    assert.equal(stage.take('header').at(-1)?.header.agent, 'review');
  });

  it('is no header that says what the last one said', async () => {
    const stage = await showing();
    const before = stage.posted.length;
    stage.tell('session.updated', { info: stage.sessions.get('ses_1') });
    await stage.settle();
    assert.equal(stage.posted.length, before);
  });

  it('is the newest messages first and older ones when it asks', async () => {
    const stage = await showing({ messages: many(500) });
    const shown = stage.take('show').at(-1)?.view;
    assert.equal(shown?.entries.length, 40);
    assert.equal(shown.hasOlder, true);
    let first = shown.entries[0]?.id ?? '';
    for (let page = 0; page < 5; page++) {
      await stage.feed.further.loadBeside(first, 'before');
      const run = stage.take('stretch').at(-1)?.entries;
      assert.equal(run?.at(-1)?.id, first);
      first = run[0]?.id ?? '';
    }
    const runs = stage.take('stretch');
    assert.deepEqual(
      runs.map(({ entries }) => entries.length),
      [101, 101, 101, 101, 61],
    );
    assert.deepEqual(
      runs.map(({ hasOlder }) => hasOlder),
      [true, true, true, true, false],
    );
  });

  it('is what stands beside a message that it still has when the host has left that out', async () => {
    const stage = await showing({ messages: many(4000) });
    for (let first = 'msg_13960'; first !== 'msg_10000';) {
      await stage.feed.further.loadBeside(first, 'before');
      first = stage.take('stretch').at(-1)?.entries[0]?.id ?? assert.fail();
    }
    assert.equal(stage.feed.transcript?.has('msg_12500'), false);
    await stage.feed.further.loadBeside('msg_12500', 'before');
    const ids = stage
      .take('stretch')
      .at(-1)
      ?.entries.map(({ id }) => id);
    assert.deepEqual([ids?.at(-1), ids?.at(-2)], ['msg_12500', 'msg_12499']);
  });

  it('is the session anew where a revert changes what the host has left out', async () => {
    const stage = await showing({ messages: many(3000) });
    for (let first = 'msg_12960'; first !== 'msg_10000';) {
      await stage.feed.further.loadBeside(first, 'before');
      first = stage.take('stretch').at(-1)?.entries[0]?.id ?? assert.fail();
    }
    assert.equal(stage.take('show').length, 1);
    const session = { ...aSession({ id: 'ses_1' }), revert: { messageID: 'msg_11000' } };
    stage.tell('session.updated', { info: session });
    await stage.settle();
    const shown = stage.take('show').at(-1)?.view.entries ?? [];
    assert.equal(stage.take('show').length, 2);
    assert.ok(shown.every(({ reverted }) => reverted === true));
  });

  it('is that nothing came where older messages could not be had, so that it asks again for others', async () => {
    const stage = await showing({ messages: many(300) });
    stage.problem = new UnavailableProblem('There is no server.');
    await assert.rejects(stage.feed.further.loadBeside('msg_10260', 'before'), UnavailableProblem);
    assert.deepEqual(
      stage.take('stretch').map(({ entries, hasOlder }) => [entries.map(({ id }) => id), hasOlder]),
      [[['msg_10260'], true]],
    );
  });

  it('is an older page once, also if two pages look at the session', async () => {
    const stage = await showing({ messages: many(140) });
    await stage.transcripts.loadBeside('ses_1', 'msg_10100', 'before');
    const asked = stage.asked;
    await stage.feed.further.loadBeside('msg_10100', 'before');
    const [run] = stage.take('stretch');
    assert.equal(run?.entries.length, 101);
    assert.equal(run.entries.at(-2)?.id, 'msg_10099');
    assert.equal(stage.asked, asked);
  });

  it('is its newest messages after it was hidden', async () => {
    const stage = await showing({ messages: many(500) });
    await stage.feed.further.loadBeside('msg_10460', 'before');
    stage.feed.setReady(false);
    stage.feed.setReady(true);
    await stage.settle();
    assert.equal(stage.take('show').at(-1)?.view.entries.length, 80);
  });

  it('is the one that it wants to see, with those around it and none of those between', async () => {
    const stage = await showing({ messages: many(700) });
    const asked = stage.asked;
    await stage.feed.further.giveAround('msg_10100');
    assert.ok(stage.asked - asked <= 3, `the server was asked ${stage.asked - asked} times`);
    const [run, ...others] = stage.take('stretch');
    assert.deepEqual(others, []);
    const ids = run?.entries.map(({ id }) => id) ?? [];
    const all = many(700).map(({ info }) => info.id);
    const first = all.indexOf(ids[0] ?? '');
    assert.deepEqual(ids, all.slice(first, first + ids.length));
    assert.ok(ids.indexOf('msg_10100') >= 10 && ids.length - ids.indexOf('msg_10100') >= 20);
    assert.deepEqual(stage.posted.at(-1), { type: 'reveal', messageId: 'msg_10100' });
  });

  it('is what stands beside a message, until nothing is missing between', async () => {
    const stage = await showing({ messages: many(700) });
    await stage.feed.further.giveAround('msg_10300');
    let last = stage.take('stretch')[0]?.entries.at(-1)?.id ?? '';
    for (let asked = 0; asked < 20 && last < 'msg_10660'; asked += 1) {
      await stage.feed.further.loadBeside(last, 'after');
      const run =
        stage
          .take('stretch')
          .at(-1)
          ?.entries.map(({ id }) => id) ?? [];
      assert.equal(run[0], last);
      last = run.at(-1) ?? '';
    }
    assert.ok(last >= 'msg_10660', last);
  });

  it('is what stands before the next message it has, where what comes after one cannot be told', async () => {
    const messages = many(700);
    const { created } = messages[300]?.info.time ?? assert.fail();
    for (const { info } of messages.slice(300, 600)) info.time.created = created;
    const stage = await showing({ messages });
    await stage.feed.further.giveAround('msg_10200');
    let last = 'msg_10300';
    await stage.transcripts.loadAround('ses_1', last);
    await stage.feed.further.giveAround(last);
    last = stage.take('stretch').at(-1)?.entries.at(-1)?.id ?? '';
    await stage.feed.further.loadBeside(last, 'after');
    const run = stage.take('stretch').at(-1)?.entries ?? [];
    assert.ok(run.length > 1);
  });

  it('is the message to which it was opened, near the end or far from it', async () => {
    for (const messageId of ['msg_10690', 'msg_10100']) {
      const stage = new Stage([aSession({ id: 'ses_1' })]);
      stage.messages.set('ses_1', many(700));
      stage.feed.turnTo('ses_1', messageId);
      stage.feed.setReady(true);
      await stage.settle();
      const revealed = [
        ...stage.take('show').map(({ reveal }) => reveal),
        ...stage.take('reveal').map((message) => message.messageId),
      ];
      assert.deepEqual(
        revealed.filter((id) => id !== undefined),
        [messageId],
      );
    }
  });

  it('is fetched while the page starts', async () => {
    const stage = new Stage([aSession({ id: 'ses_1' })]);
    stage.messages.set('ses_1', aConversation());
    stage.feed.turnTo('ses_1');
    await stage.settle();
    assert.ok(stage.transcripts.get('ses_1'));
  });

  it('is not what the page has kept of a session that it turns back to', async () => {
    const stage = await showingTwo();
    stage.feed.turnTo('ses_1');
    await stage.settle();
    assert.equal(stage.take('show').length, 2);
    const [again] = stage.take('showAgain');
    assert.equal(again?.view.header.sessionId, 'ses_1');
    stage.tell('session.status', { sessionID: 'ses_1', status: { type: 'busy' } });
    stage.delta('more');
    await stage.settle();
    assert.equal(stage.take('changes').at(-1)?.sessionId, 'ses_1');
  });

  it('is the session whole where it changed while the page showed another', async () => {
    const stage = await showingTwo();
    stage.delta('more');
    stage.feed.turnTo('ses_1');
    await stage.settle();
    assert.equal(stage.take('show').at(-1)?.view.header.sessionId, 'ses_1');
    assert.equal(stage.take('showAgain').length, 0);
  });

  it('is the session whole where the page was told less than happened', async () => {
    const stage = await showingTwo((shown) => shown.delta('unsent'));
    stage.feed.turnTo('ses_1');
    await stage.settle();
    assert.equal(stage.take('show').at(-1)?.view.header.sessionId, 'ses_1');
  });

  it('is the session whole where the page began anew', async () => {
    const stage = await showingTwo();
    stage.feed.setReady(false);
    stage.feed.setReady(true);
    await stage.settle();
    stage.feed.turnTo('ses_1');
    await stage.settle();
    assert.equal(stage.take('showAgain').length, 0);
    assert.equal(stage.take('show').at(-1)?.view.header.sessionId, 'ses_1');
  });

  it('is nothing at all where nothing happened while the stream was broken, else what did', async () => {
    const stage = await showing({ messages: many(100) });
    await stage.feed.further.loadBeside('msg_10060', 'before');
    await stage.settle();
    const posted = stage.told.length;
    for (const sink of stage.sinks) {
      sink.reset([
        {
          directory: '/work',
          sessions: [aSession({ id: 'ses_1' })],
          statuses: {},
          permissions: [],
          questions: [],
        },
      ]);
    }
    await stage.settle();
    assert.deepEqual(stage.types().slice(posted), ['choices']);
    stage.messages.get('ses_1')?.push(aUserMessage('msg_20000'));
    stage.transcripts.reset([]);
    await stage.settle();
    assert.deepEqual(
      stage.take('changes').flatMap(({ changes }) => changes.map(({ kind }) => kind)),
      ['message', 'part'],
    );
    assert.equal(stage.take('show').length, 1);
  });

  it('is the sentence of what went wrong, and the session once it can be loaded', async () => {
    const stage = new Stage([aSession({ id: 'ses_1' })]);
    stage.problem = new UnavailableProblem('There is no server.');
    stage.feed.turnTo('ses_1');
    stage.feed.setReady(true);
    await stage.settle();
    assert.equal(stage.take('failed')[0]?.message, 'There is no server.');
    stage.problem = undefined;
    stage.transcripts.reset([]);
    await stage.settle();
    assert.equal(stage.take('show').length, 1);
  });

  it('is no failure while the server starts', async () => {
    const stage = new Stage([]);
    stage.connection.state = { kind: 'starting' };
    stage.problem = new UnavailableProblem('There is no server.');
    stage.feed.turnTo('ses_1');
    stage.feed.setReady(true);
    await stage.settle();
    assert.deepEqual(stage.take('failed'), []);
    assert.equal(stage.take('loading').length, 1);
  });

  it('is the session as soon as the server has started, in a panel that came back before it', async () => {
    const stage = new Stage([aSession({ id: 'ses_1' })]);
    stage.connection.state = { kind: 'starting' };
    stage.problem = new UnavailableProblem('There is no server.');
    stage.feed.turnTo('ses_1');
    stage.feed.setReady(true);
    await stage.settle();
    stage.problem = undefined;
    stage.connection.state = { kind: 'live', url: '', version: '1.18.33', managed: true };
    stage.didChangeConnection.fire(stage.connection.state);
    await stage.settle();
    assert.equal(stage.take('show').length, 1);
  });

  it('is word that it is not known who can answer, beside what was known, until it is', async () => {
    const stage = new Stage([aSession({ id: 'ses_1' })]);
    stage.messages.set('ses_1', aConversation());
    stage.noAgents = new UnavailableProblem('No answer.');
    stage.feed.turnTo('ses_1');
    stage.feed.setReady(true);
    await stage.settle();
    const latest = () => stage.take('choices').at(-1)?.choices;
    assert.match(latest()?.failure ?? '', /did not say which agents and models there are\. No answer\./);
    assert.equal(latest()?.noModel, undefined, 'nobody said that there is none');
    stage.noAgents = undefined;
    await stage.offers.load(stage.feed.session?.directory ?? assert.fail());
    await stage.settle();
    assert.deepEqual([latest()?.failure, latest()?.agents.length], [undefined, 1]);
    stage.noAgents = new UnavailableProblem('No answer.');
    stage.offers.reset();
    await stage.settle();
    assert.deepEqual([latest()?.failure !== undefined, latest()?.agents.length], [true, 1]);
    stage.connection.state = { kind: 'starting' };
    const told = stage.take('choices').length;
    stage.feed.refreshChoices();
    await stage.settle();
    assert.equal(stage.take('choices').length, told, 'the line about the connection says it');
  });

  it('is word that the session is gone', async () => {
    const stage = new Stage([]);
    stage.feed.turnTo('ses_gone');
    stage.feed.setReady(true);
    await stage.settle();
    assert.match(stage.take('failed')[0]?.message ?? '', /not on the server any more/);
  });

  it('is the way to what was written for a session that is gone, where its composer is not shown', async () => {
    const shown = async (write: (stage: Stage) => void) => {
      const stage = new Stage([]);
      write(stage);
      stage.feed.turnTo('ses_gone');
      stage.feed.setReady(true);
      await stage.settle();
      return stage.take('failed')[0];
    };
    const action = { title: 'Open Text', command: 'opencodeSessions.prompt.editInEditor' };
    const typed = await shown(({ drafts }) => drafts.set('ses_gone', { text: 'Go on.' }));
    assert.deepEqual(typed?.action, action);
    assert.match(typed.message, /What was written for it is kept/);
    assert.deepEqual((await shown(({ lent }) => lent.add('ses_gone')))?.action, action);
    assert.equal((await shown(({ drafts }) => drafts.set('ses_gone', { text: ' ' })))?.action, undefined);
  });

  it('is what there was, and word that the session was deleted, under the title that it had last', async () => {
    const stage = new Stage([]);
    stage.messages.set('ses_1', [aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1')]);
    // It was begun a moment ago: the panel is there before the store knows the session.
    stage.elsewhere = aSession({ id: 'ses_1', title: 'New session' });
    stage.feed.turnTo('ses_1');
    stage.feed.setReady(true);
    await stage.settle();
    const info = aSession({ id: 'ses_1', title: 'A fine title' });
    stage.tell('session.updated', { info });
    await stage.settle();
    stage.elsewhere = undefined;
    stage.tell('session.deleted', { info });
    await stage.settle();
    const { header } = stage.take('header').at(-1) ?? {};
    assert.deepEqual([header?.deleted, header?.title], [true, 'A fine title']);
    assert.equal(stage.titles.at(-1), 'A fine title');
    assert.equal(stage.take('failed').length, 0);
    await stage.feed.further.loadBeside('msg_1', 'before');
    assert.equal(stage.take('stretch').at(-1)?.hasOlder, false, 'nothing is asked of the server any more');
    stage.tell('session.created', { info });
    await stage.settle();
    assert.equal(stage.take('header').at(-1)?.header.deleted, undefined, 'it was brought back');
  });

  it('is what there was also where the session was deleted while nobody listened', async () => {
    const stage = await showing();
    stage.problem = new NotFoundProblem('gone');
    const nothing = [{ directory: '/work', sessions: [], statuses: {}, permissions: [], questions: [] }];
    for (const sink of stage.sinks) sink.reset(nothing);
    await stage.settle();
    assert.equal(stage.take('header').at(-1)?.header.deleted, true);
    assert.equal(stage.take('failed').length, 0);
  });

  it('says nothing of a deletion where the folder was closed, or where nobody knows', async () => {
    const stage = await showing();
    stage.elsewhere = stage.sessions.get('ses_1');
    stage.sessions.reset([]);
    await stage.settle();
    assert.ok(stage.take('header').every(({ header }) => header.deleted === undefined));
  });

  it('is only the session that it turned to last', async () => {
    const stage = new Stage([aSession({ id: 'ses_1' }), aSession({ id: 'ses_2', title: 'Second' })]);
    stage.feed.setReady(true);
    stage.feed.turnTo('ses_1');
    stage.feed.turnTo('ses_2');
    await stage.settle();
    assert.deepEqual(
      stage.take('show').map(({ view }) => view.header.sessionId),
      ['ses_2'],
    );
    assert.equal(stage.titles.at(-1), 'Second');
  });

  it('is a permission that a subagent at any depth waits for', async () => {
    const stage = await showing();
    stage.tell('session.created', { info: aSession({ id: 'ses_2', parentID: 'ses_1', title: 'Explore' }) });
    stage.tell('session.created', { info: aSession({ id: 'ses_3', parentID: 'ses_2', title: 'Deeper' }) });
    stage.tell('permission.asked', {
      id: 'per_1',
      sessionID: 'ses_3',
      permission: 'bash',
      patterns: ['rm x'],
      metadata: { command: 'rm x' },
      always: [],
    });
    await stage.settle();
    const [permission] = stage.take('requests').at(-1)?.permissions ?? [];
    assert.deepEqual(
      [permission?.sessionId, permission?.sessionTitle, permission?.detail?.text],
      ['ses_3', 'Deeper', 'rm x'],
    );
    stage.feed.tellRequests();
    await stage.settle();
    assert.deepEqual(stage.take('requests').at(-1)?.permissions, [permission]);
    assert.equal(stage.take('requests').length, 2);
  });

  it('is what was added to a thought, and the thought again only when another answer interrupts it', async () => {
    const { info } = anAnswer('msg_2', 'msg_1', { running: true });
    const thought = { id: 'prt_1', sessionID: 'ses_1', messageID: 'msg_2', type: 'reasoning', text: 'Hm' };
    const messages = [
      aUserMessage('msg_1'),
      { info, parts: [Part.parse({ ...thought, time: { start: 1 } })] },
    ];
    const stage = await showing({ messages, statuses: { ses_1: { type: 'busy' } } });
    stage.delta(', so');
    stage.tell('message.updated', { info });
    await stage.settle();
    const changes = () => stage.take('changes').flatMap((message) => message.changes);
    assert.deepEqual(
      changes().map(({ kind }) => kind),
      ['message', 'append'],
    );
    stage.tell('message.updated', { info: anAnswer('msg_3', 'msg_1', { running: true }).info });
    await stage.settle();
    const part = { id: 'prt_1', type: 'reasoning', start: 1, text: 'Hm, so', interrupted: true };
    assert.deepEqual(changes().at(-1), { kind: 'part', messageId: 'msg_2', part });
  });

  it('is an interrupted tool when the session becomes idle', async () => {
    const stage = await showing({ statuses: { ses_1: { type: 'busy' } } });
    stage.tell('message.part.updated', {
      part: {
        id: 'prt_2',
        sessionID: 'ses_1',
        messageID: 'msg_2',
        type: 'tool',
        callID: 'c',
        tool: 'bash',
        state: { status: 'running', input: {}, time: { start: 1 } },
      },
    });
    await stage.settle();
    stage.tell('session.status', { sessionID: 'ses_1', status: { type: 'idle' } });
    await stage.settle();
    const changes = stage.take('changes').flatMap((message) => message.changes);
    const tools = changes.flatMap((change) =>
      change.kind === 'part' && change.part.type === 'tool' ? [change.part.status] : [],
    );
    assert.deepEqual(tools, ['running', 'interrupted']);
  });

  it('is the call that a permission is asked for, once it is known', async () => {
    const stage = await showing({ statuses: { ses_1: { type: 'busy' } } });
    stage.calls.set('per_1', { kind: 'loading' });
    stage.tell('permission.asked', {
      id: 'per_1',
      sessionID: 'ses_1',
      permission: 'till_pay',
      patterns: ['*'],
      tool: { messageID: 'msg_2', callID: 'c' },
    });
    await stage.settle();
    assert.equal(stage.take('requests').at(-1)?.permissions[0]?.isCallUnknown, true);
    stage.calls.set('per_1', { kind: 'known', tool: 'till_pay', input: { amount: 5 } });
    stage.didChangeCalls.fire({ sessionId: 'ses_1' });
    await stage.settle();
    const [told] = stage.take('requests').at(-1)?.permissions ?? [];
    assert.deepEqual([told?.isCallUnknown, told?.given?.text], [undefined, '{\n  "amount": 5\n}']);
  });

  it('says nothing after its end', async () => {
    const stage = await showing();
    const before = stage.posted.length;
    stage.feed.dispose();
    stage.delta('x');
    await stage.settle();
    assert.equal(stage.posted.length, before);
  });
});
