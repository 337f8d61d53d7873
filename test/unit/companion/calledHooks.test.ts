import assert from 'node:assert/strict';
import { CalledHooks } from '../../../src/companion/calledHooks.ts';

describe('The hooks that a server calls', () => {
  it('are known by their names from their first call on, told once, and do what they do', () => {
    let news = 0;
    const called = new CalledHooks(() => (news += 1));
    const hooks = called.note({ config: (one: number) => one + 1, event: () => 'heard', tool: { a: 1 } });
    assert.deepEqual(called.names, []);
    assert.equal(hooks.event(), 'heard');
    assert.equal(hooks.config(1), 2);
    assert.equal(hooks.config(2), 3);
    assert.deepEqual(hooks.tool, { a: 1 });
    assert.deepEqual(called.names, ['config', 'event']);
    assert.equal(news, 2);
  });
});
