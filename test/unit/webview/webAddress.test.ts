import assert from 'node:assert/strict';
import { assertLinear } from '../growth.ts';
import { findAddresses } from '../../../src/webview/markdown/webAddress.ts';

const found = (text: string): readonly string[] =>
  findAddresses(text).map(({ start, end }) => text.slice(start, end));

describe('An address in a text', () => {
  it('ends where the sentence around it goes on', () => {
    const texts: Readonly<Record<string, readonly string[]>> = {
      '请看https://example.com/docs，然后继续。': ['https://example.com/docs'],
      'https://example.com/a（说明）了解': ['https://example.com/a'],
      'https://example.com/docs然后': ['https://example.com/docs'],
      'https://example.com/docs를 보세요': ['https://example.com/docs'],
      'https://example.com/a(说明)': ['https://example.com/a'],
      '「https://example.com/a」を見て': ['https://example.com/a'],
      '“https://example.com/a”, «https://example.com/b»': ['https://example.com/a', 'https://example.com/b'],
      'https://a.example/x，https://b.example/y': ['https://a.example/x', 'https://b.example/y'],
      'https://a.example/x→https://b.example/y—see': ['https://a.example/x', 'https://b.example/y'],
      '(see https://a.example/x), [https://a.example/y].': ['https://a.example/x', 'https://a.example/y'],
      '(https://a.example/x)and': ['https://a.example/x'],
      'https://a.example/x?!': ['https://a.example/x'],
      'راجع https://a.example/x، ثم': ['https://a.example/x'],
    };
    for (const [text, wanted] of Object.entries(texts)) assert.deepEqual(found(text), wanted, text);
  });

  it('keeps what belongs to it', () => {
    const addresses = [
      'https://en.wikipedia.org/wiki/Foo_(bar)',
      'https://zh.wikipedia.org/wiki/中文',
      'https://zh.wikipedia.org/wiki/Foo_(消歧义)',
      'https://例え.jp/',
      'https://de.wikipedia.org/wiki/Müller–Meier',
      'https://a.example/?q=[1]&b={2}#c',
      'http://[::1]:3000/a',
    ];
    for (const address of addresses) assert.deepEqual(found(`See ${address}.`), [address]);
  });

  it('is found in the time of its length in texts that would be slow to look through', () => {
    for (const piece of ['https://', 'https://，', 'https://a)', 'https://a.b/((', 'https://a...']) {
      assertLinear(piece, 30_000, (text) => void findAddresses(text));
    }
  });
});
