import { codeBlock } from '../code/codeBlock.ts';
import { element, icon } from '../dom/element.ts';
import { readFenceInfo } from './fenceInfo.ts';
import { fileLink, linkedPlace, linkedSession, linkedText, webLink } from './fileLink.ts';
import { linkTarget } from './linkTarget.ts';
import { pairTags } from './htmlTags.ts';
import { moreRows, shownRows } from './longTable.ts';
import { parseBlocks, parseInline, type Token } from './markdown.ts';
import { l10n } from '../../core/l10n.ts';

/**
 * Markdown tokens as DOM nodes. Nodes are made one by one and never parsed from a string, so nothing a
 * model writes can become markup. Of a table at most `rowLimit` rows are made.
 */
export function blockNodes(tokens: readonly Token[], rowLimit = shownRows): Node[] {
  const root = document.createDocumentFragment();
  const open: ParentNode[] = [root];
  let isBeyond = false;
  for (const token of tokens) {
    const parent = open.at(-1) ?? root;
    if (token.type === 'tbody_close') isBeyond = false;
    if (token.hidden || isBeyond) continue;
    isBeyond = token.type === 'tr_open' && parent.childElementCount === rowLimit;
    if (isBeyond) parent.append(moreRows(parent.firstElementChild?.childElementCount ?? 1));
    else if (token.type === 'inline') appendEach(parent, inlineNodes(token.children ?? []));
    else if (token.nesting === 1) open.push(openBlock(token, parent));
    else if (token.nesting === -1) closeBlock(open);
    else parent.append(leafBlock(token));
  }
  return [...root.childNodes];
}

/** A short text that is all there, as Markdown. */
export function shortMarkdown(text: string): HTMLElement {
  return element('div', { class: 'markdown', dir: 'auto' }, ...blockNodes(parseBlocks(text, {})));
}

/** The same of a line. */
export function lineMarkdown(text: string): readonly Node[] {
  return inlineNodes(parseInline(text, {}));
}

/** One by one: a text may have more nodes than a call takes arguments. */
function appendEach(parent: ParentNode, nodes: readonly (Node | string)[]): void {
  for (const node of nodes) parent.append(node);
}

function openBlock(token: Token, parent: ParentNode): ParentNode {
  const made = document.createElement(token.tag);
  for (const [name, value] of token.attrs ?? []) {
    if (name === 'style') made.style.textAlign = String(value).replace('text-align:', '');
    else made.setAttribute(name, String(value));
  }
  if (token.tag === 'table')
    parent.append(element('div', { class: 'table', tabindex: '0', role: 'region' }, made));
  else parent.append(made);
  return made;
}

function closeBlock(open: ParentNode[]): void {
  const closed = open.pop();
  if (closed instanceof HTMLLIElement) markTask(closed);
  if (closed instanceof HTMLTableElement) closed.parentElement?.setAttribute('aria-label', l10n.t('Table'));
}

/** Shows the `[ ]` or `[x]` that a list item begins with as a box. */
function markTask(item: HTMLLIElement): void {
  const holder = item.firstChild instanceof HTMLParagraphElement ? item.firstChild : item;
  const text = holder.firstChild;
  if (!(text instanceof Text)) return;
  const match = /^\[([ xX])\] /.exec(text.data);
  if (!match) return;
  const done = match[1] !== ' ';
  text.deleteData(0, match[0].length);
  item.classList.add('task');
  const label = done ? l10n.t('done') : l10n.t('to do');
  holder.prepend(
    element('span', { class: 'task-box', role: 'img', 'aria-label': label }, icon(done ? 'check' : 'blank')),
  );
}

function leafBlock(token: Token): Node {
  switch (token.type) {
    case 'fence':
      return fence(token);
    case 'code_block':
      return codeBlock(token.content, '');
    case 'hr':
      return document.createElement('hr');
    default:
      return document.createTextNode(token.content);
  }
}

function fence({ content, info }: Token): HTMLElement {
  const { language, title, place } = readFenceInfo(info);
  return codeBlock(content, language, place && title ? fileLink(place, title) : title);
}

/** The inline tokens of one block as nodes. */
export function inlineNodes(tokens: readonly Token[]): Node[] {
  const root = document.createDocumentFragment();
  const open: (ParentNode & Node)[] = [root];
  const pairs = pairTags(tokens);
  let insideLink = 0;
  for (const [index, token] of tokens.entries()) {
    const parent = open.at(-1) ?? root;
    if (pairs.has(index)) {
      if (token.markup === '/') open.pop();
      else open.push(parent.appendChild(document.createElement(token.tag)));
      continue;
    }
    if (token.type === 'link_open') insideLink += 1;
    if (token.type === 'link_close') insideLink -= 1;
    if (token.nesting === 1) {
      const made = token.type === 'link_open' ? link(token) : document.createElement(token.tag);
      parent.append(made);
      open.push(made);
    } else if (token.nesting === -1) {
      const closed = open.length > 1 ? open.pop() : undefined;
      if (isSource(token, closed)) closed.append('>');
    } else {
      appendInline(parent, token, insideLink > 0);
    }
  }
  root.normalize();
  return [...root.childNodes];
}

function appendInline(parent: ParentNode & Node, token: Token, insideLink: boolean): void {
  switch (token.type) {
    case 'text':
      if (insideLink) parent.append(token.content);
      else appendEach(parent, linkedText(token.content, isTouched(parent)));
      return;
    case 'softbreak':
      parent.append('\n');
      return;
    case 'html_comment':
      parent.append(document.createComment(token.content));
      return;
    case 'html_tag':
      parent.append(token.tag === 'br' && token.markup === '' ? document.createElement('br') : token.content);
      return;
    case 'hardbreak':
      parent.append(document.createElement('br'), '\n');
      return;
    case 'code_inline':
      parent.append(inlineCode(token.content, insideLink));
      return;
    case 'image':
      parent.append(image(token));
      return;
    default:
      parent.append(token.content);
  }
}

/** Whether the last child is an element that the next words touch: a path may have begun before it, or in it. */
function isTouched({ lastChild }: ParentNode & Node): boolean {
  return lastChild instanceof Element && lastChild.tagName !== 'BR';
}

function inlineCode(text: string, insideLink: boolean): Node {
  const code = element('code', { text });
  if (insideLink) return code;
  return linkedSession(text, code) ?? linkedPlace(text, code) ?? code;
}

/** The text of a link that may lead nowhere stays; where it is its own text, so do the brackets around it. */
function link(token: Token): HTMLElement {
  const target = linkTarget(String(token.attrGet('href') ?? ''));
  if (target?.kind === 'web') return webLink(target.url);
  if (target?.kind === 'file' && token.markup !== 'autolink') return fileLink(target.place);
  const text = document.createElement('span');
  if (isSource(token, text)) text.append('<');
  return text;
}

/** Whether what stands in angle brackets is no link. */
function isSource({ markup }: Token, shown: ParentNode | undefined): shown is HTMLSpanElement {
  return markup === 'autolink' && shown instanceof HTMLSpanElement;
}

/** A picture that the text contains itself; one from elsewhere is a link, since the page loads nothing. */
function image(token: Token): Node {
  const source = String(token.attrGet('src') ?? '');
  const description = plainText(token.children ?? []);
  const alternative = description || l10n.t('image');
  const target = linkTarget(source);
  switch (target?.kind) {
    case 'picture':
      return element('img', { src: target.source, alt: description });
    case 'web':
      return webLink(target.url, icon('file-media'), alternative);
    case 'file':
      return fileLink(target.place, alternative);
    default:
      return document.createTextNode(alternative);
  }
}

function plainText(tokens: readonly Token[]): string {
  return tokens.map((token) => (token.children ? plainText(token.children) : token.content)).join('');
}
