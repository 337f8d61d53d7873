import * as z from 'zod';
import { withoutUndefined } from '../../../core/withoutUndefined.ts';
import { oncePerRecord } from '../../../protocol/ours.ts';
import type { PermissionRule, Session } from '../../../protocol/records.ts';
import { variantOf } from './toMessage.ts';
import type { WireRule, WireSession } from './wire.ts';

/**
 * What is put away, as the server keeps no such thing: a mark of ours in the metadata. It names its session, since forks
 * and subagents take metadata over.
 */
const Archive = z.object({ of: z.string(), time: z.number() });
const parseArchive = oncePerRecord(z.looseObject({ archived: Archive.optional().catch(undefined) }));

/** What is added to the metadata of a session; `time` in milliseconds since 1970, 0: it is not put away. */
export function archiveMark(id: string, time: number): Record<string, unknown> {
  return { archived: { of: id, time } satisfies z.infer<typeof Archive> };
}

export function toSession(session: WireSession): Session {
  const { id, title, location, parentID, fork, model, time, permissions, revert } = session;
  const { projectID, agent, cost, tokens, metadata, subpath } = session;
  const archived = parentID === undefined ? archivedOf(session) : time.archived;
  return {
    id,
    title,
    directory: location.directory,
    time: { created: time.created, updated: time.updated, ...withoutUndefined({ archived }) },
    ...withoutUndefined({
      path: subpath,
      projectID,
      parentID,
      agent,
      model: model && {
        id: model.id,
        providerID: model.providerID,
        ...withoutUndefined({ variant: variantOf(model) }),
      },
      cost,
      tokens,
      metadata,
      permission: permissions?.map(toRule),
      revert,
      fork: fork && {
        from: fork.sessionID,
        ...withoutUndefined({
          at: fork.boundary?.type === 'through' ? fork.boundary.messageID : undefined,
        }),
      },
    }),
  };
}

/** Sessions that were brought over from 1.x may have a time of the server's own, which nobody can take away. */
function archivedOf({ id, metadata, time }: WireSession): number | undefined {
  const mark = parseArchive({ metadata })?.archived;
  return mark?.of === id ? mark.time : time.archived;
}

/** What 2.x calls permissions that had other names before it. */
const renamed: Readonly<Record<string, string>> = {
  bash: 'shell',
  task: 'subagent',
  write: 'edit',
  patch: 'edit',
  apply_patch: 'edit',
};

export function toRule({ action, resource, effect }: WireRule): PermissionRule {
  return { permission: action, pattern: resource, action: effect };
}

export function toWireRule({ permission, pattern, action }: PermissionRule): WireRule {
  return { action: renamed[permission] ?? permission, resource: pattern, effect: action };
}
