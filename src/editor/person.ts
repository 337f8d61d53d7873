import { homedir, userInfo } from 'node:os';
import type { Person } from '../core/redaction/personalNames.ts';

/** Whose machine it is. */
export function person(): Person {
  return { homes: [homedir()], user: userNameHere() };
}

/** A container may run as somebody of whom its system knows no name. */
function userNameHere(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? process.env['USERNAME'] ?? '';
  }
}
