import assert from 'node:assert/strict';
import {
  chooseSession,
  chooseSessions,
  type ChooseSessionDeps,
} from '../../../src/commands/choosing/chooseSession.ts';
import { parseSessionArgument } from '../../../src/commands/choosing/sessionArgument.ts';
import { NotFoundProblem, Problem } from '../../../src/core/errors.ts';
import { aProof, aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

const purpose = { title: 'Do it', none: 'There is none.' };

function someDeps(given: Partial<ChooseSessionDeps> = {}): ChooseSessionDeps {
  return {
    sessions: aStore([aSession({ id: 'a' }), aSession({ id: 'b' })]),
    openCode: aServer().openCode,
    currentSessionId: () => undefined,
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs: aPerson().dialogs,
    ...given,
  };
}

describe('the session that a command is about', () => {
  it('is the one that an id, a row or an object names', async () => {
    const row = { kind: 'session', sessionId: 'b' };
    for (const argument of ['b', row, { sessionId: 'b', text: 'hello' }]) {
      assert.equal((await chooseSession(someDeps(), argument, purpose))?.id, 'b');
    }
  });

  it('is the one being looked at when none is named', async () => {
    const deps = someDeps({ currentSessionId: () => 'b' });
    assert.equal((await chooseSession(deps, undefined, purpose))?.id, 'b');
  });

  it('is the one being looked at also before the store knows it, and is picked when that one is gone', async () => {
    const { openCode } = aServer({ getSession: (id: string) => aSession({ id }) });
    const made = someDeps({ openCode, currentSessionId: () => 'made just now' });
    assert.equal((await chooseSession(made, undefined, purpose))?.id, 'made just now');
    const gone = aServer({
      getSession: () => {
        throw new NotFoundProblem('It is gone.');
      },
    });
    const { dialogs } = aPerson({ pickSession: () => 'a' });
    const deps = someDeps({ openCode: gone.openCode, currentSessionId: () => 'gone', dialogs });
    assert.equal((await chooseSession(deps, undefined, purpose))?.id, 'a');
  });

  it('is picked among those that suit when the one being looked at does not', async () => {
    const { dialogs, asked } = aPerson({ pickSession: () => 'a' });
    const deps = someDeps({ currentSessionId: () => 'b', dialogs });
    const chosen = await chooseSession(deps, undefined, { ...purpose, suits: ({ id }) => id === 'a' });
    assert.equal(chosen?.id, 'a');
    assert.equal(asked.length, 1);
  });

  it('is none when the person picks none', async () => {
    const { dialogs } = aPerson({ pickSession: () => undefined });
    assert.equal(await chooseSession(someDeps({ dialogs }), undefined, purpose), undefined);
  });

  it('is a sentence when there is none that suits', async () => {
    const chosen = chooseSession(someDeps(), undefined, { ...purpose, suits: () => false });
    await assert.rejects(chosen, { name: 'Problem', message: 'There is none.' });
  });

  it('is asked of the server when the store does not know it', async () => {
    const { openCode } = aServer({ getSession: (id: string) => aSession({ id }) });
    assert.equal((await chooseSession(someDeps({ openCode }), 'elsewhere', purpose))?.id, 'elsewhere');
    const gone = aServer({
      getSession: () => {
        throw new NotFoundProblem('It is gone.');
      },
    });
    await assert.rejects(chooseSession(someDeps({ openCode: gone.openCode }), 'x', purpose), NotFoundProblem);
  });

  it('is every selected row, each once, without folders and without relays of sessions that are not selected', async () => {
    const rows = [
      { kind: 'session', sessionId: 'a' },
      { kind: 'folder', directory: '/x' },
      { kind: 'relay', sessionId: 'c', relayId: 'msg_9' },
      { kind: 'session', sessionId: 'b' },
      { kind: 'session', sessionId: 'a' },
    ];
    const chosen = await chooseSessions(someDeps(), rows[0], rows, purpose);
    assert.deepEqual(
      chosen.map(({ id }) => id),
      ['a', 'b'],
    );
  });

  it('is what is selected in the tree when a key of the tree was pressed', async () => {
    const deps = someDeps({ currentSessionId: () => 'a', selectedSessionIds: () => ['b'] });
    assert.equal((await chooseSession(deps, { fromSelection: true }, purpose))?.id, 'b');
    const chosen = await chooseSessions(deps, { fromSelection: true }, undefined, purpose);
    assert.deepEqual(
      chosen.map(({ id }) => id),
      ['b'],
    );
  });
});

describe('a command’s argument', () => {
  it('may name the model as one word', () => {
    assert.deepEqual(parseSessionArgument({ model: 'local/a/b' }).model, {
      providerID: 'local',
      modelID: 'a/b',
    });
  });

  it('is refused with a sentence when it makes no sense', () => {
    for (const argument of [42, { sessionId: 7 }, { model: 'noslash' }]) {
      assert.throws(() => parseSessionArgument(argument), Problem);
    }
  });
});
