import assert from 'node:assert/strict';
import { deleteSession } from '../../../src/commands/archive/deleteSession.ts';
import { BusyProblem } from '../../../src/core/errors.ts';
import { aProof, aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

const family = [
  aSession({ id: 'root', title: 'Root' }),
  aSession({ id: 'child', parentID: 'root' }),
  aSession({ id: 'grandchild', parentID: 'child' }),
  aSession({ id: 'other', title: 'Other' }),
];

function setUp(given: { busy?: readonly string[]; sure?: boolean; neverStops?: boolean } = {}) {
  const statuses = Object.fromEntries((given.busy ?? []).map((id) => [id, { type: 'busy' as const }]));
  const sessions = aStore(family, { statuses });
  const server = aServer({
    deleteSession: () => undefined,
    abortSession: (sessionID: string) => {
      if (given.neverStops === true) return;
      sessions.apply({ type: 'session.status', properties: { sessionID, status: { type: 'idle' } } });
    },
  });
  const { dialogs, asked } = aPerson({ confirm: () => given.sure ?? true });
  const run = deleteSession({
    sessions,
    openCode: server.openCode,
    currentSessionId: () => undefined,
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs,
    timer: (callback) => {
      if (given.neverStops === true) queueMicrotask(callback);
      return { dispose: () => undefined };
    },
  });
  const question = () => asked[0]?.[1] as { message: string; detail: string };
  return { run, server, question };
}

describe('deleting sessions', () => {
  it('asks first and names what goes with it', async () => {
    const { run, server, question } = setUp();
    assert.equal(await run('root'), 'root');
    assert.equal(question().message, 'Delete “Root”?');
    assert.match(question().detail, /^2 subagent sessions are deleted as well\./);
    assert.deepEqual(server.changes(), [['deleteSession', 'root']]);
  });

  it('does nothing when the person says no', async () => {
    const { run, server } = setUp({ sure: false });
    assert.equal(await run('root'), undefined);
    assert.deepEqual(server.changes(), []);
  });

  it('stops what is working, at any depth, before anything is deleted', async () => {
    const { run, server } = setUp({ busy: ['root', 'grandchild'] });
    await run('root');
    assert.deepEqual(server.changes(), [
      ['abortSession', 'root'],
      ['abortSession', 'grandchild'],
      ['deleteSession', 'root'],
    ]);
  });

  it('deletes nothing when a run does not stop', async () => {
    const { run, server } = setUp({ busy: ['root'], neverStops: true });
    await assert.rejects(run('root'), BusyProblem);
    assert.deepEqual(server.changes(), [['abortSession', 'root']]);
  });

  it('leaves out of a selection what the server deletes along with another', async () => {
    const { run, server, question } = setUp();
    const rows = ['root', 'child', 'other'].map((sessionId) => ({ kind: 'session', sessionId }));
    await run(rows[0], rows);
    assert.equal(question().message, 'Delete 3 sessions?');
    assert.match(question().detail, /^Its subagent session is deleted as well\./);
    assert.deepEqual(server.changes(), [
      ['deleteSession', 'root'],
      ['deleteSession', 'other'],
    ]);
  });
});
