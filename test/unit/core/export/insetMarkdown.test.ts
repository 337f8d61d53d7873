import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { inlineCode, inlineText } from '../../../../src/core/export/inlineMarkdown.ts';
import { insetMarkdown } from '../../../../src/core/export/insetMarkdown.ts';

/** As people's programs read it. */
const reader = new MarkdownIt({ html: true });

/** The blocks of the uppermost level, each with its tag and its level. */
function blocksOf(markdown: string) {
  return reader.parse(markdown, {}).filter(({ level, nesting }) => level === 0 && nesting >= 0);
}

describe('a text within a larger one', () => {
  it('has headings below those around it, and the same order among them', () => {
    const text =
      '# One\n\ntext\n\nTwo\n---\n\n###### Six #\n\n> # Quoted\n\n- # Listed\n\n```sh\n# no heading\n```';
    assert.equal(
      insetMarkdown(text, 3),
      '### One\n\ntext\n\n#### Two\n\n###### Six #\n\n> ### Quoted\n\n- ### Listed\n\n```sh\n# no heading\n```',
    );
    assert.equal(insetMarkdown('## Two\n\n#### Four', 3), '### Two\n\n##### Four');
    assert.equal(insetMarkdown('### Three', 3), '### Three');
    assert.equal(insetMarkdown('A title\nof two lines\n===\ntext', 3), '### A title of two lines\ntext');
  });

  for (const [what, text, expected] of [
    ['a code block', 'See:\n\n```ts\nconst a = 1;', 'See:\n\n```ts\nconst a = 1;\n```'],
    ['a code block with marks in it', '````md\n```\nx\n```', '````md\n```\nx\n```\n````'],
    ['a code block of tildes', '~~~\nx', '~~~\nx\n~~~'],
    ['a comment', 'Look\n\n<!-- why\n\nnot', 'Look\n\n\\<!-- why\n\nnot'],
    ['a script', '<script>\nalert(1)', '\\<script>\nalert(1)'],
    ['two things', '<!-- a\n\n```\ncode', '\\<!-- a\n\n```\ncode\n```'],
  ] as const) {
    it(`ends ${what} that it leaves open`, () => assert.equal(insetMarkdown(text, 3), expected));
  }

  it('leaves what it says as it is', () => {
    const text = '1. one\n   ```js\n   a\n   ```\n2. two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<b>bold</b>';
    assert.equal(insetMarkdown(text, 3), text);
    assert.equal(insetMarkdown('a\r\nb\r', 3), 'a\nb');
  });

  it('takes nothing of what comes after it, and has no heading above its level, whatever it is', () => {
    const line = fc.constantFrom(
      '```',
      '````',
      '~~~',
      '# a',
      '## b',
      'Title',
      '===',
      '---',
      '<!--',
      '-->',
      '<pre>',
      '</pre>',
      '<div>',
      '<?x',
      '<![CDATA[',
      '> q',
      '- i',
      '    code',
      '  ```',
      '',
      'text',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const inset = insetMarkdown(lines.join('\n'), 3);
        const blocks = blocksOf(`${inset}\n\n## After\n\nthe end`);
        const [heading, paragraph] = blocks.slice(-2);
        assert.deepEqual([heading?.tag, paragraph?.type], ['h2', 'paragraph_open'], inset);
        for (const { tag } of blocks.slice(0, -2)) assert.ok(!/^h[12]$/.test(tag), inset);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a word in a line of Markdown', () => {
  it('is read as it was written', () => {
    for (const text of [
      'src/a_b/_c_.ts',
      '*.ts **bold** [a](b) <b>x</b> &amp; AT&T',
      'C# #1 ~~no~~ $x$ | a',
      String.raw`back\slash \* a`,
    ]) {
      assert.equal(reader.renderInline(inlineText(text)), reader.utils.escapeHtml(text));
    }
    assert.equal(inlineText('read_file of 1.5'), 'read_file of 1.5');
  });

  it('is code, whatever is in it', () => {
    for (const text of ['a', 'a`b', '`a`', '``', 'a ``` b', '`']) {
      assert.equal(reader.renderInline(inlineCode(text)), `<code>${text}</code>`);
    }
    assert.equal(inlineCode('npm test \\\n  -- --grep a'), '`npm test \\ -- --grep a`');
    assert.equal(inlineCode(' '), '');
  });
});
