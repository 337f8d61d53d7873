import type { Agent } from '../../protocol/records.ts';

/** Whether an agent may change files as a rule: its last rule that covers every file does not deny it. */
export function mayEdit({ permission }: Agent): boolean {
  const rule = permission.findLast(
    (entry) => (entry.permission === 'edit' || entry.permission === '*') && entry.pattern === '*',
  );
  return rule?.action !== 'deny';
}

/** Whether the turn passes from an agent that only reads to one that may write. */
export function gainsRights(from: Agent | undefined, to: Agent): boolean {
  return from !== undefined && !mayEdit(from) && mayEdit(to);
}
