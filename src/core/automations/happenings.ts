import type { ServerEvent, ServerEventOf } from '../../protocol/events.ts';
import type { AssistantMessage, Message, PartOf } from '../../protocol/records.ts';
import { Emitter } from '../event.ts';
import type { ServerSink } from '../ports/serverSink.ts';
import { toolOf } from '../tools/toolOf.ts';
import type { AutomationEvent } from './automation.ts';

/** Something that an automation may follow, as the stream told it. */
export type Happening = { readonly sessionId: string } & (
  | { readonly on: 'settled'; readonly answer: AssistantMessage }
  /** `messageId`: the last message by then; what is told there later is none of it. Absent: none was seen. */
  | { readonly on: 'failed'; readonly messageId?: string | undefined }
  | { readonly on: 'created' | 'compacted' }
  | { readonly on: 'toolCompleted' | 'todoCompleted' | 'allTodosDone'; readonly call: PartOf<'tool'> }
  | { readonly on: 'needsYou'; readonly requestId: string }
);

/** So many calls are remembered. */
const doneLimit = 1000;
/** Of so many sessions the last message is remembered. */
const sessionLimit = 1000;

const nothing: ReadonlySet<AutomationEvent> = new Set();

/**
 * Tells of what automations wait for, among all that the stream tells. Only what is told while it flows counts: a snapshot
 * says what is so, and not that it happened just now.
 */
export class Happenings implements ServerSink {
  readonly #didHappen = new Emitter<Happening>();
  #wanted = nothing;
  /** Calls that were told to be done: the server may tell so again. */
  readonly #done = new Set<string>();
  /** The last message of each session, as far as it was told, where somebody waits for failures. */
  readonly #last = new Map<string, string>();

  readonly onDidHappen = this.#didHappen.event;

  /** Of all else nothing is told. */
  want(events: ReadonlySet<AutomationEvent>): void {
    this.#wanted = events;
  }

  reset(): void {
    this.#done.clear();
    this.#last.clear();
  }

  apply(event: ServerEvent): void {
    if (this.#wanted.size === 0) return;
    switch (event.type) {
      case 'message.part.updated':
        if (event.properties.part.type === 'tool') this.#applyCall(event.properties.part);
        break;
      case 'message.updated':
        if (this.#wanted.has('failed')) this.#noteLast(event.properties.info);
        break;
      case 'turn.ended':
        this.#applyEnd(event.properties);
        break;
      case 'session.created':
        this.#tell({ on: 'created', sessionId: event.properties.info.id });
        break;
      case 'session.compacted':
        this.#tell({ on: 'compacted', sessionId: event.properties.sessionID });
        break;
      case 'permission.asked':
      case 'question.asked':
        this.#tell({ on: 'needsYou', sessionId: event.properties.sessionID, requestId: event.properties.id });
        break;
      default:
    }
  }

  #applyEnd({ sessionID: sessionId, outcome }: ServerEventOf<'turn.ended'>['properties']): void {
    switch (outcome.kind) {
      case 'settled':
        this.#tell({ on: 'settled', sessionId, answer: outcome.answer });
        break;
      case 'failed':
      case 'incomplete':
      case 'interrupted':
      case 'unanswered':
        this.#tell({ on: 'failed', sessionId, messageId: this.#last.get(sessionId) });
        break;
      // A person ended it, or nobody knows how it ended.
      case 'aborted':
      case 'rejected':
      case 'deleted':
      case 'unseen':
        break;
    }
  }

  /** An older message may be told of again; the ids of all are in the order of time. */
  #noteLast({ id, sessionID }: Message): void {
    const known = this.#last.get(sessionID);
    if (known !== undefined && known > id) return;
    this.#last.set(sessionID, id);
    const [first] = this.#last.keys();
    if (this.#last.size > sessionLimit && first !== undefined) this.#last.delete(first);
  }

  #applyCall(call: PartOf<'tool'>): void {
    const { sessionID: sessionId, state, tool } = call;
    if (state.status !== 'completed' || this.#done.has(call.id)) return;
    this.#done.add(call.id);
    const [first] = this.#done;
    if (this.#done.size > doneLimit && first !== undefined) this.#done.delete(first);
    const { kind, result } = toolOf(tool);
    if (kind === 'writeTodos') {
      this.#tell({ on: 'todoCompleted', sessionId, call });
      this.#tell({ on: 'allTodosDone', sessionId, call });
    }
    if (this.#wanted.has('toolCompleted') && !result(state).hasFailed) {
      this.#tell({ on: 'toolCompleted', sessionId, call });
    }
  }

  #tell(happening: Happening): void {
    if (this.#wanted.has(happening.on)) this.#didHappen.fire(happening);
  }
}
