import type { Offers } from '../../core/state/offers.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { findPromptTarget, type PromptTarget, type TargetWish } from '../../core/turns/promptTarget.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { ModelReference, Session, UserMessage } from '../../protocol/records.ts';
import { loadMessagesBack } from '../../core/transcript/messagesBack.ts';

export interface ResolveTargetDeps {
  readonly sessions: Pick<Sessions, 'all'>;
  /** What is asked of the server once for each directory, until its configuration changes. */
  readonly offers: Pick<Offers, 'load'>;
  readonly openCode: Pick<OpenCode, 'listMessages'>;
}

/** Agent and model for a prompt to this session, checked against what the server has: the one answer to who answers. */
export async function resolveTarget(
  { sessions, offers, openCode }: ResolveTargetDeps,
  session: Session,
  wish: TargetWish,
): Promise<PromptTarget> {
  const [{ agents, providers }, latestPrompt] = await Promise.all([
    offers.load(session.directory),
    session.agent === undefined || session.model === undefined
      ? findLatestPrompt(openCode, session.id)
      : undefined,
  ]);
  const recentModel = findRecentModel(sessions.all(), session.directory);
  return findPromptTarget(wish, { session, latestPrompt, agents, providers, recentModel });
}

async function findLatestPrompt(
  openCode: Pick<OpenCode, 'listMessages'>,
  sessionId: string,
): Promise<UserMessage | undefined> {
  const messages = await loadMessagesBack(openCode, sessionId, (loaded) =>
    loaded.some(({ info }) => info.role === 'user'),
  );
  return messages.map(({ info }) => info).findLast((info) => info.role === 'user');
}

/** The model that the folder's sessions used last; `picked` are those of their next prompts, where a person chose one. */
export function findRecentModel(
  sessions: readonly Session[],
  directory: string,
  picked: (sessionId: string) => ModelReference | undefined = () => undefined,
): ModelReference | undefined {
  let latest: Session | undefined;
  for (const session of sessions) {
    if (session.directory !== directory || session.model === undefined) continue;
    if (latest === undefined || session.time.updated > latest.time.updated) latest = session;
  }
  const chosen = latest && picked(latest.id);
  if (chosen !== undefined) return chosen;
  const model = latest?.model;
  if (model === undefined) return undefined;
  const reference = { providerID: model.providerID, modelID: model.id };
  return model.variant === undefined ? reference : { ...reference, variant: model.variant };
}
