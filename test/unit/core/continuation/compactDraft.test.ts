import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  parseCompactDraft,
  printCompactDraft,
} from '../../../../src/core/continuation/drafts/compactDraft.ts';

describe('the draft of a compaction', () => {
  it('reads back what was printed', () => {
    const text = fc.string().map((value) => value.replaceAll(/[#\r]/g, '').trim());
    fc.assert(
      fc.property(text, text, (guidance, message) => {
        assert.deepEqual(parseCompactDraft(printCompactDraft({ guidance, message })), { guidance, message });
      }),
    );
  });

  it('takes a body without headings for the message', () => {
    assert.deepEqual(parseCompactDraft('Go on.\n'), { guidance: '', message: 'Go on.' });
  });

  it('takes the guidance alone where the other heading was deleted', () => {
    assert.deepEqual(parseCompactDraft('# Guidance for the summary\n\nKeep the plan.'), {
      guidance: 'Keep the plan.',
      message: '',
    });
  });

  it('leaves headings of the user where they are', () => {
    const draft = { guidance: 'Keep:\n\n# Plan', message: '# Next\n\nTests' };
    assert.deepEqual(parseCompactDraft(printCompactDraft(draft)), draft);
  });
});
