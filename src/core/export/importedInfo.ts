import * as z from 'zod';
import { metadataKey } from '../../protocol/ours.ts';
import { parseOwnLineage } from '../../protocol/lineage.ts';
import { PermissionRule } from '../../protocol/records.ts';
import { withoutUndefined } from '../withoutUndefined.ts';

/** What of a session's record is read before it is taken in; all else goes along as it is. */
const ImportedInfo = z.looseObject({
  id: z.string().regex(/^ses_\w+$/),
  title: z.string(),
  directory: z.string().catch(''),
  metadata: z.record(z.string(), z.unknown()).optional().catch(undefined),
  permission: z.array(PermissionRule).optional().catch(undefined),
  time: z.looseObject({ created: z.number(), updated: z.number() }),
});
type ImportedInfo = z.infer<typeof ImportedInfo>;

export interface ReadInfo {
  readonly id: string;
  readonly title: string;
  readonly directory: string;
  /** The record as it is to be taken in. */
  readonly text: string;
  /** What would have acted by itself is taken out: prompts that wait, wishes for todos, permissions that were given elsewhere. */
  readonly isDisarmed: boolean;
}

/** The record of a session that comes in a file, so that nothing of it acts by itself; undefined: it is none that is known here. */
export function readImportedInfo(text: string): ReadInfo | undefined {
  const info = ImportedInfo.safeParse(parse(text)).data;
  if (info === undefined) return undefined;
  const { id, title, directory, metadata, permission, share, ...others } = info;
  const kept = metadata && keepLineage(info, metadata);
  const asked = permission?.filter(({ action }) => action !== 'allow');
  const isDisarmed =
    share !== undefined ||
    asked?.length !== permission?.length ||
    JSON.stringify(kept) !== JSON.stringify(metadata);
  const disarmed = withoutUndefined({ ...others, id, title, directory, metadata: kept, permission: asked });
  return { id, title, directory, text: isDisarmed ? JSON.stringify(disarmed) : text, isDisarmed };
}

/** Of what is ours only where it came from is kept, which is shown and no more: nobody is told how its first turn ended. */
function keepLineage(
  info: Pick<ImportedInfo, 'id' | 'metadata' | 'time'>,
  { [metadataKey]: ours, ...others }: Record<string, unknown>,
): Record<string, unknown> {
  const lineage = ours === undefined ? undefined : parseOwnLineage(info);
  if (lineage === undefined) return others;
  const { report: _, group: _group, ...shown } = lineage;
  return { ...others, [metadataKey]: { lineage: shown } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
