import assert from 'node:assert/strict';
import type { ChangedFile } from '../../../../src/core/changes/changedFile.ts';
import { relationOf, toSides, uniteFiles } from '../../../../src/core/compare/comparedFiles.ts';

const aChange = (path: string, given: Partial<ChangedFile> = {}): ChangedFile => ({
  path,
  status: 'modified',
  additions: 1,
  deletions: 0,
  ...given,
});

/** The files that each of these changed, in folders of their own. */
const unite = (...all: (readonly ChangedFile[])[]) =>
  uniteFiles(
    all.map((changes, index) => ({
      directory: `/work/${index}`,
      changes: changes.map((change) => ({
        ...change,
        path: `/work/${index}/${change.path}`,
        ...(change.from !== undefined && { from: `/work/${index}/${change.from}` }),
      })),
    })),
  );

describe('the files that several sessions changed', () => {
  it('are found by where they lie in the folder of each, and say who changed them and whether alike', () => {
    const files = unite(
      [
        aChange('same.ts', { before: 'a', after: 'b' }),
        aChange('other.ts', { before: 'a', after: 'b' }),
        aChange('left.ts', { before: 'a', after: 'b' }),
        aChange('large.ts', { lacks: 'large' }),
      ],
      [
        aChange('same.ts', { before: 'a', after: 'b' }),
        aChange('other.ts', { before: 'a', after: 'c' }),
        aChange('large.ts', { before: 'a', after: 'b' }),
      ],
      [aChange('same.ts', { before: 'a', after: 'b' })],
    );
    const said = Object.fromEntries(files.map((file) => [file.path, relationOf(file)]));
    assert.deepEqual(said, {
      'large.ts': { touched: [0, 1], kind: 'unknown' },
      'left.ts': { touched: [0], kind: 'only' },
      'other.ts': { touched: [0, 1], kind: 'different' },
      'same.ts': { touched: [0, 1, 2], kind: 'same' },
    });
  });

  it('stand beside each other as two sessions left them; who changed nothing has what the other one found', () => {
    const files = unite(
      [aChange('a.ts', { before: 'old', after: 'new' }), aChange('both.ts', { before: 'x', after: 'y' })],
      [
        aChange('b.ts', { before: null, after: 'made', status: 'added' }),
        aChange('both.ts', { before: 'x', after: 'z' }),
      ],
    );
    assert.deepEqual(toSides(files, 0, 1), [
      { path: 'a.ts', relation: 'left', left: 'new', right: 'old' },
      { path: 'b.ts', relation: 'right', left: null, right: 'made' },
      { path: 'both.ts', relation: 'different', left: 'y', right: 'z' },
    ]);
  });

  it('are shown with no text that nobody knows', () => {
    const files = unite(
      [aChange('a.ts', { lacks: 'pieces', patches: ['@@'] })],
      [aChange('b.bin', { lacks: 'binary' })],
    );
    assert.deepEqual(
      toSides(files, 0, 1).map(({ left, right }) => [left, right]),
      [
        [undefined, undefined],
        [undefined, undefined],
      ],
    );
  });

  it('went and came where one was renamed', () => {
    const files = unite(
      [aChange('new.ts', { from: 'old.ts', status: 'renamed', before: 'text', after: 'text' })],
      [aChange('old.ts', { before: 'text', after: 'changed' })],
    );
    assert.deepEqual(toSides(files, 0, 1), [
      { path: 'new.ts', relation: 'left', left: 'text', right: null },
      { path: 'old.ts', relation: 'different', left: null, right: 'changed' },
    ]);
  });

  it('leave out what neither of the two changed', () => {
    const files = unite([], [], [aChange('c.ts', { before: 'a', after: 'b' })]);
    assert.deepEqual(toSides(files, 0, 1), []);
    assert.equal(toSides(files, 0, 2).length, 1);
  });
});
