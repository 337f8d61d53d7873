import assert from 'node:assert/strict';
import { Emitter } from '../../../src/core/event.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import type { AskedCall } from '../../../src/core/requests/askedCalls.ts';
import type { PermissionRequest, QuestionRequest } from '../../../src/protocol/records.ts';
import { ServerEvent } from '../../../src/protocol/events.ts';
import { RequestNotifications } from '../../../src/views/requestNotifications.ts';
import { aSession } from '../core/builders.ts';
import { aPermission, aQuestion, aStore } from '../core/stores.ts';

function setUp(first: AskedCall = { kind: 'none' }) {
  let call = first;
  const sessions = aStore([aSession({ id: 'root', title: 'Till' })], {
    statuses: { root: { type: 'busy' } },
  });
  const didChange = new Emitter<{ readonly sessionId: string }>();
  const notices: Notice[] = [];
  const notifications = new RequestNotifications({
    sessions,
    calls: { of: () => call, onDidChange: didChange.event },
    isVisible: () => false,
    isWanted: () => true,
    notify: (notice) => notices.push(notice),
  });
  return {
    notifications,
    ask: (properties: PermissionRequest | QuestionRequest, type = 'permission.asked') => {
      sessions.apply(ServerEvent.parse({ type, properties }));
      return notices.map(({ message, actions }) => [message, ...actions.map(({ title }) => title)]);
    },
    find: (found: AskedCall) => {
      call = found;
      didChange.fire({ sessionId: 'root' });
      return notices.map(({ message, actions }) => [message, ...actions.map(({ title }) => title)]);
    },
  };
}

const pay = aPermission({ sessionID: 'root', permission: 'till_pay', patterns: ['*'], always: ['*'] });

describe('A notification of a request', () => {
  it('offers to allow once what is all shown, and nothing for good', () => {
    const { ask } = setUp();
    const shown = ask(aPermission({ sessionID: 'root', metadata: { command: 'npm test' } }));
    assert.deepEqual(shown, [['Till: Run npm test?', 'Allow Once', 'Reject', 'Review…']]);
  });

  it('offers to review or reject what is not all shown', () => {
    const { ask } = setUp();
    const command = `echo "${' '.repeat(1100)}" && touch hidden-file`;
    const shown = ask(aPermission({ sessionID: 'root', metadata: { command } }));
    assert.deepEqual(shown, [['Till: Run echo " " && touch hidden-file?', 'Review…', 'Reject']]);
  });

  it('waits for the call and names what it was given', () => {
    const { ask, find } = setUp({ kind: 'loading' });
    assert.deepEqual(ask(pay), []);
    const shown = find({ kind: 'known', tool: 'till_pay', input: { account: 'NL01', amount: 5 } });
    const message = 'Till: Use till_pay: account: "NL01", amount: 5?';
    assert.deepEqual(shown, [[message, 'Allow Once', 'Reject', 'Review…']]);
    assert.equal(find({ kind: 'known', tool: 'till_pay', input: {} }).length, 1);
  });

  it('says that the call is not known where it could not be found', () => {
    const { ask, find } = setUp({ kind: 'loading' });
    ask(pay);
    const message = 'Till: Use till_pay? What it was given is not known yet.';
    assert.deepEqual(find({ kind: 'unknown' }), [[message, 'Review…', 'Reject']]);
  });

  it('is a question in one plain line', () => {
    const { ask } = setUp();
    const question = 'Which **base**?\n\n1. [Small](command:x)\n2. Big\u202e';
    const request = aQuestion({ sessionID: 'root', questions: [{ question, header: '', options: [] }] });
    assert.deepEqual(ask(request, 'question.asked'), [
      ['Till: Which base? 1. Small 2. Big\\u202e', 'Answer…', 'Go to Session'],
    ]);
  });
});
