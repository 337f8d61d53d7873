import assert from 'node:assert/strict';
import {
  describeEvidence,
  recommendSession,
  type SessionEvidence,
} from '../../../../src/core/services/recommendation.ts';

const now = 1_795_000_000_000;
const hour = 3_600_000;

function evidence(given: Partial<SessionEvidence> = {}): SessionEvidence {
  return {
    sessionId: 'a',
    lastActive: now - 2 * hour,
    isBusy: false,
    isWaiting: false,
    isArchived: false,
    isEmpty: false,
    ...given,
  };
}

const old = now - 30 * 24 * hour;

describe('what is recommended for a folder', () => {
  const table: readonly [
    what: string,
    sessions: readonly SessionEvidence[],
    sessionId: string | undefined,
    reasons: readonly string[],
  ][] = [
    ['nothing is there', [], undefined, ['no session is at work on this folder yet']],
    [
      'one is there in which nothing was said',
      [evidence({ isEmpty: true })],
      'a',
      ['nothing was said in it yet'],
    ],
    [
      'the only one is archived',
      [evidence({ isArchived: true })],
      undefined,
      ['no session is at work on this folder yet'],
    ],
    [
      'its todos are open and there is room',
      [evidence({ openTodos: 2, todos: 5, percentFull: 30, changed: { commits: 0, files: 0 } })],
      'a',
      ['2 of its todos are open', 'its context has room'],
    ],
    [
      'its context is full, although a todo is open',
      [evidence({ openTodos: 1, todos: 5, percentFull: 91 })],
      undefined,
      ['its context is 91% full'],
    ],
    [
      'all is done and much changed since',
      [evidence({ openTodos: 0, todos: 4, percentFull: 20, changed: { commits: 3, files: 14 } })],
      undefined,
      ['14 files changed since (3 commits)', 'all its todos are done'],
    ],
    [
      'it waits for an answer',
      [evidence({ isWaiting: true, isBusy: true, openTodos: 0, todos: 2 })],
      'a',
      ['it waits for your answer', 'it was active within the last day'],
    ],
    ['it is long ago', [evidence({ lastActive: old })], undefined, ['it was last active 30 days ago']],
    [
      'the older one is the one with work left',
      [
        evidence({ sessionId: 'new', openTodos: 0, todos: 3, percentFull: 85 }),
        evidence({ sessionId: 'old', lastActive: now - 48 * hour, openTodos: 3, todos: 3, percentFull: 10 }),
      ],
      'old',
      ['3 of its todos are open', 'its context has room'],
    ],
    [
      'nothing speaks for either',
      [evidence({ lastActive: now - 48 * hour })],
      undefined,
      ['little is known of the sessions here'],
    ],
  ];
  for (const [what, sessions, sessionId, reasons] of table) {
    it(`is ${sessionId === undefined ? 'a fresh session' : 'to go on'} where ${what}`, () => {
      assert.deepEqual(recommendSession(sessions, now), { sessionId, reasons });
    });
  }

  it('is said with what is known, and nothing of what is not', () => {
    assert.deepEqual(describeEvidence(evidence()), []);
    assert.deepEqual(
      describeEvidence(
        evidence({
          isBusy: true,
          percentFull: 40,
          openTodos: 1,
          todos: 3,
          changed: { commits: 200, files: 30, isLeast: true },
        }),
      ),
      ['at work', 'context 40% full', '1 of 3 todos open', '30 or more files changed since (200 commits)'],
    );
  });
});
