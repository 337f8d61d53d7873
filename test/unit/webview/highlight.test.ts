import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import hljs from 'highlight.js/lib/core';
import '../../../src/webview/highlight.ts';
import type { HighlightHolder } from '../../../src/webview/highlightApi.ts';

const highlight = (code: string, language: string) =>
  (globalThis as HighlightHolder).openCodeSessionsHighlight?.(code, language);

describe('The highlighter', () => {
  it('knows a language by all the names that highlight.js has for it', async () => {
    const folder = dirname(fileURLToPath(import.meta.resolve('highlight.js/lib/languages/bash')));
    const files = await readdir(folder);
    const carried = files.map((file) => file.replace(/\.js$/, '')).filter((name) => highlight('a', name));
    assert.ok(carried.length > 20, `${carried.length} languages`);
    const unknown = carried
      .flatMap((name) => hljs.getLanguage(name)?.aliases ?? [])
      .filter((alias) => highlight('a', alias) === undefined);
    assert.deepEqual(unknown, []);
  });

  it('says what is what, and nothing of a language that it does not carry', () => {
    assert.deepEqual(highlight('const a', 'ts'), [{ text: 'const', scope: 'keyword' }, { text: ' a' }]);
    assert.deepEqual(
      highlight('<script>let a</script>', 'html')?.find(({ text }) => text === 'let'),
      {
        text: 'let',
        scope: 'keyword',
      },
    );
    assert.equal(highlight('a', 'brainfuck'), undefined);
    assert.equal(highlight('a', ''), undefined);
  });
});
