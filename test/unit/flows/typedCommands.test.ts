import assert from 'node:assert/strict';
import { TypedCommands } from '../../../src/flows/prompting/typedCommands.ts';
import { Memory } from '../views/memory.ts';

describe('the commands that were typed', () => {
  it('are kept by session and message over reloads, the latest of them', () => {
    const memory = new Memory();
    const before = new TypedCommands(memory);
    before.add({ sessionId: 'ses_1', messageId: 'msg_1', text: '/review src', agent: 'build' });
    before.add({ sessionId: 'ses_2', messageId: 'msg_2', text: '!ls' });
    const after = new TypedCommands(memory);
    assert.deepEqual(after.of('ses_1'), { msg_1: '/review src' });
    assert.deepEqual(after.find('msg_1'), { text: '/review src', agent: 'build' });
    assert.deepEqual(after.find('msg_2'), { text: '!ls' });
    for (let index = 3; index < 303; index += 1) {
      after.add({ sessionId: 'ses_2', messageId: `msg_${index}`, text: '!ls' });
    }
    assert.deepEqual(after.of('ses_1'), {});
    assert.equal(after.find('msg_1'), undefined);
    assert.equal(Object.keys(after.of('ses_2')).length, 300);
  });
});
