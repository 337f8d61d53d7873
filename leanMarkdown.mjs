import { readFile } from 'node:fs/promises';

/** What the page never asks of markdown-it, and what stands in its place: by the file that it was, in the package's own script. */
const stubs = {
  // The page makes nodes of tokens itself.
  'src/renderer.ts': 'var Renderer = class {};',
  // Options that it leaves off: links that are not marked as such, quotes and dashes, HTML.
  'src/rules_core/linkify.ts': 'function linkify$1() {}',
  'src/rules_core/replacements.ts': 'function replace() {}',
  'src/rules_core/smartquotes.ts': 'function smartquotes() {}',
  'src/rules_inline/linkify.ts': 'function linkify() { return false; }',
  'src/rules_inline/html_inline.ts': 'function html_inline() { return false; }',
  'src/rules_block/html_block.ts': 'function html_block() { return false; }',
  'src/common/html_blocks.ts': '',
  'src/common/html_re.ts': '',
  // For browsers that have no fields of classes; no field here has a setter.
  'helpers/esm/typeof.js': '',
  'helpers/esm/toPrimitive.js': '',
  'helpers/esm/toPropertyKey.js': '',
  'helpers/esm/defineProperty.js': 'function _defineProperty(it, name, value) { it[name] = value; }',
};

/** Takes out of markdown-it what the page does not use; the package is one script, of which nothing is left out by itself. */
export const leanMarkdown = {
  name: 'lean markdown-it',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]markdown-it[\\/]dist[\\/]markdown-it\.mjs$/ }, async ({ path }) => {
      const whole = await readFile(path, 'utf8');
      return { contents: Object.entries(stubs).reduce(putIn, whole) };
    });
  },
};

function putIn(text, [file, stub]) {
  const start = text.search(new RegExp(`^//#region (?:\\S+/)?${file}$`, 'm'));
  const end = text.indexOf('//#endregion', start);
  const named = /^(?:function|var) [\w$]+/.exec(stub)?.[0] ?? '';
  if (start < 0 || end < start || !text.slice(start, end).includes(named))
    throw new Error(`markdown-it has no ${named} in ${file} any more.`);
  return text.slice(0, start) + stub + text.slice(end);
}
