import { findSameLetters } from '../../core/sameLetters.ts';

/** Words of the page's own beside what was said and done: the search does not count them. */
const ownWords =
  '.button:not(.file-name), .tool-verb, .tool-detail, .additions, .deletions, .visually-hidden, .mark, .own-words, .file-size, .figures:not(.purpose), :is(.reasoning, .text) > .disclosure-head';

/** Words found, as highlights of their own (`::highlight(…)`): the document is not changed. */
const [all, current] = ['found', 'found-current'];

/** Marks `query` wherever it stands in the parts under `root`; the one at `place` is told from the others. */
export function markFound(
  root: ParentNode,
  query: string,
  place: { readonly partId: string; readonly occurrence: number } | undefined,
): void {
  const others: StaticRange[] = [];
  let chosen: StaticRange | undefined;
  for (const part of root.querySelectorAll<HTMLElement>('[data-part-id]')) {
    const ranges = findRanges(part, query);
    const at = part.dataset['partId'] === place?.partId ? place?.occurrence : undefined;
    for (const [index, range] of ranges.entries()) {
      if (index === at) chosen = range;
      else others.push(range);
    }
  }
  CSS.highlights.set(all, new Highlight(...others));
  CSS.highlights.set(current, chosen === undefined ? new Highlight() : new Highlight(chosen));
}

/** Takes the marks away. */
export function clearFound(): void {
  CSS.highlights.delete(all);
  CSS.highlights.delete(current);
}

/** Where `query` stands in what `part` shows, by the same letters and regardless of the elements that it is divided into. */
export function findRanges(part: HTMLElement, query: string): StaticRange[] {
  const { nodes, starts, text } = shownText(part);
  const ranges: StaticRange[] = [];
  let node = 0;
  const seek = (offset: number): number => {
    while ((starts[node + 1] ?? Infinity) <= offset) node += 1;
    return node;
  };
  for (const [start, end] of findSameLetters(text, query)) {
    const first = seek(start);
    const last = seek(end - 1);
    const [startContainer, endContainer] = [nodes[first], nodes[last]];
    if (startContainer === undefined || endContainer === undefined) break;
    ranges.push(
      new StaticRange({
        startContainer,
        startOffset: start - (starts[first] ?? 0),
        endContainer,
        endOffset: end - (starts[last] ?? 0),
      }),
    );
  }
  return ranges;
}

/** Where the words stand in a part, scrolled to in it; the end of the part where they are beyond what it shows. */
export function placeOfFound(part: HTMLElement, query: string, occurrence = 0): DOMRect {
  const found = findRanges(part, query)[occurrence];
  if (found === undefined)
    return (part.querySelector('[data-testid=show-all]') ?? part).getBoundingClientRect();
  // What is folded away is opened.
  if (part.matches('.earlier-attempt')) part.parentElement?.classList.add('shows-attempts');
  const range = document.createRange();
  range.setStart(found.startContainer, found.startOffset);
  range.setEnd(found.endContainer, found.endOffset);
  range.startContainer.parentElement?.closest('details')?.setAttribute('open', '');
  const box = range.startContainer.parentElement?.closest('pre, .diff');
  if (box) {
    const [words, frame] = [range.getBoundingClientRect(), box.getBoundingClientRect()];
    if (words.top < frame.top || words.bottom > frame.bottom) box.scrollTop += words.top - frame.top - 20;
    if (words.left < frame.left || words.right > frame.right) box.scrollLeft += words.left - frame.left - 20;
  }
  return range.getBoundingClientRect();
}

interface ShownText {
  readonly nodes: readonly Text[];
  /** Where the text of each node begins in `text`. */
  readonly starts: readonly number[];
  readonly text: string;
}

function shownText(part: HTMLElement): ShownText {
  const nodes: Text[] = [];
  const starts: number[] = [];
  let text = '';
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!(node instanceof Text)) continue;
    if (node.parentElement?.closest(ownWords)) {
      // Nothing is found from what stands before them to what stands behind.
      text += '\n';
      continue;
    }
    nodes.push(node);
    starts.push(text.length);
    text += node.data;
  }
  return { nodes, starts, text };
}
