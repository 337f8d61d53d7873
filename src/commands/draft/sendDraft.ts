import { CancelledError } from '../../core/cancellation.ts';
import { askSecrets, isSecretNote, withPlainBreaks } from '../../core/continuation/drafts/briefCheck.ts';
import { type Draft, parseDraft } from '../../core/continuation/drafts/draft.ts';
import { beginsSession, type DraftOrder, type DraftVerb } from '../../core/continuation/drafts/draftOrder.ts';
import type { LooksSecret } from '../../core/continuation/drafts/looksSecret.ts';
import { checkOrder } from '../../core/continuation/drafts/orderCheck.ts';
import type { Drafts, DraftOffer, WrittenDraft } from '../../core/continuation/drafts/drafts.ts';
import { NotFoundProblem, Problem, UncertainProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import { isGone } from '../../flows/prompting/sessionGone.ts';
import type { Session } from '../../protocol/records.ts';
import type { Command } from '../command.ts';
import { findLeftSource, moveDraft, type MoveDraftDeps } from './moveDraft.ts';

/** What each verb does with its draft for the session that it continues; `undefined`: the person thought better of it. */
export type DraftSenders = {
  readonly [Verb in DraftVerb]: (
    /** Absent: a brief that begins one. */
    source: Verb extends 'brief' ? Session | undefined : Session,
    order: Extract<DraftOrder, { verb: Verb }>,
    draft: Draft,
  ) => Promise<string | undefined>;
};

export interface SendDraftDeps extends MoveDraftDeps {
  readonly drafts: Pick<Drafts, 'find' | 'hold' | 'mark' | 'open' | 'remove'>;
  readonly offer: (directory: string) => Promise<DraftOffer>;
  /** Finds what looks like a secret in a brief. */
  readonly looksSecret: LooksSecret;
  readonly dialogs: MoveDraftDeps['dialogs'] & Pick<Dialogs, 'confirm'>;
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
      const isFresh = beginsSession(written.order);
      const source = isFresh ? undefined : await findLeftSource(deps, written.order);
      if (source === undefined && !isFresh) return await moveDraft(deps, written);
      let sessionId: string | undefined;
      try {
        sessionId = await send(deps, source, written);
      } catch (error) {
        if (!isFresh && (await wasDeleted(deps, written.order, error))) return await moveDraft(deps, written);
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
  deps: SendDraftDeps,
  source: Session | undefined,
  { id, order, text }: WrittenDraft,
): Promise<string | undefined> {
  const parsed = parseDraft(text);
  const world = {
    ...(await deps.offer(order.directory)),
    missingFiles: new Set<string>(),
    secrets: order.verb === 'brief' ? await deps.looksSecret(withPlainBreaks(text)) : [],
  };
  const notes = checkOrder(order, parsed, text, world);
  const secrets = notes.filter(isSecretNote);
  const fault = notes.find((note) => note.severity === 'error' && !isSecretNote(note));
  if (fault !== undefined) {
    throw new Problem(
      l10n.t('Line {0} keeps the draft from being sent: {1}', fault.range.line + 1, fault.message),
    );
  }
  if (secrets.length > 0 && !(await deps.dialogs.confirm(askSecrets(secrets)))) {
    deps.drafts.mark(
      id,
      l10n.t('Nothing was sent: in the lines that are marked stands what looks like a secret.'),
    );
    return undefined;
  }
  return dispatch(deps.senders, source, order, parsed.draft);
}

async function dispatch(
  senders: DraftSenders,
  source: Session | undefined,
  order: DraftOrder,
  draft: Draft,
): Promise<string | undefined> {
  if (order.verb === 'brief') return senders.brief(source, order, draft);
  if (source === undefined) throw new Problem(l10n.t('The draft names no session to go on in. Discard it.'));
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
