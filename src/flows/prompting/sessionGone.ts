import { NotFoundProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { cutMiddle } from '../../core/plainText.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';

/** Whether a session that is not among those of the open folders is on the server no more. */
export async function isGone(openCode: Pick<OpenCode, 'getSession'>, sessionId: string): Promise<boolean> {
  try {
    await openCode.getSession(sessionId);
    return false;
  } catch (error) {
    if (error instanceof NotFoundProblem) return true;
    throw error;
  }
}

/** Of a prompt whose session is gone, with the way to its text. */
export function sessionGone(sessionId: string, text: string): NotFoundProblem {
  const beginning = cutMiddle(text.trim(), 80);
  return new NotFoundProblem(
    l10n.t('A session was deleted before the prompt “{0}” could be sent to it. Its text is kept.', beginning),
    {
      remedy: {
        title: l10n.t('Open Text'),
        command: 'opencodeSessions.prompt.editInEditor',
        arguments: [{ sessionId }],
      },
    },
  );
}
