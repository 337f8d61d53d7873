import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import kotlin from 'highlight.js/lib/languages/kotlin';
import markdown from 'highlight.js/lib/languages/markdown';
import php from 'highlight.js/lib/languages/php';
import python from 'highlight.js/lib/languages/python';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import shell from 'highlight.js/lib/languages/shell';
import sql from 'highlight.js/lib/languages/sql';
import swift from 'highlight.js/lib/languages/swift';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { buildCodeSheet } from './codeSheet.ts';
import { colourBlock } from './colourBlock.ts';
import type { CodeSegment, Highlight } from './highlightApi.ts';

// The page loads this when the first code that is complete has come into view.

const languages = {
  bash,
  c,
  cpp,
  csharp,
  css,
  diff,
  dockerfile,
  go,
  ini,
  java,
  javascript,
  json,
  kotlin,
  markdown,
  php,
  python,
  ruby,
  rust,
  shell,
  sql,
  swift,
  typescript,
  xml,
  yaml,
};
type LanguageName = keyof typeof languages;

/** Other names, as highlight.js has them; it knows them only of languages that are registered. */
const aliases: Readonly<Record<LanguageName, string>> = {
  bash: 'sh zsh ksh fish shellscript',
  c: 'h',
  cpp: 'cc c++ h++ hpp hh hxx cxx ino',
  csharp: 'cs c#',
  css: 'scss less',
  diff: 'patch',
  dockerfile: 'docker containerfile',
  go: 'golang',
  ini: 'toml cfg conf env dotenv properties editorconfig',
  java: 'jsp',
  javascript: 'js jsx mjs cjs node javascriptreact',
  json: 'jsonc json5 jsonl ndjson geojson',
  kotlin: 'kt kts ktm ktx',
  markdown: 'md mkdown mkd mdx',
  php: '',
  python: 'py pyi gyp ipython',
  ruby: 'rb gemspec podspec thor irb',
  rust: 'rs',
  shell: 'console shellsession',
  sql: 'postgres postgresql pgsql psql mysql sqlite',
  swift: '',
  typescript: 'ts tsx mts cts typescriptreact',
  xml: 'html vue svelte xhtml rss atom xjb xsd xsl plist wsf svg',
  yaml: 'yml',
};
const names = new Map(
  (Object.keys(languages) as LanguageName[]).flatMap((name) =>
    [name, ...aliases[name].split(' ').filter(Boolean)].map((word) => [word, name] as const),
  ),
);
/** Languages that stand inside others. */
const embedded: Readonly<Partial<Record<LanguageName, readonly LanguageName[]>>> = {
  dockerfile: ['bash'],
  javascript: ['xml', 'css'],
  markdown: ['xml'],
  shell: ['bash'],
  typescript: ['xml', 'css'],
  xml: ['css', 'javascript'],
};

/** Makes a language known when it is first wanted: each takes a moment, and most are never. */
function register(name: LanguageName): void {
  if (hljs.getLanguage(name)) return;
  hljs.registerLanguage(name, languages[name]);
  for (const inner of embedded[name] ?? []) register(inner);
}

/** Keywords that themes colour in ways of their own: what rules the flow, and what makes things and how they are. */
const control = wordSet(
  'as await break case catch continue default defer do done elif else elsif ensure esac except export fi finally for',
  'foreach from go goto if import include loop match pass raise range rescue return select switch then throw try',
  'unless until when while with yield',
);
const storage = wordSet(
  'abstract async class const constexpr def enum extends extern final function implements inline interface lambda let',
  'local mut namespace override private protected public readonly sealed static struct trait type union val var',
  'virtual volatile',
);
/** Types among what is built in; the rest are functions. */
const builtInType = /^(?:any|bigint|boolean|never|number|object|string|symbol|unknown|void|[A-Z]\w*)$/;

function wordSet(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.join(' ').split(' '));
}

const tag = /<span class="hljs-([\w -]+)">|<span[^<>]*>|<\/span>/g;
const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
};

export const highlight: Highlight = (code, language) => {
  const name = names.get(language);
  if (name === undefined) return undefined;
  register(name);
  return toSegments(hljs.highlight(code, { language: name, ignoreIllegals: true }).value, name);
};

/** highlight.js answers in HTML; we read its tags and never hand them to the document. */
function toSegments(html: string, language: LanguageName): CodeSegment[] {
  const segments: CodeSegment[] = [];
  const scopes: (string | undefined)[] = [];
  let end = 0;
  const push = (upTo: number): void => {
    if (upTo > end) segments.push(toSegment(decode(html.slice(end, upTo)), scopes.at(-1), language));
  };
  for (const match of html.matchAll(tag)) {
    push(match.index);
    if (match[0] === '</span>') scopes.pop();
    else scopes.push(match[1]?.split(' ').map(withoutUnderscores).join('.'));
    end = match.index + match[0].length;
  }
  push(html.length);
  return segments;
}

/** `function_` is `function`: highlight.js marks so what is no word of its own. */
function withoutUnderscores(word: string): string {
  return word.replace(/(?<!_)_+$/, '');
}

function toSegment(text: string, scope: string | undefined, language: LanguageName): CodeSegment {
  return scope === undefined ? { text } : { text, scope: refine(scope, text, language) };
}

function refine(scope: string, text: string, language: LanguageName): string {
  if (scope === 'attr') return `attr.${language}`;
  if (scope === 'built_in' && builtInType.test(text)) return 'type';
  if (scope !== 'keyword') return scope;
  if (control.has(text)) return 'keyword.control';
  return storage.has(text) ? 'keyword.storage' : scope;
}

function decode(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => entities[entity] ?? entity);
}

export const colour = (block: Element): void => colourBlock(block, highlight);

export { buildCodeSheet as buildSheet };
