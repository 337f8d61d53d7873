import type { Draft } from '../../core/continuation/drafts/draft.ts';
import type { DraftOrder } from '../../core/continuation/drafts/draftOrder.ts';
import { parseChain } from '../../core/continuation/drafts/relayChain.ts';
import { sentText } from '../../core/continuation/drafts/sentDraft.ts';
import { resolveDraftTarget } from '../../flows/preparing/draftTarget.ts';
import type { Session } from '../../protocol/records.ts';
import { sendRelay, type SendRelayDeps } from './sendRelay.ts';

/** Relays the text of a draft. undefined: the person thought better of it. */
export async function sendRelayDraft(
  deps: SendRelayDeps,
  session: Session,
  order: Extract<DraftOrder, { verb: 'relay' }>,
  draft: Draft,
): Promise<string | undefined> {
  const target = await resolveDraftTarget(deps, session, draft);
  const isSent = await sendRelay(deps, session, [{ ...target, text: sentText(order, draft.body) }]);
  return isSent ? session.id : undefined;
}

/** Relays the legs of a chain, one after the other; a model in the front matter goes for those that name none. */
export async function sendChain(
  deps: SendRelayDeps,
  session: Session,
  order: Extract<DraftOrder, { verb: 'chain' }>,
  { model, variant, body }: Draft,
): Promise<string | undefined> {
  const wished = model && { ...model, ...(variant === undefined ? {} : { variant }) };
  const legs = parseChain(body).map(({ agent, model: own = wished, prompt }) => ({
    agent,
    model: own,
    text: sentText(order, prompt),
  }));
  return (await sendRelay(deps, session, legs)) ? session.id : undefined;
}
