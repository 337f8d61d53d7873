import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  type FilteredSession,
  findWords,
  isEmptyFilter,
  matchesFilter,
  parseFilter,
} from '../../../src/core/rows/sessionFilter.ts';
import type { SessionState } from '../../../src/core/sessions/sessionState.ts';
import { anAnswer, aSession } from './builders.ts';
import { aPermission } from './stores.ts';

const { info: answer } = anAnswer('msg_2', 'msg_1');
assert.ok(answer.role === 'assistant');

const states = {
  waiting: {
    kind: 'permission',
    waiting: { kind: 'permission', request: aPermission({ sessionID: 'ses_1' }) },
  },
  busy: { kind: 'busy' },
  retries: { kind: 'retry', attempt: 1, message: '', next: 1 },
  failed: { kind: 'error', error: { name: 'APIError', data: {} } },
  cutOff: { kind: 'cutOff', end: { kind: 'interrupted', answer }, isSure: true },
  unread: { kind: 'unread' },
  idle: { kind: 'idle' },
} satisfies Record<string, SessionState>;

function filtered(given: Partial<FilteredSession> = {}, state: SessionState = states.idle): FilteredSession {
  return {
    session: aSession({ id: 'ses_1', title: 'Exact cents', agent: 'plan' }),
    title: 'Exact cents',
    firstPrompt: undefined,
    state: () => state,
    isUnread: () => state.kind === 'unread',
    files: () => [],
    ...given,
  };
}

const matches = (text: string, given?: Partial<FilteredSession>, state?: SessionState): boolean =>
  matchesFilter(parseFilter(text), filtered(given, state));

describe('a filter of sessions', () => {
  it('finds all of its words in title, first prompt, agent or id', () => {
    assert.ok(matches('CENTS exact'));
    assert.ok(matches('plan ses_1'));
    assert.ok(!matches('cents rounding'));
    assert.ok(matches('rounding', { firstPrompt: 'Count the cents without rounding' }));
    assert.ok(matches('"exact cents"'));
    assert.ok(!matches('"cents exact"'));
    assert.ok(isEmptyFilter(parseFilter('  ')));
  });

  it('finds the same letters however they are composed', () => {
    const title = 'Cafe\u0301';
    assert.ok(matches('Café', { title }));
    assert.ok(matches('cafe\u0301', { title: 'Café' }));
    assert.ok(matches('file:munchen', { files: () => ['/shop/Mu\u0308nchen.ts'] }));
    assert.ok(matches('agent:prüf', { session: aSession({ id: 'ses_1', agent: 'Pru\u0308fer' }) }));
  });

  it('finds sessions by what they do', () => {
    const found = (text: string): string[] =>
      Object.entries(states).flatMap(([name, state]) => (matches(text, {}, state) ? [name] : []));
    assert.deepEqual(found('is:waiting'), ['waiting']);
    assert.deepEqual(found('is:busy'), ['busy', 'retries']);
    assert.deepEqual(found('is:failed'), ['failed', 'cutOff']);
    assert.deepEqual(found('is:unread'), ['unread']);
    assert.deepEqual(found('is:idle '), ['unread', 'idle']);
    assert.deepEqual(found('is:waiting is:busy cents'), ['waiting', 'busy', 'retries']);
    assert.ok(matches('is:unread', { isUnread: () => true }, states.failed));
  });

  it('keeps the archive apart from what sessions do', () => {
    const session = aSession({ id: 'ses_1', time: { created: 1, updated: 1, archived: 5 } });
    assert.ok(matches('is:archived', { session }));
    assert.ok(!matches('is:archived'));
    assert.ok(matches('is:archived is:failed', { session }, states.failed));
    assert.ok(!matches('is:archived is:failed', { session }, states.idle));
  });

  it('finds sessions by agent and by the files that they changed', () => {
    assert.ok(matches('agent:pl'));
    assert.ok(!matches('agent:build'));
    assert.ok(matches('agent:build agent:plan'));
    const files = () => ['/work/src/Basket.ts', 'C:\\work\\src\\money.ts'];
    assert.ok(matches('file:basket.ts', { files }));
    assert.ok(matches('file:src/money', { files }));
    assert.ok(!matches('file:limiter.ts', { files }));
    assert.ok(!matches('file:basket.ts'));
  });

  it('takes the beginning of a state for all that begin so, while it is typed', () => {
    assert.equal(parseFilter('is:').fault, undefined);
    assert.ok(isEmptyFilter(parseFilter('is:')));
    assert.deepEqual(parseFilter('is:wai').states, ['waiting']);
    assert.equal(parseFilter('is:wai').fault, undefined);
    assert.match(parseFilter('is:wai cents').fault ?? '', /“is:wai”|is:wai/);
  });

  it('says of a typo which states there are, and goes on with the rest', () => {
    const { fault, words, states: known } = parseFilter('is:wiating cents');
    assert.match(fault ?? '', /^There is no “is:wiating”; there are is:waiting, is:busy, /);
    assert.deepEqual([words, known], [['cents'], []]);
  });

  it('takes anything for words, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        matches(text);
        for (const [start, end] of findWords(text, parseFilter(text))) {
          assert.ok(0 <= start && start < end && end <= text.length);
        }
      }),
    );
  });
});

describe('the title of a session that was found', () => {
  const marked = (title: string, text: string): string[] => {
    return findWords(title, parseFilter(text)).map(([start, end]) => title.slice(start, end));
  };

  it('shows where the words stand, each place once', () => {
    assert.deepEqual(marked('Exact cents are exact', 'exact cents'), ['Exact', 'cents', 'exact']);
    assert.deepEqual(marked('Exact cents', 'exa act'), ['Exact']);
    assert.deepEqual(marked('Exact cents', 'is:idle agent:plan'), []);
    assert.deepEqual(marked('Cafe\u0301 au lait', 'café'), ['Cafe\u0301']);
    assert.deepEqual(marked('İstanbul cents', 'cents ISTAN'), ['İstan', 'cents']);
  });
});
