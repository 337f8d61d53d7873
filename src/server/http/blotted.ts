import type { Endpoint } from './endpoint.ts';

// OpenCode takes its password from its environment alone and hands that on to every tool (1.18): what one prints comes
// back in answers and events, and would be shown, written into drafts and copies, and logged.

/** What cannot stand in a text by chance, nor break the JSON around it when it is written over. */
const secret = /^[\w-]{24,}$/;

const blot = '*';

/** Writes over the server's own password in what it answers. */
export function blotBytes(bytes: Buffer, { password }: Endpoint): void {
  if (!secret.test(password)) return;
  for (let at = bytes.indexOf(password); at >= 0; at = bytes.indexOf(password, at)) {
    bytes.fill(blot, at, at + password.length);
  }
}

/** The text with the server's own password written over. */
export function blotText(text: string, { password }: Pick<Endpoint, 'password'>): string {
  return secret.test(password) ? text.replaceAll(password, blot.repeat(password.length)) : text;
}
