/** One of several ways to go on from the same point. */
export interface Approach {
  /** Of its heading; names the fork. */
  readonly title: string;
  readonly prompt: string;
  /** Line of the heading in the document, from 0. */
  readonly line: number;
}

/**
 * Reads a document with one heading (of the level of its first one) for each approach and the prompt below it.
 * What stands before the first heading is a preamble for all. Headings in code blocks are none.
 */
export function parseApproaches(document: string): readonly Approach[] {
  const lines = document.split(/\r?\n/);
  const headings = findHeadings(lines);
  const level = headings[0]?.level;
  const starts = headings.filter((heading) => heading.level === level);
  const preamble = lines.slice(0, starts[0]?.line).join('\n').trim();
  return starts.map(({ line, title }, index) => {
    const body = lines
      .slice(line + 1, starts[index + 1]?.line)
      .join('\n')
      .trim();
    return {
      title,
      line,
      prompt: [body === '' ? '' : preamble, body].filter((entry) => entry !== '').join('\n\n'),
    };
  });
}

/** The document that parses back to these approaches. */
export function printApproaches(approaches: readonly Pick<Approach, 'title' | 'prompt'>[]): string {
  return approaches.map(({ title, prompt }) => `## ${title}\n\n${prompt}`.trim()).join('\n\n');
}

/** The headings of a document, in its order. Those in code blocks are none. */
export function findHeadings(lines: readonly string[]): { line: number; level: number; title: string }[] {
  let fence = '';
  return lines.flatMap((text, line) => {
    const marks = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    if (marks !== undefined && fence === '') fence = marks;
    else if (marks !== undefined && marks[0] === fence[0] && marks.length >= fence.length) fence = '';
    const [mark = '', signs = ''] = fence === '' ? (/^(#{1,6})\s+/.exec(text) ?? []) : [];
    return mark === '' ? [] : [{ line, level: signs.length, title: titleOf(text.slice(mark.length)) }];
  });
}

/** What stands in a heading, without the signs that may close it. */
function titleOf(text: string): string {
  return text
    .trimEnd()
    .replace(/(?<!#)#+$/, '')
    .trimEnd();
}
