import assert from 'node:assert/strict';
import { setImmediate as pause } from 'node:timers/promises';
import { NotFoundProblem, UnavailableProblem } from '../../../src/core/errors.ts';
import { Emitter } from '../../../src/core/event.ts';
import { messageIdOf } from '../../../src/core/turns/messageId.ts';
import type { Outcome } from '../../../src/core/turns/outcome.ts';
import { ChildReports } from '../../../src/flows/relaying/childReports.ts';
import type { RelayRequest } from '../../../src/flows/relaying/relayLegs.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import { withPendingRelays } from '../../../src/protocol/pending.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { aServer } from '../commands/commands.ts';
import { aSession, aUserMessage, anAnswer } from '../core/builders.ts';
import { hearing } from '../core/hearing.ts';
import { aPermission, aQuestion, aStore } from '../core/stores.ts';

const made = withLineage(undefined, {
  of: 'ses_child',
  kind: 'handoff',
  from: 'ses_1',
  time: 1,
  report: 'msg_end',
});
const child = aSession({ id: 'ses_child', title: 'Tests', metadata: made });
const helper = aSession({ id: 'ses_helper', title: 'Helper', parentID: 'ses_child' });

const asked =
  '[Not from the user: of a session that you began.] Session "Tests" (`ses_child`): it waits for the user, who is asked:';

/** An agent's session and the one that it began; `told` is what reached the first, in its order. */
function setUp({ fails = 0, prompts = 1, now = 1 } = {}) {
  let parent = aSession({ id: 'ses_1', title: 'Parent' });
  let failures = fails;
  const messages = new Set<string>();
  const told: string[] = [];
  const timers: (() => void)[] = [];
  const store = aStore([parent, child, helper]);
  const settled = new Emitter<{ readonly sessionId: string; readonly outcome: Outcome }>();
  const live = new Emitter<void>();
  const server = aServer({
    getSession: (id: string) => {
      if (id === child.id) return child;
      if (failures > 0) {
        failures -= 1;
        throw new UnavailableProblem('It does not answer.');
      }
      return parent;
    },
    getMessage: (_: string, id: string) => {
      if (messages.has(id)) return aUserMessage(id);
      throw new NotFoundProblem('There is no such message.');
    },
    listMessages: () => ({
      messages: [
        ...Array.from({ length: prompts }, () => aUserMessage('msg_1', { agent: 'plan' })),
        anAnswer('msg_2', 'msg_1', { text: 'Tested.' }),
      ],
    }),
    listStatuses: () => ({}),
  });
  const begin = () =>
    new ChildReports({
      openCode: server.openCode,
      sessions: store,
      turns: { onDidSettle: settled.event },
      onDidGoLive: live.event,
      ids: { now: () => now },
      relays: {
        add: async (sessionId: string, requests: readonly RelayRequest[]) => {
          assert.equal(sessionId, 'ses_1');
          for (const { text, messageId = '', silent, from } of requests) {
            assert.equal(silent, true, 'no turn is begun');
            assert.deepEqual(from, { session: 'ses_child', agent: 'plan' });
            messages.add(messageId);
            told.push(text);
          }
          return [];
        },
        cancel: async (_, ids) => void told.push(...ids.map((id) => `cancelled ${id}`)),
      },
      startTimer: (callback) => {
        timers.push(callback);
        return { dispose: () => undefined };
      },
      log: { debug: assert.fail, info: assert.fail, warn: () => undefined, error: assert.fail },
    });
  return {
    begin,
    told,
    timers,
    say: hearing(store),
    changeParent: (change: Partial<Session>) => (parent = { ...parent, ...change }),
    goLive: () => live.fire(),
    settle: () => settled.fire({ sessionId: child.id, outcome: { kind: 'unseen' } }),
    rest: async () => {
      for (let round = 0; round < 20; round += 1) await pause();
    },
  };
}

const permission = aPermission({ id: 'per_0a', sessionID: 'ses_child' });
const answer = { sessionID: 'ses_child', requestID: permission.id, reply: 'once' } as const;

describe('What an agent is told of a session that it began', () => {
  it('says once that it waits for the user and for what, and then how it ended', async () => {
    const { begin, told, say, settle, rest } = setUp();
    begin();
    say({ type: 'permission.asked', properties: permission });
    await rest();
    // Another window, or this one after a reload.
    begin();
    await rest();
    assert.deepEqual(told, [`${asked} Run npm test?`]);
    say({ type: 'permission.replied', properties: answer });
    settle();
    await rest();
    assert.match(told.at(-1) ?? '', /It answered: Tested\./);
  });

  it('is looked for once the server is back, of which nobody heard how a first turn ended', async () => {
    const { begin, told, goLive, rest } = setUp();
    begin();
    goLive();
    await rest();
    goLive();
    await rest();
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /It answered: Tested\./);
    for (const given of [{ prompts: 2 }, { now: 10 ** 13 }]) {
      const other = setUp(given);
      other.begin();
      other.goLive();
      await other.rest();
      assert.deepEqual(other.told, [], 'somebody went on there, or it was long ago');
    }
  });

  it('holds also of what a subagent of it asks, and of questions', async () => {
    const { begin, told, say, rest } = setUp();
    begin();
    say({ type: 'question.asked', properties: aQuestion({ sessionID: 'ses_helper' }) });
    await rest();
    assert.deepEqual(told, [`${asked} Which colour?`]);
  });

  it('says nothing of a request that was answered before, and takes out what still waits', async () => {
    const { begin, told, say, rest } = setUp();
    begin();
    say({ type: 'permission.asked', properties: permission });
    say({ type: 'permission.replied', properties: answer });
    await rest();
    assert.deepEqual(told, []);
    say({ type: 'permission.asked', properties: { ...permission, id: 'per_0b' } });
    await rest();
    say({ type: 'permission.replied', properties: { ...answer, requestID: 'per_0b' } });
    await rest();
    assert.deepEqual(told.slice(1), [`cancelled ${messageIdOf('per_0b')}`]);
  });

  it('says nothing again that was told between two steps, of which there is no message', async () => {
    const { begin, told, say, changeParent, rest } = setUp();
    const relays = { session: 'ses_1', revision: 'r1', legs: [], told: [messageIdOf(permission.id)] };
    changeParent({ metadata: withPendingRelays(undefined, relays) });
    begin();
    say({ type: 'permission.asked', properties: permission });
    await rest();
    assert.deepEqual(told, []);
  });

  it('ends with the first turn: who goes on there later is not asked in its name', async () => {
    const { begin, told, say, settle, rest } = setUp();
    begin();
    settle();
    await rest();
    say({ type: 'permission.asked', properties: permission });
    await rest();
    assert.equal(told.length, 1);
  });

  it('comes also where the server did not answer at first', async () => {
    const { begin, told, say, timers, rest } = setUp({ fails: 1 });
    begin();
    say({ type: 'permission.asked', properties: permission });
    await rest();
    assert.deepEqual(told, []);
    timers.shift()?.();
    await rest();
    assert.equal(told.length, 1);
  });
});
