import type { Endpoint } from './endpoint.ts';

// OpenCode takes its password from its environment alone and hands that on to every tool: what one prints comes
// back in answers and events, and would be shown, written into drafts and copies, and logged.

/** What cannot stand in a text by chance, nor break the JSON around it when it is written over. */
const secret = /^[\w-]{24,}$/;

const blot = '*';

/** Writes over the server's own password in what it answers. */
export function blotBytes(bytes: Buffer, { password }: Pick<Endpoint, 'password'>): void {
  for (const form of formsOf(password)) {
    for (let at = bytes.indexOf(form); at >= 0; at = bytes.indexOf(form, at)) {
      bytes.fill(blot, at, at + form.length);
    }
  }
}

/** The text with the server's own password written over. */
export function blotText(text: string, { password }: Pick<Endpoint, 'password'>): string {
  return formsOf(password).reduce((left, form) => left.replaceAll(form, blot.repeat(form.length)), text);
}

/** How the password stands in texts: as it is, and within the base64 of something, as in an `Authorization` header. */
function formsOf(password: string): readonly string[] {
  if (!secret.test(password)) return [];
  return [password, ...[0, 1, 2].map((before) => withinBase64(password, before))];
}

/**
 * The signs of base64 that say the text and nothing else, with so many bytes of a group of three before it, whatever
 * these are. A password has no byte for which base64 has a sign that addresses escape or write otherwise.
 */
function withinBase64(text: string, before: number): string {
  const bytes = Buffer.from(`${' '.repeat(before)}${text}`);
  const [start, end] = [(before * 8) / 6, (bytes.length * 8) / 6];
  return bytes.toString('base64').slice(Math.ceil(start), Math.floor(end));
}
