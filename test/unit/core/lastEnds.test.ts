import assert from 'node:assert/strict';
import { NotFoundProblem, Problem, UnavailableProblem } from '../../../src/core/errors.ts';
import type { RunEnd } from '../../../src/core/sessions/lastEnds.ts';
import type { MessageWithParts, Session, SessionStatus } from '../../../src/protocol/records.ts';
import { anAnswer, aSession, aUserMessage } from './builders.ts';
import { aStore, someEnds } from './stores.ts';

const asked = aUserMessage('msg_1');
const cut = [asked, anAnswer('msg_2', 'msg_1', { running: true })];
const whole = [asked, anAnswer('msg_2', 'msg_1')];

function aSessionAt(id: string, updated: number, rest: Partial<Session> = {}): Session {
  return aSession({ id, time: { created: 1, updated }, ...rest });
}

/** A server that holds these messages; `read` are the sessions that it was asked for, in order. */
function setUp(sessions: readonly Session[], messages: Record<string, MessageWithParts[]> = {}) {
  const read: string[] = [];
  const server: { problem?: Error } = {};
  const timers: (() => void)[] = [];
  const readMessages = async (id: string, limit: number): Promise<readonly MessageWithParts[]> => {
    read.push(`${id} ${limit}`);
    if (server.problem !== undefined) throw server.problem;
    return (messages[id] ?? whole).slice(-limit);
  };
  const parts = someEnds(aStore(sessions), readMessages, (callback) => {
    timers.push(callback);
    return { dispose: () => void timers.splice(timers.indexOf(callback), 1) };
  });
  const told: RunEnd[][] = [];
  parts.ends.onDidEnd((ends) => told.push([...ends]));
  const setStatus = (sessionID: string, type: 'busy' | 'idle'): void => {
    const status: SessionStatus = { type };
    parts.say({ type: 'session.status', properties: { sessionID, status } });
  };
  const answer = (sessionID: string, finish = 'stop'): void => {
    const { info } = anAnswer('msg_2', 'msg_1', { sessionID, finish });
    parts.say({ type: 'message.updated', properties: { info } });
  };
  const kinds = (): (string | undefined)[] => sessions.map(({ id }) => parts.ends.of(id)?.kind);
  return { ...parts, server, timers, read, told, setStatus, answer, kinds };
}

describe('how the last run of a session ended', () => {
  const a = aSessionAt('a', 1);
  const b = aSessionAt('b', 2);

  it('is what its events say, without a question to the server', () => {
    const { setStatus, answer, kinds, told, read } = setUp([a]);
    setStatus('a', 'busy');
    assert.deepEqual(kinds(), [undefined]);
    answer('a', 'length');
    setStatus('a', 'idle');
    assert.deepEqual(kinds(), ['incomplete']);
    assert.deepEqual(
      told.map((ends) => ends.length),
      [1],
    );
    setStatus('a', 'busy');
    assert.deepEqual(kinds(), [undefined]);
    assert.deepEqual(read, []);
  });

  it('is not known after the connection broke until the messages are read, and then told once', async () => {
    const { reset, setStatus, kinds, told, ends } = setUp([a, b], { a: cut, b: whole });
    for (const id of ['a', 'b']) setStatus(id, 'busy');
    reset({ sessions: [a, b] });
    assert.deepEqual(kinds(), ['unseen', 'unseen']);
    assert.equal(told.length, 0);
    await ends.catchUp();
    assert.deepEqual(kinds(), ['interrupted', 'settled']);
    assert.deepEqual(
      told.map((batch) => batch.map(({ sessionId }) => sessionId)),
      [['a', 'b']],
    );
    await ends.catchUp();
    assert.equal(told.length, 1);
  });

  it('stays unknown while the server cannot be asked, and is read when it can', async () => {
    const { reset, server, setStatus, kinds, told, ends } = setUp([a], { a: cut });
    setStatus('a', 'busy');
    server.problem = new UnavailableProblem('Gone.');
    reset({ sessions: [a] });
    await ends.catchUp();
    assert.deepEqual(kinds(), ['unseen']);
    assert.deepEqual(told, []);
    delete server.problem;
    await ends.catchUp();
    assert.deepEqual(kinds(), ['interrupted']);
    assert.equal(told.length, 1);
  });

  it('is read again by itself where it could not be read', async () => {
    const { reset, server, setStatus, timers, kinds, told, ends } = setUp([a], { a: cut });
    setStatus('a', 'busy');
    server.problem = new UnavailableProblem('Bad gateway.');
    reset({ sessions: [a] });
    await ends.catchUp();
    assert.deepEqual([kinds(), timers.length], [['unseen'], 1]);
    delete server.problem;
    timers.shift()?.();
    await new Promise(setImmediate);
    assert.deepEqual([kinds(), told.length, timers.length], [['interrupted'], 1, 0]);
  });

  it('is read again when the server is compared with or somebody looks, although nothing moved', async () => {
    const { reset, server, setStatus, kinds, ends } = setUp([a], { a: cut });
    const told = { records: new Set<string>(), statuses: new Set<string>(), requests: new Set<string>() };
    const snapshot = [{ directory: '/work', sessions: [a], statuses: {}, permissions: [], questions: [] }];
    const lookings = [
      async () => ends.compare({ snapshot, complete: true, told }),
      () => ends.look('a'),
    ] as const;
    for (const look of lookings) {
      setStatus('a', 'busy');
      server.problem = new UnavailableProblem('Bad gateway.');
      reset({ sessions: [a] });
      await ends.catchUp();
      delete server.problem;
      await look();
      await new Promise(setImmediate);
      assert.deepEqual(kinds(), ['interrupted']);
    }
  });

  it('is sure where the run was one of this server, and no longer when the session changed unseen', async () => {
    const { reset, setStatus, ends } = setUp([a, b], { a: cut, b: cut });
    setStatus('a', 'busy');
    reset({ sessions: [a, b] });
    await ends.catchUp();
    assert.deepEqual([ends.ranHere('a'), ends.ranHere('b')], [true, false]);
    reset({ sessions: [aSessionAt('a', 9), b] });
    await ends.catchUp();
    assert.deepEqual([ends.of('a')?.kind, ends.ranHere('a')], ['interrupted', false]);
  });

  it('leaves open whether another process goes on with it, only where this server never worked on it', async () => {
    const { reset, setStatus, ends } = setUp([a, b], { a: cut, b: cut });
    setStatus('a', 'busy');
    reset({ sessions: [a, b] });
    await ends.catchUp();
    assert.deepEqual([await ends.mayWorkElsewhere('a'), await ends.mayWorkElsewhere('b')], [false, true]);
  });

  describe('in which another process does something', () => {
    const nothing = { records: new Set<string>(), statuses: new Set<string>(), requests: new Set<string>() };
    const look = (parts: ReturnType<typeof setUp>, sessions: readonly Session[]) => {
      const snapshot = [{ directory: '/work', sessions, statuses: {}, permissions: [], questions: [] }];
      parts.ends.compare({ snapshot, complete: true, told: nothing });
      return parts.ends.catchUp();
    };
    const moved = aSessionAt('a', 9);
    const next = [...whole, aUserMessage('msg_3'), anAnswer('msg_4', 'msg_3', { running: true })];

    it('is none while it works there, and is read when it ended', async () => {
      const messages: Record<string, MessageWithParts[]> = { a: whole };
      const parts = setUp([a, b], messages);
      messages['a'] = next;
      await look(parts, [moved, b]);
      assert.equal(parts.ends.worksElsewhere('a'), true);
      assert.deepEqual(parts.ends.elsewhere, ['a']);
      assert.equal(await parts.ends.mayWorkElsewhere('a'), true);
      messages['a'] = [...whole, aUserMessage('msg_3'), anAnswer('msg_4', 'msg_3')];
      await look(parts, [aSessionAt('a', 10), b]);
      assert.deepEqual([parts.ends.worksElsewhere('a'), parts.ends.of('a')?.kind], [false, 'settled']);
    });

    it('may be one that was seen here, where nothing was done since', async () => {
      const messages: Record<string, MessageWithParts[]> = { a: whole };
      const parts = setUp([a], messages);
      await look(parts, [moved]);
      assert.equal(parts.ends.worksElsewhere('a'), false);
      parts.setStatus('a', 'busy');
      parts.say({
        type: 'message.updated',
        properties: { info: anAnswer('msg_4', 'msg_3', { running: true, sessionID: 'a' }).info },
      });
      parts.reset({ sessions: [moved] });
      messages['a'] = next;
      await parts.ends.catchUp();
      assert.deepEqual([parts.ends.worksElsewhere('a'), parts.ends.ranHere('a')], [false, true]);
    });

    it('is looked for when somebody is about to prompt, whatever was known', async () => {
      const messages: Record<string, MessageWithParts[]> = { a: whole };
      const parts = setUp([a], messages);
      parts.setStatus('a', 'busy');
      parts.answer('a');
      parts.setStatus('a', 'idle');
      assert.equal(await parts.ends.mayWorkElsewhere('a'), false);
      messages['a'] = next;
      assert.equal(await parts.ends.mayWorkElsewhere('a'), true);
      assert.equal(parts.ends.worksElsewhere('a'), true);
    });

    it('is over there when it works here', async () => {
      const messages: Record<string, MessageWithParts[]> = { a: next };
      const parts = setUp([a], messages);
      await look(parts, [moved]);
      assert.equal(parts.ends.worksElsewhere('a'), true);
      parts.setStatus('a', 'busy');
      assert.deepEqual(
        [parts.ends.worksElsewhere('a'), await parts.ends.mayWorkElsewhere('a')],
        [false, false],
      );
    });
  });

  it('is not what was read when the session began to work meanwhile', async () => {
    const { reset, setStatus, kinds, told, ends } = setUp([a], { a: cut });
    setStatus('a', 'busy');
    reset({ sessions: [a] });
    setStatus('a', 'busy');
    await ends.catchUp();
    assert.deepEqual(kinds(), [undefined]);
    assert.deepEqual(told, []);
  });

  it('goes on to be unknown where the run still goes on after the connection broke', async () => {
    const { reset, setStatus, kinds, read, ends } = setUp([a], { a: cut });
    setStatus('a', 'busy');
    reset({ sessions: [a], statuses: { a: { type: 'busy' } } });
    await ends.catchUp();
    assert.deepEqual([kinds(), read], [[undefined], []]);
  });

  it('is read for the sessions that changed last while nobody listened, and tells nobody of an end', async () => {
    const many = Array.from({ length: 50 }, (_, index) => aSessionAt(`s${index}`, index));
    const archived = aSessionAt('old', 99, { time: { created: 1, updated: 99, archived: 99 } });
    const { reset, read, told, ends } = setUp([...many, archived], { s49: cut });
    reset({ sessions: [...many, archived] });
    await ends.catchUp();
    const newest = many.toReversed().slice(0, 20);
    const asked = ({ id }: Session): string[] => (id === 's49' ? ['s49 1', 's49 10'] : [`${id} 1`]);
    assert.deepEqual(read, newest.flatMap(asked));
    assert.equal(ends.of('s49')?.kind, 'interrupted');
    assert.equal(ends.of('s48')?.kind, 'settled');
    assert.equal(told.length, 0);
    read.length = 0;
    reset({ sessions: [aSessionAt('s3', 100), ...many.filter(({ id }) => id !== 's3'), archived] });
    await ends.catchUp();
    assert.deepEqual(read, ['s3 1']);
  });

  it('is no longer what it was when the session changed while nobody listened', async () => {
    const messages = { a: cut };
    const { reset, setStatus, answer, kinds, ends } = setUp([a], messages);
    reset({ sessions: [a] });
    await ends.catchUp();
    assert.deepEqual(kinds(), ['interrupted']);
    messages.a = whole;
    reset({ sessions: [aSessionAt('a', 9)] });
    assert.deepEqual(kinds(), [undefined]);
    await ends.catchUp();
    assert.deepEqual(kinds(), ['settled']);
    setStatus('a', 'busy');
    answer('a');
    setStatus('a', 'idle');
    assert.deepEqual(kinds(), ['settled']);
  });

  it('is read when somebody looks at the session, once', async () => {
    const { read, ends } = setUp([a], { a: [asked] });
    await ends.look('a');
    await ends.look('a');
    assert.equal(ends.of('a')?.kind, 'unanswered');
    assert.deepEqual(read, ['a 10']);
  });

  it('is nothing of its own in a fork that was made in the middle of an answer', async () => {
    const [prompt, answer] = cut;
    assert.ok(prompt && answer);
    // Ids of 2026-11-20, of messages that are a day older.
    const created = 1_795_174_563_258 - 86_400_000;
    const at = (message: MessageWithParts, id: string): MessageWithParts => ({
      ...message,
      info: { ...message.info, id, time: { created } },
    });
    const id = (1_795_174_563_258n * 4096n) & 0xffff_ffff_ffffn;
    const copyId = (end: string): string => `msg_${id.toString(16).padStart(12, '0')}${end}`;
    const copied = [at(prompt, copyId('a')), at(answer, copyId('b'))];
    const parent = copied[0]?.info.id ?? '';
    const [, cutCopy] = copied;
    assert.ok(cutCopy?.info.role === 'assistant');
    const fork = { ...cutCopy, info: { ...cutCopy.info, parentID: parent } };
    const { ends } = setUp([a], { a: [copied[0] ?? prompt, fork] });
    await ends.look('a');
    assert.equal(ends.of('a'), undefined);
  });

  it('is the refusal of a prompt that nothing ran for', () => {
    const { say, kinds, setStatus } = setUp([a]);
    const refused = { name: 'UnknownError', data: { message: 'Agent not found' } };
    say({ type: 'session.error', properties: { sessionID: 'a', error: refused } });
    assert.deepEqual(kinds(), ['failed']);
    setStatus('a', 'busy');
    say({ type: 'session.error', properties: { sessionID: 'a', error: { name: 'APIError', data: {} } } });
    assert.deepEqual(kinds(), [undefined]);
    setStatus('a', 'idle');
    assert.deepEqual(kinds(), ['failed']);
  });

  it('is not known, and not asked for again, where the server refuses to show its messages', async () => {
    const { reset, server, setStatus, answer, kinds, ends, read, timers } = setUp([a, b]);
    setStatus('a', 'busy');
    server.problem = new Problem('Bad request.');
    reset({ sessions: [a, b] });
    await ends.catchUp();
    assert.deepEqual(kinds(), ['unseen', 'unseen']);
    assert.deepEqual(timers, []);
    const before = read.length;
    await ends.catchUp();
    await ends.look('a');
    assert.equal(read.length, before);
    // What runs after that is seen to end.
    setStatus('a', 'busy');
    answer('a');
    setStatus('a', 'idle');
    assert.deepEqual(kinds(), ['settled', 'unseen']);
  });

  it('is forgotten with its session', async () => {
    const { reset, server, setStatus, kinds, ends } = setUp([a]);
    setStatus('a', 'busy');
    server.problem = new NotFoundProblem('Deleted.');
    reset({ sessions: [] });
    await ends.catchUp();
    assert.deepEqual(kinds(), [undefined]);
  });
});
