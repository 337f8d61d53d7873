import assert from 'node:assert/strict';
import { describeJudged } from '../../../src/core/prompts/judgedWords.ts';

describe('what is told of a prompt that did not arrive', () => {
  it('is also why', () => {
    const reason = 'OpenCode refused the prompt: The hook broke.';
    const notice = describeJudged(
      {
        messageId: 'msg_1',
        sessionId: 'ses_1',
        directory: '/work',
        cause: 'typed',
        agent: 'build',
        text: 'Go on',
        time: 0,
        state: { kind: 'absent', reason },
      },
      'Shop',
    );
    assert.equal(
      notice?.message,
      `A prompt did not reach “Shop”; it stands in the composer again. ${reason}`,
    );
  });
});
