// Stands in the bundle for `punycode.js`, of which markdown-it uses these two: the browser knows the first itself.

/** The host of a link in the letters that go over the wire. Throws on one that cannot be. */
export function toASCII(host: string): string {
  // What needs no other letters stays as it was written: a number would become an address of four.
  return /[^\0-\x7F]/.test(host) ? new URL(`http://${host}`).hostname : host;
}

/** The host of a link as it is shown: as it is, since letters that look like others would name another host. */
export function toUnicode(host: string): string {
  return host;
}

export default { toASCII, toUnicode };
