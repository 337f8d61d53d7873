import { l10n } from '../../core/l10n.ts';
import type { LastEnds } from '../../core/sessions/lastEnds.ts';
import type { Session } from '../../protocol/records.ts';

export interface ElsewherePorts {
  readonly ends: Pick<LastEnds, 'mayWorkElsewhere'>;
  /** Asks whether to send to a session in which another OpenCode process may be at work. */
  readonly confirmElsewhere: (session: Pick<Session, 'id'>) => Promise<boolean>;
}

/** Whether a person wants something sent to a session: asks where another OpenCode process may be at work in it. */
export async function maySendTo(
  { ends, confirmElsewhere }: ElsewherePorts,
  session: Pick<Session, 'id'>,
): Promise<boolean> {
  return !(await ends.mayWorkElsewhere(session.id)) || confirmElsewhere(session);
}

/** What a person is asked before a prompt begins a second run beside that of another process (1.18). */
export function askElsewhere(title: string): { message: string; detail: string; action: string } {
  return {
    message: l10n.t('“{0}” may still be at work in another OpenCode process.', title),
    detail: l10n.t(
      'Its last answer has no end, and this server did not write it. A prompt would begin a second run beside that one.',
    ),
    action: l10n.t('Send All the Same'),
  };
}
