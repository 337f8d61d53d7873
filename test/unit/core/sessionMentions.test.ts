import assert from 'node:assert/strict';
import { mentionSession, mentionSessions } from '../../../src/core/prompts/sessionMentions.ts';
import { aSession } from './builders.ts';
import { aStore } from './stores.ts';

const now = 1_795_000_000_000;
const hour = 3_600_000;

describe('sessions that may be mentioned', () => {
  const session = (id: string, title: string, hoursAgo: number, directory = '/work') =>
    aSession({ id, title, directory, time: { created: 0, updated: now - hoursAgo * hour } });
  const sessions = aStore([
    session('ses_own', 'This one', 0),
    session('ses_cart', 'Fix [the] cart', 2),
    session('ses_old1', 'Sign in', 72),
    session('ses_new2', 'Sign in', 5),
    session('ses_else', 'Sign in', 1, '/elsewhere'),
  ]);
  const found = (query: string) =>
    mentionSessions(sessions, { id: 'ses_own', directory: '/work' }, query, now);

  it('are the others of the folder by their titles, with when they were active and no id in sight', () => {
    assert.deepEqual(found('cart'), [
      {
        kind: 'session',
        label: 'Fix [the] cart',
        detail: '2 h ago',
        insert: '@"Fix [the] cart"',
        sessionId: 'ses_cart',
      },
    ]);
    assert.deepEqual(
      found('').map(({ label, detail }) => [label, detail]),
      [
        ['Fix [the] cart', '2 h ago'],
        ['Sign in', '5 h ago'],
        ['Sign in', '3 days ago'],
      ],
    );
  });

  it('are mentioned one by one in the words in which they are offered, and none but those', () => {
    const one = (id: string) => mentionSession(sessions, { id: 'ses_own', directory: '/work' }, id);
    assert.deepEqual(one('ses_new2'), {
      kind: 'session',
      label: 'Sign in',
      word: '@"Sign in · new2"',
      sessionId: 'ses_new2',
    });
    assert.equal(one('ses_cart')?.word, '@"Fix [the] cart"');
    for (const id of ['ses_own', 'ses_else', 'ses_gone']) assert.equal(one(id), undefined, id);
  });

  it('are told apart where two have one title, each with a word of its own', () => {
    assert.deepEqual(
      found('sign').map(({ insert, sessionId }) => [insert, sessionId]),
      [
        ['@"Sign in · new2"', 'ses_new2'],
        ['@"Sign in · old1"', 'ses_old1'],
      ],
    );
  });
});
