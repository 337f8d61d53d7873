import { findHeadings } from './approaches.ts';

/** The parts that a brief has, by what they are about. */
export const briefSections = ['what', 'endpoints', 'secrets', 'interface', 'acceptance'] as const;
export type BriefSectionName = (typeof briefSections)[number];

/** By which headings each is known, however a template of one's own words them; lower case, English. */
const known: Readonly<Record<BriefSectionName, RegExp>> = {
  what: /^(?:what\b|goal|overview|summary|feature|description|how it works)/,
  endpoints: /^(?:endpoints?|apis?|routes?)\b/,
  secrets: /^(?:secrets?|environment|configuration|env)\b/,
  interface: /^(?:ui|user interface|interface|screens?|frontend|design)\b/,
  acceptance: /^(?:acceptance|done when|definition of done|tests?|checks?)\b/,
};

/** The requests whose body is said in a brief; the others have none, or seldom one. */
const withBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

const requestLabel = /^(?:request|body|input|query|parameters?)\b/i;
const responseLabel = /^(?:response|returns?|output|answer|status)\b/i;

export const httpMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

export interface BriefSection {
  readonly name: BriefSectionName;
  readonly title: string;
  /** Lines of the document from 0: that of the heading, and the one after its last. */
  readonly line: number;
  readonly end: number;
  /** Whether anything stands below the heading that is no heading. */
  readonly isEmpty: boolean;
}

export interface BriefEndpoint {
  readonly title: string;
  readonly line: number;
  /** In capitals, where the heading begins with one. */
  readonly method: string | undefined;
  readonly path: string | undefined;
  /** Whether a shape of the request is said: absent where this method wants none. */
  readonly request: 'said' | 'missing' | 'unwanted';
  readonly hasResponse: boolean;
}

export interface Brief {
  readonly sections: readonly BriefSection[];
  readonly endpoints: readonly BriefEndpoint[];
}

interface Heading {
  readonly line: number;
  readonly level: number;
  readonly title: string;
}

/** Reads a brief by its headings, from a line of the document on. Headings in code blocks are none. */
export function parseBrief(document: string, fromLine: number): Brief {
  const lines = document.split(/\r?\n/);
  const body = lines.map((text, line) => (line < fromLine ? '' : text));
  const headings = findHeadings(body);
  const sections = headings.flatMap((heading) => {
    const name = nameOf(heading);
    return name === undefined ? [] : [toSection(name, heading, headings, body)];
  });
  const endpoints = sections
    .filter(({ name }) => name === 'endpoints')
    .flatMap((section) => readEndpoints(section, headings, body));
  return { sections, endpoints };
}

function nameOf({ level, title }: Heading): BriefSectionName | undefined {
  // The title of the whole is no section, and what stands below a section is a part of it.
  if (level !== 2) return undefined;
  const words = title.toLowerCase().replace(/^[\d.)\s*_]+/, '');
  return briefSections.find((name) => known[name].test(words));
}

function toSection(
  name: BriefSectionName,
  { line, level, title }: Heading,
  headings: readonly Heading[],
  lines: readonly string[],
): BriefSection {
  const end = headings.find((next) => next.line > line && next.level <= level)?.line ?? lines.length;
  return { name, title, line, end, isEmpty: isEmpty(lines.slice(line + 1, end)) };
}

/** A list sign or a box with nothing behind it says as little as an empty line. */
function isEmpty(lines: readonly string[]): boolean {
  return lines.every((text) => /^(?:[-*+]|\d{1,3}[.)])?[ \t]{0,4}(?:\[[ xX]?\])?$/.test(text.trim()));
}

function readEndpoints(
  { line: from, end }: BriefSection,
  headings: readonly Heading[],
  lines: readonly string[],
): BriefEndpoint[] {
  const within = headings.filter(({ line, level }) => line > from && line < end && level === 3);
  return within.map(({ line, title }, index) =>
    toEndpoint(title, line, lines.slice(line + 1, within[index + 1]?.line ?? end)),
  );
}

function toEndpoint(title: string, line: number, below: readonly string[]): BriefEndpoint {
  const [, word = '', path] = /^`?([A-Za-z]+)`?\s*`?(\/[^\s`]*)?/.exec(title) ?? [];
  const method = httpMethods.find((name) => name === word.toUpperCase());
  const wantsBody = method === undefined || withBody.has(method);
  const request = hasShape(below, requestLabel) ? 'said' : 'missing';
  return {
    title,
    line,
    method,
    path: method === undefined ? undefined : path,
    request: request === 'missing' && !wantsBody ? 'unwanted' : request,
    hasResponse: hasShape(below, responseLabel),
  };
}

/** Whether something stands behind or below such a label, up to the next line that is a label as well. */
function hasShape(lines: readonly string[], label: RegExp): boolean {
  const at = lines.findIndex((text) => label.test(wordsOf(text)));
  if (at === -1) return false;
  if (behindColon(lines[at] ?? '') !== '') return true;
  const rest = lines.slice(at + 1);
  const next = rest.findIndex((text) => isLabel(text));
  const shape = rest.slice(0, next === -1 ? undefined : next);
  return shape.some((text) => text.trim() !== '' && !/^(?:`{3,}|~{3,})\w*$/.test(text.trim()));
}

/** The longest line without a colon that is a label and no sentence. */
const labelLength = 60;

function isLabel(text: string): boolean {
  const words = wordsOf(text);
  if (!requestLabel.test(words) && !responseLabel.test(words)) return false;
  return words.includes(':') ? behindColon(words) === '' : words.length <= labelLength;
}

/** A line without the signs of a heading, a list, a quote or bold in front. */
function wordsOf(text: string): string {
  return text.replace(/^[\s#*_>-]+/, '').trimEnd();
}

function behindColon(text: string): string {
  const colon = text.indexOf(':');
  return colon === -1
    ? ''
    : text
        .slice(colon + 1)
        .replace(/^[\s*_:]+/, '')
        .trim();
}
