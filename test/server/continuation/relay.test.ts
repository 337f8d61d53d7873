import assert from 'node:assert/strict';
import { compactAndContinue } from '../../../src/flows/compactAndContinue.ts';
import { SettledTurns } from '../../../src/core/turns/settledTurn.ts';
import { withProvedRelays } from '../../../src/core/turns/relayProof.ts';
import { parsePendingRelays } from '../../../src/protocol/pending.ts';
import { parseRelayed } from '../../../src/protocol/relayed.ts';
import { serving118 } from '../../../src/server/openCode118/serving118.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import {
  asking,
  conversation,
  model,
  openRoomWithHook,
  relaysOf,
  type Room,
  say,
  untilQuiet,
  type Window,
  useRoom,
} from './room.ts';

describe('relaying on a real server', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  useRoom((opened) => ({ room, window } = opened));

  it('passes the turn to the named agent once the running one has settled, and reads back that it answers', async () => {
    const session = await room.newSession(window);
    const { relays, notices } = relaysOf(window, 'w1');
    const running = say(window, session, 'say: building ;; hold: built ;; say: built');
    await room.model.reached('built');
    await relays.add(session.id, [{ agent: 'plan', model, text: 'say: planned' }]);
    assert.equal((await conversation(window, session.id)).length, 2, 'nothing was sent while the turn ran');
    room.model.release('built');
    await running;
    await untilQuiet(window, session);
    assert.deepEqual((await conversation(window, session.id)).slice(2), [
      'user(plan): say: planned',
      'plan: planned',
    ]);
    const sent = room.model.requests.filter(({ messages }) =>
      messages.at(-1)?.text.startsWith('say: planned'),
    );
    assert.equal(sent.length, 1);
    assert.match(JSON.stringify(sent[0]?.body), /say: building/, 'the history went along');
    await waitFor(() => notices.length > 0, { what: 'word of it' });
    assert.deepEqual(
      notices.map(({ kind }) => kind),
      ['sent'],
    );
    relays.dispose();
  });

  it('says what holds the session while it waits for that, and nothing once it is sent', async () => {
    const session = await room.newSession(window);
    await say(window, session, 'say: one');
    const { relays } = relaysOf(window, 'w1');
    const holding = Promise.withResolvers<void>();
    const reason = 'The session is being compacted.';
    const held = window.lock.hold(session.id, reason, () => holding.promise);
    await relays.add(session.id, [{ agent: 'plan', model, text: 'say: two' }]);
    await waitFor(() => relays.why(session.id) === reason, { what: 'a reason' });
    holding.resolve();
    await held;
    await untilQuiet(window, session);
    await waitFor(() => relays.why(session.id) === undefined, { what: 'no reason' });
    relays.dispose();
  });

  it('sends the legs of a chain one after the other, each with its agent', async () => {
    const session = await room.newSession(window);
    const { relays } = relaysOf(window, 'w1');
    await relays.add(session.id, [
      { agent: 'build', model, text: 'say: one' },
      { agent: 'plan', model, text: 'say: two' },
      { agent: 'reviewer', model, text: 'say: three' },
    ]);
    await untilQuiet(window, session);
    assert.deepEqual(await conversation(window, session.id), [
      'user(build): say: one',
      'build: one',
      'user(plan): say: two',
      'plan: two',
      'user(reviewer): say: three',
      'reviewer: three',
    ]);
    relays.dispose();
  });

  it('leaves on each leg from whom it was relayed, which a fork has a copy of and does not claim', async () => {
    const session = await room.newSession(window);
    const { relays } = relaysOf(window, 'w1');
    await say(window, session, 'say: one');
    await relays.add(session.id, [
      { agent: 'plan', model, text: 'say: two' },
      { agent: 'reviewer', model, text: 'say: three' },
    ]);
    await untilQuiet(window, session);
    const relayedIn = async (sessionId: string): Promise<(string | undefined)[]> => {
      const { messages } = await window.openCode.listMessages(sessionId, { limit: 20 });
      return messages.flatMap(({ parts }) =>
        parts.flatMap((part) => {
          const relayed = part.type === 'text' ? parseRelayed(part) : undefined;
          return relayed === undefined ? [] : [relayed.from];
        }),
      );
    };
    assert.deepEqual(await relayedIn(session.id), ['build', 'plan']);
    const fork = await window.openCode.forkSession(session.id);
    assert.equal((await conversation(window, fork.id)).length, 6);
    assert.deepEqual(await relayedIn(fork.id), []);
    relays.dispose();
  });

  it('asks nothing of the server for what changes while the turn before goes on', async () => {
    const session = await room.newSession(window);
    let reads = 0;
    const openCode = new Proxy(window.openCode, {
      get(target, name) {
        if (name === 'getSession') reads += 1;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const { relays } = relaysOf(asking(window, openCode), 'w1');
    const running = say(window, session, 'say: a ;; hold: going');
    await room.model.reached('going');
    await relays.add(session.id, [{ agent: 'plan', model, text: 'say: b' }]);
    await waitFor(() => relays.pending(session.id).length === 1, { what: 'the leg' });
    const before = reads;
    for (let count = 1; count <= 10; count += 1) {
      await window.openCode.updateSession(session.id, { title: `Title ${count}` });
    }
    await waitFor(() => window.sessions.get(session.id)?.title === 'Title 10', { what: 'the last title' });
    assert.ok(reads - before < 2, `the session was read ${reads - before} times`);
    room.model.release('going');
    await running;
    await untilQuiet(window, session);
    assert.equal((await conversation(window, session.id)).at(-1), 'plan: b');
    relays.dispose();
  });

  it('drops what is pending, with a notice, when somebody stops the run', async () => {
    const session = await room.newSession(window);
    const { relays, notices } = relaysOf(window, 'w1');
    const running = say(window, session, 'say: a ;; hold: stopped');
    await room.model.reached('stopped');
    await relays.add(session.id, [{ agent: 'plan', model, text: 'say: never' }]);
    await window.openCode.abortSession(session.id);
    await running;
    await untilQuiet(window, session);
    await waitFor(() => notices.length > 0, { what: 'a notice' });
    assert.equal(notices[0]?.kind, 'dropped');
    assert.ok(
      notices[0].kind === 'dropped' && notices[0].legs[0]?.text === 'say: never',
      'nothing typed is lost',
    );
    assert.equal((await conversation(window, session.id)).length, 2);
    room.model.release('stopped');
    relays.dispose();
  });

  it('holds what is pending when the run fails, and goes on when a person says so', async () => {
    const session = await room.newSession(window);
    const { relays, notices } = relaysOf(window, 'w1');
    const act = 'tool: glob {"pattern":"*.md"}';
    const running = say(window, session, `hold: failing ;; ${act} ;; fail: 400 the model is broken`);
    await room.model.reached('failing');
    await relays.add(session.id, [{ agent: 'plan', model, text: 'say: at last' }]);
    room.model.release('failing');
    await running;
    await waitFor(() => notices.length > 0, { what: 'a notice' });
    assert.ok(notices[0]?.kind === 'held');
    assert.match(notices[0].reason, /the model is broken/);
    await waitFor(() => relays.pending(session.id)[0]?.state.kind === 'held', { what: 'the event of it' });
    await relays.release(session.id);
    await untilQuiet(window, session);
    assert.equal((await conversation(window, session.id)).at(-1), 'plan: at last');
    relays.dispose();
  });

  it('holds what is pending when a request of the agent was rejected', async () => {
    const session = await room.newSession(window);
    const { relays, notices } = relaysOf(window, 'w1');
    const running = say(window, session, 'tool: bash {"command":"ls","description":"x"}');
    const [request] = await waitFor(
      () =>
        window.sessions.permissions(session.id).length > 0
          ? window.sessions.permissions(session.id)
          : undefined,
      { what: 'a permission request' },
    );
    await relays.add(session.id, [{ agent: 'plan', model, text: 'say: x' }]);
    await window.openCode.replyPermission(session.directory, request ?? assert.fail(), 'reject');
    await running;
    await waitFor(() => notices.length > 0, { what: 'a notice' });
    assert.equal(notices[0]?.kind, 'held');
    relays.dispose();
  });

  it('holds a leg whose agent does not exist and says which ones do', async () => {
    const session = await room.newSession(window);
    const { relays, notices } = relaysOf(window, 'w1');
    await relays.add(session.id, [{ agent: 'ghost', model, text: 'say: x' }]);
    await waitFor(() => notices.length > 0, { what: 'a notice' });
    assert.ok(notices[0]?.kind === 'held');
    assert.match(notices[0].reason, /ghost.*build, plan, reviewer/);
    assert.equal((await conversation(window, session.id)).length, 0);
    relays.dispose();
  });

  it('holds a leg whose model is gone', async () => {
    const session = await room.newSession(window);
    const { relays, notices } = relaysOf(window, 'w1');
    await relays.add(session.id, [
      { agent: 'plan', model: { providerID: 'local', modelID: 'gone' }, text: 'say: x' },
    ]);
    await waitFor(() => notices.length > 0, { what: 'a notice' });
    assert.ok(notices[0]?.kind === 'held');
    assert.match(notices[0].reason, /local\/gone/);
    relays.dispose();
  });

  it('refuses a chain beyond the hop limit before anything is stored', async () => {
    const session = await room.newSession(window);
    const { relays } = relaysOf(window, 'w1', { hopLimit: 1 });
    const leg = { agent: 'plan', model, text: 'say: x' };
    await assert.rejects(relays.add(session.id, [leg, leg]), /2 legs, and 1 are allowed/);
    assert.equal(parsePendingRelays(await window.openCode.getSession(session.id)), undefined);
    relays.dispose();
  });

  it('lets pending legs be edited, reordered and cancelled', async () => {
    const session = await room.newSession(window);
    const { relays } = relaysOf(window, 'w1');
    const running = say(window, session, 'hold: editing ;; say: done');
    await room.model.reached('editing');
    const [a, b, c] = await relays.add(
      session.id,
      ['a', 'b', 'c'].map((text) => ({ agent: 'plan', model, text: `say: ${text}` })),
    );
    assert.ok(a && b && c);
    await relays.move(session.id, c.messageId, a.messageId);
    await relays.edit(session.id, a.messageId, { text: 'say: edited', agent: 'reviewer' });
    await relays.cancel(session.id, [b.messageId]);
    await assert.rejects(relays.edit(session.id, b.messageId, { text: 'late' }), /no longer pending/);
    room.model.release('editing');
    await running;
    await untilQuiet(window, session);
    assert.deepEqual((await conversation(window, session.id)).slice(2), [
      'user(plan): say: c',
      'plan: c',
      'user(reviewer): say: edited',
      'reviewer: edited',
    ]);
    relays.dispose();
  });

  it('sends one message although two windows claim it at once', async () => {
    const other = await room.openWindow();
    const session = await room.newSession(window);
    const first = relaysOf(window, 'w1');
    const second = relaysOf(other, 'w2');
    const running = say(window, session, 'hold: both ;; say: done');
    await room.model.reached('both');
    await first.relays.add(session.id, [{ agent: 'plan', model, text: 'say: once' }]);
    await waitFor(() => second.relays.pending(session.id).length === 1, {
      what: 'the leg in the other window',
    });
    room.model.release('both');
    await running;
    await untilQuiet(window, session);
    assert.deepEqual((await conversation(window, session.id)).slice(2), [
      'user(plan): say: once',
      'plan: once',
    ]);
    assert.equal(
      room.model.requests.filter(
        ({ messages }) =>
          messages.at(-1)?.text.startsWith('say: once\n') || messages.at(-1)?.text === 'say: once',
      ).length,
      1,
    );
    first.relays.dispose();
    second.relays.dispose();
    other.close();
  });

  it('says so when somebody types in a terminal meanwhile and the relay is never answered', async () => {
    const session = await room.newSession(window);
    const { relays, notices } = relaysOf(window, 'w1');
    await relays.add(session.id, [
      { agent: 'build', model, text: 'tool: bash {"command":"ls","description":"x"}\nsay: relayed' },
    ]);
    const request = await waitFor(() => window.sessions.permissions(session.id)[0], {
      what: 'a permission request',
    });
    const typed = { agent: 'plan', model, parts: [{ type: 'text' as const, text: 'say: typed' }] };
    await window.openCode.promptSession(session.id, typed);
    await window.openCode.replyPermission(session.directory, request, 'once');
    await waitFor(() => notices.some(({ kind }) => kind === 'superseded'), { what: 'a notice' });
    await untilQuiet(window, session);
    const said = await conversation(window, session.id);
    assert.equal(
      said.filter((line) => line.startsWith('user(')).length,
      2,
      'both prompts are there, each once',
    );
    assert.equal(said.at(-1), 'plan: typed');
    relays.dispose();
  });

  it('starts nothing when a message is sent again under its id', async () => {
    const session = await room.newSession(window);
    const messageId = await say(window, session, 'say: once more');
    const part = { type: 'text' as const, text: 'say: again' };
    const prompt = { messageId, agent: 'plan', model, parts: [part] };
    const before = room.model.requests.length;
    const settled = new Promise<void>((resolve) => {
      const subscription = window.turns.onDidSettle(({ sessionId }) => {
        if (sessionId !== session.id) return;
        subscription.dispose();
        resolve();
      });
    });
    await window.openCode.promptSession(session.id, prompt);
    // A server that keeps what is sent in an inbox runs nothing: another prompt is the first thing that settles.
    const isKept = window.openCode.abilities.serverQueue;
    if (isKept) await say(window, session, 'say: another');
    await settled;
    assert.equal(room.model.requests.length, isKept ? before + 1 : before);
  });

  it('sends after a reload what was pending before it', async () => {
    const session = await room.newSession(window);
    const before = await room.openWindow();
    const first = relaysOf(before, 'w1');
    const running = say(window, session, 'hold: reloading ;; say: done');
    await room.model.reached('reloading');
    await first.relays.add(session.id, [{ agent: 'plan', model, text: 'say: after the reload' }]);
    first.relays.dispose();
    before.close();
    room.model.release('reloading');
    await running;
    const reloaded = await room.openWindow();
    const second = relaysOf(reloaded, 'w1');
    await untilQuiet(reloaded, session);
    assert.equal((await conversation(window, session.id)).at(-1), 'plan: after the reload');
    second.relays.dispose();
    reloaded.close();
  });

  it('holds after a reload what was pending when the run was stopped while nobody saw by whom', async () => {
    const session = await room.newSession(window);
    const before = await room.openWindow();
    const first = relaysOf(before, 'w1');
    const running = say(window, session, 'say: x ;; hold: unseenStop');
    await room.model.reached('unseenStop');
    await first.relays.add(session.id, [{ agent: 'plan', model, text: 'say: never' }]);
    first.relays.dispose();
    before.close();
    await window.openCode.abortSession(session.id);
    await running;
    await waitFor(
      async () => {
        const { messages } = await window.openCode.listMessages(session.id, { limit: 1 });
        return messages[0]?.info.role === 'assistant' && messages[0].info.error !== undefined;
      },
      { what: 'the end of the stopped answer' },
    );
    const reloaded = await room.openWindow();
    const { relays, notices } = relaysOf(reloaded, 'w1');
    await waitFor(() => notices.length > 0, { what: 'a notice' });
    assert.equal(notices[0]?.kind, 'held');
    assert.equal(relays.pending(session.id).length, 1, 'it is kept');
    room.model.release('unseenStop');
    relays.dispose();
    reloaded.close();
  });

  it('finds out after a crash in the middle of sending whether the message arrived', async () => {
    const session = await room.newSession(window);
    const arrived = await say(window, session, 'say: arrived');
    const claim = (messageId: string, text: string) => ({
      messageId,
      agent: 'plan',
      model,
      text,
      chain: 'c',
      hop: 1,
      time: Date.now(),
      behind: false,
      state: { kind: 'sending' as const, window: 'w1', time: Date.now() },
    });
    const legs = [claim(arrived, 'say: arrived'), claim('msg_0000000000010000000000000A', 'say: not yet')];
    const metadata = withProvedRelays(window.proof, session, { revision: 'r', legs });
    await window.openCode.updateSession(session.id, { metadata });
    const { relays } = relaysOf(window, 'w1');
    await untilQuiet(window, session);
    assert.deepEqual(await conversation(window, session.id), [
      'user(build): say: arrived',
      'build: arrived',
      'user(plan): say: not yet',
      'plan: not yet',
    ]);
    relays.dispose();
  });

  it('does not send in a fork what its source has pending', async () => {
    const session = await room.newSession(window);
    const { relays } = relaysOf(window, 'w1');
    const running = say(window, session, 'hold: forked ;; say: done');
    await room.model.reached('forked');
    await relays.add(session.id, [{ agent: 'plan', model, text: 'say: only here' }]);
    const fork = await window.openCode.forkSession(session.id);
    room.model.release('forked');
    await running;
    await untilQuiet(window, session);
    assert.equal((await conversation(window, session.id)).at(-1), 'plan: only here');
    assert.ok(!(await conversation(window, fork.id)).includes('user(plan): say: only here'));
    assert.deepEqual(relays.pending(fork.id), []);
    relays.dispose();
  });

  it('sends nothing more of a chain once it is stopped; what runs goes on to its end', async () => {
    const session = await room.newSession(window);
    const { relays } = relaysOf(window, 'w1');
    const first = `first-${session.id}`;
    await relays.add(session.id, [
      { agent: 'build', model, text: `hold: ${first} ;; say: one` },
      { agent: 'plan', model, text: 'say: two' },
      { agent: 'build', model, text: 'say: three' },
    ]);
    await room.model.reached(first);
    await waitFor(() => relays.pending(session.id).length === 2, {
      what: 'the first leg to be known as sent',
    });
    await relays.stopAll(session.id);
    await waitFor(() => relays.pending(session.id).length === 0, { what: 'nothing to be pending' });
    room.model.release(first);
    await untilQuiet(window, session);
    assert.deepEqual(await conversation(window, session.id), [
      `user(build): hold: ${first} ;; say: one`,
      'build: one',
    ]);
    relays.dispose();
  });

  it('sends what a person made of it in the very moment in which it was about to be sent', async () => {
    const session = await room.newSession(window);
    const { relays } = relaysOf(window, 'w1');
    const entered = Promise.withResolvers<void>();
    const edited = Promise.withResolvers<void>();
    const held = window.lock.hold(session.id, 'The test holds it.', async () => {
      entered.resolve();
      await edited.promise;
    });
    await entered.promise;
    const [leg] = await relays.add(session.id, [{ agent: 'plan', model, text: 'say: first thought' }]);
    await relays.edit(session.id, leg?.messageId ?? '', { text: 'say: second thought' });
    edited.resolve();
    await held;
    await untilQuiet(window, session);
    assert.deepEqual(await conversation(window, session.id), [
      'user(plan): say: second thought',
      'plan: second thought',
    ]);
    relays.dispose();
  });

  it('and a compaction that are asked for in the same moment come one after the other', async () => {
    const session = await room.newSession(window);
    const { relays } = relaysOf(window, 'w1');
    await say(window, session, 'say: begun');
    const running = say(window, session, 'hold: together ;; say: done');
    await room.model.reached('together');
    await relays.add(session.id, [{ agent: 'plan', model, text: 'say: relayed' }]);
    const continuation = { agent: 'reviewer', model, text: 'say: went on' };
    const ports = { ...window, exportSession: undefined, onProgress: () => undefined };
    const compacting = compactAndContinue(ports, { session, model, guidance: '', continuation });
    room.model.release('together');
    await running;
    await compacting;
    await untilQuiet(window, session);
    const said = await conversation(window, session.id);
    for (const [prompt, answer] of [
      ['user(plan): say: relayed', 'plan: relayed'],
      ['user(reviewer): say: went on', 'reviewer: went on'],
    ]) {
      assert.equal(said.filter((line) => line === prompt).length, 1);
      assert.equal(said[said.indexOf(prompt ?? '') + 1], answer, 'each prompt has its own answer');
    }
    relays.dispose();
  });

  it('holds what was pending when the server was killed, and sends it when a person says so', async () => {
    const session = await room.newSession(window);
    const { relays, notices } = relaysOf(window, 'w1');
    const running = say(window, session, 'hold: killed ;; say: never').catch(() => undefined);
    await room.model.reached('killed');
    await relays.add(session.id, [{ agent: 'plan', model, text: 'say: after the crash' }]);
    await room.server.restart();
    // Relays of sessions that earlier tests left are told of, too.
    // That it has to be tried again for long may be told before that.
    const notice = await waitFor(
      () => notices.find(({ sessionId, kind }) => sessionId === session.id && kind !== 'delayed'),
      { what: 'a notice after the restart' },
    );
    assert.ok(notice.kind === 'held', `not held but ${notice.kind}`);
    await relays.release(session.id);
    // The answer that the crash cut off stands last until the prompt has arrived: quiet is not yet answered.
    await waitFor(
      async () => (await conversation(window, session.id)).at(-1) === 'plan: after the crash' || undefined,
      { what: 'the answer after the crash' },
    );
    const said = await conversation(window, session.id);
    assert.equal(said.at(-2), 'user(plan): say: after the crash');
    room.model.release('killed');
    await running;
    relays.dispose();
  });

  it('holds what was pending when the server ended all runs by itself, which looks as if somebody pressed stop', async () => {
    const session = await room.newSession(window);
    const { relays, notices } = relaysOf(window, 'w1');
    const running = say(window, session, 'hold: ended ;; say: never').catch(() => undefined);
    await room.model.reached('ended');
    await relays.add(session.id, [{ agent: 'plan', model, text: 'say: after the end' }]);
    await serving118.endRuns(room.server);
    const notice = await waitFor(
      () => notices.find(({ sessionId, kind }) => sessionId === session.id && kind !== 'delayed'),
      { what: 'a notice after the end' },
    );
    assert.equal(notice.kind, 'held');
    room.model.release('ended');
    await running;
    relays.dispose();
  });

  it('holds what was asked for behind a run of which this window had not heard yet', async () => {
    const session = await room.newSession(window);
    const { relays, notices } = relaysOf({ ...window, turns: new SettledTurns() }, 'w1');
    const running = say(window, session, 'hold: unheard ;; say: never').catch(() => undefined);
    await room.model.reached('unheard');
    await relays.add(session.id, [{ agent: 'plan', model, text: 'say: after that' }]);
    await room.server.restart();
    // That it has to be tried again for long may be told before that.
    const notice = await waitFor(
      () => notices.find(({ sessionId, kind }) => sessionId === session.id && kind !== 'delayed'),
      { what: 'a notice after the restart' },
    );
    assert.ok(notice.kind === 'held', `not held but ${notice.kind}`);
    room.model.release('unheard');
    await running;
    relays.dispose();
  });

  it('sends exactly once across a restart of the server', async () => {
    const session = await room.newSession(window);
    await say(window, session, 'say: before');
    const first = relaysOf(window, 'w1');
    await room.server.kill('SIGKILL');
    await assert.rejects(first.relays.add(session.id, [{ agent: 'plan', model, text: 'say: lost' }]));
    first.relays.dispose();
    window.close();
    await room.server.restart();
    window = await room.openWindow();
    const { relays } = relaysOf(window, 'w1');
    await relays.add(session.id, [{ agent: 'plan', model, text: 'say: after the restart' }]);
    await untilQuiet(window, session);
    assert.deepEqual((await conversation(window, session.id)).slice(2), [
      'user(plan): say: after the restart',
      'plan: after the restart',
    ]);
    relays.dispose();
  });
});

describe('relaying where a plugin changes the agent', function () {
  this.timeout(180_000);
  let room: Room;

  before(async () => {
    room = await openRoomWithHook(`async (_, { message, parts }) => {
      const [, agent] = /divert to (\\w+)/.exec(parts.map(({ text }) => text).join()) ?? [];
      if (agent !== undefined) message.agent = agent;
    }`);
  });

  after(() => room.close());

  it('says that another agent answers than the one that was named', async () => {
    const window = await room.openWindow();
    const session = await room.newSession(window);
    const { relays, notices } = relaysOf(window, 'w1');
    await relays.add(session.id, [{ agent: 'plan', model, text: 'say: diverted\nPlease divert to build.' }]);
    await waitFor(() => notices.some(({ kind }) => kind === 'wrongAgent'), { what: 'a notice' });
    const notice = notices.find(({ kind }) => kind === 'wrongAgent');
    assert.ok(notice?.kind === 'wrongAgent' && notice.agent === 'build' && notice.leg.agent === 'plan');
    await relays.add(session.id, [{ agent: 'plan', model, text: 'say: straight' }]);
    await untilQuiet(window, session);
    assert.equal((await conversation(window, session.id)).at(-1), 'plan: straight');
    assert.equal(notices.filter(({ kind }) => kind === 'wrongAgent').length, 1);
    relays.dispose();
  });
});
