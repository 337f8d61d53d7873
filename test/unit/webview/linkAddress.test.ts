import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { toAddress, toReadable } from '../../../src/webview/markdown/linkAddress.ts';

const reference = new MarkdownIt();

/** Pieces of addresses, put together at random. */
const address = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '%',
        '%2',
        '%20',
        '%25',
        '%2f',
        '%C3%A4',
        '/',
        '?',
        '#',
        '&',
        '=',
        '[',
        ']',
        '"',
        '\\',
        '|',
      ),
      fc.constantFrom('ä', 'é', '語', '😀', ' b', '<', '`', "'", '^', '{', ';', ':', '@', '+', '~'),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join('').trim());

const inOneCase = (url: string): string => url.replaceAll(/%[\da-f]{2}/gi, (escape) => escape.toUpperCase());

describe('The address of a link', () => {
  it('is escaped as markdown-it escapes it, behind a host that needs none', () => {
    fc.assert(
      fc.property(address, (path) => {
        const url = `https://a.example/${path}`;
        assert.equal(toAddress(url), reference.normalizeLink(url));
      }),
      { numRuns: 2000 },
    );
  });

  it('is read as markdown-it reads it, where it is in UTF-8', () => {
    fc.assert(
      fc.property(address, (path) => {
        const url = reference.normalizeLink(`https://a.example/${path}`);
        const read = reference.normalizeLinkText(url);
        if (!read.includes('\u{FFFD}')) assert.equal(inOneCase(toReadable(url)), inOneCase(read));
      }),
      { numRuns: 2000 },
    );
  });

  it('has its host in the letters of the wire, and otherwise as it was written', () => {
    const hosts = {
      'https://müller.example/ä': 'https://xn--mller-kva.example/%C3%A4',
      'https://a:b@müller.example:80/': 'https://a:b@xn--mller-kva.example:80/',
      '//müller.example': '//xn--mller-kva.example',
      'http://A.example:8080/': 'http://A.example:8080/',
      'http://0x7f.1/': 'http://0x7f.1/',
      'src/müller.ts': 'src/m%C3%BCller.ts',
      'file:///müller/a.ts': 'file:///m%C3%BCller/a.ts',
    };
    for (const [written, sent] of Object.entries(hosts)) assert.equal(toAddress(written), sent);
  });

  it('is something also where it is none', () => {
    assert.equal(toAddress('http://\u{200B}ä..b^/\uD800'), 'http://%E2%80%8B%C3%A4..b%5E/%EF%BF%BD');
    assert.equal(toReadable('%FF%C3'), '%FF%C3');
  });
});
