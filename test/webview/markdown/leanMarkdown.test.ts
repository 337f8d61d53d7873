import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { tests as examples } from 'commonmark-spec';
import { build, type Plugin } from 'esbuild';
import { array, constantFrom, sample } from 'fast-check';
import { leanMarkdown } from '../../../leanMarkdown.mjs';
import type * as Markdown from '../../../src/webview/markdown/markdown.ts';

/** The page's parser, built with what `plugins` make of markdown-it. */
async function built(plugins: Plugin[]): Promise<typeof Markdown> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '../../../src/webview/markdown/markdown.ts')],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    plugins,
  });
  const module = { exports: {} };
  const run = new Script(`(module, require) => {${outputFiles[0]?.text}}`).runInThisContext() as (
    ...given: unknown[]
  ) => void;
  run(module, createRequire(import.meta.url));
  return module.exports as typeof Markdown;
}

const pieces = constantFrom(
  'a',
  ' b ',
  '\n',
  '\n\n',
  '- ',
  '1. ',
  '2) ',
  '> ',
  '    ',
  '\t',
  '```',
  '~~~',
  '`',
  '**',
  '*',
  '_',
  '~~',
  '~',
  '[a]',
  '[a]: /u "t"\n',
  '(u)',
  '![i](u "t")',
  '<http://a.b>',
  '<a@b.c>',
  '|',
  '|-|',
  '| a | b |\n|:-|-:|\n',
  '===\n',
  '---\n',
  '# ',
  '\\',
  '\\*',
  '&amp;',
  '&#65;',
  '\r\n',
  '“',
  '€',
  '😀',
  '<b>',
  '</b>',
  '<!-- x -->',
  '<details>\n',
  '</details>\n',
  '<summary>s</summary>',
  '[b\nc]: <d e> (f)\n',
  'https://a.b/c',
  '"',
  '--',
);

describe('markdown-it, without what the page does not use', () => {
  it('reads what the whole one does', async () => {
    const [lean, whole] = await Promise.all([built([leanMarkdown]), built([])]);
    const random = sample(array(pieces, { maxLength: 30 }), { numRuns: 2000 }).map((all) => all.join(''));
    for (const text of [...examples.map(({ markdown }) => markdown.replaceAll('→', '\t')), ...random]) {
      const defined: Markdown.References = {};
      const wanted: Markdown.References = {};
      assert.equal(plain(lean.parseBlocks(text, defined)), plain(whole.parseBlocks(text, wanted)), text);
      assert.deepEqual(defined, wanted, text);
      assert.equal(plain(lean.parseInline(text, defined)), plain(whole.parseInline(text, wanted)), text);
    }
  });
});

/** All of the tokens but where a link's definition stands, by which nothing is shown. */
function plain(tokens: readonly Markdown.Token[]): string {
  return JSON.stringify(tokens, (name, value: unknown) => (name === 'meta' ? undefined : value), 1);
}
