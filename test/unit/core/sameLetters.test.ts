import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { findSameLetters, sameLetters } from '../../../src/core/sameLetters.ts';

const found = (text: string, wanted: string): string[] =>
  findSameLetters(text, wanted).map(([start, end]) => text.slice(start, end));

describe('the same letters', () => {
  it('are the same however they are composed', () => {
    for (const text of ['Café', 'Ångström', 'Đà Nẵng', '한국어', 'がぎぐ', 'हिन्दी', 'Ἀθῆναι']) {
      assert.equal(sameLetters(text.normalize('NFD')), sameLetters(text.normalize('NFC')), text);
    }
  });

  it('are the same in capitals, in any language of the system', () => {
    assert.equal(sameLetters('STRASSE'), sameLetters('straße'));
    assert.equal(sameLetters('ΟΔΟΣ'), sameLetters('οδος'));
    assert.equal(sameLetters('İI'), 'ii');
    assert.equal(sameLetters('ПРИВЕТ'), 'привет');
  });

  it('are the same with accents and without, but for signs that are letters', () => {
    assert.equal(sameLetters('Crème Brûlée'), 'creme brulee');
    assert.notEqual(sameLetters('हिन्दी'), sameLetters('हनद'));
    assert.notEqual(sameLetters('が'), sameLetters('か'));
    assert.notEqual(sameLetters('한'), sameLetters('하'));
  });

  it('are found where they are written, each letter with its marks', () => {
    assert.deepEqual(found('Ein Cafe\u0301 und ein CAFÉ', 'café'), ['Cafe\u0301', 'CAFÉ']);
    assert.deepEqual(found('Straße', 'ss'), ['ß']);
    assert.deepEqual(found('Straße', 's'), ['S', 'ß', 'ß']);
    assert.deepEqual(found('日本e\u0301x', '本E'), ['本e\u0301']);
    assert.deepEqual(found('한 하', '하'), ['하']);
    assert.deepEqual(found('aaaa', 'aa'), ['aa', 'aa']);
    assert.deepEqual(found('any', ''), []);
    assert.deepEqual(found('e\u0301', '\u0301'), []);
  });

  it('are found in anything as often as they stand there, whole and in order', () => {
    const text = fc.string({
      unit: fc.constantFrom(
        'a',
        'A',
        'é',
        'ß',
        'ſ',
        'İ',
        'ı',
        'Σ',
        'ς',
        '字',
        'が',
        'カ',
        '한',
        '하',
        'e\u0301',
        'か\u3099',
        '\u0301',
        '\u1112\u1161',
      ),
    });
    fc.assert(
      fc.property(text, text, (words, wanted) => {
        const places = findSameLetters(words, wanted);
        const word = sameLetters(wanted);
        const count = word === '' ? 0 : sameLetters(words).split(word).length - 1;
        assert.equal(places.length, count);
        for (const [start, end] of places) assert.ok(sameLetters(words.slice(start, end)).includes(word));
      }),
      { numRuns: 2000 },
    );
  });

  it('are found in a long text without walking it again for each', () => {
    const text = '漢字かな交じり文、Straße '.repeat(20_000);
    assert.equal(findSameLetters(text, '文').length, 20_000);
    assert.equal(findSameLetters(text, 'strasse').length, 20_000);
  });
});
