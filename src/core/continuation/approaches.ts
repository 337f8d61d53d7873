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

function findHeadings(lines: readonly string[]): { line: number; level: number; title: string }[] {
  let fence = '';
  return lines.flatMap((text, line) => {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    if (mark !== undefined && fence === '') fence = mark;
    else if (mark !== undefined && mark[0] === fence[0] && mark.length >= fence.length) fence = '';
    const heading = fence === '' ? /^(#{1,6})\s+(.*?)\s*#*\s*$/.exec(text) : null;
    return heading === null ? [] : [{ line, level: heading[1]?.length ?? 1, title: heading[2] ?? '' }];
  });
}
