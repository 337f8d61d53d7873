import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import hljs from 'highlight.js/lib/core';
import { highlight } from '../../../src/webview/code/highlight.ts';

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
    assert.deepEqual(highlight('typeof a', 'ts'), [{ text: 'typeof', scope: 'keyword' }, { text: ' a' }]);
    assert.deepEqual(
      highlight('<script>let a</script>', 'html')?.find(({ text }) => text === 'let'),
      {
        text: 'let',
        scope: 'keyword.storage',
      },
    );
    assert.equal(highlight('a', 'brainfuck'), undefined);
    assert.equal(highlight('a', ''), undefined);
  });

  it('tells apart what themes do', () => {
    const scopesOf = (code: string, language: string) =>
      Object.fromEntries(
        (highlight(code, language) ?? []).flatMap(({ text, scope }) => (scope ? [[text, scope]] : [])),
      );
    assert.deepEqual(scopesOf('class Cart { add(): string { return this.name(); } }', 'ts'), {
      class: 'keyword.storage',
      Cart: 'title.class',
      add: 'title.function',
      string: 'type',
      return: 'keyword.control',
      this: 'variable.language',
      name: 'title.function',
    });
    assert.deepEqual(scopesOf('def add(): return len(str)', 'python'), {
      def: 'keyword.storage',
      add: 'title.function',
      return: 'keyword.control',
      len: 'built_in',
      str: 'built_in',
    });
    assert.equal(scopesOf('{ "name": 1 }', 'json')['"name"'], 'attr.json');
    assert.equal(scopesOf('<a href="#">', 'html')['href'], 'attr.xml');
  });
});
