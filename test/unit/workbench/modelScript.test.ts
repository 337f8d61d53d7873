import assert from 'node:assert/strict';
import { parseScript } from '../../workbench/modelScript.ts';

describe('The script in a prompt', () => {
  it('is absent from an ordinary prompt', () => {
    assert.equal(parseScript('Please say: nothing'), undefined);
  });

  it('ends a step with each tool call, and goes on in the next', () => {
    assert.deepEqual(parseScript('think: hm\ntool: bash {"command":"ls"}\nalso: read {}\nsay: done'), [
      [
        { kind: 'think', text: 'hm' },
        { kind: 'tool', tool: 'bash', input: { command: 'ls' } },
        { kind: 'tool', tool: 'read', input: {} },
      ],
      [{ kind: 'say', text: 'done' }],
    ]);
  });

  it('fits on one line', () => {
    assert.deepEqual(parseScript('slow: 20 ;; say: a\\nb'), [
      [
        { kind: 'slow', tokensPerSecond: 20 },
        { kind: 'say', text: 'a\nb' },
      ],
    ]);
  });

  it('lets a text go on over several lines', () => {
    assert.deepEqual(parseScript('say: # Title\n\n- one'), [[{ kind: 'say', text: '# Title\n\n- one' }]]);
  });

  it('counts failures', () => {
    const fail = (text: string) => parseScript(`fail: ${text}`)?.[0]?.[0];
    assert.deepEqual(fail('503'), { kind: 'fail', status: 503, times: 1, message: 'scripted failure' });
    assert.deepEqual(fail('429 x2 slow down'), { kind: 'fail', status: 429, times: 2, message: 'slow down' });
    assert.deepEqual(fail('400 x* no'), { kind: 'fail', status: 400, times: Infinity, message: 'no' });
  });

  it('says where its JSON is broken', () => {
    assert.throws(() => parseScript('tool: bash {oops'), /holds no JSON: \{oops/);
  });
});
