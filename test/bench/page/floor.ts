import type { Highlighting } from '../../../src/webview/code/highlightApi.ts';
import { Highlighter } from '../../../src/webview/code/highlighter.ts';
import { MarkdownStream } from '../../../src/webview/markdown/markdownStream.ts';
import * as shortcuts from '../../../src/webview/markdown/shortcuts.ts';
import type { FloorChange, FloorMessage, FloorPart, FromFloor, ToFloor } from '../floorProtocol.ts';

// The floor: the least that a page can do. Plain DOM, only the messages near the view, Markdown block by block, code
// coloured when the page is idle; no composer, no header, no tool bodies, no themes, no accessibility. Slower than this nobody needs to be.

declare function acquireVsCodeApi(): { postMessage(message: FromFloor): void };

const api = acquireVsCodeApi();
// Named so that it is not built into this script.
const highlightScript = '/floorHighlight.js';
const nothing = (): void => undefined;
const highlighter = new Highlighter(() => import(highlightScript) as Promise<Highlighting>, nothing, nothing);
const margin = 600;
const guess = 120;

interface Row {
  readonly element: HTMLElement;
  readonly parts: Map<string, { readonly stream: MarkdownStream; shown: number }>;
}

const messages: FloorMessage[] = [];
const heights = new Map<string, number>();
const rows = new Map<string, Row>();
const scroller = make('div', 'floor-scroller');
const above = make('div', '');
const list = make('div', '');
const below = make('div', '');
let isFollowing = true;
/** Where the view was brought to: a scroll to there is no word of the reader's. */
let ownTop = -1;
let isAsking = false;

function make(tag: string, className: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}

function heightOf(id: string): number {
  return heights.get(id) ?? guess;
}

function offsetOf(index: number): number {
  let offset = 0;
  for (let before = 0; before < index; before += 1) offset += heightOf(messages[before]?.id ?? '');
  return offset;
}

function indexAt(offset: number): number {
  let rest = offset;
  for (let index = 0; index < messages.length; index += 1) {
    rest -= heightOf(messages[index]?.id ?? '');
    if (rest > 0) continue;
    return index;
  }
  return Math.max(0, messages.length - 1);
}

function render(): void {
  const anchor = isFollowing ? -1 : indexAt(scroller.scrollTop);
  const past = scroller.scrollTop - offsetOf(anchor);
  for (let round = 0; round < 4; round += 1) {
    const end = offsetOf(messages.length) - scroller.clientHeight;
    const top = isFollowing ? end : offsetOf(anchor) + past;
    const first = indexAt(top - margin);
    const last = indexAt(top + scroller.clientHeight + margin);
    if (!showRows(first, last)) break;
    above.style.height = `${offsetOf(first)}px`;
    below.style.height = `${offsetOf(messages.length) - offsetOf(last + 1)}px`;
    scroller.scrollTop = isFollowing ? scroller.scrollHeight : offsetOf(anchor) + past;
  }
  // Also where no row is otherwise: older messages moved the view.
  if (isFollowing) scroller.scrollTop = scroller.scrollHeight;
  ownTop = scroller.scrollTop;
  if (indexAt(scroller.scrollTop) < 60) askOlder();
}

/** Brings these rows into the document and measures them; false if nothing was different. */
function showRows(first: number, last: number): boolean {
  const wanted = messages.slice(first, last + 1);
  const ids = new Set(wanted.map(({ id }) => id));
  for (const [id, { element }] of rows) {
    if (ids.has(id)) continue;
    element.remove();
    rows.delete(id);
  }
  let before = list.firstElementChild;
  for (const message of wanted) {
    const row = rows.get(message.id) ?? buildRow(message);
    if (row.element === before) before = before.nextElementSibling;
    else list.insertBefore(row.element, before);
  }
  return measure();
}

function measure(): boolean {
  let differs = false;
  for (const [id, { element }] of rows) {
    const height = element.offsetHeight;
    differs ||= heights.get(id) !== height;
    heights.set(id, height);
  }
  return differs;
}

function buildRow(message: FloorMessage): Row {
  const row: Row = { element: make('article', `floor-message floor-${message.role}`), parts: new Map() };
  row.element.dataset['messageId'] = message.id;
  rows.set(message.id, row);
  for (const part of message.parts) showPart(row, part);
  return row;
}

function showPart(row: Row, part: FloorPart): void {
  if (part.type === 'tool') {
    const summary = make('summary', '');
    summary.textContent = part.text;
    const details = make('details', '');
    details.append(summary);
    row.element.append(details);
    return;
  }
  if (part.type !== 'text' && part.type !== 'reasoning') return;
  const known = row.parts.get(part.id) ?? startPart(row, part.id);
  if (part.text.length > known.shown) known.stream.append(part.text.slice(known.shown));
  known.shown = part.text.length;
}

function startPart(row: Row, id: string) {
  const element = make('div', 'markdown');
  row.element.append(element);
  const stream = new MarkdownStream(element, (block) => highlighter.watch(block), {
    shortcuts: () => shortcuts,
  });
  const part = { stream, shown: 0 };
  row.parts.set(id, part);
  return part;
}

function apply(change: FloorChange): void {
  if (change.kind === 'message') {
    if (!messages.some(({ id }) => id === change.id)) messages.push({ ...change, parts: [] });
    return;
  }
  const message = messages.findLast(({ id }) => id === change.messageId);
  if (!message) return;
  const partId = change.kind === 'part' ? change.part.id : change.partId;
  let part = message.parts.find(({ id }) => id === partId);
  if (change.kind === 'append') {
    if (part) part.text += change.text;
  } else if (part) part.text = change.part.text;
  else message.parts.push((part = change.part));
  const row = rows.get(message.id);
  if (row && part) showPart(row, part);
}

function askOlder(): void {
  if (isAsking) return;
  isAsking = true;
  api.postMessage({ type: 'loadOlder' });
}

function receive(message: ToFloor): void {
  switch (message.type) {
    case 'show':
      messages.push(...message.messages);
      break;
    case 'older':
      isAsking = message.messages.length === 0;
      prepend(message.messages);
      return;
    case 'changes':
      requestAnimationFrame(() => {
        for (const change of message.changes) apply(change);
        render();
      });
      return;
  }
  render();
}

function prepend(older: readonly FloorMessage[]): void {
  const { scrollTop } = scroller;
  messages.unshift(...older);
  above.style.height = `${above.offsetHeight + older.length * guess}px`;
  scroller.scrollTop = scrollTop + older.length * guess;
  render();
}

scroller.append(above, list, below);
document.querySelector('#transcript')?.append(scroller);
scroller.addEventListener('scroll', () => {
  if (Math.abs(scroller.scrollTop - ownTop) < 1) return;
  isFollowing = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop < 8;
  if (!isFollowing) render();
});
window.addEventListener('message', ({ data }: MessageEvent<ToFloor>) => receive(data));
api.postMessage({ type: 'ready' });
