import assert from 'node:assert/strict';
import { parseDraft } from '../../../../src/core/continuation/drafts/draft.ts';
import { checkOrder } from '../../../../src/core/continuation/drafts/orderCheck.ts';

const world = { agents: [], providers: { providers: [], default: {} }, missingFiles: new Set<string>() };
const order = { verb: 'forkMany', sessionId: 'ses_1', sessionTitle: 'Parser', directory: '/work' } as const;

function check(document: string) {
  return checkOrder(order, parseDraft(document), document, world).map(({ message, range }) => [
    range.line,
    message,
  ]);
}

describe('the check of approaches', () => {
  it('accepts two headings with prompts below them', () => {
    assert.deepEqual(check('---\ntitle: x\n---\n\n## One\n\nGo.\n\n## Two\n\nGo on.\n'), []);
  });

  it('asks for a second approach', () => {
    assert.deepEqual(check('---\n---\n\n## One\n\nGo.\n'), [
      [2, 'Write at least two approaches, each below a heading of its own (## Name).'],
    ]);
  });

  it('points at the heading that has no prompt', () => {
    assert.deepEqual(check('---\n---\n\n## One\n\nGo.\n\n## Two\n'), [
      [7, '“Two” has no prompt yet: write it below its heading.'],
    ]);
  });
});
