import assert from 'node:assert/strict';
import { Padding } from '../../../src/core/entries/padding.ts';
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
    const { before, after } = reconstructSides(patch, current, new Padding());
    assert.equal(after, current);
    assert.equal(before, 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n');
  });

  it('are the hunks at their own lines where the file was changed since', () => {
    const { before, after } = reconstructSides(patch, 'something else', new Padding());
    assert.equal(before, '\ntwo\nthree\nfour\n\nsix\nseven');
    assert.equal(after, '\ntwo\nTHREE\nthree and a half\nfour\n\nsix');
  });

  it('are the hunks where there is no file', () => {
    assert.equal(reconstructSides('@@ -0,0 +1 @@\n+new\n', undefined, new Padding()).before, '');
    assert.equal(reconstructSides('@@ -0,0 +1 @@\n+new\n', undefined, new Padding()).after, 'new');
  });

  it('leave out what a diff says of the last line', () => {
    const { before, after } = reconstructSides(
      '@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n',
      'b',
      new Padding(),
    );
    assert.deepEqual([before, after], ['a', 'b']);
  });

  it('are empty without a hunk', () => {
    assert.deepEqual(reconstructSides('Binary files differ', undefined, new Padding()), {
      before: '',
      after: '',
    });
  });

  it('say the lines of hunks that are further down than a text goes that one reads', () => {
    const far = '@@ -3 +3 @@ function a()\n-a\n+b\n@@ -900000,2 +900000,2 @@\n-old\n+new\n';
    assert.deepEqual(reconstructSides(far, undefined, new Padding()), {
      before: '@@ -3 +3 @@\na\n@@ -900000,2 +900000,2 @@\nold',
      after: '@@ -3 +3 @@\nb\n@@ -900000,2 +900000,2 @@\nnew',
    });
  });

  it('are of a bounded size, however many are opened at once', () => {
    for (const line of [1_000_000, 50_000, 40_000]) {
      const padding = new Padding();
      const one = `@@ -${line} +${line} @@\n-old\n+new\n`;
      const texts = Array.from({ length: 400 }, () => reconstructSides(one, undefined, padding));
      const size = texts.reduce((sum, { before, after }) => sum + before.length + after.length, 0);
      assert.ok(size < 600_000, `${size} signs for hunks at line ${line}`);
      assert.ok(texts.every(({ after }) => after.endsWith('\nnew')));
    }
  });
});
