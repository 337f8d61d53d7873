import { compactBody } from '../../core/continuation/drafts/draftBody.ts';
import { toGathered } from '../../core/continuation/gathered.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { RelayLeg } from '../../protocol/pending.ts';
import type { MessageWithParts, Session } from '../../protocol/records.ts';
import { assertCompactable, readToCompact } from '../compactAndContinue.ts';

/**
 * Compacts an idle session for the leg of a relay that wants it, unless that was done since it was asked for: whoever did
 * it may have ended before the leg was sent. The session's lock is held by the caller.
 */
export async function compactBefore(
  openCode: Pick<OpenCode, 'abilities' | 'compactSession' | 'listMessages' | 'listTodos'>,
  session: Session,
  { agent, model, after = '' }: Pick<RelayLeg, 'agent' | 'model' | 'after'>,
): Promise<void> {
  const { messages, standing, todos } = await readToCompact(openCode, session);
  if (isCompactedAfter(standing, after)) return;
  assertCompactable(standing);
  const known = { git: undefined, toolIds: [], missingFiles: [] };
  const gathered = toGathered({ session, messages: standing, todos, ...known });
  const guidance = compactBody(gathered, agent, undefined);
  await openCode.compactSession(session, { model, guidance, messages });
}

function isCompactedAfter(messages: readonly MessageWithParts[], after: string): boolean {
  const asked = messages.findIndex(({ info }) => info.id === after);
  return messages
    .slice(asked + 1)
    .some(({ info }) => info.role === 'assistant' && info.summary === true && info.error === undefined);
}
