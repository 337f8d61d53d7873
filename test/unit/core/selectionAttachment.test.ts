import assert from 'node:assert/strict';
import { type EditorText, toSelectionAttachment } from '../../../src/core/prompts/selectionAttachment.ts';

function selected(start: number, end: number, character: number): EditorText {
  const selection = { isEmpty: false, start: { line: start }, end: { line: end, character } };
  return { path: '/w/a.ts', isSaved: true, selection, text: 'let a = “ä”;' };
}

describe('what is selected in an editor', () => {
  it('is the lines of its file, counted from 1', () => {
    assert.deepEqual(toSelectionAttachment(selected(2, 8, 1)), {
      kind: 'file',
      path: '/w/a.ts',
      startLine: 3,
      endLine: 9,
    });
  });

  it('ends before a line of which nothing is selected', () => {
    const { endLine } = { endLine: 0, ...toSelectionAttachment(selected(2, 8, 0)) };
    assert.equal(endLine, 8);
  });

  it('is the whole file where nothing is selected', () => {
    const selection = { isEmpty: true, start: { line: 4 }, end: { line: 4, character: 2 } };
    assert.deepEqual(toSelectionAttachment({ ...selected(4, 4, 2), selection }), {
      kind: 'file',
      path: '/w/a.ts',
    });
  });

  it('goes along as text where the disk does not have it', () => {
    const unsaved = { ...selected(2, 8, 1), path: 'Untitled-1', isSaved: false };
    assert.deepEqual(toSelectionAttachment(unsaved), {
      kind: 'data',
      mime: 'text/plain',
      filename: 'Untitled-1:3–9',
      url: `data:text/plain;charset=utf-8,${encodeURIComponent(unsaved.text)}`,
    });
  });
});
