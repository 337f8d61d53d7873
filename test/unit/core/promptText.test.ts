import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { resolvePath } from '../../../src/core/filePath.ts';
import {
  findMentions,
  fromFileUrl,
  readTypedPrompt,
  toFilePart,
  toFolderPart,
  toMention,
} from '../../../src/core/prompts/promptText.ts';
import { typedAsText } from '../../../src/core/prompts/typedText.ts';

const commands = [{ name: 'tidy' }];

describe('what is typed into a composer', () => {
  const cases: readonly [text: string, read: ReturnType<typeof readTypedPrompt>][] = [
    ['Hello', { kind: 'prompt', text: 'Hello' }],
    ['/tidy the shelf', { kind: 'command', name: 'tidy', arguments: 'the shelf' }],
    ['/tidy', { kind: 'command', name: 'tidy', arguments: '' }],
    ['/tidy two\nlines', { kind: 'command', name: 'tidy', arguments: 'two\nlines' }],
    ['/usr/bin is a folder', { kind: 'prompt', text: '/usr/bin is a folder' }],
    ['/unknown command', { kind: 'prompt', text: '/unknown command' }],
    ['!ls -l', { kind: 'shell', command: 'ls -l' }],
    ['! ls', { kind: 'shell', command: 'ls' }],
    ['!', { kind: 'prompt', text: '!' }],
    [' !ls', { kind: 'prompt', text: '!ls' }],
    [' /tidy', { kind: 'prompt', text: '/tidy' }],
    ['  /tidy', { kind: 'prompt', text: ' /tidy' }],
    ['\n/tidy', { kind: 'prompt', text: '\n/tidy' }],
    [' Hello', { kind: 'prompt', text: ' Hello' }],
  ];
  for (const [text, read] of cases) {
    it(`is read as a ${read.kind}: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(readTypedPrompt(text, commands), read);
    });
  }

  it('is sent letter by letter where it was typed as text, whatever it begins with', () => {
    for (const text of ['!ls', ' !ls', '   /tidy', '/tidy all\n', '!', '/', '\t/tidy', '\n!ls', '', ' ']) {
      const read = readTypedPrompt(typedAsText(text), commands);
      assert.deepEqual(read, { kind: 'prompt', text }, JSON.stringify(text));
    }
  });

  it('mentions files and agents behind an @, each once', () => {
    assert.deepEqual(findMentions('Ask @helper about @src/a.ts, and (@src/a.ts) again.'), [
      { name: 'helper' },
      { name: 'src/a.ts' },
    ]);
  });

  it('mentions lines of a file', () => {
    assert.deepEqual(findMentions('@src/a.ts#10-20 and @b.ts#L5'), [
      { name: 'src/a.ts', startLine: 10, endLine: 20 },
      { name: 'b.ts', startLine: 5, endLine: 5 },
    ]);
  });

  it('mentions a path with whatever it holds, as it was completed', () => {
    for (const path of [
      'app/[id]/page.tsx',
      '(group)/x.ts',
      'my file.md',
      'src/',
      'a{b}.ts',
      'end).ts',
      'c#12',
      'd.',
    ]) {
      assert.deepEqual(findMentions(`See (${toMention(path)}), please`), [{ name: path }], path);
      const lines = { startLine: 3, endLine: 9 };
      assert.deepEqual(findMentions(`See ${toMention(path, lines)}.`), [{ name: path, ...lines }], path);
    }
  });

  it('mentions nobody in a mail address', () => {
    assert.deepEqual(findMentions('write to me@example.com'), []);
  });
});

describe('a file in a prompt', () => {
  it('is an address whose path is escaped, with the lines', () => {
    assert.deepEqual(toFilePart('/w/a b#c.ts', { startLine: 3, endLine: 9 }), {
      type: 'file',
      mime: 'text/plain',
      filename: 'a b#c.ts',
      url: 'file:///w/a%20b%23c.ts?start=3&end=9',
    });
  });

  it('may be a folder', () => {
    assert.deepEqual(toFolderPart('/w/src/'), {
      type: 'file',
      mime: 'application/x-directory',
      filename: 'src',
      url: 'file:///w/src',
    });
  });

  it('is found on Windows as well', () => {
    assert.deepEqual(toFilePart('/w/a\\b%41.ts').url, 'file:///w/a%5Cb%2541.ts');
    assert.equal(toFilePart('/w/a\\b.ts').filename, 'a\\b.ts');
    const part = toFilePart('C:\\w\\a.png');
    assert.deepEqual(part, { type: 'file', mime: 'image/png', filename: 'a.png', url: 'file:///C:/w/a.png' });
  });

  it('is found by its address as the systems read it, and back, also on a share of Windows', () => {
    const windows = [
      'C:\\w\\a b#c%41.ts',
      '\\\\server\\our share\\ü.ts',
      '\\\\wsl$\\Ubuntu\\home\\a.ts',
      '\\\\server\\share\\w/src/a.ts',
    ];
    for (const path of windows) {
      const { url } = toFilePart(path);
      const written = path.replaceAll('/', '\\');
      assert.equal(fileURLToPath(url, { windows: true }), written);
      assert.equal(toFilePart(fromFileUrl(url) ?? '').url, url);
      assert.equal(fromFileUrl(url)?.replaceAll('/', '\\'), written);
    }
    for (const path of ['/w/a b#c%41.ts', '/w/a\\b.ts', '/private/tmp/u\u0308.ts', '/c:/x']) {
      const { url } = toFilePart(path);
      assert.equal(fileURLToPath(url, { windows: false }), path);
      assert.equal(toFilePart(fromFileUrl(url) ?? '').url, url);
    }
    assert.equal(fromFileUrl('file:///w/a%20b.ts?start=1&end=2'), '/w/a b.ts');
    assert.equal(fromFileUrl('https://example.com/a'), undefined);
  });

  it('is relative to the directory of its session', () => {
    assert.equal(resolvePath('/w/', './src/a.ts'), '/w/src/a.ts');
    // A backslash ends no path that begins with a slash.
    assert.equal(resolvePath('/w\\', 'a.ts'), '/w\\/a.ts');
    assert.equal(resolvePath('/w', '/etc/hosts'), '/etc/hosts');
    assert.equal(resolvePath('/w', 'c:\\x'), 'c:\\x');
  });
});
