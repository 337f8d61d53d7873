import { l10n } from '../../core/l10n.ts';
import type { LastEnds } from '../../core/sessions/lastEnds.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Session } from '../../protocol/records.ts';
import { isBusy } from '../../core/turns/isBusy.ts';

export interface ElsewherePorts {
  readonly openCode: Pick<OpenCode, 'listStatuses'>;
  readonly sessions: Pick<Sessions, 'get'>;
  readonly ends: Pick<LastEnds, 'mayWorkElsewhere'>;
  /** Asks whether to send to a session in which another OpenCode process may be at work. */
  readonly confirmElsewhere: (session: Pick<Session, 'id'>) => Promise<boolean>;
}

/** What whoever sends asks first. */
export interface MaySend {
  /** Whether a person wants something sent to a session: asks where another OpenCode process may be at work in it. */
  readonly maySendTo: (session: Pick<Session, 'id'>) => Promise<boolean>;
}

/** Whether a person wants something sent to a session: asks where another OpenCode process may be at work in it. */
export async function maySendTo(
  { openCode, sessions, ends, confirmElsewhere }: ElsewherePorts,
  { id }: Pick<Session, 'id'>,
): Promise<boolean> {
  if (!(await ends.mayWorkElsewhere(id))) return true;
  const session = sessions.get(id);
  // It works at this very server, in a folder of which this window hears nothing.
  if (session !== undefined && (await isBusy(openCode, session))) return true;
  return confirmElsewhere({ id });
}

/** What a person is asked before a prompt begins a second run beside that of another process. */
export function askElsewhere(title: string): { message: string; detail: string; action: string } {
  return {
    message: l10n.t('“{0}” may still be at work in another OpenCode process.', title),
    detail: l10n.t(
      'Its last answer has no end, and this server did not write it. A prompt would begin a second run beside that one.',
    ),
    action: l10n.t('Send All the Same'),
  };
}
