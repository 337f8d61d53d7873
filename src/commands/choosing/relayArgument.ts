import * as z from 'zod';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import { NotFoundProblem, Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { shorten } from '../../core/continuation/shorten.ts';
import type { RelayLeg } from '../../protocol/pending.ts';

/** A pending relay with the session that it waits in; rows of the tree have this shape as well. */
const RelayArgument = z.object({ sessionId: z.string(), relayId: z.string() });

export interface ChooseRelayDeps {
  readonly relays: {
    pending(sessionId: string): readonly RelayLeg[];
  };
  readonly sessionsWithRelays: () => readonly string[];
  readonly titleOf: (sessionId: string) => string;
  readonly dialogs: Pick<Dialogs, 'pickOne'>;
}

export interface ChosenRelay {
  readonly sessionId: string;
  readonly leg: RelayLeg;
}

/** The pending relay that is named, else the one that the person picks. undefined: they picked none. */
export async function chooseRelay(
  { relays, sessionsWithRelays, titleOf, dialogs }: ChooseRelayDeps,
  argument: unknown,
  title: string,
): Promise<ChosenRelay | undefined> {
  const named = RelayArgument.safeParse(argument).data;
  if (named !== undefined) {
    const leg = relays.pending(named.sessionId).find(({ messageId }) => messageId === named.relayId);
    if (leg !== undefined) return { sessionId: named.sessionId, leg };
    throw new NotFoundProblem(
      l10n.t('This relay is no longer pending: it was sent or cancelled. The session shows which.'),
    );
  }
  const all = sessionsWithRelays().flatMap((sessionId) =>
    relays.pending(sessionId).map((leg) => ({ sessionId, leg })),
  );
  if (all.length === 0) throw new Problem(l10n.t('No relay is pending.'));
  return dialogs.pickOne(
    title,
    all.map((value): Choice<ChosenRelay> => ({
      label: `→ ${value.leg.agent}`,
      description: titleOf(value.sessionId),
      detail: shorten(value.leg.text, 120),
      icon: 'arrow-swap',
      value,
    })),
  );
}
