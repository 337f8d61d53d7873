import assert from 'node:assert/strict';
import { describeSource } from '../../../src/core/continuation/drafts/draftOrder.ts';
import { nextForkTitle, sourceTitle } from '../../../src/flows/preparing/forkTitles.ts';
import { aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';

describe('what is made of a session', () => {
  const unnamed = aSession({ id: 'ses_1', title: 'New session - 2026-11-20T10:00:00.000Z' });
  const named = aSession({ id: 'ses_2', title: `${'A long title '.repeat(30)}end` });
  const sessions = aStore([unnamed, named, aSession({ id: 'ses_3', title: 'Count the cents (fork #1)' })]);
  sessions.learnPrompt('ses_1', 'Count the cents');

  it('is named after its first prompt where it is not named yet, since nobody names a fork later', () => {
    assert.equal(sourceTitle(sessions, unnamed), 'Count the cents');
    assert.equal(nextForkTitle(sessions, unnamed), 'Count the cents (fork #2)');
    assert.equal(describeSource(sessions, unnamed).sessionTitle, 'Count the cents');
  });

  it('is named after its whole title, not after what is shown of that', () => {
    assert.equal(sourceTitle(sessions, named), named.title);
    assert.equal(nextForkTitle(sessions, named), `${named.title} (fork #1)`);
  });
});
