import type { Agent } from '../../protocol/records.ts';
import { permissionOf } from '../tools/toolOf.ts';

/** Whether an agent may change files as a rule: its last rule that covers every file does not deny it. */
export function mayEdit({ permission }: Agent): boolean {
  const rule = permission.findLast(
    ({ permission: name, pattern }) =>
      pattern === '*' && (name === '*' || permissionOf(name).kind === 'editFile'),
  );
  return rule?.action !== 'deny';
}

/** Whether the turn passes from an agent that only reads to one that may write. */
export function gainsRights(from: Agent | undefined, to: Agent): boolean {
  return from !== undefined && !mayEdit(from) && mayEdit(to);
}
