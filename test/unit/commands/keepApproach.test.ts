import assert from 'node:assert/strict';
import { keepApproach, type KeepApproachDeps } from '../../../src/commands/compare/keepApproach.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import type { SessionStatus } from '../../../src/protocol/records.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import { aProof, aSession } from '../core/builders.ts';
import { aPermission, aStore } from '../core/stores.ts';
import { allAbilities, aPerson, aServer } from './commands.ts';

const approach = (id: string, group: string | undefined = 'g', archived = 0) =>
  aSession({
    id,
    title: `Title ${id}`,
    metadata: withLineage(undefined, {
      of: id,
      kind: 'fork',
      from: 'ses_0',
      time: 1,
      ...(group !== '' && { group }),
    }),
    time: { created: 1, updated: 1, archived },
  });

function setUp(
  given: {
    statuses?: Record<string, SessionStatus>;
    asks?: string;
    waits?: string;
    person?: Parameters<typeof aPerson>[0];
    archive?: boolean;
    stored?: readonly ReturnType<typeof approach>[];
    fails?: string;
  } = {},
) {
  const server = aServer(
    {
      updateSession: (id: string) => {
        if (id === given.fails) throw new Error('The server said no.');
        return approach(id);
      },
    },
    { ...allAbilities, archive: given.archive ?? true },
  );
  const { dialogs, asked } = aPerson(given.person);
  const notices: Notice[] = [];
  const stored = given.stored ?? [
    approach('ses_1'),
    approach('ses_2'),
    approach('ses_3'),
    approach('ses_4', ''),
  ];
  const deps: KeepApproachDeps = {
    sessions: aStore([aSession({ id: 'ses_0' }), ...stored], { statuses: given.statuses ?? {} }),
    openCode: server.openCode,
    currentSessionId: () => undefined,
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs,
    attention: {
      of: (id) =>
        id === given.asks ? [{ kind: 'permission', request: aPermission({ sessionID: id }) }] : [],
    },
    ends: { worksElsewhere: () => false },
    deliveries: { of: () => [], isAboutToRun: (id) => id === given.waits },
    lock: { holder: () => undefined },
    waiting: { of: () => [] },
    written: { has: () => true },
    notify: (notice) => notices.push(notice),
    now: () => 77,
  };
  return { deps, asked, notices, changes: server.changes };
}

describe('keeping one of several approaches', () => {
  it('puts the others into the archive, with a way back', async () => {
    const { deps, notices, changes } = setUp();
    assert.equal(await keepApproach(deps)({ sessionId: 'ses_2' }), 'ses_2');
    assert.deepEqual(changes(), [
      ['updateSession', 'ses_1', { archived: 77 }],
      ['updateSession', 'ses_3', { archived: 77 }],
    ]);
    assert.equal(notices[0]?.message, 'Kept “Title ses_2”; archived “Title ses_1”, “Title ses_3”.');
    assert.deepEqual(notices[0]?.actions[0]?.arguments, [
      undefined,
      [{ sessionId: 'ses_1' }, { sessionId: 'ses_3' }],
    ]);
  });

  it('asks first where one works, and leaves that one where it is seen', async () => {
    const statuses = { ses_1: { type: 'busy' } } as const;
    const questions: { detail?: string }[] = [];
    const { deps, notices, changes } = setUp({
      statuses,
      person: { confirm: (question: { detail?: string }) => questions.push(question) > 0 },
    });
    await keepApproach(deps)('ses_2');
    assert.match(questions[0]?.detail ?? '', /“Title ses_1” is working\./);
    assert.deepEqual(changes(), [['updateSession', 'ses_3', { archived: 77 }]]);
    assert.match(notices[0]?.message ?? '', /archived “Title ses_3”\. “Title ses_1” is working\./);
    const refused = setUp({ statuses, person: { confirm: () => false } });
    assert.equal(await keepApproach(refused.deps)('ses_2'), undefined);
    assert.deepEqual(refused.changes(), []);
  });

  it('leaves one also where it is seen that began to work while the person was asked', async () => {
    const attention = new Set<string>();
    const statuses = { ses_1: { type: 'busy' } } as const;
    const person = { confirm: () => attention.add('ses_3').size > 0 };
    const stored = ['ses_1', 'ses_2', 'ses_3', 'ses_5'].map((id) => approach(id));
    const { deps, notices, changes } = setUp({ statuses, person, stored });
    const asking = {
      of: (id: string) =>
        attention.has(id) ? [{ kind: 'permission' as const, request: aPermission({ sessionID: id }) }] : [],
    };
    await keepApproach({ ...deps, attention: asking })('ses_2');
    assert.deepEqual(changes(), [['updateSession', 'ses_5', { archived: 77 }]]);
    assert.match(
      notices[0]?.message ?? '',
      /archived “Title ses_5”\..*“Title ses_3” waits for your answer\./,
    );
    const none = setUp({ statuses, person, stored: stored.slice(0, 3) });
    attention.clear();
    await assert.rejects(
      keepApproach({ ...none.deps, attention: asking })('ses_2'),
      /“Title ses_3” waits for your answer\./,
    );
    assert.deepEqual(none.changes(), []);
  });

  it('refuses where none of the others is at rest, and says what they wait for', async () => {
    const stored = [approach('ses_1'), approach('ses_2')];
    const asks = setUp({ stored, asks: 'ses_1' });
    await assert.rejects(keepApproach(asks.deps)('ses_2'), /“Title ses_1” waits for your answer\./);
    const waits = setUp({ stored, waits: 'ses_1' });
    await assert.rejects(
      keepApproach(waits.deps)('ses_2'),
      /In “Title ses_1” a prompt waits or is on its way\./,
    );
    assert.deepEqual([...asks.changes(), ...waits.changes()], []);
  });

  it('says which were archived where one could not be', async () => {
    const { deps, notices } = setUp({ fails: 'ses_3' });
    await assert.rejects(
      keepApproach(deps)('ses_2'),
      /“Title ses_3” was not archived\. .*before that: “Title ses_1”/,
    );
    assert.deepEqual(notices, []);
  });

  it('refuses what is no approach, one whose others are gone, an archived one, and a server without an archive', async () => {
    const { deps } = setUp();
    await assert.rejects(keepApproach(deps)('ses_4'), /is no approach/);
    const alone = setUp({ stored: [approach('ses_1'), approach('ses_2', 'g', 5)] });
    await assert.rejects(keepApproach(alone.deps)('ses_1'), /archived or deleted already/);
    await assert.rejects(keepApproach(alone.deps)('ses_2'), /in the archive itself/);
    await assert.rejects(keepApproach(setUp({ archive: false }).deps)('ses_1'), /no archive/);
  });
});
