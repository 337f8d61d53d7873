import type { StateBlock, StateInline, Token } from 'markdown-it';

/**
 * The few tags of HTML that models write where Markdown has no sign: none has attributes, and each becomes an element that
 * is made by hand. All others stay text.
 */
const inlineTag =
  /<(\/?)(br|kbd|sub|sup|mark|ins|del|s|u|b|strong|i|em|small|q|var|samp|cite)[ \t\n]{0,9}(\/?)>/iy;
const detailsTag = /^<details(?:[ \t]{1,9}open)?[ \t]{0,9}>/i;
/** A tag of the same kind behind the marks of lists and quotes. */
const innerDetails = /^(?:(?:[-*+>]|\d{1,9}[.)])[ \t]{1,9}){0,9}<details(?:[ \t]{1,9}open)?[ \t]{0,9}>/i;
const closed = '</details>';
/** Elements within each other are bounded: a page can lay out no more. */
const deepest = 20;

/** Where the next comment ends, by the text that is parsed: looked for once, whatever the text says. */
const ends = new WeakMap<StateInline, number>();

/** A tag, a comment: they stand there as tokens of their own, with their source as content. */
export function tagRule(state: StateInline, silent: boolean): boolean {
  if (state.src.charAt(state.pos) !== '<') return false;
  const end = state.src.startsWith('<!--', state.pos) ? endOfComment(state) : undefined;
  inlineTag.lastIndex = state.pos;
  const [written = '', slash = '', name = '', own = ''] = inlineTag.exec(state.src) ?? [];
  // Only what breaks a line ends itself.
  const isTag = written !== '' && (own === '' || name.toLowerCase() === 'br');
  if (end === undefined && !isTag) return false;
  const source = end === undefined ? written : state.src.slice(state.pos, end);
  if (!silent) {
    const token = state.push(end === undefined ? 'html_tag' : 'html_comment', name.toLowerCase(), 0);
    token.content = source;
    token.markup = slash;
  }
  state.pos += source.length;
  return true;
}

function endOfComment(state: StateInline): number | undefined {
  const from = state.pos + 4;
  let end = ends.get(state) ?? 0;
  if (end < from + 3) {
    const found = state.src.indexOf('-->', from);
    end = found < 0 ? Infinity : found + 3;
    ends.set(state, end);
  }
  return end > state.posMax ? undefined : end;
}

/** Which tags have their other half in the same element: by their indices, that of the other one. */
export function pairTags(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const frames: number[][] = [[]];
  for (const [index, { type, tag, markup, nesting }] of tokens.entries()) {
    if (nesting === 1) frames.push([]);
    else if (nesting === -1 && frames.length > 1) frames.pop();
    if (type !== 'html_tag' || tag === 'br') continue;
    const open = frames.at(-1) ?? [];
    if (markup === '' && open.length < deepest) open.push(index);
    // No more are looked through than may be open.
    const at = markup === '/' ? open.findLastIndex((one) => tokens[one]?.tag === tag) : -1;
    if (at < 0) continue;
    pairs.set(open[at] ?? 0, index);
    pairs.set(index, open[at] ?? 0);
    open.length = at;
  }
  return pairs;
}

/** A `<details>` at the beginning of a line, to its end or the text's, with Markdown in it. */
export function detailsRule(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if ((state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false;
  const [written] = detailsTag.exec(lineOf(state, startLine)) ?? [];
  if (written === undefined) return false;
  if (silent) return true;
  const last = lastLine(state, startLine, endLine);
  const opening = state.push('details_open', 'details', 1);
  opening.map = [startLine, Math.min(last + 1, endLine)];
  parseInside(
    state,
    startLine,
    last,
    (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0) + written.length,
  );
  state.push('details_close', 'details', -1);
  state.line = Math.min(last + 1, endLine);
  return true;
}

/** The line that closes it; one beyond the text where none does. */
function lastLine(state: StateBlock, startLine: number, endLine: number): number {
  let depth = 0;
  let fence = '';
  for (let line = startLine; line < endLine; line += 1) {
    const text = lineOf(state, line);
    // The container that it stands in goes no further.
    if (text !== '' && (state.sCount[line] ?? 0) < state.blkIndent) return line - 1;
    const [marker = ''] = /^(?:`{3,}|~{3,})/.exec(text) ?? [];
    if (fence !== '') {
      if (marker.startsWith(fence) && text.trim() === marker) fence = '';
    } else if (marker !== '') fence = marker;
    else {
      if (innerDetails.test(text)) depth += 1;
      if (text.trimEnd().toLowerCase().endsWith(closed)) depth -= 1;
      if (depth === 0) return line;
    }
  }
  return endLine;
}

function lineOf(state: StateBlock, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);
}

/** The summary, then what stands between it and the end, also on the same lines. */
function parseInside(state: StateBlock, startLine: number, last: number, from: number): void {
  let line = startLine;
  let at = from;
  const isBlank = (): boolean => state.src.slice(at, state.eMarks[line]).trim() === '';
  const next = (): void => {
    line += 1;
    at = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
  };
  if (isBlank() && line < last) next();
  const summary = /^[ \t]*<summary[ \t]{0,9}>(.*?)<\/summary[ \t]{0,9}>/i.exec(
    state.src.slice(at, state.eMarks[line]),
  );
  if (summary) {
    state.push('summary_open', 'summary', 1).map = [line, line + 1];
    const inline = state.push('inline', '', 0);
    inline.content = (summary[1] ?? '').trim();
    inline.map = [line, line + 1];
    inline.children = [];
    state.push('summary_close', 'summary', -1);
    at += summary[0].length;
  }
  const closing = last < state.lineMax ? lineOf(state, last).trimEnd() : '';
  const isClosed = closing.toLowerCase().endsWith(closed);
  const end = isClosed
    ? (state.bMarks[last] ?? 0) + (state.tShift[last] ?? 0) + closing.length - closed.length
    : undefined;
  if (isBlank()) next();
  parseLines(state, { line, at, last, end });
}

/** Parses the lines from `line` to `last`, of the first one what stands behind `at`, of the last one what stands before `end`. */
function parseLines(
  state: StateBlock,
  { line, at, last, end }: { line: number; at: number; last: number; end: number | undefined },
): void {
  const stop = Math.min(state.lineMax, last + 1);
  if (line >= stop || (end !== undefined && end <= at)) return;
  const kept = {
    begin: state.bMarks[line],
    shift: state.tShift[line],
    end: state.eMarks[last],
    max: state.lineMax,
  };
  const shift = /^[ \t]*/.exec(state.src.slice(at, state.eMarks[line]))?.[0].length ?? 0;
  state.bMarks[line] = at;
  state.tShift[line] = shift;
  if (end !== undefined) state.eMarks[last] = end;
  state.lineMax = stop;
  state.md.block.tokenize(state, line, stop);
  state.lineMax = kept.max;
  state.bMarks[line] = kept.begin ?? 0;
  state.tShift[line] = kept.shift ?? 0;
  state.eMarks[last] = kept.end ?? 0;
}
