import assert from 'node:assert/strict';
import { countPatchLines } from '../../../src/core/tools/patchLines.ts';

const count = (...lines: string[]): readonly [number, number] => {
  const { additions, deletions } = countPatchLines(lines.join('\n'));
  return [additions, deletions];
};

describe('the lines of a patch', () => {
  it('are those that came and went, without the names of files', () => {
    assert.deepEqual(
      count(
        'diff --git a/cart.ts b/cart.ts',
        'index 1..2 100644',
        '--- a/cart.ts',
        '+++ b/cart.ts',
        '@@ -1,3 +1,3 @@ export',
        ' one',
        '-two',
        '+2',
        ' three',
        '',
      ),
      [1, 1],
    );
  });

  it('are also those that look like the name of a file', () => {
    const lines = ['@@ -1,3 +1,3 @@', '--- a rule', '---i', '-- a comment of SQL', '+++ b/x', '+++i', '+'];
    assert.deepEqual(count('--- a/x', '+++ b/x', ...lines), [3, 3]);
  });

  it('are counted in each hunk and each file', () => {
    const file = (name: string): string[] => [
      `Index: ${name}`,
      '='.repeat(67),
      `--- ${name}\t`,
      `+++ ${name}\t`,
      '@@ -1 +1,2 @@',
      '-a',
      '\\ No newline at end of file',
      '+++b',
      '+c',
      '@@ -9,2 +10 @@',
      ' d',
      '--- e',
    ];
    assert.deepEqual(count(...file('a.ts'), ...file('b.ts')), [4, 4]);
  });

  it('are those with a sign where no hunk says how long it is', () => {
    assert.deepEqual(count('--- a', '+++ b', '@@', '-a', '+b', '+c'), [2, 1]);
    assert.deepEqual(count('@@ -1,9 +1,9 @@', ' a', '@@ -20 +20 @@', '-b', '+c'), [1, 1]);
    assert.deepEqual(count(''), [0, 0]);
  });

  it('are counted in a patch of fifty million letters', () => {
    const lines = 1_000_000;
    const patch = `@@ -0,0 +1,${lines} @@\n${`+${'x'.repeat(48)}\n`.repeat(lines)}`;
    assert.deepEqual(count(patch), [lines, 0]);
  });
});
