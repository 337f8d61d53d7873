import assert from 'node:assert/strict';
import { reconstructSides } from '../../../src/core/entries/unifiedDiff.ts';

const patch = `--- a/list.txt
+++ b/list.txt
@@ -2,3 +2,4 @@
 two
-three
+THREE
+three and a half
 four
@@ -6,2 +7,1 @@
 six
-seven
`;

describe('the sides of a diff', () => {
  it('are the whole texts where the file still is as the edit left it', () => {
    const current = 'one\ntwo\nTHREE\nthree and a half\nfour\nfive\nsix\n';
    const { before, after } = reconstructSides(patch, current);
    assert.equal(after, current);
    assert.equal(before, 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n');
  });

  it('are the hunks at their own lines where the file was changed since', () => {
    const { before, after } = reconstructSides(patch, 'something else');
    assert.equal(before, '\ntwo\nthree\nfour\n\nsix\nseven');
    assert.equal(after, '\ntwo\nTHREE\nthree and a half\nfour\n\nsix');
  });

  it('are the hunks where there is no file', () => {
    assert.equal(reconstructSides('@@ -0,0 +1 @@\n+new\n', undefined).before, '');
    assert.equal(reconstructSides('@@ -0,0 +1 @@\n+new\n', undefined).after, 'new');
  });

  it('leave out what a diff says of the last line', () => {
    const { before, after } = reconstructSides('@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n', 'b');
    assert.deepEqual([before, after], ['a', 'b']);
  });

  it('are empty without a hunk', () => {
    assert.deepEqual(reconstructSides('Binary files differ', undefined), { before: '', after: '' });
  });
});
