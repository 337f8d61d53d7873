import { element } from '../dom/element.ts';
import { readCodeBlock } from './codeBlock.ts';
import type { CodeSegment, Highlight } from './highlightApi.ts';

/** So many characters of a block are coloured at most: each takes its time, in which the page does nothing else. */
const longest = 30_000;

/** Gives the code of a block, or the lines of a diff, the colours of their language. */
export function colourBlock(block: Element, highlight: Highlight): void {
  if (block.matches('.diff')) colourDiff(block, highlight);
  else colourCode(block, highlight);
}

function colourCode(block: Element, highlight: Highlight): void {
  const { text, language } = readCodeBlock(block);
  const segments = text.length > longest ? undefined : highlight(text, language.toLowerCase());
  if (segments === undefined) return;
  block.querySelector('code')?.replaceChildren(...toNodes(segments));
  block.setAttribute('data-highlighted', '');
}

/** Of a long diff the lines that stand first. Those above a gap tell nothing of what stands below it. */
function colourDiff(diff: Element, highlight: Highlight): void {
  let language = diff.getAttribute('data-language') ?? '';
  let room = longest;
  let hunk: Element[] = [];
  for (const line of diff.children) {
    if (line.matches('.gap')) {
      colourHunk(hunk, language, highlight);
      hunk = [];
      language = line.getAttribute('data-language') ?? language;
    } else {
      room -= textOf(line).length;
      if (room < 0) break;
      hunk.push(line);
    }
  }
  colourHunk(hunk, language, highlight);
  diff.setAttribute('data-highlighted', '');
}

/** What is there now and what was there before are two texts. What stands in both is coloured as it is now. */
function colourHunk(hunk: readonly Element[], language: string, highlight: Highlight): void {
  const isRemoved = (line: Element): boolean => line.matches('.removed');
  const now = hunk.filter((line) => !isRemoved(line));
  colourLines(now, now, language, highlight);
  const gone = hunk.filter(isRemoved);
  if (gone.length === 0) return;
  const before = hunk.filter((line) => !line.matches('.added'));
  colourLines(before, gone, language, highlight);
}

/** Colours some of the lines of a text. */
function colourLines(
  text: readonly Element[],
  wanted: readonly Element[],
  language: string,
  highlight: Highlight,
): void {
  const segments = highlight(text.map(textOf).join('\n'), language);
  if (segments === undefined) return;
  const lines = splitLines(segments);
  const isWanted = new Set(wanted);
  for (const [index, line] of text.entries()) {
    const said = lines[index] ?? [];
    // In one element: what stands side by side in a line would be copied as lines.
    if (isWanted.has(line) && said.some(({ scope }) => scope !== undefined)) {
      line.replaceChildren(element('span', {}, ...toNodes(said)));
    }
  }
}

/** An empty line has a sign in it that nobody sees, so that it is as high as the others. */
function textOf({ textContent }: Element): string {
  return textContent === '\u200b' ? '' : textContent;
}

function splitLines(segments: readonly CodeSegment[]): readonly (readonly CodeSegment[])[] {
  let line: CodeSegment[] = [];
  const lines = [line];
  for (const { text, ...segment } of segments) {
    for (const [index, piece] of text.split('\n').entries()) {
      if (index > 0) {
        line = [];
        lines.push(line);
      }
      if (piece !== '') line.push({ text: piece, ...segment });
    }
  }
  return lines;
}

function toNodes(segments: readonly CodeSegment[]): (Node | string)[] {
  return segments.map(({ text, scope }) =>
    scope === undefined ? text : element('span', { class: classOf(scope), text }),
  );
}

/** `title.class` has both words as classes. */
function classOf(scope: string): string {
  return scope
    .replaceAll('_', '')
    .split('.')
    .map((word) => `hl-${word}`)
    .join(' ');
}
