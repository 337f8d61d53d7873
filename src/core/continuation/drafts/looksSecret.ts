import type { Log } from '../../log.ts';
import type { SecretFinder } from '../../ports/secretFinder.ts';

/** A place in a text that looks like a secret: characters from 0, `end` exclusive. It never holds what stands there. */
export interface SecretPlace {
  readonly start: number;
  readonly end: number;
  /** What it looks like, as a key for a word: the value itself is in no sentence, notice or log. */
  readonly kind: SecretKind;
}

export type SecretKind =
  | 'privateKey'
  | 'awsKey'
  | 'githubToken'
  | 'slackToken'
  | 'stripeKey'
  | 'googleKey'
  | 'modelKey'
  | 'jwt'
  | 'bearer'
  | 'connection'
  | 'value'
  | 'other';

/** Finds what looks like a secret in a text, in its order; places do not overlap. Lines of the text end with `\n`. */
export type LooksSecret = (text: string) => readonly SecretPlace[] | Promise<readonly SecretPlace[]>;

interface Rule {
  readonly kind: SecretKind;
  /** The secret is its group 1, else all of it. */
  readonly pattern: RegExp;
  /** Whether what was found may be one; absent: it is. */
  readonly suits?: (secret: string) => boolean;
}

/** What is known by its beginning, then what is known by what stands around it. The first that finds something counts. */
const rules: readonly Rule[] = [
  {
    kind: 'privateKey',
    pattern: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----[\w+/=\s,:]{0,20000}/g,
  },
  { kind: 'awsKey', pattern: /\b(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{16}\b/g },
  {
    kind: 'githubToken',
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_\w{50,255}|glpat-[\w-]{20,255})/g,
  },
  { kind: 'slackToken', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/g },
  { kind: 'stripeKey', pattern: /\b(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,255}/g },
  { kind: 'googleKey', pattern: /\bAIza[\w-]{35}/g },
  { kind: 'modelKey', pattern: /\bsk-(?:[a-z]{2,10}-)?[\w-]{20,255}/g, suits: isRandom },
  { kind: 'jwt', pattern: /(?<![\w-])eyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{10,2000}/g },
  { kind: 'bearer', pattern: /\b(?:Bearer|Basic)[ \t]+([\w+/.=~-]{16,2000})/gi, suits: isRandom },
  {
    kind: 'connection',
    pattern: /(?<![a-z\d+.-])[a-z][a-z\d+.-]{1,20}:\/\/[^\s:/@'"`<>]{0,100}:([^\s@/'"`<>]{3,200})@[\w.-]/gi,
    suits: isNoPlaceholder,
  },
  {
    kind: 'value',
    pattern:
      /\b\w{0,60}(?:key|token|secret|passw(?:or)?d|pwd|credentials?)\w{0,20}["'`]?[ \t]{0,3}[:=][ \t]{0,3}["'`]?([^\s"'`<>{}()[\],;]{8,500})/gi,
    suits: isRandom,
  },
];

/** So many places are told: after these nobody reads on, and none is sent without a question. */
const mostPlaces = 200;

/** Our own rules: beginnings of keys, private keys, tokens in headers, passwords in addresses, names with a random value. */
export function looksSecret(text: string): readonly SecretPlace[] {
  const found: SecretPlace[] = [];
  for (const { kind, pattern, suits = () => true } of rules) {
    for (const match of text.matchAll(pattern)) {
      if (found.length >= mostPlaces) break;
      const secret = match[1] ?? match[0];
      const start = match.index + (match[1] === undefined ? 0 : match[0].lastIndexOf(match[1]));
      const place = { start, end: start + secret.trimEnd().length, kind };
      const isFree = found.every((other) => place.end <= other.start || place.start >= other.end);
      if (isFree && suits(secret)) found.push(place);
    }
  }
  return found.toSorted((a, b) => a.start - b.start);
}

/** Our own rules and what another finder knows besides; where that fails, ours are what there is. */
export function looksSecretBeside(finder: SecretFinder, log: Pick<Log, 'warn'>): LooksSecret {
  return async (text) => {
    const places = [...looksSecret(text)];
    try {
      for (const { start, end } of await finder.find(text)) {
        const isFree = places.every((place) => end <= place.start || start >= place.end);
        if (isFree) places.push({ start, end, kind: 'other' });
      }
    } catch (error) {
      // Its words might quote the text.
      log.warn('Secrets are looked for by our own rules alone.', error instanceof Error ? error.name : '');
    }
    return places.toSorted((a, b) => a.start - b.start);
  };
}

/** Stands for a value, as people write it: it begins with what opens a name, or it is one sign over and over. */
function isNoPlaceholder(text: string): boolean {
  const isOne = new Set(text.toLowerCase()).size < 3;
  return (
    !isOne && !/^[$<{%*]|^(?:pass(?:word)?|secret|token|key|value|example|changeme|your\b.*|x+)$/i.test(text)
  );
}

/** In bits for each letter, from which on a text of letters and digits is likely nobody's word. */
const leastEntropy = 3;

/**
 * Whether a text looks random: mixed signs, and no sign much more often than others. A name of a variable, a path or a word
 * is none, and so is a type such as `string`.
 */
function isRandom(text: string): boolean {
  if (!isNoPlaceholder(text)) return false;
  // The names of variables and of what code reads from: `process.env.KEY`, `STRIPE_KEY`, `secrets/stripe`.
  if (/^[A-Za-z_]+(?:[./:-][A-Za-z_]+)*$/.test(text) && !isMixed(text)) return false;
  return isMixed(text) && entropy(text) >= leastEntropy;
}

/** Digits among letters, or capitals in the midst of small letters more than a word of several parts has. */
function isMixed(text: string): boolean {
  const hasDigits = /\d/.test(text) && /[A-Za-z]/.test(text);
  const turns = text.match(/[a-z][A-Z]|[A-Z][a-z]/g)?.length ?? 0;
  return hasDigits || turns > text.length / 3;
}

function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const sign of text) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
