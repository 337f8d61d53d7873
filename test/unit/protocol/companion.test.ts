import assert from 'node:assert/strict';
import {
  companionOptions,
  companionQuestion,
  isCompanionPlugin,
  parseCompanionAnswer,
  printCompanionAnswer,
} from '../../../src/protocol/companion.ts';

describe('The answer of a companion', () => {
  it('is read as it was written', () => {
    const answer = { version: '0.1.0', hooks: ['config', 'event'] };
    assert.deepEqual(parseCompanionAnswer(printCompanionAnswer(answer)), answer);
  });

  it('is no other text, and not one that holds something else', () => {
    const prefix = printCompanionAnswer({ version: '', hooks: [] }).split('{')[0] ?? '';
    for (const text of [
      '',
      companionQuestion,
      'session.list',
      `${prefix}{`,
      `${prefix}{"version":1}`,
      `${prefix}null`,
    ]) {
      assert.equal(parseCompanionAnswer(text), undefined, text);
    }
  });
});

describe('The companion among the plugins of a server', () => {
  it('is known by the name of its file, or by the option that it is handed in with', () => {
    assert.ok(isCompanionPlugin('file:///work/.opencode/plugins/opencode-sessions.js'));
    assert.ok(isCompanionPlugin(['file:///extension/dist/companion.js', companionOptions({ hopLimit: 3 })]));
  });

  it('is none that only sounds like it', () => {
    for (const plugin of [
      'opencode-sessions',
      'opencode-sessions@1.0.0',
      'file:///work/companion.js',
      ['file:///work/companion.js', { hopLimit: 3 }],
      undefined,
      {},
    ]) {
      assert.ok(!isCompanionPlugin(plugin), JSON.stringify(plugin));
    }
  });
});
