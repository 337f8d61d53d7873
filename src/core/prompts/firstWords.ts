import { shorten } from '../continuation/shorten.ts';

/** So many characters of a prompt are kept in the account of what was sent. */
const length = 80;

const blot = '•••';

/** Beginnings by which services mark their keys, and what follows them. */
const marked =
  /\b(?:sk|pk|rk)-[\w-]{8,}|\b(?:gh[opsur]|npm|glpat|xox[abprs])[_-][\w-]{8,}|\bgithub_pat_\w{8,}|\bAKIA[A-Z\d]{8,}|\bAIza[\w-]{8,}|\beyJ[\w-]{8,}[\w.-]*/g;
/** What a text calls a secret, in quotes or as one word: `password: …`, `SECRET_KEY=…`, `Bearer …`. */
const named =
  /((?:(?:api|access|private|signing|encryption)[_-]?key|token|secret|passw(?:or)?d|[_-]pass|passphrase|pwd|credentials?|authorization)[\w-]{0,20}["']?\s{0,9}[:=]\s{0,9}(?:bearer\s{1,9}|basic\s{1,9})?|\bbearer\s{1,9})(?:"[^"\n]+"|'[^'\n]+'|["'][^\n]+|[^\s"']+)/gi;
/** The password of an address, in which signs may stand that a browser would write otherwise: `https://user:…@host`. */
const inAddress = /(:\/\/[^\s/:@]{0,100}:)[^\s"'/]+@/g;
/** Long, and of one piece. */
const long = /[\w+=-]{24,}/g;

/** The first words of a prompt in one line, with what looks like a secret written over. */
export function firstWords(text: string): string {
  return shorten(blotSecrets(text), length);
}

function blotSecrets(text: string): string {
  return text
    .replaceAll(inAddress, `$1${blot}@`)
    .replaceAll(named, `$1${blot}`)
    .replaceAll(marked, blot)
    .replaceAll(long, (word) => (isRandom(word) ? blot : word));
}

/** Whether a word is made of all kinds of letters, as keys are; ids of OpenCode look so, too. */
function isRandom(word: string): boolean {
  return [/[a-z]/, /[A-Z]/, /\d.*\d/].every((kind) => kind.test(word)) && !/^(?:ses|msg|prt)_/.test(word);
}
