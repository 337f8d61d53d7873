import assert from 'node:assert/strict';
import { judgeTaskEnd } from '../../../../src/core/automations/taskEnd.ts';

describe('the end of a task', () => {
  it('is one that went well by its own exit code alone, whatever ended beside it', () => {
    assert.deepEqual(judgeTaskEnd({ hasProcess: true, code: 0, others: [1] }), { kind: 'done' });
    assert.deepEqual(judgeTaskEnd({ hasProcess: true, code: 2, others: [] }), { kind: 'failed', failed: 2 });
  });

  it('is none where its process never ran: what it depends on has failed', () => {
    assert.deepEqual(judgeTaskEnd({ hasProcess: true, code: undefined, others: [3] }), { kind: 'noCode' });
    assert.deepEqual(judgeTaskEnd({ hasProcess: true, code: undefined, others: [] }), { kind: 'noCode' });
  });

  it('without a process of its own is that of the tasks that it is made of', () => {
    assert.deepEqual(judgeTaskEnd({ hasProcess: false, code: undefined, others: [0, 0] }), { kind: 'done' });
    assert.deepEqual(judgeTaskEnd({ hasProcess: false, code: undefined, others: [0, 4] }), {
      kind: 'failed',
      failed: 4,
    });
  });
});
