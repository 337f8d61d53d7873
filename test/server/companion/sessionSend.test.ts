import assert from 'node:assert/strict';
import { type Room, say, untilQuiet, type Window } from '../continuation/room.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { allow, answersOf, call, linesOf, useCompanionRoom } from './companionRoom.ts';

describe('an agent with the tool session_send', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  useCompanionRoom((opened) => ({ room, window } = opened));

  it('asks the user, writes to the other session as what it is, and is told that it was delivered', async () => {
    const [sender, target] = [
      await room.newSession(window),
      await room.newSession(window, { title: 'Cart', agent: 'plan' }),
    ];
    const script = [call('session_send', { sessionID: target.id, text: 'say: read it' }), 'say: sent'];
    const running = say(window, sender, script.join(' ;; '));
    await allow(window, sender, 'message');
    await running;
    await waitFor(async () => (await linesOf(window, target)).includes('plan: read it'), {
      what: 'the answer',
    });
    const [said = ''] = await linesOf(window, target);
    assert.match(
      said,
      /^user\(plan\): \[From the build agent of session "Parser" \(`ses_\w+`\), not from the user\./,
    );
    assert.ok(said.includes(sender.id));
    await waitFor(
      async () => (await linesOf(window, sender)).some((line) => line.includes('was delivered')),
      {
        what: 'word of it',
      },
    );
    assert.equal(
      (await linesOf(window, sender)).findLast((line) => line.startsWith('build:')),
      'build: sent',
    );
  });

  it('sends to no session that is not there, not its own, and nothing without words', async () => {
    const session = await room.newSession(window);
    const script = [
      call('session_send', { sessionID: 'ses_nowhere', text: 'say: no' }),
      call('session_send', { sessionID: session.id, text: 'say: no' }),
      call('session_send', { sessionID: session.id, text: '' }),
      call('session_send', { text: 3 }),
      'say: done',
    ];
    await say(window, session, script.join(' ;; '));
    const [nowhere = '', own = '', empty = '', wrong = ''] = await answersOf(window, session, 'session_send');
    assert.match(nowhere, /no session "ses_nowhere"/);
    assert.match(own, /your own session/);
    assert.match(empty, /"text": is empty/);
    assert.match(wrong, /"sessionID": .*"text": /);
  });

  it('delivers nothing while the other session waits for the user', async () => {
    const [sender, target] = [
      await room.newSession(window),
      await room.newSession(window, { title: 'Cart' }),
    ];
    const waiting = say(
      window,
      target,
      'tool: bash {"command":"echo hi","description":"Say it"} ;; say: allowed',
    );
    await waitFor(async () => (await window.openCode.listPermissions(target.directory)).length > 0, {
      what: 'a request',
    });
    const running = say(
      window,
      sender,
      `${call('session_send', { sessionID: target.id, text: 'say: read' })} ;; say: sent`,
    );
    await waitFor(
      async () =>
        (await window.openCode.listPermissions(target.directory)).some(
          ({ sessionID }) => sessionID === sender.id,
        ),
      { what: 'the question' },
    );
    await allow(window, sender, 'message');
    await running;
    assert.equal(
      (await linesOf(window, target)).some((line) => line.includes('say: read')),
      false,
    );
    await allow(window, target, 'bash');
    await waiting;
    await waitFor(async () => (await linesOf(window, target)).at(-1) === 'build: read', {
      what: 'the answer',
    });
  });
});

describe('agents that may write to each other', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  useCompanionRoom((opened) => ({ room, window } = opened), { permission: { message: 'allow' } });

  it('deliver ten messages of one step in the order in which they were sent', async () => {
    const [sender, target] = [
      await room.newSession(window),
      await room.newSession(window, { title: 'Cart' }),
    ];
    const sends = Array.from({ length: 10 }, (_, index) =>
      call('session_send', { sessionID: target.id, text: `say: got ${index}` }),
    );
    const [first = '', ...others] = sends;
    await say(
      window,
      sender,
      [first, ...others.map((line) => line.replace(/^tool:/, 'also:')), 'say: sent'].join(' ;; '),
    );
    await waitFor(
      async () =>
        (await linesOf(window, target)).filter((line) => line.startsWith('build: got')).length === 10,
      {
        what: 'ten answers',
        timeout: 60_000,
      },
    );
    await untilQuiet(window, target);
    assert.deepEqual(
      (await linesOf(window, target)).filter((line) => line.startsWith('build: got')),
      Array.from({ length: 10 }, (_, index) => `build: got ${index}`),
    );
  });

  it('are woken once with the answer, also with that of a run that failed', async () => {
    const [sender, target] = [
      await room.newSession(window),
      await room.newSession(window, { title: 'Cart' }),
    ];
    const ask = (text: string) => call('session_send', { sessionID: target.id, text, wake: true });
    await say(window, sender, `${ask('say: the answer is 42')} ;; say: waiting`);
    await waitFor(
      async () =>
        (await linesOf(window, sender)).some((line) => line.includes('It answered: the answer is 42')),
      {
        what: 'to be woken',
      },
    );
    await untilQuiet(window, sender);
    await say(window, sender, `${ask('fail: 400 x* no such model')} ;; say: waiting`);
    await waitFor(
      async () => (await linesOf(window, sender)).some((line) => line.includes('its turn failed')),
      {
        what: 'to be woken of a failure',
      },
    );
    await untilQuiet(window, sender);
    const woken = (await linesOf(window, sender)).filter((line) => /^user\(.*asked to be woken/.test(line));
    assert.equal(woken.length, 2);
  });

  it('do not wait for each other', async () => {
    const [one, other] = [await room.newSession(window), await room.newSession(window, { title: 'Cart' })];
    const ask = (id: string) => call('session_send', { sessionID: id, text: 'say: at last', wake: true });
    const running = say(window, other, `hold: busy ;; say: thinking ;; ${ask(one.id)} ;; say: free`);
    await room.model.reached('busy');
    await say(window, one, `${ask(other.id)} ;; say: waiting`);
    room.model.release('busy');
    await running;
    const [refused = ''] = await answersOf(window, other, 'session_send');
    assert.match(refused, /already waits for this one/);
    await waitFor(
      async () => (await linesOf(window, one)).some((line) => line.includes('It answered: at last')),
      {
        what: 'to be woken',
      },
    );
  });
});
