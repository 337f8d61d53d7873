import { toModelReference } from '../../core/continuation/gathered.ts';
import { NotFoundProblem } from '../../core/errors.ts';
import type { Disposable, Event } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import { describeRequest } from '../../core/requests/requestWords.ts';
import { Retries, type RetriesPorts } from '../../core/retries.ts';
import { ownRequests, subagentParents } from '../../core/sessions/attention.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { type IdSource, messageIdOf } from '../../core/turns/messageId.ts';
import type { SettledTurns } from '../../core/turns/settledTurn.ts';
import { parseOwnLineage } from '../../protocol/lineage.ts';
import { parsePendingRelays } from '../../protocol/pending.ts';
import type { Message, Session } from '../../protocol/records.ts';
import { findMessage } from '../prompting/findMessage.ts';
import { readAwaited, tellOf } from './awaited.ts';
import type { Relays } from './relay.ts';

export interface ChildReportsPorts extends Pick<RetriesPorts, 'startTimer'> {
  readonly openCode: Pick<OpenCode, 'getSession' | 'getMessage' | 'listMessages' | 'listStatuses'>;
  readonly sessions: Pick<Sessions, 'onDidChange' | 'all' | 'get' | 'permissions' | 'questions'>;
  readonly turns: Pick<SettledTurns, 'onDidSettle'>;
  /** The server can be asked, for the first time or again. */
  readonly onDidGoLive: Event<void>;
  readonly ids: Pick<IdSource, 'now'>;
  readonly relays: Pick<Relays, 'add' | 'cancel'>;
  readonly log: Log;
}

/** A session that an agent began, and where and under which id it is told how that fared. */
interface Child {
  readonly session: Session;
  readonly parent: string;
  readonly end: string;
  /** When it was begun, in milliseconds since 1970. */
  readonly time: number;
}

/** What is told of a child, under one id for good: whoever tells it, and however often, it is there once. */
interface Report {
  readonly child: Child;
  readonly messageId: string;
  /** The session that waits for the user; absent: it tells how the first turn of the child has ended. */
  readonly asker?: string;
  /**
   * What is told, by how the parent is, what the child was prompted last, and whether that was the first; undefined:
   * nothing, at this moment.
   */
  readonly read: (parent: Session, prompt: Message, isFirst: boolean) => Promise<string | undefined>;
}

/** Milliseconds in which a child is looked after whose end nobody heard of. */
const lookBack = 24 * 60 * 60_000;
/** Milliseconds by which two clocks may differ. */
const clockSlack = 5000;

/**
 * Tells agents how the sessions fare that they began: once for each request with which one, or a subagent of it, waits for
 * the user, and once when its first turn has ended, well or badly. What comes after that is of whoever went on there.
 */
export class ChildReports implements Disposable {
  readonly #ports: ChildReportsPorts;
  readonly #subscriptions: readonly Disposable[];
  readonly #retries: Retries;
  /** What is to be told, by its message. */
  readonly #due = new Map<string, Report>();
  /** Requests that are open, by the message that tells of them. */
  readonly #asked = new Map<string, Report>();
  /** What was told, here or elsewhere: a session goes on long after its first turn. */
  readonly #told = new Set<string>();
  /** The last step for each child: that it waits is told before how it ended. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(ports: ChildReportsPorts) {
    this.#ports = ports;
    this.#retries = new Retries({ ...ports, retry: (messageId) => this.#try(messageId) });
    this.#subscriptions = [
      ports.turns.onDidSettle(({ sessionId }) => this.#ended(sessionId)),
      ports.onDidGoLive(() => this.#lookBack()),
      ports.sessions.onDidChange(({ sessionIds }) => {
        for (const sessionId of sessionIds) this.#lookAtRequests(sessionId);
      }),
    ];
    for (const { id } of ports.sessions.all()) this.#lookAtRequests(id);
  }

  dispose(): void {
    this.#retries.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #ended(sessionId: string): void {
    const child = findChild(this.#ports.sessions.get(sessionId));
    if (child !== undefined) this.#planEnd(child, () => true);
  }

  /** A server that was killed, or a stream that broke, told nothing of the ends that came with it. */
  #lookBack(): void {
    const { sessions, ids } = this.#ports;
    for (const session of sessions.all()) {
      const child = findChild(session);
      if (child === undefined || ids.now() - session.time.updated > lookBack) continue;
      this.#planEnd(child, (isFirst) => isFirst);
    }
  }

  #planEnd(child: Child, isMeant: (isFirst: boolean) => boolean): void {
    const { id: session } = child.session;
    const read = async (_: Session, { id: messageId }: Message, isFirst: boolean) =>
      isMeant(isFirst) ? readAwaited(this.#ports.openCode, { session, messageId }) : undefined;
    this.#plan({ child, messageId: child.end, read });
  }

  #lookAtRequests(sessionId: string): void {
    const { sessions } = this.#ports;
    const open = new Map(
      ownRequests(sessions, sessionId).map((waiting) => [messageIdOf(waiting.request.id), waiting]),
    );
    for (const [messageId, report] of this.#asked) {
      if (report.asker === sessionId && !open.has(messageId)) this.#withdraw(report);
    }
    if (open.size === 0) return;
    // Of a subagent, the run as a whole stands still.
    const top = subagentParents(sessions, sessionId).at(-1) ?? sessionId;
    const child = findChild(sessions.get(top));
    if (child === undefined) return;
    for (const [messageId, waiting] of open) {
      if (this.#asked.has(messageId)) continue;
      const words = `it waits for the user, who is asked: ${describeRequest(waiting)}`;
      const read = async (parent: Session) => {
        const isOver = await this.#isTold(parent, child.end);
        return isOver || !this.#asked.has(messageId) ? undefined : tellOf(child.session, words);
      };
      const report = { child, messageId, asker: sessionId, read };
      this.#asked.set(messageId, report);
      this.#plan(report);
    }
  }

  /** Somebody answered the request, or nobody is asked any more: where it was not told yet, it is not. */
  #withdraw({ child, messageId }: Report): void {
    this.#asked.delete(messageId);
    this.#due.delete(messageId);
    this.#retries.reset(messageId);
    this.#inTurn(child, async () => {
      if (this.#told.delete(messageId)) await this.#ports.relays.cancel(child.parent, [messageId]);
    });
  }

  #plan(report: Report): void {
    const { messageId } = report;
    if (this.#told.has(messageId)) return;
    // A look that began before may have seen a session that still worked.
    this.#due.set(messageId, report);
    this.#try(messageId);
  }

  #try(messageId: string): void {
    const report = this.#due.get(messageId);
    if (report === undefined) return;
    this.#inTurn(report.child, async () => {
      if (this.#due.get(messageId) !== report) return;
      try {
        await this.#tell(report);
      } catch (error) {
        // Whoever began it is gone, or the session itself.
        if (!(error instanceof NotFoundProblem)) {
          this.#retries.later(messageId);
          throw error;
        }
      }
      // What was planned meanwhile is looked at next.
      if (this.#due.get(messageId) !== report) return;
      this.#due.delete(messageId);
      this.#retries.reset(messageId);
    });
  }

  #inTurn({ session }: Child, act: () => Promise<void>): void {
    const { id } = session;
    const done = (this.#last.get(id) ?? Promise.resolve())
      .then(act)
      .catch((error: unknown) => {
        this.#ports.log.warn('Whoever began a session could not be told how it fares.', id, error);
      })
      .finally(() => {
        if (this.#last.get(id) === done) this.#last.delete(id);
      });
    this.#last.set(id, done);
  }

  async #tell({ child, messageId, read }: Report): Promise<void> {
    const { openCode, relays } = this.#ports;
    const parent = await openCode.getSession(child.parent);
    if (await this.#isTold(parent, messageId)) return void this.#told.add(messageId);
    const model = toModelReference(parent);
    const { messages } = await openCode.listMessages(child.session.id, { limit: 20 });
    const prompts = messages.flatMap(({ info }) => (info.role === 'user' ? info : []));
    const prompt = prompts.at(-1);
    if (model === undefined || prompt === undefined) return;
    // A fork has those of its source as well.
    const own = prompts.filter(({ time }) => time.created >= child.time - clockSlack);
    const words = await read(parent, prompt, own.length === 1);
    if (words === undefined) return;
    const text = `[Not from the user: of a session that you began.] ${words}`;
    const agent = parent.agent ?? prompt.agent;
    // Who wrote it: without that it is taken for words of the user.
    const from = { session: child.session.id, agent: prompt.agent };
    await relays.add(child.parent, [{ agent, model, text, silent: true, messageId, from }]);
    this.#told.add(messageId);
  }

  /** Whether it is there or on its way, by the server's word: told here, elsewhere, or before a restart. */
  async #isTold(parent: Session, messageId: string): Promise<boolean> {
    if (this.#told.has(messageId)) return true;
    const { legs = [], told = [] } = parsePendingRelays(parent) ?? {};
    if (told.includes(messageId) || legs.some((leg) => leg.messageId === messageId)) return true;
    return (await findMessage(this.#ports.openCode, parent.id, messageId)) !== undefined;
  }
}

function findChild(session: Session | undefined): Child | undefined {
  const { from: parent, report: end, time } = (session && parseOwnLineage(session)) ?? {};
  return session === undefined || parent === undefined || end === undefined || time === undefined
    ? undefined
    : { session, parent, end, time };
}
