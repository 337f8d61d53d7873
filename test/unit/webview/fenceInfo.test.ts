import assert from 'node:assert/strict';
import { readFenceInfo } from '../../../src/webview/markdown/fenceInfo.ts';

describe('What stands behind a fence', () => {
  it('names a language, whatever stands around it', () => {
    const infos: Readonly<Record<string, string>> = {
      '': '',
      ts: 'ts',
      TypeScript: 'typescript',
      'C++': 'c++',
      'c#': 'c#',
      python3: 'python',
      'python3.12': 'python',
      '{.python}': 'python',
      '{python, echo=FALSE}': 'python',
      '{#list .haskell .numberLines}': 'haskell',
      'js{1,3-5}': 'js',
      'js {1,3-5} showLineNumbers': 'js',
      'language-rust': 'rust',
      'lang=go': 'go',
      'objective-c': 'objective-c',
      'text/x-python': 'python',
      'application/json': 'json',
      'diff-ts': 'diff',
      '12:40:my cart': '',
      [`ts ${'x'.repeat(400)}`]: '',
    };
    for (const [info, language] of Object.entries(infos))
      assert.deepEqual(readFenceInfo(info), { language }, info);
  });

  it('names the file that the code stands in, and by its ending the language', () => {
    const place = { path: 'src/a.ts' };
    const infos: Readonly<Record<string, unknown>> = {
      'ts:src/a.ts': { language: 'ts', title: 'src/a.ts', place },
      'ts src/a.ts': { language: 'ts', title: 'src/a.ts', place },
      'ts title="src/a.ts"': { language: 'ts', title: 'src/a.ts', place },
      "ts {filename='src/a.ts'}": { language: 'ts', title: 'src/a.ts', place },
      'src/a.ts': { language: 'ts', title: 'src/a.ts', place },
      'typescript:src/a.ts:3-9': {
        language: 'typescript',
        title: 'src/a.ts:3-9',
        place: { ...place, line: 3 },
      },
      '12:40:src/a.ts': { language: 'ts', title: 'src/a.ts:12-40', place: { ...place, line: 12 } },
      '12:40:src/my cart.ts': {
        language: 'ts',
        title: 'src/my cart.ts:12-40',
        place: { path: 'src/my cart.ts', line: 12 },
      },
      '{.python title="The cart"}': { language: 'python', title: 'The cart' },
      'title="app/[id]/page.tsx"': {
        language: 'tsx',
        title: 'app/[id]/page.tsx',
        place: { path: 'app/[id]/page.tsx' },
      },
    };
    for (const [info, wanted] of Object.entries(infos)) assert.deepEqual(readFenceInfo(info), wanted, info);
  });
});
