import { CancelledError } from '../../core/cancellation.ts';
import { type Draft, parseDraft } from '../../core/continuation/drafts/draft.ts';
import type { DraftOrder, DraftVerb } from '../../core/continuation/drafts/draftOrder.ts';
import { checkOrder } from '../../core/continuation/drafts/orderCheck.ts';
import type { Drafts, DraftOffer, WrittenDraft } from '../../core/continuation/drafts/drafts.ts';
import { NotFoundProblem, Problem, UncertainProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { isGone } from '../../flows/prompting/sessionGone.ts';
import type { Session } from '../../protocol/records.ts';
import type { Command } from '../command.ts';
import { findLeftSource, moveDraft, type MoveDraftDeps } from './moveDraft.ts';

/** What each verb does with its draft for the session that it continues; `undefined`: the person thought better of it. */
export type DraftSenders = {
  readonly [Verb in DraftVerb]: (
    source: Session,
    order: Extract<DraftOrder, { verb: Verb }>,
    draft: Draft,
  ) => Promise<string | undefined>;
};

export interface SendDraftDeps extends MoveDraftDeps {
  readonly drafts: Pick<Drafts, 'find' | 'hold' | 'mark' | 'open' | 'remove'>;
  readonly offer: (directory: string) => Promise<DraftOffer>;
  readonly senders: DraftSenders;
}

/**
 * Sends a draft, exactly as it stands. It is closed when it arrived, and stays with the reason when it did not. One whose
 * session is gone is taken to another one first, where it is looked at before it is sent.
 */
export function sendDraft(deps: SendDraftDeps): Command {
  return async (argument) => {
    const written = await deps.drafts.find(argument);
    if (written === undefined) {
      throw new Problem(
        l10n.t(
          'There is no draft to send here. Open one with “Relay to Agent…” or “Hand Off to Fresh Session…”.',
        ),
      );
    }
    const held = deps.drafts.hold(written.id);
    // A second click while it is on its way.
    if (held === undefined) return undefined;
    let isOpen = false;
    try {
      const source = await findLeftSource(deps, written.order);
      if (source === undefined) return await moveDraft(deps, written);
      let sessionId: string | undefined;
      try {
        sessionId = await send(deps, source, written);
      } catch (error) {
        if (await wasDeleted(deps, written.order, error)) return await moveDraft(deps, written);
        throw error;
      }
      if (sessionId !== undefined && !(await deps.drafts.remove(written.id, written.text))) {
        deps.drafts.mark(
          written.id,
          l10n.t('This was sent as it stood before. What you wrote meanwhile is here and was not sent.'),
        );
      }
      return sessionId;
    } catch (error) {
      if (error instanceof CancelledError) return undefined;
      if (error instanceof Problem) deps.drafts.mark(written.id, error.message);
      // What turns out to have arrived is taken out of it then.
      isOpen = error instanceof UncertainProblem;
      throw error;
    } finally {
      if (isOpen) held.leaveOpen();
      else held.dispose();
    }
  };
}

/** Whether it failed because its session was deleted elsewhere, which no event or look has told yet. */
async function wasDeleted(
  { openCode }: Pick<SendDraftDeps, 'openCode'>,
  { sessionId }: DraftOrder,
  error: unknown,
): Promise<boolean> {
  if (!saysNotFound(error)) return false;
  try {
    return await isGone(openCode, sessionId);
  } catch {
    // Nobody knows: what failed first is what there is to say.
    return false;
  }
}

function saysNotFound(error: unknown): boolean {
  return error instanceof NotFoundProblem || (error instanceof Error && saysNotFound(error.cause));
}

async function send(
  { offer, senders }: SendDraftDeps,
  source: Session,
  { order, text }: WrittenDraft,
): Promise<string | undefined> {
  const parsed = parseDraft(text);
  const world = { ...(await offer(order.directory)), missingFiles: new Set<string>() };
  const fault = checkOrder(order, parsed, text, world).find(({ severity }) => severity === 'error');
  if (fault !== undefined) {
    throw new Problem(
      l10n.t('Line {0} keeps the draft from being sent: {1}', fault.range.line + 1, fault.message),
    );
  }
  return dispatch(senders, source, order, parsed.draft);
}

function dispatch(
  senders: DraftSenders,
  source: Session,
  order: DraftOrder,
  draft: Draft,
): Promise<string | undefined> {
  switch (order.verb) {
    case 'relay':
      return senders.relay(source, order, draft);
    case 'chain':
      return senders.chain(source, order, draft);
    case 'handOff':
      return senders.handOff(source, order, draft);
    case 'fork':
      return senders.fork(source, order, draft);
    case 'forkMany':
      return senders.forkMany(source, order, draft);
    case 'bringBack':
      return senders.bringBack(source, order, draft);
    case 'compact':
      return senders.compact(source, order, draft);
  }
}
