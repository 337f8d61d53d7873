import { codeBlock } from '../code/codeBlock.ts';
import { element, icon } from '../dom/element.ts';
import { fileLink, linkedText, parseFilePlace, webLink } from './fileLink.ts';
import { moreRows, shownRows } from './longTable.ts';
import { isWebLink, type Token } from './markdown.ts';
import { l10n } from '../../core/l10n.ts';
import { isInlineImage } from '../../core/entries/inlineImage.ts';

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
      return codeBlock(token.content, token.info.trim().split(/\s+/)[0] ?? '');
    case 'code_block':
      return codeBlock(token.content, '');
    case 'hr':
      return document.createElement('hr');
    default:
      return document.createTextNode(token.content);
  }
}

/** The inline tokens of one block as nodes. */
export function inlineNodes(tokens: readonly Token[]): Node[] {
  const root = document.createDocumentFragment();
  const open: ParentNode[] = [root];
  let insideLink = 0;
  for (const token of tokens) {
    const parent = open.at(-1) ?? root;
    if (token.type === 'link_open') insideLink += 1;
    if (token.type === 'link_close') insideLink -= 1;
    if (token.nesting === 1) {
      const made = token.type === 'link_open' ? link(token) : document.createElement(token.tag);
      parent.append(made);
      open.push(made);
    } else if (token.nesting === -1) {
      if (open.length > 1) open.pop();
    } else {
      appendInline(parent, token, insideLink > 0);
    }
  }
  root.normalize();
  return [...root.childNodes];
}

function appendInline(parent: ParentNode, token: Token, insideLink: boolean): void {
  switch (token.type) {
    case 'text':
      if (insideLink) parent.append(token.content);
      else appendEach(parent, linkedText(token.content));
      return;
    case 'softbreak':
      parent.append('\n');
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

function inlineCode(text: string, insideLink: boolean): HTMLElement {
  const code = element('code', { text });
  const place = insideLink ? undefined : parseFilePlace(text);
  return place === undefined ? code : fileLink(place, code);
}

function link(token: Token): HTMLElement {
  const url = String(token.attrGet('href') ?? '');
  if (isWebLink(url)) return webLink(url);
  if (url === '' || url.startsWith('#') || isInlineImage(url)) return document.createElement('span');
  return fileLink(toFilePlace(url));
}

function toFilePlace(url: string): { path: string; line?: number } {
  const path = decode(url.replace(/^file:\/\//i, '').replace(/[?#].*$/s, ''));
  const line = /#L?(\d+)/.exec(url)?.[1] ?? /:(\d+)(?::\d+)?$/.exec(path)?.[1];
  const bare = path.replace(/:\d+(?::\d+)?$/, '');
  return line === undefined ? { path: bare } : { path: bare, line: Number(line) };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A lone percent sign is no escape; the path is meant as it stands.
    return path;
  }
}

/** A picture that the text contains itself; one from elsewhere is a link, since the page loads nothing. */
function image(token: Token): Node {
  const source = String(token.attrGet('src') ?? '');
  const description = plainText(token.children ?? []);
  const alternative = description || l10n.t('image');
  if (isInlineImage(source)) return element('img', { src: source, alt: description });
  if (isWebLink(source)) return webLink(source, icon('file-media'), alternative);
  return source === '' ? document.createTextNode(alternative) : fileLink(toFilePlace(source), alternative);
}

function plainText(tokens: readonly Token[]): string {
  return tokens.map((token) => (token.children ? plainText(token.children) : token.content)).join('');
}
