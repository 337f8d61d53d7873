import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import {
  NotFoundProblem,
  Problem,
  UnavailableProblem,
  UndeliveredProblem,
} from '../../../src/core/errors.ts';
import { forkWithPrompt } from '../../../src/flows/forkApproaches.ts';
import { handOff } from '../../../src/flows/handOff.ts';
import { Attempts } from '../../../src/flows/prompting/attempts.ts';
import { describeLeft, describeUnfinished } from '../../../src/flows/unfinished.ts';
import { aSession, anAnswer, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aServer } from '../commands/commands.ts';
import { Memory } from '../views/memory.ts';

const source = aSession({ id: 'ses_1', title: 'Parser' });
const made = aSession({ id: 'ses_2', title: 'Parser (fork #1)' });
const model = { providerID: 'local', modelID: 'echo' };
const prompt = { agent: 'build', model, text: 'Go on.' };
const gone = new UnavailableProblem('There is no connection.', { mayHaveArrived: false });

/** `update`, `send` and `remove`: how these fail. */
function setUp(failures: { update?: Problem; send?: Problem; remove?: Problem }) {
  const fail = (problem: Problem | undefined) => {
    if (problem !== undefined) throw problem;
    return made;
  };
  const server = aServer({
    createSession: () => made,
    forkSession: () => made,
    updateSession: () => fail(failures.update),
    deleteSession: () => fail(failures.remove),
  });
  const ids = { now: () => 1, random: Math.random };
  const ports = {
    openCode: server.openCode,
    sessions: aStore([source]),
    door: { send: async () => fail(failures.send) as never },
    attempts: new Attempts(ids, new Memory(), String),
    ids,
    wait: () => Promise.resolve(),
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: assert.fail },
  };
  const named = () => server.calls.map(([name]) => name);
  const forkAs = (wish: { title: string; name?: string }) =>
    forkWithPrompt(ports, source, { before: undefined, at: undefined }, { ...wish, prompt });
  const fork = () => forkAs({ title: 'Try' });
  const pass = () => handOff(ports, { ...prompt, source, title: 'Parser (fork #1)', todos: [] });
  return { fork, forkAs, pass, named };
}

/** What is there is named, and is what the same act goes on in. */
const names =
  (name: string) =>
  (error: unknown): true => {
    assert.ok(error instanceof UndeliveredProblem, String(error));
    assert.ok(error.message.startsWith(`${name} was made, but its prompt did not arrive.`), error.message);
    return true;
  };

describe('A session that was made and could not be made whole', () => {
  it('is named where it could not be taken back, and gone on in', async () => {
    const either = '“Try” (maybe still named “Parser (fork #1)”)';
    for (const failures of [
      { update: gone, remove: gone },
      { send: gone, remove: gone },
      { update: new UnavailableProblem('It broke off.') },
    ]) {
      const { fork, named } = setUp(failures);
      // Whether it has the title that it was to get, nobody knows where the answer was lost.
      const isNamed = 'update' in failures ? names(either) : names('“Parser (fork #1)”');
      await assert.rejects(fork, isNamed);
      await assert.rejects(fork, isNamed);
      assert.equal(named().filter((name) => name === 'forkSession').length, 1);
    }
    const { pass, named } = setUp({ send: gone, remove: gone });
    await assert.rejects(pass, names('“Parser (fork #1)”'));
    await assert.rejects(pass, names('“Parser (fork #1)”'));
    assert.equal(named().filter((name) => name === 'createSession').length, 1);
  });

  it('is named by its first prompt where it is not named yet', () => {
    const title = 'New session - 2026-11-20T10:00:00.000Z';
    const sessions = aStore([{ ...made, title }]);
    sessions.learnPrompt(made.id, 'Count the cents');
    const { message } = describeUnfinished(sessions, { ...made, title }, gone);
    assert.match(message, /^“Count the cents” was made, but its prompt did not arrive\./);
  });

  it('is gone on in, although another title would be made up for it by now', async () => {
    const { forkAs, named } = setUp({ send: gone, remove: gone });
    await assert.rejects(forkAs({ title: 'Parser (fork #1)', name: '' }), UndeliveredProblem);
    await assert.rejects(forkAs({ title: 'Parser (fork #2)', name: '' }), UndeliveredProblem);
    assert.equal(named().filter((name) => name === 'forkSession').length, 1);
  });

  it('is no more where it was taken back, and made again', async () => {
    for (const remove of [undefined, new NotFoundProblem('It is not there.')]) {
      const failures = { send: new Problem('No such agent.'), ...(remove && { remove }) };
      const { fork, pass, named } = setUp(failures);
      for (const act of [fork, fork, pass, pass]) await assert.rejects(act, /^Problem: No such agent\.$/);
      const makings = named().filter((name) => name === 'forkSession' || name === 'createSession');
      assert.equal(makings.length, 4);
    }
  });

  it('is named by the window that comes after one that ended meanwhile, wherever that was', async () => {
    const never = new Promise<never>(() => undefined);
    const ids = { now: () => made.time.created, random: Math.random };
    const either = '“Try” (maybe still named “Parser (fork #1)”)';
    for (const [name, stop] of [
      [either, { forkSession: () => never }],
      [either, { updateSession: () => never }],
      ['“Try”', {}],
    ] as const) {
      const titled = { ...made, title: 'Try' };
      const server = aServer({ forkSession: () => made, updateSession: () => titled, ...stop });
      const memory = new Memory();
      const ports = {
        openCode: server.openCode,
        sessions: aStore([source]),
        door: { send: () => never },
        attempts: new Attempts(ids, memory, String),
        ids,
        wait: () => Promise.resolve(),
        log: { debug: assert.fail, info: assert.fail, warn: assert.fail, error: assert.fail },
      };
      const whole = { before: undefined, at: undefined };
      void forkWithPrompt(ports, source, whole, { title: 'Try', prompt });
      await setImmediate();
      const after = {
        attempts: new Attempts(ids, memory, String),
        deliveries: { get: () => undefined },
        sessions: aStore([source, name === '“Try”' ? titled : made]),
      };
      const [said, ...others] = describeLeft(after, 'fork', source.id, 0);
      assert.ok(said?.startsWith(`${name} was made, but its prompt did not arrive.`), said);
      assert.deepEqual(others, []);
      assert.deepEqual(describeLeft(after, 'fork', made.id, 0), []);
      assert.deepEqual(describeLeft(after, 'handOff', source.id, 0), []);
      assert.deepEqual(describeLeft(after, 'fork', source.id, ids.now() + 1), []);
      const gone = { ...after, sessions: aStore([source]) };
      assert.deepEqual(describeLeft(gone, 'fork', source.id, 0), []);
    }
  });

  it('is made again where a server that was killed copied only a part of it, but not for ever', async () => {
    const all = [aUserMessage('u1'), anAnswer('a1', 'u1')];
    const end = all[1]?.info.time.created ?? assert.fail();
    for (const [copies, forks] of [
      [[all.slice(0, 1), all], 2],
      [[all], 1],
      [[all.slice(0, 1), all.slice(0, 1), all.slice(0, 1)], 2],
    ] as const) {
      let looks = 0;
      const server = aServer({
        forkSession: () => made,
        updateSession: () => made,
        deleteSession: () => undefined,
        listMessages: () => ({ messages: copies[looks++] ?? assert.fail('looked once too often') }),
      });
      const ids = { now: () => 1, random: Math.random };
      const ports = {
        openCode: server.openCode,
        sessions: aStore([source]),
        door: { send: () => assert.fail() },
        attempts: new Attempts(ids, new Memory(), String),
        ids,
        wait: () => Promise.resolve(),
        log: { debug: assert.fail, info: assert.fail, warn: assert.fail, error: assert.fail },
      };
      await forkWithPrompt(ports, source, { before: undefined, at: undefined, end }, { title: 'Try' });
      const named = server.calls.map(([name]) => name);
      assert.equal(named.filter((name) => name === 'forkSession').length, forks);
      assert.equal(named.filter((name) => name === 'deleteSession').length, forks - 1);
    }
  });
});
