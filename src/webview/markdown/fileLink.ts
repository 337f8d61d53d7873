import { element } from '../dom/element.ts';
import { type FilePlace, findPlaces, parseFilePlace } from './filePlace.ts';
import { findAddresses } from './webAddress.ts';

/** A link that opens a file of the workspace; the page's one click listener acts on it. */
export function fileLink(target: FilePlace, ...children: readonly (Node | string)[]): HTMLAnchorElement {
  const where = target.line === undefined ? target.path : `${target.path}:${target.line}`;
  return element(
    'a',
    { href: '#', class: 'file-link', 'data-path': target.path, 'data-line': target.line, title: where },
    ...children,
  );
}

/** What is nothing but the id of a session, as a link to it; whether there is such a session only the host knows. */
export function linkedSession(text: string, shown: Node): Node | undefined {
  if (!/^ses_[0-9A-Za-z]{8,64}$/.test(text)) return undefined;
  return element('a', { href: '#', class: 'session-link', 'data-session-id': text }, shown);
}

/** A link to the web; the host opens it, the page itself never goes anywhere. */
export function webLink(url: string, ...children: readonly (Node | string)[]): HTMLAnchorElement {
  return element('a', { href: url, rel: 'noreferrer', title: url }, ...children);
}

/** What is nothing but the place of a file, as a link to it. */
export function linkedPlace(text: string, shown: Node): Node | undefined {
  const place = parseFilePlace(text, isWindows());
  return place && fileLink(place, shown);
}

/** `text` as nodes, with its web addresses and paths of files as links; `isTouched`: something stands right before it. */
export function linkedText(text: string, isTouched = false): (Node | string)[] {
  if (!/[/:(#\\]/.test(text)) return [text];
  const nodes: (Node | string)[] = [];
  let end = 0;
  for (const address of findAddresses(text)) {
    const url = text.slice(address.start, address.end);
    if (!URL.canParse(url)) continue;
    appendPlaces(nodes, text.slice(end, address.start), end > 0 || isTouched);
    nodes.push(webLink(url, url));
    ({ end } = address);
  }
  appendPlaces(nodes, text.slice(end), end > 0 || isTouched);
  return nodes;
}

function appendPlaces(nodes: (Node | string)[], text: string, isTouched: boolean): void {
  let end = 0;
  for (const place of findPlaces(text, isTouched, isWindows())) {
    if (place.start > end) nodes.push(text.slice(end, place.start));
    nodes.push(fileLink(place, text.slice(place.start, place.end)));
    ({ end } = place);
  }
  if (end < text.length) nodes.push(text.slice(end));
}

/** Where the files are; only the host knows. */
const isWindows = (): boolean => document.documentElement.dataset['system'] === 'win32';
