import { CancelledError } from '../../core/cancellation.ts';
import { type Draft, parseDraft } from '../../core/continuation/drafts/draft.ts';
import type { DraftOrder, DraftVerb } from '../../core/continuation/drafts/draftOrder.ts';
import { checkOrder } from '../../core/continuation/drafts/orderCheck.ts';
import type { Drafts, DraftOffer, WrittenDraft } from '../../core/continuation/drafts/drafts.ts';
import { Problem, UncertainProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Command } from '../command.ts';
import { isSourceGone, moveDraft, type MoveDraftDeps } from './moveDraft.ts';

/** What each verb does with its draft; `undefined` from one that the person thought better of. */
export type DraftSenders = {
  readonly [Verb in DraftVerb]: (
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
      if (await isSourceGone(deps, written.order)) return await moveDraft(deps, written);
      const sessionId = await send(deps, written);
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

async function send(
  { offer, senders }: SendDraftDeps,
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
  return dispatch(senders, order, parsed.draft);
}

function dispatch(senders: DraftSenders, order: DraftOrder, draft: Draft): Promise<string | undefined> {
  switch (order.verb) {
    case 'relay':
      return senders.relay(order, draft);
    case 'chain':
      return senders.chain(order, draft);
    case 'handOff':
      return senders.handOff(order, draft);
    case 'fork':
      return senders.fork(order, draft);
    case 'forkMany':
      return senders.forkMany(order, draft);
    case 'compact':
      return senders.compact(order, draft);
  }
}
