import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { ChangedFile } from '../../../../src/core/changes/changedFile.ts';
import { foldChanges } from '../../../../src/core/changes/foldChanges.ts';
import { countChangedLines, toLines } from '../../../../src/core/changes/lineCount.ts';
import { readWholeDiff } from '../../../../src/core/changes/wholeDiff.ts';

type Texts = Readonly<Record<string, string>>;

/** What a turn changed that found one state of the files and left another. */
function turnBetween(before: Texts, after: Texts): readonly ChangedFile[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((path) => {
    const [old = null, current = null] = [before[path], after[path]];
    if (old === current) return [];
    const status = old === null ? 'added' : current === null ? 'deleted' : 'modified';
    return [{ path, status, ...countChangedLines(old ?? '', current ?? ''), before: old, after: current }];
  });
}

/** The files after the changes; each is checked to begin with what is there. */
function apply(files: Texts, changes: readonly ChangedFile[]): Texts {
  const left = new Map(Object.entries(files));
  for (const { path, from, before } of changes) {
    assert.equal(left.get(from ?? path) ?? null, before);
    left.delete(from ?? path);
  }
  for (const { path, after } of changes) if (typeof after === 'string') left.set(path, after);
  return Object.fromEntries(left);
}

const text = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 6 }), fc.boolean())
  .map(([lines, isOpen]) => lines.join('\n') + (isOpen || lines.length === 0 ? '' : '\n'));
const files = fc.dictionary(fc.constantFrom('/w/a', '/w/b', '/w/c'), text, { noNullPrototype: true });
const states = fc.array(files, { minLength: 2, maxLength: 6 });

const sorted = (texts: Texts): unknown => Object.entries(texts).toSorted(([a], [b]) => (a < b ? -1 : 1));
const between = (all: readonly Texts[]) =>
  all.slice(1).map((state, index) => turnBetween(all[index] ?? {}, state));

describe('the fold of what turns changed', () => {
  it('makes of what was there first what was left last', () => {
    fc.assert(
      fc.property(states, (all) => {
        const [first = {}, last = {}] = [all[0], all.at(-1)];
        assert.deepEqual(sorted(apply(first, foldChanges(between(all)))), sorted(last));
      }),
    );
  });

  it('is the same however it is split into turns', () => {
    fc.assert(
      fc.property(states, (all) => {
        const [first = {}, last = {}] = [all[0], all.at(-1)];
        assert.deepEqual(foldChanges(between(all)), foldChanges([turnBetween(first, last)]));
      }),
    );
  });

  it('counts no line twice, and keeps the difference of both texts', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { additions, deletions } = countChangedLines(before, after);
        assert.equal(additions - deletions, toLines(after).length - toLines(before).length);
        assert.ok(deletions <= toLines(before).length && additions <= toLines(after).length);
        assert.equal(additions + deletions === 0, before === after);
      }),
    );
  });

  it('finds a file that was renamed, also when some of it was changed', () => {
    const before = { '/w/old': '1\n2\n3\n4\n', '/w/kept': 'k\n' };
    const [renamed] = foldChanges([turnBetween(before, { '/w/new': '1\n2\n3\nfour\n', '/w/kept': 'k\n' })]);
    assert.deepEqual(
      [renamed?.status, renamed?.from, renamed?.path, renamed?.additions, renamed?.deletions],
      ['renamed', '/w/old', '/w/new', 1, 1],
    );
    const statuses = foldChanges([turnBetween(before, { '/w/new': 'other\n' })]).map(({ status }) => status);
    assert.deepEqual(statuses, ['deleted', 'added', 'deleted']);
  });

  it('says where somebody else changed the file between two turns', () => {
    const [mixed] = foldChanges([
      turnBetween({ '/w/a': 'a\n' }, { '/w/a': 'b\n' }),
      turnBetween({ '/w/a': 'x\n' }, { '/w/a': 'y\n' }),
    ]);
    assert.deepEqual([mixed?.mixed, mixed?.before, mixed?.after], [true, 'a\n', 'y\n']);
    const [renamed] = foldChanges([
      turnBetween({ '/w/a': 'a\nb\nc\n' }, { '/w/a': 'a\nb\nd\n' }),
      turnBetween({ '/w/a': 'a\nb\nmine\n' }, { '/w/b': 'a\nb\nmine\n' }),
    ]);
    assert.deepEqual([renamed?.status, renamed?.mixed], ['renamed', true]);
  });

  it('knows the mode that the first turn found', () => {
    const { path, ...rest } = turnBetween({ '/w/a': 'a\n' }, { '/w/a': 'b\n' })[0] ?? assert.fail();
    const [known] = foldChanges([
      [{ path, ...rest, mode: 0o100755 }],
      turnBetween({ '/w/a': 'b\n', '/w/k': 'k\n' }, { '/w/k': 'k\n' }),
    ]);
    assert.deepEqual([known?.status, known?.mode], ['deleted', 0o100755]);
    const [renamed] = foldChanges([
      turnBetween({ '/w/a': 'a\n' }, { '/w/b': 'a\n' }).map((change) => ({ ...change, mode: 0o100755 })),
    ]);
    assert.deepEqual([renamed?.status, renamed?.mode], ['renamed', 0o100755]);
  });

  it('adds up where the texts are not known, and drops what came and went', () => {
    const large: ChangedFile = { path: '/w/l', status: 'added', additions: 9, deletions: 0, lacks: 'large' };
    const later: ChangedFile = { ...large, status: 'modified', additions: 1, deletions: 2 };
    const [sum] = foldChanges([[large], [later]]);
    assert.deepEqual([sum?.status, sum?.additions, sum?.deletions, sum?.lacks], ['added', 10, 2, 'large']);
    assert.deepEqual(foldChanges([[large], [{ ...later, status: 'deleted' }]]), []);
  });

  it('counts two large texts that have nothing in common', () => {
    const lines = (word: string): string =>
      Array.from({ length: 20_000 }, (_, at) => `${word}${at}\n`).join('');
    assert.deepEqual(countChangedLines(lines('a'), lines('b')), { additions: 20_000, deletions: 20_000 });
  });
});

describe('the diff of a whole file', () => {
  const read = (patch: string, status: 'added' | 'deleted' | 'modified' = 'modified') =>
    readWholeDiff({ patch: `Index: f\n===\n--- f\t\n+++ f\t\n${patch}`, status });

  it('holds both texts to the last byte', () => {
    const open = '\\ No newline at end of file\n';
    assert.deepEqual(read(`@@ -1,2 +1,2 @@\n a\r\n-b\n${open}+B\n`), { before: 'a\r\nb', after: 'a\r\nB\n' });
    assert.deepEqual(read(`@@ -1,1 +1,2 @@\n a\n+b\n${open}`), { before: 'a\n', after: 'a\nb' });
    assert.deepEqual(read(`@@ -1,2 +1,1 @@\n-a\n b\n${open}`), { before: 'a\nb', after: 'b' });
    assert.deepEqual(read('@@ -0,0 +1,1 @@\n+@@ -1 +1 @@\n', 'added'), {
      before: null,
      after: '@@ -1 +1 @@\n',
    });
    assert.deepEqual(read('@@ -1,1 +0,0 @@\n-bye\n', 'deleted'), { before: 'bye\n', after: null });
  });

  it('tells an empty file from one of which only the mode changed, and from no text', () => {
    assert.deepEqual(read('', 'added'), { before: null, after: '' });
    assert.deepEqual(read('', 'deleted'), { before: '', after: null });
    assert.deepEqual(read(''), { lacks: 'mode' });
    assert.deepEqual(readWholeDiff({ patch: '', status: 'modified' }), { lacks: 'binary' });
    assert.deepEqual(readWholeDiff({ status: 'modified' }), { lacks: 'large' });
  });

  it('takes no pieces for the whole', () => {
    assert.equal(read('@@ -5,1 +5,1 @@\n-a\n+b\n').lacks, 'pieces');
    assert.equal(read('@@ -1,1 +1,1 @@\n-a\n+b\n@@ -9,1 +9,1 @@\n-c\n+d\n').lacks, 'pieces');
    assert.equal(read('@@ -1,3 +1,3 @@\n-a\n+b\n').lacks, 'pieces');
  });
});
