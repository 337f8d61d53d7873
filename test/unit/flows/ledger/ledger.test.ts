import assert from 'node:assert/strict';
import { UncertainProblem } from '../../../../src/core/errors.ts';
import { Emitter } from '../../../../src/core/event.ts';
import type { LedgerStore } from '../../../../src/core/prompts/ledger.ts';
import type { ListedDelivery } from '../../../../src/core/prompts/listedDelivery.ts';
import { SettledTurns } from '../../../../src/core/turns/settledTurn.ts';
import { Ledger } from '../../../../src/flows/ledger/ledger.ts';
import { LedgerWriter } from '../../../../src/flows/ledger/ledgerWriter.ts';
import { Deliveries } from '../../../../src/flows/prompting/deliveries.ts';
import type { LedgerLine } from '../../../../src/protocol/ledger.ts';
import type { MessageWithParts } from '../../../../src/protocol/records.ts';
import { aServer } from '../../commands/commands.ts';
import { aDelivery, aHistory, anAnswer, aUserMessage } from '../../core/builders.ts';
import { Memory } from '../../views/memory.ts';

/** The files of a user, as several programs write and read them. */
class Shared {
  readonly lines: LedgerLine[] = [];

  open(): LedgerStore {
    const didAppend = new Emitter<void>();
    let read = 0;
    return {
      onDidAppend: didAppend.event,
      append: (line) => {
        this.lines.push(line);
        didAppend.fire();
      },
      readNew: async () => this.lines.slice(read, (read = this.lines.length)),
    };
  }
}

function setUp({ shared = new Shared(), memory = new Memory() } = {}) {
  const messages: MessageWithParts[] = [];
  const history = aHistory(() => messages);
  const server = aServer({
    listStatuses: () => ({}),
    listMessages: (...asked: Parameters<typeof history.listMessages>) => history.listMessages(...asked),
  });
  const arrived = new Set<string>();
  const looked: string[] = [];
  const pending: { list: ListedDelivery[] } = { list: [] };
  const clock = { now: 1_000_000 };
  const live = { is: true };
  const didGoLive = new Emitter<void>();
  const store = shared.open();
  const deliveries = new Deliveries(memory);
  const writer = new LedgerWriter({ deliveries, store, now: () => clock.now });
  const ledger = new Ledger({
    openCode: server.openCode,
    turns: new SettledTurns(),
    startTimer: () => ({ dispose: () => undefined }),
    store,
    pending: { all: () => pending.list, onDidChange: new Emitter<void>().event },
    door: {
      hasArrived: async (_, messageId) => {
        looked.push(messageId);
        if (!live.is) throw new UncertainProblem('Not known yet.');
        return arrived.has(messageId);
      },
      look: async () => undefined,
    },
    deliveries,
    onDidGoLive: didGoLive.event,
    isLive: () => live.is,
    isOurs: (directory) => directory === '/work',
    now: () => clock.now,
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const states = (): string[] =>
    ledger
      .all()
      .map(({ messageId, state }) => `${messageId} ${state.kind === 'ended' ? state.how : state.kind}`);
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  };
  return {
    shared,
    memory,
    ledger,
    writer,
    deliveries,
    messages,
    arrived,
    looked,
    pending,
    clock,
    live,
    didGoLive,
    states,
    settle,
    server,
  };
}

describe('the account of a window', () => {
  it('lists what it sent itself and what others did, of its own folders, with what is known of each', async () => {
    const shared = new Shared();
    const [one, companion] = [setUp({ shared }), setUp({ shared })];
    companion.deliveries.write({
      ...aDelivery,
      messageId: 'msg_0',
      time: 500,
      by: { kind: 'agent', session: 'ses_2', agent: 'plan' },
    });
    one.deliveries.write(aDelivery);
    one.deliveries.set('msg_1', { kind: 'stored' });
    one.deliveries.write({ ...aDelivery, messageId: 'msg_9', directory: '/elsewhere' });
    await one.ledger.read();
    assert.deepEqual(one.states(), ['msg_1 stored', 'msg_0 sending']);
    companion.deliveries.set('msg_0', { kind: 'ended', how: 'answered' });
    await one.ledger.read();
    assert.deepEqual(one.states(), ['msg_1 stored', 'msg_0 answered']);
    assert.deepEqual(one.ledger.get('msg_0')?.by, { kind: 'agent', session: 'ses_2', agent: 'plan' });
  });

  it('lists what waits before all that was sent, and once, until it is known to be there', async () => {
    const { ledger, deliveries, pending, states } = setUp();
    const waiting: ListedDelivery = {
      ...aDelivery,
      messageId: 'msg_2',
      state: { kind: 'waiting', reason: 'Busy.' },
      pending: 'relay',
    };
    deliveries.write(aDelivery);
    pending.list = [waiting];
    await ledger.read();
    assert.deepEqual(states(), ['msg_2 waiting', 'msg_1 sending']);
    // Stop All met it on its way.
    deliveries.write({ ...aDelivery, messageId: 'msg_2' });
    deliveries.set('msg_2', { kind: 'absent', reason: 'Held.' });
    await ledger.read();
    assert.deepEqual(states(), ['msg_2 waiting', 'msg_1 sending']);
    deliveries.write({ ...aDelivery, messageId: 'msg_2', time: 2000 });
    deliveries.set('msg_2', { kind: 'stored' });
    await ledger.read();
    assert.deepEqual(states(), ['msg_2 stored', 'msg_1 sending']);
  });

  it('says after a reload that it is not known what became of one on its way, and sends nothing', async () => {
    const first = setUp();
    first.deliveries.write(aDelivery);
    first.deliveries.set('msg_1', { kind: 'accepted' });
    const { ledger, states, server } = setUp(first);
    await ledger.read();
    assert.deepEqual(states(), ['msg_1 unknown']);
    assert.deepEqual(server.changes(), []);
  });
});

describe('a prompt whose sender is gone', () => {
  const sentByOther = () => {
    const shared = new Shared();
    setUp({ shared }).deliveries.write(aDelivery);
    const window = setUp({ shared });
    window.clock.now += 10 * 60_000;
    return window;
  };

  it('is looked for by its id once somebody looks at the account, and its end is read', async () => {
    const window = sentByOther();
    window.arrived.add('msg_1');
    window.messages.push(aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1'));
    await window.ledger.read();
    assert.deepEqual([window.states(), window.looked], [['msg_1 unknown'], []]);
    window.ledger.watch(true);
    await window.settle();
    assert.deepEqual([window.states(), window.looked], [['msg_1 answered'], ['msg_1']]);
    assert.deepEqual(window.server.changes(), []);
    // Whoever reads the account next knows it.
    const later = setUp(window);
    await later.ledger.read();
    assert.deepEqual(later.states(), ['msg_1 answered']);
  });

  it('is known not to have been sent where the server does not hold it', async () => {
    const window = sentByOther();
    await window.ledger.look('msg_1');
    assert.deepEqual(window.states(), ['msg_1 absent']);
  });

  it('stays unknown while the server cannot be asked, and is looked for when it can', async () => {
    const window = sentByOther();
    window.live.is = false;
    window.ledger.watch(true);
    await window.settle();
    await assert.rejects(window.ledger.look('msg_1'), UncertainProblem);
    assert.deepEqual(window.states(), ['msg_1 unknown']);
    window.live.is = true;
    window.arrived.add('msg_1');
    window.messages.push(aUserMessage('msg_1'));
    window.didGoLive.fire();
    await window.settle();
    assert.deepEqual(window.states(), ['msg_1 unanswered']);
  });
});
