import { randomBytes } from 'node:crypto';

export type IdKind = 'ses' | 'msg' | 'per' | 'frm' | 'evt' | 'sh' | 'svc' | 'rule';

let last = 0;

/** A fresh id; those of one kind sort by when they were made, which the order of messages must not be read from. */
export function makeId(kind: IdKind): string {
  last = Math.max(last + 1, Date.now() * 1000);
  return `${kind}_${last.toString(36).padStart(11, '0')}${randomBytes(6).toString('hex')}`;
}
