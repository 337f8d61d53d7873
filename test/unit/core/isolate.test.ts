import assert from 'node:assert/strict';
import { isolate, withoutIsolation } from '../../../src/core/isolate.ts';
import { l10n } from '../../../src/core/l10n.ts';
import { plainLine, plainWords, showUnseen } from '../../../src/core/plainText.ts';

const [begin, end] = ['\u2068', '\u2069'];

describe('words of others beside ours', () => {
  it('are kept apart where they are read from the right, once', () => {
    assert.equal(isolate('שלום 12'), `${begin}שלום 12${end}`);
    assert.equal(isolate(isolate('שלום')), `${begin}שלום${end}`);
    assert.equal(isolate(`${isolate('שלום')} – ${isolate('سلام')}`).indexOf(begin, 1), 1);
  });

  it('stay as they are where they turn nothing', () => {
    for (const text of ['', 'Exact cents', '日本語 Straße', '👩‍💻']) assert.equal(isolate(text), text);
  });

  it('are kept apart in every sentence that they are filled in', () => {
    assert.equal(l10n.t('Archived {0}.', 'שלום'), `Archived ${begin}שלום${end}.`);
    assert.equal(l10n.t('Archived {0} sessions: {1}.', 2, 'a'), 'Archived 2 sessions: a.');
  });

  it('are still apart where the sentence is made plain', () => {
    const sentence = l10n.t('{0} of “{1}”', l10n.t('fork of {0}', 'سلام'), 'שלום');
    assert.equal(plainLine(sentence), sentence);
    assert.equal(plainWords(sentence), sentence);
  });

  it('show the signs by which they would end that by themselves', () => {
    const title = plainLine(`שלום${end} evil ${begin}`);
    assert.equal(title, 'שלום\\u2069 evil \\u2068');
    assert.equal(plainLine(l10n.t('Archived {0}.', title)), `Archived ${begin}${title}${end}.`);
  });

  it('stand in their order where each letter is drawn in it', () => {
    assert.equal(withoutIsolation(l10n.t('For {0}.', 'mv א ב')), 'For mv א ב.');
  });

  it('are shown with all their signs where a person judges them', () => {
    assert.equal(showUnseen(`${begin}שלום${end}`), '\\u2068שלום\\u2069');
  });
});
