import assert from 'node:assert/strict';
import { parseCustomRules, parseTokenRules, styleOfScope } from '../../../../src/core/theme/tokenRules.ts';

const rule = (scope: string | readonly string[], foreground?: string, fontStyle?: string) => ({
  scope,
  settings: { foreground, fontStyle },
});

function colourOf(rules: readonly unknown[], scope: string): string | undefined {
  return styleOfScope(parseTokenRules(rules), scope).colour;
}

describe('the rules of a colour theme', () => {
  it('count by the longest beginning of a scope', () => {
    const rules = [rule('keyword.control', '#c586c0'), rule('keyword', '#569cd6')];
    assert.equal(colourOf(rules, 'keyword.control.flow'), '#c586c0');
    assert.equal(colourOf(rules, 'keyword.other'), '#569cd6');
    assert.equal(colourOf(rules, 'keywords'), undefined);
  });

  it('count by their order where they are about the same scope', () => {
    assert.equal(colourOf([rule('string', '#111'), rule('string', '#222')], 'string.quoted'), '#222');
  });

  it('give a scope what a shorter one has and the longer one does not say', () => {
    const rules = parseTokenRules([
      rule('comment', '#6a9955', 'italic'),
      rule('comment.line', undefined, ''),
    ]);
    assert.deepEqual(styleOfScope(rules, 'comment.line.double-slash'), { colour: '#6a9955', fontStyle: '' });
    assert.deepEqual(styleOfScope(rules, 'comment.block'), { colour: '#6a9955', fontStyle: 'italic' });
  });

  it('name one scope or several, in a list or between commas', () => {
    const rules = [rule(['variable', ' support.variable '], '#9cdcfe'), rule('string, constant', '#ce9178')];
    for (const scope of ['variable.other', 'support.variable'])
      assert.equal(colourOf(rules, scope), '#9cdcfe');
    for (const scope of ['string', 'constant']) assert.equal(colourOf(rules, scope), '#ce9178');
  });

  it('are left out where they ask for more than one scope, for none, or are no rules', () => {
    const odd = [
      rule('source.css variable', '#111'),
      rule('source > variable', '#111'),
      rule('variable - variable.other', '#111'),
      { settings: { foreground: '#111' } },
      { scope: 'variable' },
      rule('variable', 'red'),
      rule('variable', '#12345'),
      'variable',
      null,
    ];
    assert.equal(colourOf(odd, 'variable.other'), undefined);
    assert.deepEqual(parseTokenRules('./colours.tmTheme'), []);
  });
});

describe('what a person sets beside the theme', () => {
  const setting = {
    comments: '#123456',
    keywords: { foreground: '#234567', fontStyle: 'bold' },
    textMateRules: [rule('comment', '#345678'), rule('string', '#456789')],
    '[Dark+]': { strings: '#56789a' },
    '[Light*][*Contrast]': { strings: '#6789ab' },
  };
  const styleOf = (scope: string, theme = 'Other') => styleOfScope(parseCustomRules(setting, theme), scope);

  it('has short names for some scopes, which rules overrule', () => {
    assert.deepEqual(styleOf('keyword.control'), { colour: '#234567', fontStyle: 'bold' });
    assert.equal(styleOf('storage.type').colour, '#234567');
    assert.equal(styleOf('comment.line').colour, '#345678');
  });

  it('may be for some themes only, which counts more', () => {
    assert.equal(styleOf('string').colour, '#456789');
    assert.equal(styleOf('string', 'Dark+').colour, '#56789a');
    for (const theme of ['Light Modern', 'High Contrast']) {
      assert.equal(styleOf('string', theme).colour, '#6789ab', theme);
    }
  });

  it('may be anything, or nothing', () => {
    const odd = [undefined, null, 'comments', [], { comments: 3, textMateRules: {}, '[Dark+]': null }];
    for (const setting of odd) assert.deepEqual(parseCustomRules(setting, 'Dark+'), []);
  });
});
