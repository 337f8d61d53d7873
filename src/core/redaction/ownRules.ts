import type { FoundSecret } from '../ports/secretFinder.ts';

/** In a header of a request, in whatever form it is written down; the token alone is taken. */
const authorization =
  /\b(?:proxy-)?authorization\b\\{0,3}["']?\s*[:=]\s*\\{0,3}["']?(?:(?:bearer|basic|token|digest)\s+)?(?<secret>[^\s"'`,;<>\\]{6,})/gi;

/** Headers that are secret as a whole. */
const secretHeader =
  /(?:(?<![\w-])x-(?:[\w-]{1,40}-)?(?:api-?key|auth-token|access-token|csrf-token)|\b(?:api-key|private-token|set-cookie|cookie))\b\\{0,3}["']?\s*:\s*\\{0,3}["']?(?<secret>[^\r\n"'`<>\\]{6,})/gi;

/** A token by itself has a digit, and is no word of a sentence about bearers. */
const bearer = /\bbearer\s+(?<secret>(?=[\w.~+/=-]*\d)[\w.~+/=-]{16,})/gi;

/** A variable in capitals that is given a value. A name has an end, or a text without one would be read again and again; a difference marks its line. */
const variable =
  /(?<=^-|(?<![\w.$-]))(?<name>[A-Z][A-Z0-9_]{1,80})=(?:"(?<quoted>[^"\r\n]+)"|'(?<single>[^'\r\n]+)'|\\{1,3}"(?<escaped>[^"\\\r\n]+)|(?<bare>[^\s"'`;&|,)\\]+))/gm;

/** A name that says that its value is not for others; `PWD` is where a shell stands. */
const secretName =
  /(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|(?<!^|OLD)PWD|CREDENTIALS?|_AUTH|_DSN|_PAT)(?:_[A-Z0-9]{1,20}){0,3}$/;

/** Any variable, alone in its line, which a tool may have numbered, or a difference have marked. */
const anyVariable =
  /^[+-]?[ \t]*(?:\d+[:|]?[ \t]*)?(?:export[ \t]+)?[A-Za-z_]\w*[ \t]*=[ \t]*(?:"(?<quoted>[^"\r\n]+)"|'(?<single>[^'\r\n]+)'|(?<bare>[^\s"'#][^\r\n]*))/gm;

/**
 * A private key that is short, cut off, or written into one line, which no rule for files knows; also one whose lines a tool
 * numbered, or a difference marked.
 */
const privateKey =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?<secret>(?:(?:\\[rn]|\s){0,8}(?:\d{1,6}(?:[:|][ \t]?|\t)|-)?[A-Za-z0-9+/=]{4,100}){1,400}(?:\\[rn]|\s){0,8}(?:\d{0,6}(?:[:|][ \t]?|\t)|[+-])?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?)/g;

/** What stands where a value would be, and is none. */
const placeholder =
  /^(?:\$|<|\{|%|\[redacted|process\.env|os\.environ|import\.meta|null$|undefined$|none$|true$|false$|\d{1,5}$|[*x.]{2,}$|your[-_]|(?:changeme|example|placeholder)$)/i;

/** Tokens in headers, and values of variables that say that they are secret. */
export function findOwnSecrets(text: string): readonly FoundSecret[] {
  return [
    ...find(text, privateKey, 'private key'),
    ...find(text, authorization, 'authorization header'),
    ...find(text, secretHeader, 'secret header'),
    ...find(text, bearer, 'bearer token'),
    ...find(text, variable, '.env value', (name) => secretName.test(name)),
  ];
}

/** The values of all variables of a text that comes of a file of them. */
export function findVariables(text: string): readonly FoundSecret[] {
  return find(text, anyVariable, '.env value');
}

/** Whether a text names a file of variables, as a path or in a command. */
export function namesVariables(text: string): boolean {
  return /(?:^|[/\\\s"'=])\.env(?:rc|(?:\.(?!example|sample|template|dist)[\w-]{1,40}){0,3})(?=$|[\s"':,;)&|])/.test(
    text,
  );
}

/** Headers and variables whose value stands in a field of that name. */
const authorizationField = /^(?:proxy-)?authorization$/i;
const headerField =
  /^(?:x-(?:[\w-]{1,40}-)?(?:api-?key|auth-token|access-token|csrf-token)|api-key|private-token|set-cookie|cookie)$/i;
const variableField = /^[A-Z][A-Z0-9_]{1,80}$/;

/** By which rule all that stands in a field of that name is secret, as what would stand behind it in a text; undefined: by none. */
export function fieldRule(name: string): string | undefined {
  if (authorizationField.test(name)) return 'authorization header';
  if (headerField.test(name)) return 'secret header';
  return variableField.test(name) && secretName.test(name) ? '.env value' : undefined;
}

/** Whether it stands where a value would be, and is none. */
export function isPlaceholder(text: string): boolean {
  return placeholder.test(text.trim());
}

function find(
  text: string,
  pattern: RegExp,
  rule: string,
  isSecret: (name: string) => boolean = () => true,
): readonly FoundSecret[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const { name = '', secret, quoted, single, escaped, bare } = match.groups ?? {};
    if (!isSecret(name)) return [];
    const value = (secret ?? quoted ?? single ?? escaped ?? bare ?? '').trimEnd();
    if (value === '' || placeholder.test(value)) return [];
    // It stands at the end of what was matched, perhaps before a quotation mark.
    const start = match.index + match[0].lastIndexOf(value);
    return [{ start, end: start + value.length, rule }];
  });
}
