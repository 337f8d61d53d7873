import assert from 'node:assert/strict';
import { deleteSession } from '../../../src/commands/archive/deleteSession.ts';
import { undoDelete } from '../../../src/commands/archive/undoDelete.ts';
import { BusyProblem, NotFoundProblem, Problem, UnavailableProblem } from '../../../src/core/errors.ts';
import type { Undone } from '../../../src/flows/deletions.ts';
import { aProof, aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { allAbilities, aPerson, aServer } from './commands.ts';

const family = [
  aSession({ id: 'root', title: 'Root' }),
  aSession({ id: 'child', title: 'Child', parentID: 'root' }),
  aSession({ id: 'grandchild', parentID: 'child' }),
  aSession({ id: 'other', title: 'Other' }),
];

interface Given {
  readonly busy?: readonly string[];
  readonly sure?: boolean;
  readonly neverStops?: boolean;
  readonly lacksArchive?: boolean;
  /** The prompts that wait, by session. */
  readonly waiting?: Readonly<Record<string, readonly string[]>>;
  /** The sessions in which a prompt is written. */
  readonly written?: readonly string[];
}

function setUp(given: Given = {}) {
  const statuses = Object.fromEntries((given.busy ?? []).map((id) => [id, { type: 'busy' as const }]));
  const sessions = aStore(family, { statuses });
  const server = aServer(
    {
      abortSession: (sessionID: string) => {
        if (given.neverStops === true) return;
        sessions.apply({ type: 'session.status', properties: { sessionID, status: { type: 'idle' } } });
      },
    },
    { ...allAbilities, archive: given.lacksArchive !== true },
  );
  const { dialogs, asked } = aPerson({ confirm: () => given.sure ?? true });
  const begun: string[][] = [];
  const deleted: string[] = [];
  const known: string[][] = [];
  const run = deleteSession({
    sessions,
    openCode: server.openCode,
    deletions: {
      begin: async (all, waiting) => {
        begun.push(all.map(({ id }) => id));
        known.push([...(waiting ?? [])]);
      },
      deleteNow: async ({ id }, waiting) => {
        deleted.push(id);
        known.push([...(waiting ?? [])]);
      },
    },
    waiting: {
      of: (id) => (given.waiting?.[id] ?? []).map((id) => ({ id, text: '', agent: 'build' })),
    },
    written: new Set(given.written),
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
  return { run, server, question, begun, deleted, known, asked };
}

const rows = ['root', 'child', 'other'].map((sessionId) => ({ kind: 'session', sessionId }));

describe('deleting sessions', () => {
  it('begins at once with those that do not work, since it can be undone', async () => {
    const { run, server, begun, asked } = setUp();
    assert.equal(await run('root'), 'root');
    assert.deepEqual(begun, [['root']]);
    assert.deepEqual(asked, []);
    assert.deepEqual(server.changes(), []);
  });

  it('leaves out of a selection what the server deletes along with another', async () => {
    const { run, begun } = setUp();
    await run(rows[0], rows);
    assert.deepEqual(begun, [['root', 'other']]);
  });

  it('stops what is working, at any depth, after a question', async () => {
    const { run, server, question, begun } = setUp({ busy: ['root', 'grandchild'] });
    await run('root');
    assert.equal(question().message, 'Delete “Root”?');
    assert.match(question().detail, /What is working is stopped first\. For ten seconds/);
    assert.deepEqual(server.changes(), [
      ['abortSession', 'root'],
      ['abortSession', 'grandchild'],
    ]);
    assert.deepEqual(begun, [['root']]);
  });

  it('asks first where prompts wait, also in subagents, and deletes them along with it', async () => {
    for (const [waiting, sentence] of [
      [{ grandchild: ['msg_1'] }, /A prompt that waits there is deleted as well\./],
      [{ root: ['msg_1', 'msg_2'], other: ['msg_3'] }, /2 prompts that wait there are deleted as well\./],
    ] as const) {
      const { run, question, begun, known } = setUp({ waiting });
      await run('root');
      assert.match(question().detail, sentence);
      assert.deepEqual(begun, [['root']]);
      assert.deepEqual(known, [Object.values(waiting)[0]]);
    }
  });

  it('says what is written there where it asks, and knows of it then', async () => {
    const { run, question, known } = setUp({ written: ['root', 'other'], busy: ['root'] });
    await run('root');
    assert.match(question().detail, /A prompt is written there that was not sent; its text is kept\./);
    assert.deepEqual(known, [['written:root']]);
    const several = setUp({ written: ['root', 'child'], lacksArchive: true });
    await several.run('root');
    assert.match(several.question().detail, /2 prompts are written there/);
    const quiet = setUp({ written: ['root'] });
    await quiet.run('root');
    assert.deepEqual([quiet.asked, quiet.known], [[], [['written:root']]]);
  });

  it('deletes nothing with prompts that wait when the person says no', async () => {
    const { run, begun } = setUp({ waiting: { root: ['msg_1'] }, sure: false });
    assert.equal(await run('root'), undefined);
    assert.deepEqual(begun, []);
  });

  it('does nothing when the person says no', async () => {
    const { run, server, begun } = setUp({ busy: ['root'], sure: false });
    assert.equal(await run('root'), undefined);
    assert.deepEqual([...server.changes(), ...begun], []);
  });

  it('deletes nothing when a run does not stop', async () => {
    const { run, server, begun } = setUp({ busy: ['root'], neverStops: true });
    await assert.rejects(run('root'), BusyProblem);
    assert.deepEqual(server.changes(), [['abortSession', 'root']]);
    assert.deepEqual(begun, []);
  });
});

describe('deleting sessions of a server without an archive', () => {
  it('asks first and says what goes with them, by their names', async () => {
    const { run, deleted, question, begun } = setUp({ lacksArchive: true });
    await run(rows[0], rows);
    assert.equal(question().message, 'Delete 3 sessions?');
    assert.equal(
      question().detail,
      '“Root”, “Child”, “Other”. Its subagent session is deleted as well. This cannot be undone. Forks stay.',
    );
    assert.deepEqual([deleted, begun], [['root', 'other'], []]);
  });

  it('does nothing when the person says no', async () => {
    const { run, server, deleted } = setUp({ lacksArchive: true, sure: false });
    assert.equal(await run('root'), undefined);
    assert.deepEqual([...server.changes(), ...deleted], []);
  });
});

describe('undoing a deletion', () => {
  const undoing = (undone: Partial<Undone>) =>
    undoDelete({ deletions: { undo: async () => ({ back: [], tooLate: [], failed: [], ...undone }) } });

  it('gives back those that are named, else all, and says where there is nothing to give', async () => {
    const asked: (readonly string[] | undefined)[] = [];
    const run = undoDelete({
      deletions: {
        undo: async (ids) => {
          asked.push(ids);
          return { back: ids ?? ['all'], tooLate: [], failed: [] };
        },
      },
    });
    assert.equal(await run(undefined, [{ sessionId: 'a' }, { sessionId: 'b' }]), 'a');
    assert.equal(await run(), 'all');
    assert.deepEqual(asked, [['a', 'b'], undefined]);
    await assert.rejects(undoing({})(), /There is nothing to undo/);
  });

  it('says for which it is too late, and which could not be given back', async () => {
    await assert.rejects(undoing({ back: ['b'], tooLate: ['A', 'C'] })(), {
      message: 'It is too late for “A”, “C”: OpenCode was asked to delete them.',
    });
    const failures = [
      [new Problem('No.'), '“A” is not deleted, but could not be taken out of the archive. No.'],
      [
        new UnavailableProblem('No answer.'),
        '“A” is not deleted, but whether it is out of the archive is not known. No answer.',
      ],
      [new NotFoundProblem('It is not there.'), '“A” is gone: it was deleted elsewhere.'],
    ] as const;
    for (const [error, message] of failures) {
      const failed = [{ sessionId: 'a', name: 'A', error }];
      await assert.rejects(undoing({ back: ['b'], failed })(), (problem: Problem) => {
        assert.equal(problem.message, message);
        const again = problem.remedy?.arguments;
        assert.deepEqual(
          again,
          error instanceof NotFoundProblem ? undefined : [undefined, [{ sessionId: 'a' }]],
        );
        return true;
      });
    }
  });
});
