import assert from 'node:assert/strict';
import { describePermission, permissionTitle } from '../../../src/core/transcript/permissionText.ts';

const asked = (permission: string, ...patterns: string[]): string =>
  describePermission({ id: 'per_1', sessionID: 'ses_1', permission, patterns, always: [], metadata: {} });

describe('the line about a permission', () => {
  it('says what would be done', () => {
    assert.equal(asked('task', 'explore'), 'Start the subagent explore?');
    assert.equal(asked('websearch', 'carts'), 'Search the web for carts?');
    assert.equal(asked('doom_loop', 'bash'), 'Go on although bash repeats itself?');
  });

  it('is worded wherever the sentence above a request is, and for a tool of any name', () => {
    const kinds =
      'bash edit webfetch external_directory doom_loop task skill read list glob grep websearch lsp todowrite';
    for (const kind of kinds.split(' ')) {
      assert.doesNotMatch(asked(kind, 'x'), /^Use /, kind);
      assert.doesNotMatch(permissionTitle(kind), /“/, kind);
    }
    assert.equal(asked('constructor', '*'), 'Use constructor?');
    assert.equal(permissionTitle('constructor'), 'Allow the tool “constructor” to run?');
  });

  it('names no pattern that stands for anything', () => {
    assert.equal(asked('todowrite', '*'), 'Change the todos?');
    assert.equal(asked('shop_search', '*'), 'Use shop_search?');
  });
});
