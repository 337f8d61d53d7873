import type { RunError } from '../protocol/records.ts';

/** Where bodies of providers and gateways have their words, the most telling ones first. */
const wordKeys = [
  'message',
  'error',
  'error_description',
  'detail',
  'details',
  'errors',
  'title',
  'reason',
  'msg',
];
/** Bodies within bodies, as a proxy hands on what another one said. */
const deepest = 6;
/** The message of a body that was cut off. */
const cutMessage = /"message"\s*:\s*("(?:[^"\\\n]|\\.)*)/;

/** What somebody said of an error, as a sentence: of a body in JSON, also behind other words, its message. */
export function errorWords(said: string, depth = deepest): string {
  const start = said.search(/[[{]/);
  if (start < 0 || depth === 0) return said;
  const body = said.slice(start).trimEnd();
  const words = readBody(body, depth);
  if (words === undefined) return said;
  const before = said
    .slice(0, start)
    .replace(/[\s:–-]{1,9}$/, '')
    .trim();
  // A number of a status, or the name of an error in the provider's own words, says no more than the message does.
  const isTold = !/[a-z]/i.test(before) || words.includes(before);
  return isTold ? words : `${before}: ${words}`;
}

/** What was said of what ended a message or a run badly; empty: nothing. */
export function saidOf({ data }: Pick<RunError, 'data'>): string {
  return errorWords(data.message ?? '');
}

/** The same where something is to be said in any case: else the name of the error. */
export function runErrorWords(error: RunError): string {
  return saidOf(error) || error.name;
}

function readBody(body: string, depth: number): string | undefined {
  try {
    return findWords(JSON.parse(body), depth);
  } catch {
    // It is no JSON, or not all of it.
    const [, message] = body.startsWith('{"') ? (cutMessage.exec(body) ?? []) : [];
    return message === undefined ? undefined : unquote(message);
  }
}

function unquote(start: string): string | undefined {
  try {
    const text: unknown = JSON.parse(`${start}"`);
    return typeof text === 'string' && text !== '' ? text : undefined;
  } catch {
    // Cut within a character that is written as an escape.
    return undefined;
  }
}

function findWords(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : errorWords(value.trim(), depth - 1);
  if (typeof value !== 'object' || value === null || depth === 0) return undefined;
  if (Array.isArray(value)) {
    const [first]: readonly unknown[] = value;
    return findWords(first, depth - 1);
  }
  for (const key of wordKeys) {
    const found = findWords((value as Readonly<Record<string, unknown>>)[key], depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
