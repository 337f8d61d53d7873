import assert from 'node:assert/strict';
import { assertLinear } from '../growth.ts';
import { parseBlocks, parseInline, type Token } from '../../../src/webview/markdown/markdown.ts';
import { pairTags } from '../../../src/webview/markdown/htmlTags.ts';

/** The tokens as an outline: names of blocks, words as they are. */
function outline(tokens: readonly Token[]): string {
  return tokens
    .map(({ type, nesting, content, tag }) => {
      if (type === 'inline' || type === 'fence') return content.trim();
      return nesting === -1 ? ')' : nesting === 1 ? `${tag}(` : tag;
    })
    .join(' ');
}

/** A line with its pairs of tags as brackets. */
function paired(text: string): string {
  const tokens = parseInline(text, {});
  const pairs = pairTags(tokens);
  return tokens
    .map(({ content, markup, tag, type, nesting }, index) => {
      if (pairs.has(index)) return markup === '/' ? ')' : `${tag}(`;
      if (type === 'html_comment') return '';
      return content || (nesting === 0 ? tag : '*');
    })
    .join('');
}

describe('Tags of HTML in Markdown', () => {
  it('are found with their other half in the same element, and stay text without one', () => {
    const texts: Readonly<Record<string, string>> = {
      'H<sub>2</sub>O': 'Hsub(2)O',
      '<KBD>a</kbd>': 'kbd(a)',
      '<sub><sup>a</sub></sup>': 'sub(<sup>a)</sup>',
      '<sub>**a</sub>**': '<sub>*a</sub>*',
      '**<sub>a**</sub>': '*<sub>a*</sub>',
      '<sub': '<sub',
      '<sub onclick="x">a</sub>': '<sub onclick="x">a</sub>',
      '<kbd/>a</kbd>': '<kbd/>a</kbd>',
      '<script>a</script>': '<script>a</script>',
      'a<!-- b <kbd> -->c': 'ac',
      'a<!-- b': 'a<!-- b',
      '`<sub>a</sub>`': '<sub>a</sub>',
    };
    for (const [text, wanted] of Object.entries(texts)) assert.equal(paired(text), wanted, text);
  });

  it('open a part that is closed at first, to its end or the text’s', () => {
    const texts: Readonly<Record<string, string>> = {
      '<details>\n<summary>A</summary>\n\nb\n\n</details>\n\nc': 'details( summary( A ) p( b ) ) p( c )',
      '<details><summary>A</summary>b</details>\nc': 'details( summary( A ) p( b ) ) p( c )',
      '<details>\n\nb\n</details>': 'details( p( b ) )',
      '<details>\nb': 'details( p( b ) )',
      '<details>': 'details( )',
      '<details></details>': 'details( )',
      'a\n<details>\nb\n</details>': 'p( a ) details( p( b ) )',
      '<details>\n<details>\na\n</details>\nb\n</details>\nc': 'details( details( p( a ) ) p( b ) ) p( c )',
      '<details>\n```\n</details>\n```\n</details>\nc': 'details( </details> ) p( c )',
      '> <details>\n> a\n\nb': 'blockquote( details( p( a ) ) ) p( b )',
      '- <details>\n  a\n\n  </details>\n- b': 'ul( li( details( p( a ) ) ) li( p( b ) ) )',
      '    <details>': 'code',
      '<details onclick="x">': 'p( <details onclick="x"> )',
    };
    for (const [text, wanted] of Object.entries(texts))
      assert.equal(outline(parseBlocks(text, {})), wanted, text);
  });

  it('are read in the time of their number', () => {
    const pieces = [
      '<!--',
      '<sub>',
      '<sub></sup>',
      '<details>\n',
      '<details>\n</details>\n',
      '</sub>',
      '<sub>*a*',
    ];
    for (const piece of pieces) {
      assertLinear(piece, 5000, (text) => {
        pairTags(parseBlocks(text, {}).flatMap(({ children }) => children ?? []));
      });
    }
  });
});
