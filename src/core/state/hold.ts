import { Problem } from '../errors.ts';
import type { Event } from '../event.ts';
import { l10n } from '../l10n.ts';

/**
 * Stop All: while it holds, nothing is sent without a person who presses Send. It holds for all windows of this user on this
 * machine and for the companions of their servers, over restarts, until a person releases it.
 */
export interface Hold {
  /** It holds, or no longer does, whoever said so. */
  readonly onDidChange: Event<void>;
  /** As it stands at this moment: to be asked right before something is sent. Where that cannot be found out, it holds. */
  isHeld(): boolean;
}

/** The hold as a person changes it. */
export interface StopAll extends Hold {
  /** Throws a `Problem` where it holds in this window alone, because it could not be kept. */
  stop(): void;
  /** Throws a `Problem` where it goes on to hold. */
  release(): void;
}

/** Why something waits, as a sentence. */
export function describeHold(): string {
  return l10n.t('Held by Stop All: it goes on when you release it.');
}

/** Something was not sent, because Stop All holds what is sent by itself. Nothing of it left. */
export class HeldProblem extends Problem {
  constructor() {
    super(describeHold(), {
      remedy: { title: l10n.t('Release'), command: 'opencodeSessions.deliveries.release' },
    });
  }
}
