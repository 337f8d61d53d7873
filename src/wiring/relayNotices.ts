import type { Notice } from '../core/ports/notify.ts';
import { titleById } from '../core/sessions/sessionRow.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { RelayNotice } from '../flows/relay.ts';
import { describeRelay } from '../flows/relayWords.ts';

/** A relay's fate in words, with the session as people know it; undefined where it went as it was asked. */
export function describeRelayNotice(
  notice: RelayNotice,
  sessions: Pick<Sessions, 'get'>,
): Notice | undefined {
  return describeRelay(notice, titleById(sessions, notice.sessionId));
}
