/** Characters of a text that are read of its beginning and of its end: what is longer takes its time and is not said. */
const headLength = 24_000;
const tailLength = 12_000;
/** Characters of a line that are read. */
const lineLength = 4000;

/** Controls, and marks that turn what stands around them: neither is a word. Joiners and the marks of a direction stay. */
const unreadable = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** What of a foreign text can be read, and no more of it than is worth the time; its Markdown stays whole. */
export function readableText(text: string): string {
  const read = text.length <= headLength + tailLength ? text : joinEnds(text);
  const lines = read
    .toWellFormed()
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll(unreadable, '')
    .split('\n')
    .map((line) => (line.length > lineLength ? line.slice(0, lineLength).toWellFormed() : line));
  return closeFence(withoutComments(lines.join('\n')));
}

/** A paragraph that is no code, in the scripts that have capital letters. */
const prose = /^\p{Lu}\p{L}*[,.]? [^{}();=<>\n]{20,}[.!?]$/u;

/** Text whose last code block somebody forgot to end: it ends before the prose with which the text does. */
function closeFence(text: string): string {
  const fence = openFence(text, '');
  if (fence === '') return text;
  const paragraphs = text.trimEnd().split('\n\n');
  const last = paragraphs.findLastIndex((paragraph) => !prose.test(paragraph)) + 1;
  if (last === 0 || last === paragraphs.length) return text;
  return [...paragraphs.slice(0, last), fence, ...paragraphs.slice(last)].join('\n\n');
}

/** The beginning and the end of a long text; a code block that one of them cuts is closed or opened there. */
function joinEnds(text: string): string {
  const headEnd = text.lastIndexOf('\n', headLength);
  const head = text.slice(0, headEnd > headLength / 2 ? headEnd : headLength);
  const tailStart = text.indexOf('\n', text.length - tailLength);
  const tail = text.slice(tailStart === -1 ? text.length - tailLength : tailStart + 1);
  const cut = openFence(head, '');
  const open = openFence(text.slice(head.length, text.length - tail.length), cut);
  return [head, cut, '', open, tail].join('\n');
}

/** The marks of the code block in which a text ends that begins in one with the marks `fence`; empty: in none. */
function openFence(text: string, fence: string): string {
  let open = fence;
  for (const line of text.split('\n')) {
    const marks = /^ {0,12}(`{3,}|~{3,})/.exec(line)?.[1];
    if (marks === undefined) continue;
    if (open === '') open = marks;
    else if (marks.startsWith(open)) open = '';
  }
  return open;
}

/** Text without the comments of HTML, which nobody reads. */
function withoutComments(text: string): string {
  const kept: string[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf('<!--', at);
    const end = start === -1 ? -1 : text.indexOf('-->', start);
    if (end === -1) return kept.concat(text.slice(at)).join('');
    kept.push(text.slice(at, start));
    at = end + 3;
  }
}
