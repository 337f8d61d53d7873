import { type Problem, UndeliveredProblem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { ForkPoint } from '../core/turns/fork.ts';
import type { Log } from '../core/log.ts';
import { type IdSource, makeMessageId } from '../core/turns/messageId.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import { type Lineage, withLineage } from '../protocol/lineage.ts';
import { type Relayed, relayedMetadata } from '../protocol/relayed.ts';
import type { ModelReference, Session } from '../protocol/records.ts';
import { type Delivery, senderOf } from '../core/prompts/delivery.ts';
import type { Sessions } from '../core/sessions/sessionStore.ts';
import { forkOnce, insist, type MakingPorts, planMaking } from './makeOnce.ts';
import { findForkPointAnew } from './preparing/findForkPoint.ts';
import { type Attempt, type Attempts, mayHaveActed } from './prompting/attempts.ts';
import { textPrompt } from './prompting/outgoing.ts';
import type { PromptDoor } from './prompting/promptDoor.ts';
import { describeUnfinished, takeBack } from './unfinished.ts';

export interface ForkPorts extends MakingPorts {
  readonly sessions: MakingPorts['sessions'] & Pick<Sessions, 'title'>;
  readonly openCode: MakingPorts['openCode'] &
    Pick<OpenCode, 'updateSession' | 'deleteSession' | 'listMessages'>;
  readonly door: Pick<PromptDoor, 'send'>;
  readonly attempts: Attempts;
  readonly ids: IdSource;
  readonly log: Log;
}

export interface ForkRequest {
  readonly title: string;
  /**
   * What it was asked for by, where the title depends on the forks that there are: asked for once more, it is known by
   * this. Absent: the title.
   */
  readonly name?: string;
  /** See `Lineage`. */
  readonly report?: string;
  /** Exactly what is sent first; absent: nothing. */
  readonly prompt?: {
    readonly agent: string;
    readonly model: ModelReference;
    readonly text: string;
    /** The agent or the automation that wrote it, and how far its chain has come. */
    readonly relayed?: Relayed;
  };
}

/** What became of one approach; one that failed for certain left no fork behind. */
export type ForkedApproach =
  | { readonly request: ForkRequest; readonly session: Session; readonly delivery: Delivery | undefined }
  | { readonly request: ForkRequest; readonly error: unknown };

/** Forks a session once for each approach and starts them side by side, grouped in the tree. */
export async function forkApproaches(
  ports: ForkPorts,
  source: Session,
  point: ForkPoint,
  requests: readonly ForkRequest[],
): Promise<readonly ForkedApproach[]> {
  // One alone belongs to no group.
  const group = requests.length > 1 ? makeMessageId(ports.ids) : undefined;
  const inTurn = oneAfterTheOther();
  return Promise.all(
    requests.map(async (request): Promise<ForkedApproach> => {
      try {
        return { request, ...(await forkWithPrompt(ports, source, point, request, group, inTurn)) };
      } catch (error) {
        return { request, error };
      }
    }),
  );
}

/**
 * Forks a session, writes our lineage over what the fork inherited, carries its permission rules, and sends the first
 * prompt. A fork that could not be made whole is deleted again, unless its prompt may have arrived or it cannot be
 * deleted: then it stays, and the same fork asked for once more goes on in it.
 */
export async function forkWithPrompt(
  ports: ForkPorts,
  source: Session,
  point: ForkPoint,
  request: ForkRequest,
  group?: string,
  inTurn = oneAfterTheOther(),
): Promise<{ session: Session; delivery: Delivery | undefined }> {
  const { attempts } = ports;
  const { name = request.title, prompt } = request;
  const make = async (attempt: Attempt) => {
    // The fork that is there may have taken the title: another would be made up for the same wish.
    const title = await attempt.once('title', async () => request.title);
    const session = await attempt.once('session', () =>
      inTurn(() => makeFork(ports, source, point, { ...request, title }, { group, attempt })),
    );
    return { session, delivery: prompt && (await start(ports, session, prompt, { attempt, source, point })) };
  };
  const wish = [point.before, point.at, name];
  if (prompt !== undefined) return attempts.runLasting('fork', source.id, [...wish, prompt], make);
  // A fork without a prompt can be told from no other: each wish is one of its own.
  return attempts.run(['fork', source.id, ...wish, makeMessageId(ports.ids)], make);
}

/** A fork whose answer was lost is known by being the only one that came: the next is made when it has its lineage. */
function oneAfterTheOther(): <T>(make: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (make) => {
    const made = last.then(make);
    last = made.catch(() => undefined);
    return made;
  };
}

interface ForkMaking {
  readonly group: string | undefined;
  readonly attempt: Attempt;
  /** Whether it was made before and did not end where it was meant to. */
  readonly isSecond?: boolean;
}

async function makeFork(
  ports: ForkPorts,
  source: Session,
  point: ForkPoint,
  request: ForkRequest,
  { group, attempt, isSecond = false }: ForkMaking,
): Promise<Session> {
  const { openCode, sessions, ids } = ports;
  const { title, prompt } = request;
  const fork = await attempt.once('fork', async () =>
    forkOnce(ports, source, point, await planMaking(ports, attempt)),
  );
  const unmade = async (error: unknown): Promise<never> => {
    if (!mayHaveActed(error) && (await takeBack(ports, fork, attempt))) throw error;
    throw prompt === undefined ? error : describeUnfinished(sessions, fork, error, title);
  };
  const anew = await insist(ports, () => findForkPointAnew(openCode, source, fork, point)).catch(unmade);
  // One that is shorter each time it is made is as long as the server makes it.
  if (anew !== undefined && (anew !== point || !isSecond)) {
    if (!(await takeBack(ports, fork, attempt))) return unmade(endsElsewhere(sessions.title(fork)));
    return makeFork(ports, source, anew, request, { group, attempt, isSecond: true });
  }
  const lineage: Lineage = {
    of: fork.id,
    kind: 'fork',
    from: source.id,
    time: ids.now(),
    ...(point.at === undefined ? {} : { at: point.at }),
    ...(group === undefined ? {} : { group }),
    ...(request.report === undefined ? {} : { report: request.report }),
    ...(prompt?.relayed?.automation && { automation: prompt.relayed.automation }),
  };
  const change = {
    title,
    metadata: withLineage(fork.metadata, lineage),
    ...(source.permission === undefined ? {} : { permission: source.permission }),
  };
  return insist(ports, () => openCode.updateSession(fork.id, change)).catch(unmade);
}

interface ForkStart {
  readonly attempt: Attempt;
  readonly source: Session;
  readonly point: ForkPoint;
}

async function start(
  ports: ForkPorts,
  session: Session,
  prompt: NonNullable<ForkRequest['prompt']>,
  { attempt, source: { id }, point: { at } }: ForkStart,
): Promise<Delivery> {
  try {
    const metadata = prompt.relayed && relayedMetadata(session, prompt.relayed);
    const outgoing = textPrompt(attempt.messageId('prompt'), prompt, metadata);
    const by = senderOf(prompt.relayed);
    const source = { session: id, ...(at === undefined ? {} : { message: at }) };
    return await ports.door.send(session, outgoing, { cause: 'fork', by, source });
  } catch (error) {
    if (!mayHaveActed(error) && (await takeBack(ports, session, attempt))) throw error;
    throw describeUnfinished(ports.sessions, session, error);
  }
}

function endsElsewhere(title: string): Problem {
  return new UndeliveredProblem(
    l10n.t('“{0}” was made, but does not end where it was meant to, and could not be deleted.', title),
  );
}
