import assert from 'node:assert/strict';
import { choosePair, rankSessions } from '../../../../src/core/compare/choosePair.ts';
import type { ComparedSession } from '../../../../src/core/compare/comparison.ts';
import { anAnswer } from '../builders.ts';

const { info: answer } = anAnswer('msg_2', 'msg_1');
assert.ok(answer.role === 'assistant');
const settled = { kind: 'settled', answer } as const;

type Given = Pick<ComparedSession, 'name' | 'changes' | 'state' | 'outcome'>;

const aSession = (name: string, lines: number, given: Partial<Given> = {}): Given => ({
  name,
  changes: { files: lines === 0 ? 0 : 1, additions: lines, deletions: 0 },
  state: { kind: 'idle' },
  outcome: settled,
  ...given,
});

const namesOf = (sessions: readonly Given[]): readonly string[] => {
  const { left, right } = choosePair(sessions);
  return [left, right].map((place) => sessions[place]?.name ?? '');
};

describe('the two approaches that are compared first', () => {
  it('settled, and changed less than the others, in the order in which they stand', () => {
    const sessions = [aSession('A', 9), aSession('B', 20), aSession('C', 3)];
    assert.deepEqual(namesOf(sessions), ['A', 'C']);
    assert.equal(
      choosePair(sessions).reason,
      'All settled; these two have the smallest changes (+3 −0 and +9 −0).',
    );
  });

  it('are not one that works, waits or failed, however little it changed', () => {
    const sessions = [
      aSession('A', 9),
      aSession('B', 0, { state: { kind: 'busy' } }),
      aSession('C', 0, { outcome: { kind: 'aborted' } }),
      aSession('D', 30),
    ];
    assert.deepEqual(namesOf(sessions), ['A', 'D']);
    assert.equal(choosePair(sessions).reason, 'These two settled, the others did not.');
  });

  it('are said to be small only where all that they changed is known', () => {
    const unknown = aSession('B', 0, { changes: { files: 0, additions: 0, deletions: 0, isPartial: true } });
    assert.deepEqual(rankSessions([unknown, aSession('A', 9), aSession('C', 3)]), [2, 1, 0]);
  });

  it('come with the reason also where one settled, or none', () => {
    const busy = { state: { kind: 'busy' } } as const;
    assert.equal(
      choosePair([aSession('A', 9, busy), aSession('B', 4), aSession('C', 3, busy)]).reason,
      'Only “B” settled; of the others “C” has the smallest change (+3 −0).',
    );
    assert.match(
      choosePair([aSession('A', 9, busy), aSession('B', 4, busy), aSession('C', 3, busy)]).reason,
      /^None has settled yet/,
    );
    assert.match(
      choosePair([aSession('A', 9), aSession('B', 4), aSession('C', 3), aSession('D', 1, busy)]).reason,
      /^Of the 3 that settled/,
    );
    assert.equal(choosePair([aSession('A', 9), aSession('B', 4)]).reason, 'There are only these two.');
  });
});
