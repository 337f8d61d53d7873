import assert from 'node:assert/strict';
import { assertLinear } from '../growth.ts';
import { findPlaces, parseFilePlace, splitPlace } from '../../../src/webview/markdown/filePlace.ts';
import { linkTarget } from '../../../src/webview/markdown/linkTarget.ts';

/** What would be links in a text, each with the path and the line that it opens. */
function linksOf(text: string, isWindows = false): readonly string[] {
  return findPlaces(text, false, isWindows).map(({ start, end, path, line }) => {
    const shown = text.slice(start, end);
    return line === undefined && shown === path ? path : `${shown} → ${path} ${line ?? ''}`.trim();
  });
}

describe('A place in a file', () => {
  it('is a whole path, whatever its folders are called', () => {
    const paths = [
      'src/cart.ts',
      'app/[id]/edit/page.tsx',
      'src/(shop)/users/page.tsx',
      'app/[[...slug]]/page.tsx',
      'app/@modal/(.)photo/[id]/page.tsx',
      'src/routes/[id=integer]/+page.svelte',
      'src/$lib/cart.ts',
      'pages/{id}/a.vue',
      'über/straße/größe.py',
      'docs/日本語/ファイル.md',
      'docs/🚀launch/a.md',
      '/home/a/b.rs',
      '~/notes/a.md',
      '../lib/a.go',
      './a/../b.c',
      '@scope/package/index.js',
      'C:/code/a.ts',
      'C:\\code\\a.ts',
      'a/b%20c.ts',
      'a&b/c=d!.ts',
      'e2e/__tests__/cart.test.ts',
    ];
    for (const path of paths) {
      assert.deepEqual(linksOf(`See ${path}, (${path}) and “${path}”.`), [path, path, path], path);
      assert.deepEqual(parseFilePlace(path), { path });
    }
  });

  it('may say its lines in each way that people, compilers and hosts of code do', () => {
    const ways = [
      ':12',
      ':12:5',
      ':12-20',
      ':12–20',
      ':L12',
      ':L12-L20',
      '#L12',
      '#L12-L20',
      '#L12-20',
      '#L12C5-L20C7',
      '(12)',
      '(12,5)',
      ':12,20',
    ];
    for (const path of ['src/cart.ts', 'cart.ts', 'app/[id]/page.tsx', 'C:\\code\\a.ts']) {
      for (const way of ways) {
        const wanted = { path, line: 12 };
        assert.deepEqual(parseFilePlace(path + way), wanted);
        assert.deepEqual(splitPlace(path + way), wanted);
        const found = findPlaces(`at ${path}${way}: error`).map(
          ({ start: _start, end: _end, ...place }) => place,
        );
        assert.deepEqual(found, [wanted], path + way);
      }
    }
  });

  it('ends where something else begins', () => {
    const texts: Readonly<Record<string, readonly string[]>> = {
      'src/a.ts:12:const x = 1': ['src/a.ts:12 → src/a.ts 12'],
      'tests/test_a.py::test_x': ['tests/test_a.py'],
      'docs/a.md#setup': ['docs/a.md'],
      'src/a.ts?raw': ['src/a.ts'],
      "src/a.ts's first line": ['src/a.ts'],
      'src/a.ts,src/b.ts;c/d.ts': ['src/a.ts', 'src/b.ts', 'c/d.ts'],
      'require(src/a.ts:3)': ['src/a.ts:3 → src/a.ts 3'],
      '[src/a.ts](x)': ['src/a.ts'],
      '--config=src/a.ts': ['src/a.ts'],
      '请看src/cart.ts:12即可，再看src/b.ts。': ['src/cart.ts:12 → src/cart.ts 12', 'src/b.ts'],
      '✅src/a.ts→src/b.ts…': ['src/a.ts', 'src/b.ts'],
      'cart.ts:3 but not cart.ts': ['cart.ts:3 → cart.ts 3'],
      'Dockerfile:3 and Makefile:12, but no Makefile': [
        'Dockerfile:3 → Dockerfile 3',
        'Makefile:12 → Makefile 12',
      ],
      'See build/Makefile, (src/.env) and .gitignore:2.': [
        'build/Makefile',
        'src/.env',
        '.gitignore:2 → .gitignore 2',
      ],
      '请看Makefile:3即可': ['Makefile:3 → Makefile 3'],
    };
    for (const [text, wanted] of Object.entries(texts)) assert.deepEqual(linksOf(text), wanted, text);
  });

  it('is none rather than a piece of a path', () => {
    const texts = [
      'src/**/*.ts',
      'a/b,c/d.ts',
      'a/(b/c.ts)/d.ts',
      '.../src/a.ts',
      "John's/a.ts",
      'see:/b/c.ts',
      'https:/b/c.ts',
      'foo(bar)/baz(qux).toFixed',
      'arr[0]/arr[1].length',
      '\\\\server\\share\\a.ts',
      'e.g./i.e.',
      'Makefile/Dockerfile',
      'src/.envelope',
      'Makefiles:3',
      'src/.settings',
      '12/24.5',
    ];
    for (const text of texts) assert.deepEqual(linksOf(text), [], text);
    assert.deepEqual(findPlaces('/cart/a.ts', true), []);
  });

  it('stands in code by itself, also with spaces where a folder begins it, but a command is none', () => {
    for (const path of [
      'Dockerfile',
      'src/.env',
      './my folder/a b.ts',
      '/Users/me/My Project/a.ts',
      'src/my folder/a.ts',
      'cart.ts',
    ]) {
      assert.deepEqual(parseFilePlace(`${path}:3`), { path, line: 3 });
    }
    const others = [
      'git add src/a.ts',
      './run.sh src/a.ts',
      'process.env',
      'console.log',
      '/[a-z]+/.test',
      'a/b.ts c',
      'name.ext:3',
      'localhost:3000',
      'x',
      '',
    ];
    for (const text of others) assert.equal(parseFilePlace(text), undefined, text);
  });

  it('has backslashes only where the files are on Windows, or behind the name of a drive', () => {
    assert.deepEqual(linksOf('src\\shop\\cart.ts:3', true), ['src\\shop\\cart.ts:3 → src\\shop\\cart.ts 3']);
    assert.deepEqual(parseFilePlace('src\\cart.ts', true), { path: 'src\\cart.ts' });
    assert.deepEqual(linksOf('src\\shop\\cart.ts:3'), []);
    assert.equal(parseFilePlace('src\\cart.ts'), undefined);
    assert.equal(parseFilePlace('\\\\server\\a.ts', true), undefined);
  });

  it('is found in the time of its length in texts that would be slow to look through', () => {
    const pieces = [
      'a/',
      'a.ts,',
      '([{',
      '[',
      ')',
      'a:1',
      '请a',
      'a.b/',
      '--a=',
      '/',
      '.',
      'a/b.ts(1',
      '✅',
      'C:\\',
    ];
    for (const piece of pieces) {
      assertLinear(piece, 30_000, (text) => {
        findPlaces(text);
        parseFilePlace(text);
        splitPlace(text);
      });
    }
  });
});

describe('The target of a link', () => {
  it('is a file at its line, in any grammar of a place', () => {
    const links: Readonly<Record<string, readonly [string, number?]>> = {
      'src/cart.ts:3-9': ['src/cart.ts', 3],
      'cart.ts:3': ['cart.ts', 3],
      'cart.ts:3:5': ['cart.ts', 3],
      'src/cart.ts#L10-L20': ['src/cart.ts', 10],
      'docs/a.md#setup': ['docs/a.md'],
      'src/a%20b.ts:4': ['src/a b.ts', 4],
      'app/%5Bid%5D/page.tsx': ['app/[id]/page.tsx'],
      'C:%5Ccode%5Ca.ts:3': ['C:\\code\\a.ts', 3],
      'C:/code/a.ts': ['C:/code/a.ts'],
      'file:///home/a.ts#L2': ['/home/a.ts', 2],
      'file:///C:/code/a.ts': ['C:/code/a.ts'],
      'src/Makefile': ['src/Makefile'],
      'Makefile:3': ['Makefile', 3],
      '.env:3': ['.env', 3],
      '100%.md': ['100%.md'],
    };
    for (const [url, [path, line]] of Object.entries(links)) {
      const place = line === undefined ? { path } : { path, line };
      assert.deepEqual(linkTarget(url), { kind: 'file', place }, url);
    }
  });

  it('is nothing where it has another scheme or another machine, or is within the page', () => {
    const links =
      'javascript:alert(1) command:x vscode://file/a.ts data:text/html,a mailto:a@b.c tel:123 localhost:3000 ' +
      '//a.example/b.ts %5C%5Cserver%5Ca.ts file://a.example/b #top ?a';
    for (const url of ['', ...links.split(' ')]) assert.equal(linkTarget(url), undefined, url);
  });
});
