import { gainsRights } from '../../core/continuation/agentRights.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import { l10n } from '../../core/l10n.ts';
import type { MaySend } from '../../flows/prompting/askElsewhere.ts';
import type { RelayLeg } from '../../protocol/pending.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { Agent, ModelReference, Session } from '../../protocol/records.ts';
import { resolveTarget, type ResolveTargetDeps } from '../../flows/preparing/target.ts';

/** One leg as somebody asks for it; without a model the agent's own or the session's is taken. */
export interface WishedLeg {
  readonly agent: string;
  readonly model?: ModelReference | undefined;
  readonly text: string;
}

export interface SendRelayDeps extends ResolveTargetDeps, MaySend {
  readonly sessions: ResolveTargetDeps['sessions'] & Pick<Sessions, 'title'>;
  readonly dialogs: Pick<Dialogs, 'confirm' | 'inform'>;
  readonly relays: {
    pending(sessionId: string): readonly RelayLeg[];
    add(
      sessionId: string,
      requests: readonly { agent: string; model: ModelReference; text: string }[],
    ): Promise<unknown>;
  };
  /** The agent that a person relayed to last. */
  readonly lastRelay: { set(agent: string): void };
  readonly isBusy: (sessionId: string) => boolean;
  /** Whether to ask before the turn passes from an agent that only reads to one that may edit. */
  readonly asksBeforeEditing: () => boolean;
}

/** Relays legs to a session, or queues them while it works. False: the person thought better of it. */
export async function sendRelay(
  deps: SendRelayDeps,
  session: Session,
  legs: readonly WishedLeg[],
): Promise<boolean> {
  const [{ agents }, requests] = await Promise.all([
    deps.offers.load(session.directory),
    Promise.all(
      legs.map(async ({ agent, model, text }) => ({
        ...(await resolveTarget(deps, session, { agent, model })),
        text,
      })),
    ),
  ]);
  const pending = deps.relays.pending(session.id);
  const path = [pending.at(-1)?.agent ?? session.agent, ...requests.map(({ agent }) => agent)];
  if (deps.asksBeforeEditing() && !(await confirmEditing(deps, session, findAgents(path, agents))))
    return false;
  if (!(await deps.maySendTo(session))) return false;
  await deps.relays.add(session.id, requests);
  const last = requests.at(-1)?.agent;
  if (last !== undefined) deps.lastRelay.set(last);
  if (deps.isBusy(session.id) || pending.length > 0) {
    deps.dialogs.inform(
      l10n.t(
        '“{0}” is working. The relay to {1} waits until the turn has settled.',
        deps.sessions.title(session),
        path.at(1) ?? '',
      ),
    );
  }
  return true;
}

async function confirmEditing(
  { sessions, dialogs }: Pick<SendRelayDeps, 'sessions' | 'dialogs'>,
  session: Session,
  path: readonly (Agent | undefined)[],
): Promise<boolean> {
  const editor = path.find(
    (agent, index) => index > 0 && agent !== undefined && gainsRights(path[index - 1], agent),
  );
  if (editor === undefined) return true;
  return dialogs.confirm({
    message: l10n.t('Pass the turn to {0}, which may edit files?', editor.name),
    detail: l10n.t('The agent before it in “{0}” only reads.', sessions.title(session)),
    action: l10n.t('Relay'),
  });
}

function findAgents(
  names: readonly (string | undefined)[],
  agents: readonly Agent[],
): readonly (Agent | undefined)[] {
  return names.map((name) => agents.find((agent) => agent.name === name));
}
