import assert from 'node:assert/strict';
import { ChildReports } from '../../../src/flows/relaying/childReports.ts';
import { parseLineage } from '../../../src/protocol/lineage.ts';
import { relaysOf, type Room, say, untilQuiet, type Window } from '../continuation/room.ts';
import { allow, answersOf, call, linesOf, useCompanionRoom } from './companionRoom.ts';
import { waitFor } from '../../workbench/waitFor.ts';

describe('an agent with the tool session', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  useCompanionRoom((opened) => ({ room, window } = opened));

  it('passes the turn to another agent of the session, after its own has ended', async () => {
    const session = await room.newSession(window);
    await say(
      window,
      session,
      `${call('session', { mode: 'message', agent: 'reviewer', text: 'say: reviewed' })} ;; say: done`,
    );
    await waitFor(
      async () => (await linesOf(window, session)).some((line) => line === 'reviewer: reviewed'),
      {
        what: 'the review',
      },
    );
    await untilQuiet(window, session);
    assert.deepEqual((await linesOf(window, session)).slice(-3), [
      'build: done',
      'user(reviewer): [From the build agent, not from the user]  say: reviewed',
      'reviewer: reviewed',
    ]);
  });

  it('delivers several calls of one turn in their order, and names who goes on where nobody is named', async () => {
    const session = await room.newSession(window, { agent: 'plan' });
    const script = [
      call('session', { mode: 'message', text: 'say: first' }),
      call('session', { mode: 'message', agent: 'reviewer', text: 'say: second' }),
      'say: done',
    ];
    const running = say(window, session, script.join(' ;; '), 'plan');
    await allow(window, session, 'relay');
    await running;
    await waitFor(async () => (await linesOf(window, session)).includes('reviewer: second'), {
      what: 'the second answer',
    });
    await untilQuiet(window, session);
    assert.deepEqual(
      (await linesOf(window, session))
        .filter((line) => /first|second/.test(line) && !line.startsWith('user('))
        .slice(-2),
      ['plan: first', 'reviewer: second'],
    );
  });

  it('forks the session with what was said, and begins fresh ones, without waiting for them', async () => {
    const session = await room.newSession(window);
    const script = [
      call('session', { mode: 'fork', agent: 'build', text: 'hold: forked\nsay: in the fork' }),
      call('session', { mode: 'new', agent: 'plan', text: 'say: fresh' }),
      'say: done',
    ];
    await say(window, session, script.join(' ;; '));
    const all = await window.openCode.listSessions(room.server.workspace);
    const made = all.filter((each) => parseLineage(each)?.from === session.id);
    assert.deepEqual(new Set(made.map((each) => parseLineage(each)?.kind)), new Set(['fork', 'handoff']));
    room.model.releaseAll();
    for (const each of made) await untilQuiet(window, each);
    const fork = made.find((each) => parseLineage(each)?.kind === 'fork');
    assert.ok(fork);
    assert.deepEqual((await linesOf(window, fork)).at(-1), 'build: in the fork');
    assert.match((await linesOf(window, fork))[0] ?? '', /^user\(build\): tool: session/);
  });

  it('is told once how a session fared that it began, also where its turn failed', async () => {
    const session = await room.newSession(window);
    const script = [
      call('session', { mode: 'new', agent: 'plan', text: 'say: it went well' }),
      call('session', { mode: 'new', agent: 'plan', text: 'fail: 400 x* it broke' }),
      'say: done',
    ];
    await say(window, session, script.join(' ;; '));
    const told = async () =>
      (await linesOf(window, session)).filter((line) => line.includes('of a session that you began'));
    await waitFor(async () => (await told()).length === 2, { what: 'both reports' });
    assert.match((await told()).join(), /It answered: it went well/);
    assert.match((await told()).join(), /its turn failed/);
    assert.equal((await linesOf(window, session)).at(-1)?.startsWith('user('), true, 'no turn was begun');
  });

  const bash = 'tool: bash {"command":"echo tested","description":"Test"}';
  const waits = /it waits for the user, who is asked: Run echo tested\?/;

  it('is told once that a session that it began waits for the user, and for what, before how that fared', async () => {
    const session = await room.newSession(window);
    // What a window of the editor does beside the companion.
    const { relays } = relaysOf(window, 'w1');
    const beside = new ChildReports({ ...window, relays });
    const asking = { description: 'Test', prompt: bash, subagent_type: 'helper' };
    const text = `${bash}\ntool: task ${JSON.stringify(asking)}\nsay: all tested`;
    await say(window, session, `${call('session', { mode: 'new', agent: 'plan', text })} ;; say: done`);
    const told = async () =>
      (await linesOf(window, session)).filter((line) => line.includes('of a session that you began'));
    await waitFor(async () => (await told()).length === 1, { what: 'word that it waits' });
    const all = await window.openCode.listSessions(room.server.workspace);
    const child = all.find((each) => parseLineage(each)?.from === session.id);
    assert.ok(child);
    await allow(window, child, 'bash');
    await waitFor(async () => (await told()).length === 2, { what: 'word that its subagent waits' });
    const { openCode } = window;
    const [request] = await openCode.listPermissions(session.directory);
    assert.ok(request !== undefined && request.sessionID !== child.id);
    await openCode.replyPermission(session.directory, request, 'once');
    await waitFor(async () => (await told()).length === 3, { what: 'the report of its end' });
    const [first = '', second = '', third = ''] = await told();
    assert.match(first, waits);
    assert.match(second, waits);
    assert.match(third, /It answered: all tested/);
    assert.equal((await linesOf(window, session)).at(-1)?.startsWith('user('), true, 'no turn was begun');
    beside.dispose();
  });

  it('is not told that a session waited which somebody answered before', async () => {
    const session = await room.newSession(window);
    const { relays } = relaysOf(window, 'w1');
    const text = `${bash}\nhold: answered\nsay: tested`;
    const running = say(
      window,
      session,
      `${call('session', { mode: 'new', agent: 'plan', text })} ;; hold: parent ;; say: done`,
    );
    await waitFor(() => relays.pending(session.id).some(({ text: told }) => waits.test(told)), {
      what: 'word that waits for the end of the turn',
    });
    const all = await window.openCode.listSessions(room.server.workspace);
    const child = all.find((each) => parseLineage(each)?.from === session.id);
    assert.ok(child);
    await allow(window, child, 'bash');
    await waitFor(() => relays.pending(session.id).length === 0, { what: 'it to be taken out' });
    room.model.release('parent');
    await running;
    room.model.release('answered');
    await waitFor(
      async () => (await linesOf(window, session)).some((line) => line.includes('It answered: tested')),
      { what: 'the report' },
    );
    assert.doesNotMatch((await linesOf(window, session)).join('\n'), waits);
  });

  it('compacts the session and goes on, with one turn of the agent that was named', async () => {
    const session = await room.newSession(window);
    await say(window, session, 'say: something to sum up');
    await say(
      window,
      session,
      `${call('session', { mode: 'compact', agent: 'reviewer', text: 'say: went on' })} ;; say: done`,
    );
    await waitFor(async () => (await linesOf(window, session)).includes('reviewer: went on'), {
      what: 'who goes on',
    });
    await untilQuiet(window, session);
    const { messages } = await window.openCode.listMessages(session.id, { limit: 100 });
    const agents = messages.map(({ info }) => `${info.role} ${info.agent}`);
    assert.deepEqual(agents.slice(-4), [
      'user build',
      'assistant compaction',
      'user reviewer',
      'assistant reviewer',
    ]);
  });

  it('refuses an agent that there is not, with those that there are, and what it cannot read', async () => {
    const session = await room.newSession(window);
    const script = [
      call('session', { mode: 'message', agent: 'ghost', text: 'say: no' }),
      call('session', { mode: 'teleport', text: 'say: no' }),
      call('session', { mode: 'message', text: '  ' }),
      'say: done',
    ];
    await say(window, session, script.join(' ;; '));
    const [ghost = '', mode = '', empty = ''] = await answersOf(window, session, 'session');
    assert.match(ghost, /no agent "ghost".*build, plan, reviewer/);
    assert.match(mode, /"mode"/);
    assert.match(empty, /"text": is empty/);
  });

  it('sends nothing after the user pressed stop', async () => {
    const session = await room.newSession(window);
    const running = say(
      window,
      session,
      `${call('session', { mode: 'message', agent: 'reviewer', text: 'say: no' })} ;; hold: stopped ;; say: done`,
    );
    await room.model.reached('stopped');
    await window.openCode.abortSession(session.id);
    await running;
    const pending = async () => (await window.openCode.getSession(session.id)).metadata;
    await waitFor(async () => !JSON.stringify(await pending()).includes('say: no'), {
      what: 'the relay to be dropped',
    });
    assert.ok(!(await linesOf(window, session)).some((line) => line.startsWith('user(reviewer)')));
  });
});
