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
  // What the page makes of tokens asks for one attribute, never for more.
  'src/token.ts': `var Token = class {
    map = null; level = 0; children = null; content = ''; markup = ''; info = ''; block = false; hidden = false;
    constructor(type, tag, nesting) { this.type = type; this.tag = tag; this.attrs = null; this.nesting = nesting; this.meta = null; }
    attrGet(name) { return this.attrs?.find(([other]) => other === name)?.[1] ?? null; }
  };`,
  // No rule is switched off or exchanged.
  'src/ruler.ts': `var Ruler = class {
    rules = []; chains = {};
    put(at, name, fn, { alt = [] } = {}) { this.rules.splice(at, 0, { name, fn, alt }); this.chains = {}; }
    placeOf(name) {
      const at = this.rules.findIndex((rule) => rule.name === name);
      if (at < 0) throw new Error(name);
      return at;
    }
    before(name, ...rule) { this.put(this.placeOf(name), ...rule); }
    after(name, ...rule) { this.put(this.placeOf(name) + 1, ...rule); }
    push(...rule) { this.put(this.rules.length, ...rule); }
    getRules(chain) {
      return (this.chains[chain] ??= this.rules.filter(({ alt }) => !chain || alt.includes(chain)).map(({ fn }) => fn));
    }
  };`,
  // Presets, plugins, HTML, and what is safe as a link: the page says that itself.
  'src/markdownit.ts': `var MarkdownIt = class {
    options = { maxNesting: 100 };
    inline = new ParserInline();
    block = new ParserBlock();
    core = new ParserCore();
    helpers = { parseLinkLabel, parseLinkDestination, parseLinkTitle };
    parse(src, env, inlineMode = false) {
      const state = new StateCore(src, this, env);
      state.inlineMode = inlineMode;
      this.core.process(state);
      return state.tokens;
    }
    parseInline(src, env) { return this.parse(src, env, true); }
  };`,
  // For callers that say no `new`.
  'src/index.ts': 'var MarkdownItCallable = MarkdownIt;',
};

/** What is written for older browsers, or over and over, and how it is said in fewer words. */
const shorter = [
  [/_defineProperty\(\s*this,\s*(?:\/\*\*(?:(?!\*\/).)*\*\/\s*)?"(\w+)",/gs, 'this.$1 = ('],
  [/\(_[\w$]+ = (\w+\[\w+\])\) === null \|\| _[\w$]+ === void 0 \? void 0 : _[\w$]+\./g, '$1?.'],
  [
    /let terminate = false;\s*for \(let i = 0, l = terminatorRules\.length; i < l; i\+\+\) if \(terminatorRules\[i\]\(state, nextLine, endLine, true\)\) \{\s*terminate = true;\s*break;\s*\}/g,
    'const terminate = terminatorRules.some((rule) => rule(state, nextLine, endLine, true));',
  ],
  [
    /for \(; pos < max; pos\+\+\) \{\s*code = state\.src\.charCodeAt\(pos\);\s*if \(!isSpace\(code\) && code !== 10\) break;\s*\}/g,
    'pos = behindSpaces(state, pos, max);',
  ],
  // No address of a page is one of mail.
  [
    /if \(AUTOLINK_RE\.test\(url\)\) \{\s*const fullUrl = state\.md\.normalizeLink\(url\);/g,
    'const isMail = EMAIL_RE.test(url); if (isMail || AUTOLINK_RE.test(url)) { const fullUrl = state.md.normalizeLink(isMail ? `mailto:${url}` : url);',
  ],
  [/if \(EMAIL_RE\.test\(url\)\) \{.*?\n\t\}\n/gs, ''],
  [/state\.src\.charCodeAt\(/g, 'codeAt(state, '],
  [/String\.fromCharCode\(/g, 'character('],
  [/state\.sCount\[([\w +]+)\] - state\.blkIndent/g, 'indentOf(state, $1)'],
  [/state\.bMarks\[([\w +]+)\] \+ state\.tShift\[\1\]/g, 'beginOf(state, $1)'],
  // Each of them is punctuation or a symbol of Unicode.
  [/isMdAsciiPunct\(\w+\) \|\| /g, ''],
  // Nobody asks how a link was written.
  [/if \(label\) \{\s*const meta = [^}]*\}/g, ''],
];

/** What these words are. */
const words = `const codeAt = (state, at) => state.src.charCodeAt(at);
const behindSpaces = (state, from, max) => {
  let at = from;
  while (at < max && (isSpace(codeAt(state, at)) || codeAt(state, at) === 10)) at++;
  return at;
};
const character = (...codes) => String.fromCharCode(...codes);
const indentOf = (state, line) => state.sCount[line] - state.blkIndent;
const beginOf = (state, line) => state.bMarks[line] + state.tShift[line];
`;

/** Takes out of markdown-it what the page does not use; the package is one script, of which nothing is left out by itself. */
export const leanMarkdown = {
  name: 'lean markdown-it',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]markdown-it[\\/]dist[\\/]markdown-it\.mjs$/ }, async ({ path }) => {
      const whole = await readFile(path, 'utf8');
      return { contents: words + shorter.reduce(shorten, Object.entries(stubs).reduce(putIn, whole)) };
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

function shorten(text, [long, short]) {
  const shortened = text.replaceAll(long, short);
  if (shortened === text) throw new Error(`markdown-it has no ${long} any more.`);
  return shortened;
}
