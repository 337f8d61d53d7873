import assert from 'node:assert/strict';
import { copyDelivery } from '../../../src/commands/delivery/copyDelivery.ts';
import { lookAgain } from '../../../src/commands/delivery/lookAgain.ts';
import { openDelivery, openDeliveryCause } from '../../../src/commands/delivery/openDelivery.ts';
import { releaseAll, stopAll } from '../../../src/commands/delivery/stopAll.ts';
import { NotFoundProblem, Problem } from '../../../src/core/errors.ts';
import type { Choice } from '../../../src/core/ports/dialogs.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import type { ListedDelivery } from '../../../src/core/prompts/listedDelivery.ts';
import type { CompanionState } from '../../../src/core/state/companions.ts';
import { stopAllWords } from '../../../src/protocol/companion.ts';
import { aProof, aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { SwitchedHold } from '../core/switchedHold.ts';
import { aPerson, aServer } from './commands.ts';

const sent: ListedDelivery = {
  messageId: 'msg_1',
  sessionId: 'ses_1',
  directory: '/work',
  cause: 'relay',
  by: { kind: 'agent', session: 'ses_2', agent: 'plan' },
  source: { session: 'ses_2' },
  agent: 'build',
  text: 'Review it',
  time: 1,
  changed: 2,
  state: { kind: 'unknown' },
};
const typed: ListedDelivery = {
  messageId: 'msg_2',
  sessionId: 'ses_1',
  directory: '/work',
  cause: 'typed',
  agent: 'build',
  text: 'Go on',
  time: 1,
  state: { kind: 'ended', how: 'answered' },
};

function setUp(pick?: (choices: readonly Choice<unknown>[]) => unknown) {
  const known = new Map([sent, typed].map((delivery) => [delivery.messageId, delivery]));
  const opened: unknown[] = [];
  const copied: string[] = [];
  const notices: Notice[] = [];
  const asked: (readonly Choice<unknown>[])[] = [];
  const shown: string[] = [];
  const hold = new SwitchedHold();
  const pending = { count: 2 };
  const companions = { states: new Map<string, CompanionState>() };
  const working = { ids: new Set<string>() };
  const server = aServer({ abortSession: () => undefined });
  const person = aPerson({
    pickOne: (_title: string, choices: readonly Choice<unknown>[]) => {
      asked.push(choices);
      return pick?.(choices);
    },
  });
  const deps = {
    ledger: {
      all: () => [...known.values()],
      get: (id: string) => known.get(id),
      read: async () => undefined,
      look: async (id: string) => void known.set(id, { ...sent, state: { kind: 'stored' } }),
    },
    titleOf: (id: string) => (id === 'ses_1' ? 'Cart' : 'Parser'),
    sessions: aStore([aSession({ id: 'ses_1' }), aSession({ id: 'ses_2' })]),
    openCode: server.openCode,
    dialogs: person.dialogs,
    openTranscript: (...given: unknown[]) => void opened.push(given),
    copy: async (text: string) => void copied.push(text),
    notify: (notice: Notice) => void notices.push(notice),
    showDeliveries: async () => void shown.push('shown'),
    hold,
    pending,
    working,
    companions,
    proof: aProof(),
    directoryName: (directory: string) => directory,
  };
  return { deps, hold, companions, pending, working, opened, copied, notices, asked, shown, server };
}

describe('the verbs on what was sent', () => {
  it('open it where it is there, else its session, and what it goes back to', async () => {
    const { deps, opened } = setUp();
    await openDelivery(deps)({ deliveryId: 'msg_2' });
    await openDelivery(deps)({ deliveryId: 'msg_1' });
    await openDeliveryCause(deps)({ deliveryId: 'msg_1' });
    assert.deepEqual(opened, [
      ['ses_1', 'preview', 'msg_2'],
      ['ses_1', 'preview', undefined],
      ['ses_2', 'preview', undefined],
    ]);
    await assert.rejects(async () => openDeliveryCause(deps)({ deliveryId: 'msg_2' }), Problem);
    await assert.rejects(async () => openDelivery(deps)({ deliveryId: 'msg_gone' }), NotFoundProblem);
  });

  it('ask which one is meant, with its state, its cause and its session', async () => {
    const { deps, asked, opened } = setUp((choices) => choices[0]?.value);
    await openDelivery(deps)(undefined);
    assert.deepEqual(
      asked[0]?.map(({ label, description, detail }) => [label, description, detail]),
      [
        ['Review it', 'Cart', 'not known whether it arrived · relay, by plan of “Parser”'],
        ['Go on', 'Cart', 'answered · sent by you'],
      ],
    );
    assert.equal(opened.length, 1);
  });

  it('copy all that is known', async () => {
    const { deps, copied } = setUp();
    await copyDelivery(deps)({ deliveryId: 'msg_1' });
    const [text = ''] = copied;
    for (const words of [
      'Review it',
      'msg_1',
      'ses_1',
      'ses_2',
      'plan of “Parser”',
      '/work',
      'not sent again',
    ]) {
      assert.ok(text.includes(words), words);
    }
  });

  it('look again, and say what was found', async () => {
    const { deps, notices } = setUp();
    await lookAgain(deps)({ deliveryId: 'msg_1' });
    assert.match(notices[0]?.message ?? '', /“Review it”: there, no answer yet/);
  });
});

describe('Stop All', () => {
  it('holds what is sent by itself, says how much waits, and offers to release it', async () => {
    const { deps, hold, notices, asked } = setUp((choices) => choices[0]?.value);
    await stopAll(deps)(undefined);
    assert.equal(hold.isHeld(), true);
    assert.match(notices[0]?.message ?? '', /until you release it\. .*2 prompts wait\./);
    assert.deepEqual(
      notices[0]?.actions.map(({ title }) => title),
      ['Release', 'Show Deliveries'],
    );
    assert.deepEqual(
      asked[0]?.map(({ label }) => label),
      ['Hold What Is Sent by Itself', 'Show Deliveries'],
    );
  });

  it('stops running turns only where that is picked', async () => {
    const both = setUp((choices) => choices[1]?.value);
    both.working.ids.add('ses_1');
    await stopAll(both.deps)(undefined);
    assert.deepEqual([both.hold.isHeld(), both.server.calls], [true, [['abortSession', 'ses_1']]]);
    const one = setUp((choices) => choices[0]?.value);
    one.working.ids.add('ses_1');
    await stopAll(one.deps)(undefined);
    assert.deepEqual([one.hold.isHeld(), one.server.calls], [true, []]);
  });

  it('does nothing where the person leaves, and shows what waits where they want to see it', async () => {
    const left = setUp();
    await stopAll(left.deps)(undefined);
    assert.equal(left.hold.isHeld(), false);
    const seen = setUp((choices) => choices.at(-1)?.value);
    await stopAll(seen.deps)(undefined);
    assert.deepEqual([seen.hold.isHeld(), seen.shown], [false, ['shown']]);
  });

  it('is released at once where nothing waits, else once that was seen', async () => {
    const empty = setUp();
    empty.hold.stop();
    empty.pending.count = 0;
    await releaseAll(empty.deps)(undefined);
    assert.deepEqual([empty.hold.isHeld(), empty.asked], [false, []]);
    const full = setUp((choices) => choices[0]?.value);
    full.hold.stop();
    await releaseAll(full.deps)(undefined);
    assert.equal(full.hold.isHeld(), false);
    assert.match(full.asked[0]?.[0]?.description ?? '', /2 prompts wait/);
    const left = setUp();
    left.hold.stop();
    await releaseAll(left.deps)(undefined);
    assert.equal(left.hold.isHeld(), true);
  });

  it('says which companions it does not reach', async () => {
    const { deps, companions, notices } = setUp((choices) => choices[0]?.value);
    const running = { kind: 'running' as const, version: '1', hooks: [] };
    companions.states.set('/here', { ...running, stopAll: aProof().make(stopAllWords('/here')) });
    companions.states.set('/old', running);
    companions.states.set('/far', {
      ...running,
      stopAll: aProof('somebody else').make(stopAllWords('/far')),
    });
    companions.states.set('/none', { kind: 'none' });
    await stopAll(deps)(undefined);
    assert.equal(notices.length, 2);
    assert.match(notices[0]?.message ?? '', /does not reach the companion of “\/old”, “\/far”:/);
  });

  it('says so where it holds already, and where there is nothing to release', async () => {
    const { deps, hold, notices } = setUp();
    await releaseAll(deps)(undefined);
    hold.stop();
    await stopAll(deps)(undefined);
    assert.deepEqual(
      notices.map(({ message }) => message.split('.')[0]),
      ['Nothing is held by Stop All', 'Stop All holds already'],
    );
  });
});
