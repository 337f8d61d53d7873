import assert from 'node:assert/strict';
import { parseLineage } from '../../../src/protocol/lineage.ts';
import { parseRelayed } from '../../../src/protocol/relayed.ts';
import { type Room, model, relaysOf, say, type Window } from '../continuation/room.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { allow, answersOf, call, linesOf, useCompanionRoom } from './companionRoom.ts';

describe('what the companion does unasked', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  useCompanionRoom((opened) => ({ room, window } = opened), { permission: { message: 'allow' } });

  it('tells a session that works between two steps, once, without a turn of its own', async () => {
    const session = await room.newSession(window);
    const { relays } = relaysOf(window, 'w1');
    const running = say(
      window,
      session,
      'hold: begun ;; tool: read {"filePath":"README.md"} ;; say: read it',
    );
    await room.model.reached('begun');
    await relays.add(session.id, [{ agent: 'build', model, text: 'The port is 8080 by now.', silent: true }]);
    room.model.release('begun');
    await running;
    const request = room.model.requests.findLast(({ messages }) =>
      JSON.stringify(messages).includes('The port is 8080'),
    );
    assert.ok(request, 'the next step has read it');
    await waitFor(() => relays.pending(session.id).length === 0, { what: 'nothing that waits' });
    const told = (await window.openCode.listMessages(session.id, { limit: 20 })).messages.flatMap(
      ({ parts }) => parts.filter((part) => JSON.stringify(part).includes('The port is 8080')),
    );
    assert.deepEqual(
      told.map(({ type }) => type),
      ['tool'],
    );
  });

  it('tells it after the turn where no step follows', async () => {
    const session = await room.newSession(window);
    const { relays } = relaysOf(window, 'w1');
    const running = say(window, session, 'hold: begun ;; say: done');
    await room.model.reached('begun');
    await relays.add(session.id, [{ agent: 'build', model, text: 'The port is 9090 by now.', silent: true }]);
    room.model.release('begun');
    await running;
    await waitFor(
      async () => (await linesOf(window, session)).at(-1) === 'user(build): The port is 9090 by now.',
      {
        what: 'to be told',
      },
    );
  });

  it('tells how a session fared that it began no second time, when that goes on', async () => {
    const session = await room.newSession(window);
    const { relays } = relaysOf(window, 'w1');
    const began = (text: string) => call('session', { mode: 'new', agent: 'plan', text });
    const running = say(
      window,
      session,
      `${began('say: first')} ;; hold: begun ;; tool: read {"filePath":"README.md"} ;; say: read it`,
    );
    await room.model.reached('begun');
    await waitFor(() => relays.pending(session.id).length === 1, { what: 'the report' });
    room.model.release('begun');
    await running;
    const all = await window.openCode.listSessions(room.server.workspace);
    const child = all.find((each) => parseLineage(each)?.from === session.id);
    assert.ok(child);
    await say(window, child, 'say: and more', 'plan');
    // What is told of this one comes after anything that would be told of the first.
    await say(window, session, `${began('say: second')} ;; say: done`);
    const reports = async () =>
      (await window.openCode.listMessages(session.id, { limit: 50 })).messages.flatMap(({ parts }) =>
        parts.flatMap((part) => /It answered: \w+( \w+)*/.exec(JSON.stringify(part)) ?? []),
      );
    await waitFor(async () => (await reports()).some((report) => report?.includes('second')), {
      what: 'the report of the second',
    });
    assert.deepEqual(
      (await reports()).filter((report) => report?.startsWith('It')),
      ['It answered: first', 'It answered: second'],
    );
    const { messages } = await window.openCode.listMessages(session.id, { limit: 50 });
    assert.ok(!JSON.stringify(messages).includes('The user says'), 'none of it is said to be of the user');
    const [told] = messages.at(-1)?.parts ?? [];
    assert.ok(told?.type === 'text');
    assert.equal(parseRelayed(told)?.from, 'plan', 'the transcript names who wrote it');
  });

  it('has a compaction keep lineage, open todos, what the user asked for and what goes on next', async () => {
    // Of that name there is one: a fork is counted, also in a second try.
    const session = await room.newSession(window, { title: `Kept ${Date.now()}` });
    const todos = [
      { content: 'Write the tests', status: 'pending', priority: 'high' },
      { content: 'Read the code', status: 'completed', priority: 'low' },
    ];
    await say(
      window,
      session,
      `tool: todowrite ${JSON.stringify({ todos })} ;; say: never touch the lock file`,
    );
    await say(window, session, `${call('session', { mode: 'fork', text: 'say: tried' })} ;; say: forked`);
    await say(window, session, `${call('session', { mode: 'compact', text: 'say: went on' })} ;; say: done`);
    await waitFor(async () => (await linesOf(window, session)).includes('build: went on'), {
      what: 'who goes on',
    });
    const asked = room.model.requests
      .map(({ body }) => JSON.stringify(body))
      .findLast((body) => body.includes('Keep in the summary where'));
    assert.ok(asked, 'the model that sums up has read it');
    assert.match(asked, /fork: \\"Kept \d+ \(fork #1\)\\"/);
    assert.match(asked, /\[pending\] Write the tests/);
    assert.match(asked, /never touch the lock file/);
    assert.match(asked, /After the summary goes on, so keep what it needs:[^"]*say: went on/);
  });
});

describe('a configuration that has commands and rules of its own', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  const command = { fork: { description: 'Mine', template: 'say: mine' } };
  useCompanionRoom((opened) => ({ room, window } = opened), {
    command,
    permission: { '*': 'allow', relay: 'deny' },
  });

  it('keeps them, and gets the commands that it does not have', async () => {
    const listed = await window.openCode.listCommands(room.server.workspace);
    const described = new Map(listed.map(({ name, description }) => [name, description]));
    assert.equal(described.get('fork'), 'Mine');
    for (const name of ['handoff', 'relay', 'sessions']) assert.ok(described.has(name), name);
  });

  it('is asked where another session is written to, although all else is allowed, and relays nothing', async () => {
    const session = await room.newSession(window);
    const other = await room.newSession(window, { title: 'Cart' });
    const script = [
      call('session', { mode: 'message', agent: 'plan', text: 'say: no' }),
      call('session_send', { sessionID: other.id, text: 'say: asked' }),
      'say: done',
    ];
    const running = say(window, session, script.join(' ;; '));
    await allow(window, session, 'message');
    await running;
    const [relayed = ''] = await answersOf(window, session, 'session');
    assert.match(relayed, /deny|rule|permission/i);
    await waitFor(async () => (await linesOf(window, other)).includes('build: asked'), {
      what: 'the answer',
    });
  });
});
