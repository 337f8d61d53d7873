// Stands in the bundle for `mdurl` and `punycode.js`, with which markdown-it reads addresses: `linkAddress.ts` does here.

const none = (): never => {
  throw new Error('The addresses of links are read by linkAddress.ts.');
};

export { none as decode, none as encode, none as format, none as parse };
export default { toASCII: none, toUnicode: none };
