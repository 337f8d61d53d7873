import type { OpenCode } from '../ports/openCode.ts';
import type { Session } from '../../protocol/records.ts';

/** Whether the server itself says that the session works, whatever its events told. */
export async function isBusy(
  openCode: Pick<OpenCode, 'listStatuses'>,
  { id, directory }: Pick<Session, 'id' | 'directory'>,
): Promise<boolean> {
  const statuses = await openCode.listStatuses(directory);
  return (statuses[id]?.type ?? 'idle') !== 'idle';
}
