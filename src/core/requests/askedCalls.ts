import type { ServerEvent } from '../../protocol/events.ts';
import type { PartOf, PermissionRequest } from '../../protocol/records.ts';
import { type Disposable, Emitter, type Event } from '../event.ts';
import type { Log } from '../log.ts';
import type { OpenCode } from '../ports/openCode.ts';
import type { DirectorySnapshot, Look, ServerSink } from '../ports/serverSink.ts';
import { Retries } from '../retries.ts';
import { canBeWritten } from '../entries/callArguments.ts';

/** The tool call that a request for permission is about. */
export type AskedCall =
  /** The request names none. */
  | { readonly kind: 'none' }
  /** It is still looked for, or it could not be found: what it was given is not known. */
  | { readonly kind: 'loading' | 'unknown' }
  | { readonly kind: 'known'; readonly tool: string; readonly input: Readonly<Record<string, unknown>> };

export interface AskedCalls {
  readonly onDidChange: Event<{ readonly sessionId: string }>;
  of(request: PermissionRequest): AskedCall;
  /** The same once it was looked for, again where it was not found before. */
  load(request: PermissionRequest): Promise<AskedCall>;
}

export interface AskedCallsPorts {
  readonly getMessage: OpenCode['getMessage'];
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Calls back once, after so many milliseconds, unless it is taken back. */
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly log: Log;
}

interface Followed {
  readonly request: PermissionRequest;
  call: AskedCall;
  looking: Promise<void> | undefined;
}

/** Milliseconds before each look: a request may come before its call is stored with its arguments. */
const pauses: readonly number[] = [0, 100, 400, 1500];
/** Of one that was not found by then, nobody knows when it can be: one look each time is enough. */
const once: readonly number[] = [0];

const none: AskedCall = { kind: 'none' };

/**
 * The calls that open requests are about. A request itself tells nothing of what a tool of a plugin or of an MCP server
 * was given, so its call is taken from the stream, or else asked for. It is told of events before the
 * requests are, so that who hears of a request finds its call looked for. One that could not be read is looked for
 * again for as long as its request is open: until it is known, a person can do nothing but reject.
 */
export class AskedCallStore implements AskedCalls, ServerSink, Disposable {
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();
  readonly #ports: AskedCallsPorts;
  /** By request id. */
  readonly #followed = new Map<string, Followed>();
  /** By request id. */
  readonly #retries: Retries;

  readonly onDidChange = this.#didChange.event;

  constructor(ports: AskedCallsPorts) {
    this.#ports = ports;
    this.#retries = new Retries({ ...ports, retry: (id) => this.#lookAgain(id) });
  }

  of({ id, tool }: PermissionRequest): AskedCall {
    return tool === undefined ? none : (this.#followed.get(id)?.call ?? { kind: 'unknown' });
  }

  async load(request: PermissionRequest): Promise<AskedCall> {
    if (request.tool === undefined) return none;
    const followed = this.#followed.get(request.id) ?? this.#follow(request);
    if (followed.call.kind === 'unknown') this.#look(followed);
    await followed.looking;
    return followed.call;
  }

  reset(snapshot: readonly DirectorySnapshot[]): void {
    const requests = snapshot.flatMap(({ permissions }) => permissions);
    const open = new Set(requests.map(({ id }) => id));
    for (const id of this.#followed.keys()) if (!open.has(id)) this.#drop(id);
    for (const request of requests) this.#begin(request);
    for (const id of this.#followed.keys()) this.#lookAgain(id);
  }

  compare({ snapshot, told }: Look): void {
    const requests = snapshot.flatMap(({ permissions }) => permissions);
    for (const request of requests) if (!told.requests.has(request.sessionID)) this.#begin(request);
  }

  apply(event: ServerEvent): void {
    switch (event.type) {
      case 'permission.asked':
        this.#begin(event.properties);
        break;
      case 'permission.replied':
        this.#drop(event.properties.requestID);
        break;
      case 'session.status':
        if (event.properties.status.type === 'idle') this.#dropSession(event.properties.sessionID);
        break;
      case 'session.deleted':
        this.#dropSession(event.properties.info.id);
        break;
      case 'message.part.updated':
        if (event.properties.part.type === 'tool') this.#take(event.properties.part);
        break;
      default:
        break;
    }
  }

  dispose(): void {
    this.#retries.dispose();
    this.#didChange.dispose();
  }

  #begin(request: PermissionRequest): void {
    if (request.tool !== undefined && !this.#followed.has(request.id)) this.#follow(request);
  }

  #follow(request: PermissionRequest): Followed {
    const followed: Followed = { request, call: { kind: 'loading' }, looking: undefined };
    this.#followed.set(request.id, followed);
    this.#look(followed);
    return followed;
  }

  #dropSession(sessionId: string): void {
    for (const [id, { request }] of this.#followed) {
      if (request.sessionID === sessionId) this.#drop(id);
    }
  }

  #drop(requestId: string): void {
    this.#followed.delete(requestId);
    this.#retries.reset(requestId);
  }

  #lookAgain(requestId: string): void {
    const followed = this.#followed.get(requestId);
    if (followed?.call.kind === 'unknown') this.#look(followed, once);
  }

  /** What a call was given is whole once it runs. */
  #take({ sessionID, messageID, callID, tool, state }: PartOf<'tool'>): void {
    if (state.status === 'pending') return;
    for (const followed of this.#followed.values()) {
      const { request } = followed;
      const isIt = request.tool?.callID === callID && request.tool.messageID === messageID;
      if (isIt && request.sessionID === sessionID)
        this.#set(followed, { kind: 'known', tool, input: state.input });
    }
  }

  #look(followed: Followed, before = pauses): void {
    followed.looking ??= this.#find(followed, before).finally(() => (followed.looking = undefined));
  }

  async #find(followed: Followed, before: readonly number[]): Promise<void> {
    const { request } = followed;
    for (const pause of before) {
      await this.#ports.wait(pause);
      if (!this.#isWanted(followed)) return;
      await this.#ask(request);
    }
    if (!this.#isWanted(followed)) return;
    this.#retries.later(request.id);
    if (followed.call.kind === 'loading') this.#set(followed, { kind: 'unknown' });
  }

  #isWanted({ request, call }: Followed): boolean {
    return call.kind !== 'known' && this.#followed.get(request.id)?.request === request;
  }

  async #ask({ sessionID, tool }: PermissionRequest): Promise<void> {
    try {
      const { parts } = await this.#ports.getMessage(sessionID, tool?.messageID ?? '');
      for (const part of parts) if (part.type === 'tool') this.#take(part);
    } catch (error) {
      this.#ports.log.warn('The call that a permission is asked for could not be read.', sessionID, error);
    }
  }

  #set(followed: Followed, call: AskedCall): void {
    const isSame =
      canBeWritten(followed.call) &&
      canBeWritten(call) &&
      JSON.stringify(followed.call) === JSON.stringify(call);
    if (isSame) return;
    followed.call = call;
    if (call.kind === 'known') this.#retries.reset(followed.request.id);
    if (this.#followed.get(followed.request.id) !== followed) return;
    this.#didChange.fire({ sessionId: followed.request.sessionID });
  }
}
