import type { Dialogs } from '../core/dialogs.ts';
import { Problem } from '../core/errors.ts';
import { exclusiveForkPoint, forkTitle, lastSettledPoint, type ForkPoint } from '../core/turns/fork.ts';
import { l10n } from '../core/l10n.ts';
import type { OpenCode } from '../core/openCode.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import { withLineage } from '../protocol/lineage.ts';
import type { Session } from '../protocol/records.ts';
import { chooseSession, type ChooseSessionDeps } from './chooseSession.ts';
import type { Command } from './command.ts';
import { loadMessagesBack } from '../core/transcript/messagesBack.ts';
import { resolveTarget, type ResolveTargetDeps } from './resolveTarget.ts';
import { parseSessionArgument, type SessionArgument } from './sessionArgument.ts';

export interface ForkSessionDeps extends ChooseSessionDeps, ResolveTargetDeps {
  readonly sessions: Pick<Sessions, 'get' | 'all' | 'status'>;
  readonly openCode: Pick<
    OpenCode,
    | 'getSession'
    | 'forkSession'
    | 'updateSession'
    | 'promptSession'
    | 'listMessages'
    | 'listAgents'
    | 'listProviders'
  >;
  readonly dialogs: Pick<Dialogs, 'pickSession' | 'inform'>;
  readonly openTranscript: (sessionId: string, how: 'pinned') => void;
  readonly now: () => number;
}

/** Forks a session, whole or up to a message, and opens the fork. */
export function forkSession(deps: ForkSessionDeps): Command {
  return async (argument) => {
    const given = parseSessionArgument(argument);
    const source = await chooseSession(deps, argument, {
      title: l10n.t('Fork Session Here'),
      none: l10n.t('There is no session to fork.'),
    });
    if (source === undefined) return undefined;
    const target =
      given.text === undefined && given.agent === undefined
        ? undefined
        : await resolveTarget(deps, source, given);
    const { point, shortened } = await findForkPoint(deps, source, given.messageId);
    const fork = await deps.openCode.forkSession(source.id, point.before);
    await describeFork(deps, source, fork, point, given);
    deps.openTranscript(fork.id, 'pinned');
    if (shortened) {
      deps.dialogs.inform(
        l10n.t('“{0}” is working, so the fork ends with its last finished turn.', source.title),
      );
    }
    if (given.text !== undefined && target !== undefined) {
      await deps.openCode.promptSession(fork.id, { ...target, parts: [{ type: 'text', text: given.text }] });
    }
    return fork.id;
  };
}

interface FoundPoint {
  readonly point: ForkPoint;
  /** Whether less is copied than was asked for. */
  readonly shortened: boolean;
}

const whole: FoundPoint = { point: { before: undefined, at: undefined }, shortened: false };

export async function findForkPoint(
  { sessions, openCode }: Pick<ForkSessionDeps, 'sessions' | 'openCode'>,
  source: Session,
  messageId: string | undefined,
): Promise<FoundPoint> {
  const isBusy = sessions.status(source.id).type !== 'idle';
  if (messageId === undefined && !isBusy) return whole;
  const messages = await loadMessagesBack(
    openCode,
    source.id,
    (loaded) =>
      (messageId === undefined || loaded.some(({ info }) => info.id === messageId)) &&
      (!isBusy || lastSettledPoint(loaded).at !== undefined),
  );
  const asked = messageId === undefined ? undefined : exclusiveForkPoint(messages, messageId);
  if (!isBusy && asked !== undefined) return { point: asked, shortened: false };
  const settled = lastSettledPoint(messages);
  const place = (id: string | undefined) => messages.findIndex(({ info }) => info.id === id);
  return asked !== undefined && place(asked.at) <= place(settled.at)
    ? { point: asked, shortened: false }
    : { point: settled, shortened: true };
}

/** Writes what the server does not carry over, and our lineage over the one that it did. */
async function describeFork(
  { sessions, openCode, now }: ForkSessionDeps,
  source: Session,
  fork: Session,
  { at }: ForkPoint,
  { title }: SessionArgument,
): Promise<void> {
  const titles = sessions
    .all()
    .filter(({ id, directory }) => id !== fork.id && directory === source.directory)
    .map((session) => session.title);
  const lineage = {
    kind: 'fork',
    from: source.id,
    ...(at === undefined ? {} : { at }),
    time: now(),
  } as const;
  try {
    await openCode.updateSession(fork.id, {
      title: title ?? forkTitle(source.title, titles),
      metadata: withLineage(fork.metadata, lineage),
      ...(source.permission === undefined ? {} : { permission: source.permission }),
    });
  } catch (cause) {
    throw new Problem(
      l10n.t('“{0}” was forked, but the fork could not be given its title and origin.', source.title),
      {
        cause,
        remedy: {
          title: l10n.t('Open Fork'),
          command: 'opencodeSessions.session.open',
          arguments: [fork.id],
        },
      },
    );
  }
}
