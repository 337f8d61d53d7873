import assert from 'node:assert/strict';
import { readDiffs } from '../../../../src/core/changes/changedTurn.ts';
import { readPatchHeader } from '../../../../src/core/changes/patchHeader.ts';

describe('the header of a patch', () => {
  const ofOpenCode = (hunk: string): string => `Index: f\n===\n--- f\t\n+++ f\t\n${hunk}`;
  const ofGit = (lines: string): string => `diff --git a/f b/f\n${lines}`;

  it('says whether a file came or went', () => {
    for (const [patch, status] of [
      [ofOpenCode('@@ -0,0 +1,1 @@\n+a\n'), 'added'],
      [ofOpenCode('@@ -1,1 +0,0 @@\n-a\n'), 'deleted'],
      [ofOpenCode('@@ -1,1 +1,1 @@\n-@@ -0,0 +1 @@\n+b\n'), 'modified'],
      [ofOpenCode(''), 'modified'],
      ['', 'modified'],
      ['--- /dev/null\n+++ b/f\n', 'added'],
      ['--- a/f\n+++ /dev/null\n', 'deleted'],
      [ofGit('new file mode 100644\nindex 0..1\n'), 'added'],
      [ofGit('deleted file mode 100644\nindex 1..0\n'), 'deleted'],
      // It was empty.
      [ofGit('index 1..2 100644\n--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+a\n'), 'modified'],
    ] as const) {
      assert.equal(readPatchHeader(patch).status, status, patch);
    }
    assert.deepEqual(readPatchHeader(undefined), { status: 'modified' });
  });

  it('says which mode the file had', () => {
    for (const [patch, mode] of [
      [ofGit('deleted file mode 100755\n'), 0o100755],
      [ofGit('old mode 100755\nnew mode 100644\n'), 0o100755],
      [ofGit('index 1..2 120000\n--- a/f\n'), 0o120000],
      [ofOpenCode('@@ -1,1 +1,1 @@\n-a\n+old mode 100755\n'), undefined],
    ] as const) {
      assert.equal(readPatchHeader(patch).mode, mode, patch);
    }
  });

  it('counts where no more is said of a file', () => {
    const patch = ofOpenCode('@@ -0,0 +1,1 @@\n+a\n');
    const [change] = readDiffs({ directory: '/w' }, [{ file: 'f', patch, additions: 1, deletions: 0 }]);
    assert.deepEqual([change?.status, change?.before, change?.after], ['added', null, 'a\n']);
  });
});
