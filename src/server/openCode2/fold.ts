import * as z from 'zod';
import { NotFoundProblem } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { SentEvent, ServerEvent } from '../../protocol/events.ts';
import type { MessageWithParts, Session } from '../../protocol/records.ts';
import type { DirectorySet } from '../dialect/directories.ts';
import { readToldByCompanion } from './channel/companionChannel.ts';
import type { KnownSessions } from './knownSessions.ts';
import { Lanes } from './lanes.ts';
import { LiveMessages, type LivePorts } from './liveMessages.ts';
import { LiveRequests } from './liveRequests.ts';
import { type ExecutionEnd, Runs } from './runs.ts';
import { readMarks } from './ownMarks.ts';
import type { SeenEvents } from './seenEvents.ts';
import type { SentCommands } from './sentCommands.ts';
import { toRunError } from './toMessage.ts';
import { optionalError, optionalTokens, WireEvent } from './wire.ts';

export interface FoldPorts extends Pick<LivePorts, 'messages' | 'order'> {
  readonly known: KnownSessions;
  readonly seen: SeenEvents;
  readonly commands: Pick<SentCommands, 'take'>;
  readonly getSession: (sessionId: string) => Promise<Session>;
  /** Those of the window. */
  readonly directories: () => DirectorySet;
  /** A run failed before anything of what waits was delivered. */
  readonly onRefused: (sessionId: string) => Promise<void>;
  readonly tell: (event: ServerEvent) => void;
  readonly log: Log;
}

/** Names that had others in the preview. */
const aliases: Readonly<Record<string, string>> = {
  'session.input.admitted': 'session.inbox.enqueued',
  'session.input.promoted': 'session.inbox.delivered',
  'session.compaction.admitted': 'session.inbox.enqueued',
  'catalog.updated': 'model.updated',
};

/** After these a folder offers something else. */
const offering: ReadonlySet<string> = new Set([
  'agent.updated',
  'command.updated',
  'model.updated',
  'provider.updated',
  'plugin.updated',
  'skill.updated',
]);

/** After these the record of a session says something else; none of them has it whole. */
const recorded: ReadonlySet<string> = new Set([
  'renamed',
  'agent.selected',
  'model.selected',
  'metadata.updated',
  'permissions',
]);

const OfSession = z.object({ sessionID: z.string() });
const Title = z.object({ title: z.string().optional().catch(undefined) });
const Usage = z.object({ cost: z.number().optional().catch(undefined), tokens: optionalTokens });
const Reason = z.object({ reason: z.string().catch('') });
const Failure = z.object({ error: optionalError });
const Retry = z.object({
  attempt: z.number().catch(1),
  at: z.number().optional().catch(undefined),
  error: optionalError,
});
const Enqueued = z.object({
  inboxID: z.string(),
  item: z.object({
    type: z.string(),
    payload: z
      .object({ metadata: z.record(z.string(), z.unknown()).optional().catch(undefined) })
      .catch({ metadata: undefined }),
  }),
});
const Revert = z.object({ to: z.string().optional().catch(undefined) });

/**
 * Makes our events of those of 2.x, of which none has a whole record: what they leave out is asked for, and what follows in
 * the same session waits for that. The server has no replay, so each stream begins with nothing that is known.
 */
export class Fold {
  readonly #ports: FoldPorts;
  readonly #lanes: Lanes;
  readonly #runs = new Runs();
  readonly #live: LiveMessages;
  readonly #requests: LiveRequests;
  readonly #complained = new Set<string>();

  constructor(ports: FoldPorts) {
    this.#ports = ports;
    this.#lanes = new Lanes(ports.log);
    const tell = (event: SentEvent): void => this.#tell(event);
    this.#live = new LiveMessages({ ...ports, tell });
    this.#requests = new LiveRequests(tell);
  }

  /** Takes the data of an event as the stream brings it. */
  take(data: string): void {
    const event = this.#parse(data);
    if (event === undefined || !this.#ports.seen.note(event.id)) return;
    const type = aliases[event.type] ?? event.type;
    if (type === 'server.connected') {
      this.#tell({ type, properties: {} });
      return;
    }
    const directory = event.location?.directory;
    if (offering.has(type) || type === 'location.shutdown') {
      if (directory !== undefined) this.#takeFolder(type, directory);
      return;
    }
    if (type.startsWith('rpc.')) {
      this.#takeTold(type, event);
      return;
    }
    const sessionId = sessionOf(event);
    if (sessionId === undefined || !this.#isOurs(sessionId, directory)) return;
    this.#lanes.run(sessionId, () => this.#takeSession(type, sessionId, event));
  }

  /** Resolves when what was taken is told. */
  settled(): Promise<void> {
    return this.#lanes.settled();
  }

  #tell(event: ServerEvent): void {
    if (event.type !== 'turn.started' && event.type !== 'turn.ended') this.#runs.note(event as SentEvent);
    this.#ports.tell(event);
  }

  #takeFolder(type: string, directory: string): void {
    const found = this.#ports.directories().find(directory);
    if (found === undefined) return;
    const properties = { directory: found };
    if (type === 'location.shutdown') this.#tell({ type: 'server.instance.disposed', properties });
    else this.#ports.tell({ type: 'offers.changed', properties });
  }

  #takeTold(type: string, { location, data }: WireEvent): void {
    const directory = location && this.#ports.directories().find(location.directory);
    const told = directory === undefined ? undefined : readToldByCompanion(type, data, directory);
    if (told !== undefined) this.#ports.tell(told);
  }

  /** What runs is told without its folder. */
  #isOurs(sessionId: string, directory: string | undefined): boolean {
    const where = directory ?? this.#ports.known.get(sessionId)?.directory;
    return where !== undefined && this.#ports.directories().has(where);
  }

  #takeSession(type: string, sessionId: string, event: WireEvent): void | Promise<unknown> {
    if (this.#requests.take(type, event)) return undefined;
    if (!type.startsWith('session.')) return undefined;
    const name = type.slice('session.'.length);
    if (recorded.has(name)) return this.#refresh(sessionId, 'session.updated', event);
    switch (name) {
      case 'created':
      case 'forked':
        return this.#refresh(sessionId, 'session.created', event);
      case 'deleted':
        return this.#delete(sessionId, event);
      case 'moved':
        return this.#move(sessionId, event);
      case 'usage.updated':
        return this.#applyUsage(sessionId, event);
      case 'execution.started':
      case 'execution.succeeded':
      case 'execution.failed':
      case 'execution.interrupted':
        return this.#takeExecution(name.slice('execution.'.length), sessionId, event);
      case 'retry.scheduled':
        return this.#retry(sessionId, event);
      case 'revert.staged':
      case 'revert.cleared':
      case 'revert.committed':
        return this.#revert(name, sessionId, event);
      case 'compaction.ended':
        return this.#live.take(name, sessionId, event, () => {
          this.#tell({ type: 'session.compacted', properties: { sessionID: sessionId } });
        });
      case 'inbox.enqueued':
        this.#touch(sessionId, event.created);
        this.#tellAdmitted(sessionId, event);
        return this.#live.take(name, sessionId, event);
      case 'inbox.delivered':
        this.#runs.noteDelivery(sessionId);
        return this.#live.take(name, sessionId, event);
      case 'step.started':
        return this.#live.take(name, sessionId, event, () => this.#tellBusy(sessionId));
      default:
        return this.#live.take(name, sessionId, event);
    }
  }

  /**
   * What is only told waits for the next prompt, and a command was taken; a prompt that begins a run may still be refused
   * by that.
   */
  #tellAdmitted(sessionID: string, { data }: WireEvent): void {
    const { inboxID, item } = Enqueued.parse(data);
    const isOfCommand = item.type === 'user' && readMarks(item.payload.metadata) === undefined;
    const command = isOfCommand ? this.#ports.commands.take(sessionID) : undefined;
    const isSure = item.type === 'synthetic' || this.#runs.isKnown(sessionID);
    if (command !== undefined) {
      const properties = { sessionID, messageID: command, as: inboxID };
      this.#ports.tell({ type: 'message.admitted', properties });
    } else if (isSure) {
      this.#ports.tell({ type: 'message.admitted', properties: { sessionID, messageID: inboxID } });
    }
  }

  #takeExecution(name: string, sessionId: string, event: WireEvent): void | Promise<void> {
    if (name === 'started') {
      this.#tellBusy(sessionId);
      this.#tell(this.#runs.start(sessionId));
      return undefined;
    }
    return this.#endExecution(sessionId, toEnd(name, event));
  }

  async #endExecution(sessionId: string, end: ExecutionEnd): Promise<void> {
    const isHeard = this.#runs.isKnown(sessionId);
    const last = isHeard ? undefined : await this.#lastAnswer(sessionId);
    const isRefused = end.kind === 'failed' && !this.#runs.hasDelivered(sessionId);
    this.#requests.end(sessionId);
    this.#live.rest(sessionId);
    this.#tell({ type: 'session.status', properties: { sessionID: sessionId, status: { type: 'idle' } } });
    this.#tell(this.#runs.end(sessionId, end, last));
    if (!isRefused) return;
    // It would come up again with the next prompt.
    await this.#ports.onRefused(sessionId);
    const error = toRunError(end.error);
    this.#tell({ type: 'session.error', properties: { sessionID: sessionId, error } });
  }

  async #lastAnswer(sessionId: string) {
    const messages: readonly MessageWithParts[] = (await this.#ports.messages.newest(sessionId)).messages;
    const answer = messages.findLast(({ info }) => info.role === 'assistant')?.info;
    return answer?.role === 'assistant' ? answer : undefined;
  }

  #tellBusy(sessionID: string): void {
    this.#tell({ type: 'session.status', properties: { sessionID, status: { type: 'busy' } } });
  }

  #retry(sessionID: string, event: WireEvent): void | Promise<void> {
    const { attempt, at, error } = Retry.parse(event.data);
    const status = {
      type: 'retry' as const,
      attempt,
      message: error?.message ?? '',
      next: at ?? event.created,
    };
    this.#tell({ type: 'session.status', properties: { sessionID, status } });
    return this.#live.take('retry.scheduled', sessionID, event);
  }

  async #revert(name: string, sessionId: string, event: WireEvent): Promise<void> {
    if (name === 'revert.committed') {
      const { to } = Revert.parse(event.data);
      const isTold = to !== undefined && (await this.#live.removeFrom(sessionId, to));
      if (!isTold) this.#tell({ type: 'session.next.moved', properties: { sessionID: sessionId } });
    }
    const session = await this.#refresh(sessionId, 'session.updated', event);
    if (name === 'revert.staged' && session?.revert !== undefined) {
      await this.#live.noteReverted(sessionId, session.revert.messageID);
    }
  }

  async #move(sessionId: string, event: WireEvent): Promise<void> {
    await this.#refresh(sessionId, 'session.updated', event);
    this.#tell({ type: 'session.next.moved', properties: { sessionID: sessionId } });
  }

  /** The record itself has to be asked for; what cannot be had is patched by what the event says. */
  async #refresh(
    sessionId: string,
    type: 'session.created' | 'session.updated',
    { data, created }: WireEvent,
  ): Promise<Session | undefined> {
    let session: Session | undefined;
    try {
      session = await this.#ports.getSession(sessionId);
    } catch (error) {
      if (error instanceof NotFoundProblem) return undefined;
      const { title } = Title.parse(data);
      const known = this.#ports.known.get(sessionId);
      this.#ports.log.debug('A session could not be asked for.', sessionId);
      session = known && {
        ...known,
        ...(title === undefined ? {} : { title }),
        time: { ...known.time, updated: created },
      };
    }
    if (session === undefined) return undefined;
    this.#ports.known.note(session);
    if (this.#ports.directories().has(session.directory)) this.#tell({ type, properties: { info: session } });
    return session;
  }

  #delete(sessionId: string, { location, created }: WireEvent): void {
    const { known } = this.#ports;
    const info = known.get(sessionId) ?? {
      id: sessionId,
      title: '',
      directory: location?.directory ?? '',
      time: { created, updated: created },
    };
    known.delete(sessionId);
    this.#live.forget(sessionId);
    this.#requests.end(sessionId);
    this.#tell({ type: 'session.deleted', properties: { info } });
  }

  #applyUsage(sessionId: string, { data }: WireEvent): void {
    const known = this.#ports.known.get(sessionId);
    const { cost, tokens } = Usage.parse(data);
    if (known === undefined || (cost === undefined && tokens === undefined)) return;
    const info = {
      ...known,
      ...(cost === undefined ? {} : { cost }),
      ...(tokens === undefined ? {} : { tokens }),
    };
    this.#tell({ type: 'session.updated', properties: { info: this.#ports.known.note(info) } });
  }

  #touch(sessionId: string, updated: number): void {
    const known = this.#ports.known.get(sessionId);
    if (known === undefined || known.time.updated >= updated) return;
    const info = this.#ports.known.note({ ...known, time: { ...known.time, updated } });
    this.#tell({ type: 'session.updated', properties: { info } });
  }

  #parse(data: string): WireEvent | undefined {
    try {
      const read = WireEvent.safeParse(JSON.parse(data));
      if (read.success) return read.data;
    } catch {
      // Its words would quote what the event says.
      this.#complain('json');
      return undefined;
    }
    this.#complain('envelope');
    return undefined;
  }

  #complain(kind: string): void {
    if (this.#complained.has(kind)) return;
    this.#complained.add(kind);
    this.#ports.log.warn(`An event could not be read (${kind}); further ones are passed over silently.`);
  }
}

const Named = z.object({ form: OfSession });

function sessionOf({ data }: WireEvent): string | undefined {
  return OfSession.safeParse(data).data?.sessionID ?? Named.safeParse(data).data?.form.sessionID;
}

function toEnd(name: string, { data }: WireEvent): ExecutionEnd {
  switch (name) {
    case 'failed':
      return {
        kind: 'failed',
        error: Failure.parse(data).error ?? { type: '', message: '', status: undefined },
      };
    case 'interrupted':
      return { kind: 'interrupted', reason: Reason.parse(data).reason };
    default:
      return { kind: 'succeeded' };
  }
}
