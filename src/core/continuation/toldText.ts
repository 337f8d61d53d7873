import { fenceOf } from '../backticks.ts';

/** The texts that are told to a session, each saying where it comes from. */

/** `lines` as `3` or `3-9`, counted from 1; absent: the whole file. */
export function buildFileContext(file: {
  readonly path: string;
  readonly lines?: string;
  readonly language: string;
  readonly text: string;
}): string {
  const { path, lines, language, text } = file;
  return fence(text, language, lines === undefined ? `File ${path}:` : `Selection from ${path}:${lines}:`);
}

export interface ToldProblem {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  readonly message: string;
  /** What found it, e.g. `ts`. */
  readonly source: string | undefined;
}

export function buildProblemsContext(problems: readonly ToldProblem[]): string {
  const lines = problems.map(({ path, line, severity, message, source }) => {
    const said = source === undefined ? message : `${message} (${source})`;
    return `- ${path}:${line}: ${severity}: ${said}`;
  });
  return ['Problems:', ...lines].join('\n');
}

export function buildDiffContext(diff: string): string {
  return fence(diff, 'diff', 'Changes in the working tree:');
}

export function buildTerminalContext(text: string): string {
  return fence(text, '', 'From the terminal:');
}

/** A code block that its own text cannot end. */
function fence(text: string, language: string, heading: string): string {
  const marks = fenceOf(text);
  return `${heading}\n\n${marks}${language}\n${text.trimEnd()}\n${marks}`;
}
