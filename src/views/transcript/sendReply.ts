import { NotFoundProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Waiting } from '../../core/sessions/attention.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { TranscriptFeed } from './transcriptFeed.ts';

type Reply = Extract<FromPage, { type: 'replyPermission' | 'replyQuestion' | 'rejectQuestion' }>;

export interface SendReplyPorts {
  readonly sessions: Pick<Sessions, 'get'>;
  readonly openCode: Pick<OpenCode, 'replyPermission' | 'replyQuestion' | 'rejectQuestion'>;
}

/** Gives a person's answer to the server. What was not taken is shown again: the page closed it when it was answered. */
export async function sendReply(
  { sessions, openCode }: SendReplyPorts,
  feed: Pick<TranscriptFeed, 'waiting' | 'tellRequests'>,
  reply: Reply,
): Promise<void> {
  try {
    const { request } = findWaiting(feed, reply.requestId);
    await send(openCode, findDirectory(sessions, request), request, reply);
  } catch (error) {
    feed.tellRequests();
    throw error;
  }
}

function send(
  openCode: SendReplyPorts['openCode'],
  directory: string,
  request: Waiting['request'],
  reply: Reply,
): Promise<void> {
  switch (reply.type) {
    case 'replyPermission':
      return openCode.replyPermission(directory, request, reply.reply, reply.message);
    case 'replyQuestion':
      return openCode.replyQuestion(directory, request, reply.answers);
    case 'rejectQuestion':
      return openCode.rejectQuestion(directory, request);
  }
}

/** What waits for an answer; only what the page shows is answered. */
export function findWaiting(feed: Pick<TranscriptFeed, 'waiting'>, requestId: string): Waiting {
  const waiting = feed.waiting().find(({ request }) => request.id === requestId);
  if (waiting !== undefined) return waiting;
  throw new NotFoundProblem(l10n.t('This was answered elsewhere, or the run has ended.'));
}

/** The directory in which the answer is awaited. */
function findDirectory(sessions: SendReplyPorts['sessions'], { sessionID }: Waiting['request']): string {
  const session = sessions.get(sessionID);
  if (session !== undefined) return session.directory;
  throw new NotFoundProblem(
    l10n.t('This session is not among those of the open folders. It may have been deleted.'),
  );
}
