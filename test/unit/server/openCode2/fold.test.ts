import assert from 'node:assert/strict';
import type { ServerEventOf } from '../../../../src/protocol/events.ts';
import { SeededRandom } from '../../../workbench/seededRandom.ts';
import { LookingWindow } from './foldHarness.ts';
import {
  beginStep,
  call,
  deliver,
  endStep,
  enqueue,
  RecordedSession,
  sessionId,
  speak,
} from './recordedSession.ts';

const greeting = { text: 'Hello' };

function answer(session: RecordedSession, text: string): string {
  const id = beginStep(session);
  speak(session, id, text.split(/(?<= )/));
  endStep(session, id, { finish: 'stop' });
  return id;
}

async function follow(session: RecordedSession): Promise<LookingWindow> {
  const window = new LookingWindow(session);
  for (const event of session.events) window.take(event);
  await window.settled();
  return window;
}

function outcomeOf(window: LookingWindow): ServerEventOf<'turn.ended'>['properties']['outcome'] {
  const ends = window.told.filter((event) => event.type === 'turn.ended');
  assert.equal(ends.length, 1);
  return ends[0]?.properties.outcome ?? assert.fail();
}

describe('The fold of events of 2.x', () => {
  let session: RecordedSession;

  beforeEach(() => {
    session = new RecordedSession();
  });

  it('tells of a turn once that it began, and once how it ended', async () => {
    enqueue(session, 'msg_mine', greeting);
    session.say('session.execution.started', {});
    deliver(session, 'msg_mine');
    const id = answer(session, 'Hi there');
    session.say('session.execution.succeeded', {});
    const window = await follow(session);
    assert.equal(window.told.filter(({ type }) => type === 'turn.started').length, 1);
    const outcome = outcomeOf(window);
    assert.ok(outcome.kind === 'settled');
    assert.equal(outcome.answer.id, id);
    assert.equal(outcome.answer.parentID, 'msg_mine');
    const statuses = window.told.flatMap((event) =>
      event.type === 'session.status' ? event.properties.status.type : [],
    );
    assert.deepEqual([statuses[0], statuses.at(-1)], ['busy', 'idle']);
  });

  it('says who is asked of a prompt that does not say so, once an answer does', async () => {
    enqueue(session, 'msg_theirs', greeting);
    session.say('session.execution.started', {});
    deliver(session, 'msg_theirs');
    answer(session, 'Hi');
    const window = await follow(session);
    const told = window.told.flatMap((event) =>
      event.type === 'message.updated' && event.properties.info.id === 'msg_theirs'
        ? event.properties.info.agent
        : [],
    );
    assert.deepEqual(told, ['', 'build']);
  });

  it('calls a run aborted that a person stopped, and rejected one that ended with a permission', async () => {
    session.say('session.execution.started', {});
    session.say('session.execution.interrupted', { reason: 'user' });
    assert.equal(outcomeOf(await follow(session)).kind, 'aborted');

    const other = new RecordedSession();
    other.say('session.execution.started', {});
    const id = beginStep(other);
    const request = { id: 'per_1', action: 'shell', resources: ['ls'], save: ['ls *'] };
    other.say('permission.asked', request, false);
    other.say('permission.replied', { requestID: 'per_1', reply: 'reject' }, false);
    endStep(other, id, { error: { type: 'aborted', message: 'Aborted' } });
    other.say('session.execution.interrupted', { reason: 'shutdown' });
    assert.equal(outcomeOf(await follow(other)).kind, 'rejected');
  });

  it('gives a prompt back that the run failed before it let it in', async () => {
    enqueue(session, 'msg_mine', greeting);
    session.say('session.execution.started', {});
    session.say('session.execution.failed', {
      error: { type: 'unknown', message: 'Agent not found: nobody' },
    });
    const window = await follow(session);
    assert.deepEqual(window.refused, [sessionId]);
    const error = window.told.findLast((event) => event.type === 'session.error');
    assert.equal(error?.properties.error?.data.message, 'Agent not found: "nobody"');
    assert.ok(window.told.findIndex(({ type }) => type === 'turn.ended') < window.told.indexOf(error));
  });

  it('keeps a prompt that the provider failed on', async () => {
    enqueue(session, 'msg_mine', greeting);
    session.say('session.execution.started', {});
    deliver(session, 'msg_mine');
    const id = beginStep(session);
    const error = { type: 'provider.error', message: 'No', status: 401 };
    endStep(session, id, { error });
    session.say('session.execution.failed', { error });
    const window = await follow(session);
    assert.deepEqual(window.refused, []);
    const outcome = outcomeOf(window);
    assert.ok(outcome.kind === 'failed');
    assert.deepEqual(outcome.error, { name: 'APIError', data: { message: 'No', statusCode: 401 } });
  });

  it('asks for what waits for a person, takes it away with its run, and shows what it cannot ask', async () => {
    session.say('session.execution.started', {});
    const tool = { messageID: 'msg_1', id: 'call_1' };
    const fields = [
      {
        key: 'q0',
        title: 'DB',
        description: 'Which?',
        type: 'string',
        options: [{ value: 'pg', label: 'PG' }],
      },
      { key: 'q1', title: 'Parts', type: 'multiselect', options: [] },
    ];
    const form = {
      id: 'frm_1',
      sessionID: sessionId,
      title: 'DB',
      metadata: { kind: 'question', tool },
      fields,
    };
    session.say('form.created', { form }, false);
    session.say('form.created', { form: { ...form, id: 'frm_2', metadata: { kind: 'mcp' } } }, false);
    session.say('session.execution.interrupted', { reason: 'user' });
    const window = await follow(session);
    const asked = window.told.flatMap((event) => (event.type === 'question.asked' ? event.properties : []));
    assert.deepEqual(
      asked.map(({ questions }) => questions.map(({ question }) => question)),
      [
        ['Which?', 'Parts'],
        ['DB: this can only be answered in OpenCode’s own terminal or app. Here it can be rejected.'],
      ],
    );
    assert.deepEqual(asked[0]?.tool, { messageID: 'msg_1', callID: 'call_1' });
    const gone = window.told.flatMap((event) =>
      event.type === 'question.replied' ? event.properties.requestID : [],
    );
    assert.deepEqual(gone, ['frm_1', 'frm_2']);
  });

  it('passes over events of other folders and kinds, and what is no event', async () => {
    const before = session.events.length;
    session.say('session.something.else', { a: 1 });
    session.say('session.step.started', { assistantMessageID: 7, model: 'none', agent: {} });
    session.events.push('{"type":"session.created"', '[]', '"text"', '{"type":7,"data":{}}');
    const elsewhere = {
      type: 'session.created',
      location: { directory: '/other' },
      data: { sessionID: 'ses_2' },
    };
    session.events.push(JSON.stringify({ id: 'evt_x', created: 1, ...elsewhere }));
    enqueue(session, 'msg_mine', greeting);
    deliver(session, 'msg_mine');
    assert.ok(session.events.length > before);
    const window = await follow(session);
    const kinds = new Set(window.told.map(({ type }) => type));
    assert.ok(!kinds.has('session.created'));
    assert.ok(window.told.some(({ type }) => type === 'message.updated'));
  });

  it('tells that all is gone that a revert took back, once it is committed', async () => {
    enqueue(session, 'msg_mine', greeting);
    deliver(session, 'msg_mine');
    const first = answer(session, 'One');
    enqueue(session, 'msg_more', greeting);
    deliver(session, 'msg_more');
    const second = answer(session, 'Two');
    const window = await follow(session);
    session.events.length = 0;
    session.session['revert'] = { messageID: 'msg_more' };
    session.say('session.revert.staged', { revert: { messageID: 'msg_more' } });
    for (const event of session.events.splice(0)) window.take(event);
    await window.settled();
    delete session.session['revert'];
    session.messages.splice(2);
    session.say('session.revert.committed', { to: 'msg_more' });
    for (const event of session.events.splice(0)) window.take(event);
    await window.settled();
    const gone = window.told.flatMap((event) =>
      event.type === 'message.removed' ? event.properties.messageID : [],
    );
    assert.deepEqual(gone, ['msg_more', second]);
    assert.ok(!gone.includes(first));
  });
});

/** A session in which much happens, told to `say` piece by piece. */
function* live(session: RecordedSession, random: () => number): Generator<void> {
  const pick = (count: number): number => Math.floor(random() * count);
  const waiting: string[] = [];
  const send = (type = 'user'): void => {
    // Ids of ours sort anywhere among those of the server.
    const id = `msg_${pick(2) === 0 ? '' : 'z'}${session.makeId('own')}`;
    enqueue(session, id, { text: `Prompt ${id}` }, type);
    waiting.push(id);
  };
  for (let turn = 0; turn < 4; turn += 1) {
    send();
    yield;
    session.wait(pick(5000));
    if (pick(3) === 0) send('synthetic');
    session.say('session.execution.started', {});
    yield;
    for (let step = 0; step < 1 + pick(3); step += 1) {
      for (const id of waiting.splice(0)) deliver(session, id);
      yield;
      let message = beginStep(session);
      yield;
      if (pick(4) === 0) {
        speak(session, message, ['Lost ', 'words']);
        session.say('session.retry.scheduled', {
          attempt: 1,
          at: session.now + 10,
          error: { type: 'x', message: 'busy' },
        });
        message = beginStep(session, message);
      }
      if (pick(2) === 0) speak(session, message, ['Let me ', 'see'], 'reasoning');
      yield;
      speak(session, message, ['A', ' b', ' c ', String(turn)]);
      yield;
      if (pick(2) === 0)
        call(session, message, 'shell', { command: 'ls' }, { content: [{ type: 'text', text: 'a.ts' }] });
      if (pick(3) === 0)
        call(session, message, 'edit', { path: 'a' }, { error: { type: 'x', message: 'No' } });
      yield;
      if (pick(3) === 0) send();
      endStep(session, message, {
        finish: step === 0 ? 'tool-calls' : 'stop',
        files: pick(2) === 0 ? [] : ['a.ts'],
      });
      yield;
    }
    session.say('session.execution.succeeded', {});
    session.messages.push({
      id: session.makeId('msg'),
      type: 'idle',
      outcome: 'succeeded',
      time: { created: session.now },
    });
    yield;
  }
}

interface Shown {
  readonly id: string;
  readonly parts: unknown;
}

/** What is shown, without times that only say an order. */
async function shownIn(window: LookingWindow): Promise<readonly Shown[]> {
  const transcript = await window.store.load(sessionId);
  return transcript.entries().map(({ created: _created, ...entry }) => entry as Shown & object);
}

describe('What is shown of a session of 2.x', () => {
  it('is what a fresh look shows, however its stream was split, repeated and broken', async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const source = new SeededRandom(seed);
      const random = (): number => source.next();
      const session = new RecordedSession();
      const window = new LookingWindow(session);
      const sent: string[] = [];
      await window.reconnect();
      let isAway = false;
      for (const _ of live(session, random)) {
        const events = session.events.splice(0);
        if (!isAway) {
          for (const event of events) {
            window.take(event);
            if (random() < 0.1) window.take(sent[Math.floor(random() * sent.length)] ?? event);
            if (random() < 0.2) await window.settled();
            sent.push(event);
          }
        }
        if (isAway || random() < 0.1) {
          isAway = random() < 0.4;
          if (!isAway) await window.reconnect();
        }
      }
      if (isAway) await window.reconnect();
      else for (const event of session.events.splice(0)) window.take(event);
      await window.settled();
      const fresh = new LookingWindow(session);
      assert.deepEqual(await shownIn(window), await shownIn(fresh), `seed ${seed}`);
      const shown = (await shownIn(fresh)).map(({ id }) => id);
      const standing = session.messages.filter(({ type }) => type !== 'idle').map(({ id }) => id);
      assert.deepEqual(shown, standing.slice(-shown.length), `seed ${seed}`);
      assert.deepEqual(window.warnings, [], `seed ${seed}`);
    }
  });
});
