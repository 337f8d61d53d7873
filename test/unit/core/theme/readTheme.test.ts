import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { resolveCodeStyles } from '../../../../src/core/theme/codeStyles.ts';
import { readTheme } from '../../../../src/core/theme/readTheme.ts';

/** A theme in three files, as those that come with the editor are made. */
const night = {
  '/night/themes/modern.json': `{ "name": "Night", "include": "./plus.json", "colors": { "editor.background": "#1f1f1f", }, }`,
  '/night/themes/plus.json': `{
    "include": "../base/night.json",
    // What the language servers do not tell apart
    "tokenColors": [
      { "name": "Functions", "scope": ["entity.name.function", "support.function"], "settings": { "foreground": "#dcdcaa" } },
      { "scope": ["entity.name.type", "support.class"], "settings": { "foreground": "#4ec9b0" } },
      { "scope": "keyword.control", "settings": { "foreground": "#c586c0" } },
      { "scope": "variable.language", "settings": { "fontStyle": "italic" } },
    ],
  }`,
  '/night/base/night.json': `{ "tokenColors": [
    { "settings": { "foreground": "#d4d4d4" } },
    { "scope": "comment", "settings": { "foreground": "#6a9955", "fontStyle": "italic" } },
    { "scope": ["keyword", "storage"], "settings": { "foreground": "#569cd6" } },
    { "scope": "keyword.control", "settings": { "foreground": "#569cd6" } },
    { "scope": "string", "settings": { "foreground": "#ce9178" } },
    { "scope": "markup.heading", "settings": { "foreground": "#569cd6", "fontStyle": "bold" } }
  ] }`,
};

function read(texts: Readonly<Record<string, string>>, file: string) {
  return readTheme(
    {
      read: (name) => {
        const text = texts[name];
        return text === undefined ? Promise.reject(new Error(`No ${name}`)) : Promise.resolve(text);
      },
      resolve: (from, path) => posix.join(posix.dirname(from), path),
    },
    file,
  );
}

describe('a colour theme', () => {
  it('is read with what it includes, which it overrules', async () => {
    const styles = resolveCodeStyles(await read(night, '/night/themes/modern.json'));
    const plain = { italic: false, bold: false };
    assert.deepEqual(
      [styles.control, styles.storage, styles.function, styles.type, styles.string],
      ['#c586c0', '#569cd6', '#dcdcaa', '#4ec9b0', '#ce9178'].map((colour) => ({ ...plain, colour })),
    );
    assert.deepEqual(styles.comment, { colour: '#6a9955', italic: true, bold: false });
    assert.deepEqual(styles.heading, { colour: '#569cd6', italic: false, bold: true });
  });

  it('leaves the colour of plain code to what it does not colour', async () => {
    const styles = resolveCodeStyles(await read(night, '/night/themes/modern.json'));
    assert.deepEqual(styles.number, { italic: false, bold: false });
    assert.deepEqual(styles.self, { italic: true, bold: false });
  });

  it('is not read where it cannot be, or has no colours of code', async () => {
    const texts = {
      '/missing.json': '{ "include": "./nowhere.json" }',
      '/round.json': '{ "include": "./round.json" }',
      '/old.json': '{ "tokenColors": "./old.tmTheme" }',
      '/old.tmTheme': '<?xml version="1.0"?><plist></plist>',
      '/empty.json': '{ "colors": {} }',
      '/list.json': '[]',
    };
    for (const file of Object.keys(texts)) await assert.rejects(read(texts, file), Error, file);
  });
});
