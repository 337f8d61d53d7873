import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { MessagePage } from '../../../src/core/ports/openCode.ts';
import { Transcript } from '../../../src/core/transcript/transcript.ts';
import { TranscriptStore, type TranscriptStoreChange } from '../../../src/core/transcript/transcriptStore.ts';
import { ServerEvent } from '../../../src/protocol/events.ts';
import type { MessageWithParts } from '../../../src/protocol/records.ts';
import { aHistory, anAnswer, aUserMessage } from './builders.ts';

/** A server that answers when the test says so. */
class SlowHistory {
  readonly asked: { limit: number; before?: string; answer: (page: MessagePage) => void }[] = [];
  readonly getMessage = () => Promise.reject(new Error('not asked for here'));

  listMessages(_sessionId: string, page: { limit: number; before?: string }): Promise<MessagePage> {
    return new Promise((answer) => this.asked.push({ ...page, answer }));
  }
}

function event(type: string, properties: Record<string, unknown>): ServerEvent {
  return ServerEvent.parse({ type, properties });
}

function textPart(text: string, given: { id?: string; messageID?: string; end?: number } = {}) {
  const { id = 'prt_1', messageID = 'msg_2', end } = given;
  const time = { start: 1, ...(end === undefined ? {} : { end }) };
  return { id, sessionID: 'ses_1', messageID, type: 'text', text, time };
}

function delta(text: string, partID = 'prt_1', messageID = 'msg_2'): ServerEvent {
  return event('message.part.delta', { sessionID: 'ses_1', messageID, partID, field: 'text', delta: text });
}

function conversation(): MessageWithParts[] {
  return [aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1', { running: true, parts: [textPart('')] })];
}

function textOf(transcript: Transcript | undefined): string | undefined {
  const part = transcript?.part('msg_2', 'prt_1');
  return part?.type === 'text' ? part.text : undefined;
}

describe('the transcript store', () => {
  it('shows an answer from its beginning when it is opened in the middle', async () => {
    const history = new SlowHistory();
    const store = new TranscriptStore(history);
    store.apply(event('message.part.updated', { part: textPart('') }));
    store.apply(delta('Once '));
    const loading = store.load('ses_1');
    store.apply(delta('upon '));
    history.asked[0]?.answer({ messages: conversation() });
    const transcript = await loading;
    store.apply(delta('a time'));
    assert.equal(textOf(transcript), 'Once upon a time');
  });

  it('asks once for what several look at', async () => {
    const history = new SlowHistory();
    const store = new TranscriptStore(history);
    const both = Promise.all([store.load('ses_1'), store.load('ses_1')]);
    assert.equal(history.asked.length, 1);
    history.asked[0]?.answer({ messages: conversation() });
    const [one, other] = await both;
    assert.equal(one, other);
  });

  it('applies what was said while a page was on its way', async () => {
    const history = new SlowHistory();
    const store = new TranscriptStore(history);
    const loading = store.load('ses_1');
    store.apply(event('message.removed', { sessionID: 'ses_1', messageID: 'msg_1' }));
    history.asked[0]?.answer({ messages: conversation() });
    assert.deepEqual((await loading).messageIds, ['msg_2']);
  });

  it('throws away a page that was asked for before the stream broke', async () => {
    const history = new SlowHistory();
    const store = new TranscriptStore(history);
    store.hold('ses_1');
    const loading = store.load('ses_1');
    store.reset([]);
    history.asked[0]?.answer({ messages: [] });
    await Promise.resolve();
    history.asked[1]?.answer({ messages: conversation() });
    assert.equal((await loading).size, 2);
  });

  describe('after a reset', () => {
    let history: SlowHistory;
    let store: TranscriptStore;
    let changes: TranscriptStoreChange['change'][];
    const all = Array.from({ length: 300 }, (_, index) => aUserMessage(`msg_${100 + index}`));
    const messages = (from: number, to: number) => all.slice(from - 100, to - 100);
    const settle = () => new Promise((resolve) => setImmediate(resolve));

    beforeEach(async () => {
      history = new SlowHistory();
      store = new TranscriptStore(history);
      store.hold('ses_1');
      const loading = store.load('ses_1');
      history.asked[0]?.answer({ messages: messages(100, 160), before: 'cursor' });
      await loading;
      changes = [];
      store.onDidChange(({ change }) => changes.push(change));
    });

    it('asks for as much as there was, keeps showing that, and tells nothing where it is the same', async () => {
      const revision = store.revision('ses_1');
      store.reset([]);
      assert.equal(history.asked[1]?.limit, 60);
      assert.equal(store.get('ses_1')?.size, 60);
      history.asked[1]?.answer({ messages: messages(100, 160), before: 'cursor' });
      await settle();
      assert.deepEqual(changes, []);
      assert.equal(store.revision('ses_1'), revision);
    });

    it('tells what is otherwise, and what is gone', async () => {
      store.reset([]);
      const answer = anAnswer('msg_160', 'msg_159', {
        parts: [textPart('Done', { messageID: 'msg_160', end: 2 })],
      });
      history.asked[1]?.answer({
        messages: [...messages(101, 158), ...messages(159, 160), answer],
        before: 'cursor',
      });
      await settle();
      assert.deepEqual(changes, [
        { kind: 'messageRemoved', messageId: 'msg_158' },
        { kind: 'head', messageId: 'msg_160' },
        { kind: 'part', messageId: 'msg_160', partId: 'prt_1' },
      ]);
      assert.equal(store.get('ses_1')?.messageIds[0], 'msg_100');
      assert.equal(store.get('ses_1')?.messageIds.at(-1), 'msg_160');
    });

    it('keeps what events told while the server was asked', async () => {
      store.reset([]);
      store.apply(event('message.updated', { info: aUserMessage('msg_160').info }));
      store.apply(event('message.removed', { sessionID: 'ses_1', messageID: 'msg_150' }));
      history.asked[1]?.answer({ messages: messages(100, 160), before: 'cursor' });
      await settle();
      assert.equal(store.get('ses_1')?.has('msg_150'), false);
      assert.equal(store.get('ses_1')?.messageIds.at(-1), 'msg_160');
    });

    it('misses nothing between what the server gave and what came since', async () => {
      const [late, later] = [aUserMessage('msg_501'), aUserMessage('msg_502')];
      store.reset([]);
      store.apply(event('message.updated', { info: late.info }));
      history.asked[1]?.answer({ messages: messages(101, 161), before: 'cursor' });
      await settle();
      store.apply(event('message.removed', { sessionID: 'ses_1', messageID: 'msg_501' }));
      store.apply(event('message.updated', { info: later.info }));
      assert.deepEqual(store.get('ses_1')?.messageIds.slice(-2), ['msg_160', 'msg_502']);
    });

    it('is stale where messages between what was known and what is there are missing', async () => {
      store.reset([]);
      history.asked[1]?.answer({ messages: messages(300, 360), before: 'cursor' });
      await settle();
      assert.deepEqual(changes, [{ kind: 'stale' }]);
      assert.equal(store.get('ses_1'), undefined);
      void store.load('ses_1');
      assert.equal(history.asked[2]?.limit, 60);
    });

    it('throws away what was asked before a second one', async () => {
      store.reset([]);
      store.reset([]);
      history.asked[1]?.answer({ messages: [] });
      await settle();
      assert.deepEqual(changes, []);
      history.asked[2]?.answer({ messages: messages(100, 161), before: 'cursor' });
      await settle();
      assert.deepEqual(changes[0], { kind: 'head', messageId: 'msg_160' });
    });

    it('is compared at a look, with few messages first', async () => {
      const told = { records: new Set<string>(), statuses: new Set<string>(), requests: new Set<string>() };
      store.compare({ snapshot: [], complete: true, told });
      assert.equal(history.asked[1]?.limit, 4);
      history.asked[1]?.answer({ messages: messages(200, 204), before: 'cursor' });
      await settle();
      assert.equal(history.asked[2]?.limit, 60);
      history.asked[2]?.answer({ messages: messages(144, 204), before: 'cursor' });
      await settle();
      assert.equal(changes.filter(({ kind }) => kind === 'head').length, 44);
      assert.equal(store.get('ses_1')?.size, 104);
    });
  });

  it('loads older pages until there are none', async () => {
    const history = new SlowHistory();
    const store = new TranscriptStore(history);
    const [first, second] = [aUserMessage('msg_1'), aUserMessage('msg_2')];
    const loading = store.load('ses_1');
    history.asked[0]?.answer({ messages: [second], before: 'cursor' });
    const transcript = await loading;
    const older = store.loadBeside('ses_1', 'msg_2', 'before');
    assert.equal(history.asked[1]?.before, 'cursor');
    history.asked[1]?.answer({ messages: [first] });
    assert.deepEqual(await older, ['msg_1']);
    assert.deepEqual(transcript.messageIds, ['msg_1', 'msg_2']);
    assert.deepEqual(await store.loadBeside('ses_1', 'msg_1', 'before'), []);
    assert.equal(history.asked.length, 2);
  });

  it('can be asked again after the server refused', async () => {
    let fails = true;
    const store = new TranscriptStore(
      aHistory(() => {
        if (fails) throw new Error('gone');
        return conversation();
      }),
    );
    await assert.rejects(store.load('ses_1'), /gone/);
    fails = false;
    assert.equal((await store.load('ses_1')).size, 2);
  });

  it('forgets long transcripts that nobody looks at, and keeps short ones', async () => {
    const long = Array.from({ length: 100 }, (_, index) => aUserMessage(`msg_${100 + index}`));
    const store = new TranscriptStore(
      aHistory((sessionId) => (sessionId === 'ses_long' ? long : conversation())),
    );
    for (const sessionId of ['ses_long', 'ses_short']) {
      const held = store.hold(sessionId);
      const { messageIds } = await store.load(sessionId);
      await store.loadBeside(sessionId, messageIds[0] ?? '', 'before');
      held.dispose();
    }
    assert.equal(store.get('ses_long'), undefined);
    assert.notEqual(store.get('ses_short'), undefined);
  });

  it('ends in the state of the server, whatever a lost stream and a resync in the middle interleave', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anOperation, { maxLength: 60 }),
        fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }),
        async (operations, cuts) => {
          const server = new ModelServer();
          for (const operation of operations) server.run(operation);
          server.finish();
          await assertSame(server, cuts);
        },
      ),
      { numRuns: 500 },
    );
  });
});

type Operation = {
  readonly kind: 'prompt' | 'answer' | 'text' | 'delta' | 'end' | 'tool' | 'drop' | 'dropPart';
  readonly pick: number;
};

const anOperation: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constantFrom(
    'prompt',
    'answer',
    'text',
    'delta',
    'delta',
    'delta',
    'end',
    'tool',
    'drop',
    'dropPart',
  ),
  pick: fc.nat(1000),
});

interface Stored {
  info: MessageWithParts['info'];
  parts: Map<string, ReturnType<typeof textPart> | Record<string, unknown>>;
}

/** What a server does with its own state, which it tells in events: a text is stored when it is complete. */
class ModelServer {
  readonly events: ServerEvent[] = [];
  readonly #messages = new Map<string, Stored>();
  readonly #open = new Map<string, { messageID: string; text: string }>();
  /** The stored state after each number of events. */
  readonly states: MessageWithParts[][] = [[]];
  #count = 0;

  run({ kind, pick }: Operation): void {
    if (this.#messages.size > 30 && (kind === 'prompt' || kind === 'answer')) return;
    const id = String(++this.#count).padStart(5, '0');
    switch (kind) {
      case 'prompt':
        return this.#put(aUserMessage(`msg_${id}`, { parts: [] }).info);
      case 'answer':
        return this.#put(anAnswer(`msg_${id}`, 'msg_0', { parts: [] }).info);
      case 'text':
        return this.#begin(pick, `prt_${id}`);
      case 'delta':
        return this.#stream(pick, `${id} `);
      case 'end':
        return this.#end(this.#pickOf([...this.#open.keys()], pick));
      case 'tool':
        return this.#callTool(pick, `prt_${id}`);
      case 'drop':
        return this.#remove(pick);
      case 'dropPart':
        return this.#removePart(pick);
    }
  }

  finish(): void {
    for (const partId of this.#open.keys()) this.#end(partId);
  }

  #put(info: MessageWithParts['info']): void {
    this.#messages.set(info.id, { info, parts: this.#messages.get(info.id)?.parts ?? new Map() });
    this.#tell('message.updated', { info });
  }

  #begin(pick: number, partId: string): void {
    const messageID = this.#pickOf([...this.#messages.keys()], pick);
    if (messageID === undefined) return;
    this.#open.set(partId, { messageID, text: '' });
    this.#store(messageID, textPart('', { id: partId, messageID }));
  }

  #stream(pick: number, text: string): void {
    const partId = this.#pickOf([...this.#open.keys()], pick);
    const open = partId === undefined ? undefined : this.#open.get(partId);
    if (partId === undefined || open === undefined) return;
    open.text += text;
    this.#append(delta(text, partId, open.messageID));
  }

  #end(partId: string | undefined): void {
    const open = partId === undefined ? undefined : this.#open.get(partId);
    if (partId === undefined || open === undefined) return;
    this.#open.delete(partId);
    this.#store(open.messageID, textPart(open.text, { id: partId, messageID: open.messageID, end: 2 }));
  }

  #callTool(pick: number, partId: string): void {
    const messageID = this.#pickOf([...this.#messages.keys()], pick);
    if (messageID === undefined) return;
    const call = { id: partId, sessionID: 'ses_1', messageID, type: 'tool', callID: 'c', tool: 'bash' };
    this.#store(messageID, { ...call, state: { status: 'pending', input: {} } });
    const time = { start: 1, end: 2 };
    this.#store(messageID, { ...call, state: { status: 'completed', input: {}, output: partId, time } });
  }

  #remove(pick: number): void {
    const messageID = this.#pickOf([...this.#messages.keys()], pick);
    if (messageID === undefined) return;
    this.#messages.delete(messageID);
    for (const [partId, open] of this.#open) if (open.messageID === messageID) this.#open.delete(partId);
    this.#tell('message.removed', { sessionID: 'ses_1', messageID });
  }

  #removePart(pick: number): void {
    const messageID = this.#pickOf([...this.#messages.keys()], pick);
    const parts = messageID === undefined ? undefined : this.#messages.get(messageID)?.parts;
    const partID = this.#pickOf([...(parts?.keys() ?? [])], pick);
    if (messageID === undefined || partID === undefined) return;
    parts?.delete(partID);
    this.#open.delete(partID);
    this.#tell('message.part.removed', { sessionID: 'ses_1', messageID, partID });
  }

  #store(messageID: string, part: Record<string, unknown>): void {
    this.#messages.get(messageID)?.parts.set(String(part['id']), part);
    this.#tell('message.part.updated', { part });
  }

  #tell(type: string, properties: Record<string, unknown>): void {
    this.#append(event(type, properties));
  }

  #append(told: ServerEvent): void {
    this.events.push(told);
    this.states.push(
      [...this.#messages.values()].map(({ info, parts }) => ({
        info,
        parts: [...parts.values()] as MessageWithParts['parts'],
      })),
    );
  }

  #pickOf(ids: readonly string[], pick: number): string | undefined {
    return ids[pick % Math.max(1, ids.length)];
  }
}

/**
 * Lets a store hear the stream up to a break, miss some, and hear the rest of another stream. The messages are
 * asked for after that began; the answer is a picture of any later moment and arrives at any moment.
 */
async function assertSame(server: ModelServer, cuts: readonly number[]): Promise<void> {
  const { events, states } = server;
  const [one = 0, other = 0, picture = 0, arrival = 0] = cuts.map((cut) => cut % (events.length + 1));
  const [broken, connected] = [Math.min(one, other), Math.max(one, other)];
  const [pictured, arrived] = [Math.max(connected, picture), Math.max(connected, arrival)];
  const history = new SlowHistory();
  const store = new TranscriptStore(history);
  store.hold('ses_1');
  const first = store.load('ses_1');
  history.asked[0]?.answer({ messages: [] });
  await first;
  for (const told of events.slice(0, broken)) store.apply(told);
  store.reset([]);
  store.apply(event('server.connected', {}));
  const loading = store.load('ses_1');
  for (const told of events.slice(connected, arrived)) store.apply(told);
  history.asked[1]?.answer({ messages: states[pictured] ?? [] });
  const transcript = await loading;
  for (const told of events.slice(arrived)) store.apply(told);
  assert.deepEqual(transcript.entries(), new Transcript({ messages: states.at(-1) ?? [] }).entries());
}
