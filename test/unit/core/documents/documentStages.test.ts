import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { nextStage, toText } from '../../../../src/core/documents/documentStages.ts';
import type { Unit } from '../../../../src/core/documents/sessionDocument.ts';

/** Documents of the same messages, some of them otherwise or not there; in one order. */
const aDocument = fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 10 }).chain((ids) =>
  fc.tuple(
    ...ids
      .toSorted((a, b) => a - b)
      .map((id) =>
        fc.array(fc.constantFrom('a', 'b', 'c\nd'), { minLength: 1, maxLength: 4 }).map((texts): Unit => ({
          id: String(id),
          texts: texts.map((text) => `${id} ${text}`),
        })),
      ),
  ),
);

/** What the editor does to the text that it shows: it replaces the lines between the first and the last that differ. */
function replacedLines(before: string, after: string): readonly [start: number, end: number] {
  const [one, other] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < one.length - start && end < other.length - start && one.at(-1 - end) === other.at(-1 - end))
    end += 1;
  return [start, one.length - end];
}

function linesOf(units: readonly Unit[], at: number): readonly [start: number, end: number] {
  const before = units
    .slice(0, at)
    .map(({ texts }) => `${texts.join('\n\n')}\n\n`)
    .join('');
  const start = before.split('\n').length - 1;
  return [start, start + (units[at]?.texts.join('\n\n').split('\n').length ?? 0)];
}

describe('the stages of a document', () => {
  it('lead to what is wanted, and move nobody who reads what stays', () => {
    fc.assert(
      fc.property(aDocument, aDocument, (begun, wanted) => {
        let shown: readonly Unit[] = begun;
        for (let count = 0; ; count += 1) {
          assert.ok(count < 60, 'no end');
          const next = nextStage(shown, wanted);
          if (next === undefined) break;
          const [start, end] = replacedLines(toText(shown), toText(next));
          for (const [index, unit] of shown.entries()) {
            const other = wanted.find(({ id }) => id === unit.id);
            if (other === undefined || other.texts.join('\n\n') !== unit.texts.join('\n\n')) continue;
            const [first, last] = linesOf(shown, index);
            assert.ok(last <= start || first >= end, `${unit.id} was replaced`);
          }
          shown = next;
        }
        assert.equal(toText(shown), toText(wanted));
      }),
      { numRuns: 500 },
    );
  });

  it('begin with the last place that is otherwise', () => {
    const unit = (id: string, ...texts: string[]): Unit => ({ id, texts });
    const shown = [unit('head', 'old'), unit('1', 'one'), unit('2', 'two')];
    const wanted = [unit('head', 'new'), unit('1', 'one'), unit('2', 'two', 'and more')];
    const first = nextStage(shown, wanted);
    assert.deepEqual(first, [shown[0], shown[1], wanted[2]]);
    assert.deepEqual(nextStage(first ?? [], wanted), wanted);
    assert.equal(nextStage(wanted, wanted), undefined);
  });

  it('take the parts of one message one after the other', () => {
    const shown = [{ id: '1', texts: ['call', 'running', 'read here', 'gro'] }];
    const wanted = [{ id: '1', texts: ['call', 'done', 'read here', 'growing'] }];
    assert.deepEqual(nextStage(shown, wanted), [
      { id: '1', texts: ['call', 'running', 'read here', 'growing'] },
    ]);
  });
});
