import { parseApproaches, printApproaches } from '../../core/continuation/drafts/approaches.ts';
import { parseCompactDraft } from '../../core/continuation/drafts/compactDraft.ts';
import { type Draft, parseDraft } from '../../core/continuation/drafts/draft.ts';
import type { Drafts, WrittenDraft } from '../../core/continuation/drafts/drafts.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { DeliveryEntry } from '../../core/prompts/delivery.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { parseLineage } from '../../protocol/lineage.ts';
import type { UnsentPrompts } from '../session/promptSession.ts';
import { unsentKey } from '../session/tellSession.ts';

export interface PutAwayDeps {
  readonly sessions: Pick<Sessions, 'get'>;
  readonly openCode: Pick<OpenCode, 'getMessage'>;
  readonly drafts: Pick<Drafts, 'all' | 'open' | 'hold' | 'remove'>;
  readonly unsent: UnsentPrompts;
  readonly log: Log;
}

/**
 * Puts away what still offers to send what is known to be there: the draft of a prompt of which nobody knew whether it
 * arrived, also because its window ended. What a person wrote otherwise meanwhile stays.
 */
export function putAwayArrived(deps: PutAwayDeps): (judged: DeliveryEntry) => Promise<void> {
  // Several prompts may be of one draft: each finds what the one before it left.
  let last = Promise.resolve();
  return (judged) => {
    if (judged.state.kind !== 'absent') {
      last = last
        .then(() => putAway(deps, judged))
        .catch((error: unknown) =>
          deps.log.warn('What arrived may still be offered.', judged.messageId, error),
        );
    }
    return last;
  };
}

async function putAway(deps: PutAwayDeps, { sessionId, messageId, cause }: DeliveryEntry): Promise<void> {
  const { sessions, openCode, drafts, unsent } = deps;
  if (cause !== 'tell' && cause !== 'handOff' && cause !== 'fork' && cause !== 'compaction') return;
  // What is known of a prompt is but its beginning: the server has all of it.
  const { parts } = await openCode.getMessage(sessionId, messageId);
  const sent = parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join('');
  if (cause === 'tell') {
    if (unsent.get(unsentKey(sessionId)) === sent) unsent.set(unsentKey(sessionId), undefined);
    return;
  }
  const session = sessions.get(sessionId);
  const source = cause === 'compaction' ? sessionId : session && parseLineage(session)?.from;
  for (const written of await drafts.all()) {
    const left = written.order.sessionId === source ? withoutSent(written, cause, sent) : undefined;
    if (left !== undefined && (await remove(drafts, written)) && left.body !== '') {
      await drafts.open(written.order, left);
    }
  }
}

/** The draft without what was sent of it; its body is empty where that was all. undefined: it does not say that. */
function withoutSent(
  { order, text }: WrittenDraft,
  cause: 'handOff' | 'fork' | 'compaction',
  sent: string,
): Draft | undefined {
  const { draft } = parseDraft(text);
  switch (order.verb) {
    case 'handOff':
      return cause === 'handOff' && draft.body === sent ? { ...draft, body: '' } : undefined;
    case 'fork':
      return cause === 'fork' && draft.body === sent ? { ...draft, body: '' } : undefined;
    case 'compact':
      return cause === 'compaction' && parseCompactDraft(draft.body).message === sent
        ? { ...draft, body: '' }
        : undefined;
    case 'forkMany': {
      const approaches = parseApproaches(draft.body);
      const index = cause === 'fork' ? approaches.findIndex(({ prompt }) => prompt === sent) : -1;
      return index === -1 ? undefined : { ...draft, body: printApproaches(approaches.toSpliced(index, 1)) };
    }
    case 'relay':
    case 'chain':
      return undefined;
  }
}

/** One that is being sent is put away by whoever sends it. */
async function remove(drafts: PutAwayDeps['drafts'], { id, text }: WrittenDraft): Promise<boolean> {
  const held = drafts.hold(id);
  if (held === undefined) return false;
  try {
    return await drafts.remove(id, text);
  } finally {
    held.dispose();
  }
}
