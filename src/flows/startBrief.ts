import { Problem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import type { IdSource } from '../core/turns/messageId.ts';
import type { PromptTarget } from '../core/turns/promptTarget.ts';
import type { Session } from '../protocol/records.ts';
import { createOnce, type MakingPorts, planMaking } from './makeOnce.ts';
import { type Attempts, mayHaveActed } from './prompting/attempts.ts';
import { textPrompt } from './prompting/outgoing.ts';
import type { PromptDoor } from './prompting/promptDoor.ts';
import { describeUnfinished, takeBack } from './unfinished.ts';

export interface StartBriefPorts extends MakingPorts {
  readonly sessions: MakingPorts['sessions'] & Pick<Sessions, 'title'>;
  readonly openCode: MakingPorts['openCode'] & Pick<OpenCode, 'deleteSession'>;
  readonly door: Pick<PromptDoor, 'send'>;
  readonly attempts: Attempts;
  readonly ids: IdSource;
  /** Has what happens in a folder told to this window, and ends when it is. */
  readonly followFolder: (directory: string) => Promise<void>;
  readonly log: Log;
}

export interface BriefRequest extends PromptTarget {
  /** Absolute, links followed. */
  readonly directory: string;
  /** Absent: the server names the session by its first prompt. */
  readonly title: string | undefined;
  /** Exactly what is sent. */
  readonly text: string;
}

/**
 * Makes the session that a brief begins, in the brief's folder, and gives it the text. If the text is refused, the session, in
 * which nothing happened, is deleted again. Where nobody knows whether it arrived, the session stays; asked for once more, the
 * same brief goes on in it, also after a reload.
 */
export async function startBrief(ports: StartBriefPorts, request: BriefRequest): Promise<Session> {
  const { directory, title, agent, model, text } = request;
  // Before it is made: of what happens in a folder that nobody listens to, no event would tell.
  await ports.followFolder(directory);
  return ports.attempts.runLasting('brief', directory, [title, agent, model, text], async (attempt) => {
    const wanted = { directory, agent, model, ...(title === undefined ? {} : { title }) };
    const session = await attempt.once('session', async () =>
      createOnce(ports, wanted, await planMaking(ports, attempt)),
    );
    try {
      await ports.door.send(session, textPrompt(attempt.messageId('prompt'), request), 'brief');
    } catch (error) {
      if (!mayHaveActed(error) && (await takeBack(ports, session, attempt))) throw describeRefused(error);
      throw describeUnfinished(ports.sessions, session, error);
    }
    return session;
  });
}

function describeRefused(cause: unknown): Problem {
  if (cause instanceof Problem) return cause;
  return new Problem(l10n.t('The brief could not be sent. Your draft is unchanged; try again.'), { cause });
}
