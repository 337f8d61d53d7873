import * as z from 'zod';
import type { SentEvent } from '../../../protocol/events.ts';
import type { AssistantMessage } from '../../../protocol/records.ts';
import { partIdAt, type Standing, toAnswerInfo, toAnswerParts, toPart } from '../records/toMessage.ts';
import {
  optionalError,
  optionalTokens,
  toolContent,
  type WireContent,
  type WireEvent,
  WireMessage,
} from '../records/wire.ts';

const optionalText = z.string().optional().catch(undefined);
const optionalRecord = z.record(z.string(), z.unknown()).optional().catch(undefined);

/** What events tell of a content of an answer. */
const Told = z.object({
  ordinal: z.number().catch(0),
  delta: z.string().catch(''),
  text: optionalText,
  id: optionalText,
  callID: optionalText,
  name: optionalText,
  input: z.unknown().optional(),
  executed: z.boolean().optional().catch(undefined),
  metadata: optionalRecord,
  content: toolContent.optional(),
  error: optionalError,
});
type Told = z.infer<typeof Told>;

const StepEnd = z.object({
  finish: optionalText,
  cost: z.number().optional().catch(undefined),
  tokens: optionalTokens,
  files: z.array(z.string()).optional().catch(undefined),
  error: optionalError,
});

type Tell = (event: SentEvent) => void;
type Content = WireContent & { state?: NonNullable<WireContent['state']> | undefined };

/** One step of an answer while it is written: the server's own record of it, made of its events. */
export class LiveAnswer {
  record: WireMessage;
  readonly #standing: Standing;
  readonly #tell: Tell;

  constructor(record: WireMessage, standing: Standing, tell: Tell) {
    this.record = { ...record, content: [...(record.content ?? [])] };
    this.#standing = standing;
    this.#tell = tell;
  }

  get info(): AssistantMessage {
    return toAnswerInfo(this.record, this.#standing);
  }

  /** Where the answer begins, again where an attempt failed: what that had said counts no more. */
  begin(): void {
    const parts = toAnswerParts(this.record, this.#standing);
    const { finish: _finish, error: _error, retry: _retry, snapshot: _snapshot, ...rest } = this.record;
    this.record = { ...rest, content: [], time: { created: this.record.time.created } };
    for (const { id } of parts) this.#tellRemoved(id);
    this.tellInfo();
  }

  tellInfo(): void {
    this.#tell({ type: 'message.updated', properties: { info: this.info } });
  }

  /** Takes an event of a content: `text.delta`, `tool.success`, … */
  apply(name: string, event: WireEvent): void {
    const told = Told.parse(event.data);
    const [kind = '', ...rest] = name.split('.');
    const act = rest.join('.');
    if (kind === 'tool') this.#applyTool(act, told, event.created);
    else if (kind === 'text' || kind === 'reasoning') this.#applyText(kind, act, told, event.created);
  }

  /** An attempt failed and another one follows. */
  retry(attempt: number, at: number | undefined, error: z.infer<typeof optionalError>): void {
    this.record = { ...this.record, retry: { attempt, at, error } };
    const part = toAnswerParts(this.record, this.#standing).at(-1);
    if (part?.type === 'retry') this.#tell({ type: 'message.part.updated', properties: { part } });
  }

  end(event: WireEvent): void {
    const { finish, cost, tokens, files, error } = StepEnd.parse(event.data);
    const before = toAnswerParts(this.record, this.#standing);
    this.record = {
      ...this.record,
      finish: finish ?? (error === undefined ? undefined : 'error'),
      cost: cost ?? this.record.cost,
      tokens: tokens ?? this.record.tokens,
      error,
      snapshot: files === undefined ? this.record.snapshot : { files },
      time: { created: this.record.time.created, completed: event.created },
    };
    const parts = toAnswerParts(this.record, this.#standing);
    const ids = new Set(parts.map(({ id }) => id));
    for (const { id } of before) if (!ids.has(id)) this.#tellRemoved(id);
    for (const [index, part] of parts.entries()) {
      if (part.type === 'patch' || hasNoEnd(before[index])) {
        this.#tell({ type: 'message.part.updated', properties: { part } });
      }
    }
    this.tellInfo();
  }

  #applyText(kind: 'text' | 'reasoning', act: string, told: Told, now: number): void {
    const index = this.#indexOf(kind, told.ordinal);
    const content = this.#content(index);
    if (act === 'started') {
      if (content === undefined) this.#add({ type: kind, text: '', time: { created: now } });
    } else if (act === 'delta') {
      const at = content === undefined ? this.#add({ type: kind, text: '', time: { created: now } }) : index;
      // What is whole has this piece in it.
      if (this.#content(at)?.text !== '') return;
      const { sessionId: sessionID } = this.#standing;
      const messageID = this.record.id;
      const partID = partIdAt(messageID, at, kind);
      const properties = { sessionID, messageID, partID, field: 'text', delta: told.delta };
      this.#tell({ type: 'message.part.delta', properties });
    } else if (act === 'ended') {
      const time = { ...(content?.time ?? { created: now }), completed: now };
      this.#put(index, { type: kind, text: told.text ?? '', time });
    }
  }

  #applyTool(act: string, told: Told, now: number): void {
    const id = told.id ?? told.callID;
    if (id === undefined) return;
    const index = (this.record.content ?? []).findIndex((one) => one.type === 'tool' && one.id === id);
    const content: Content = this.#content(index) ?? {
      type: 'tool',
      id,
      name: told.name ?? '',
      time: { created: now },
      state: { status: 'streaming', input: '' },
    };
    const state = content.state ?? { status: 'streaming', input: '' };
    const isDone = state.status === 'completed' || state.status === 'error';
    const time = content.time ?? { created: now };
    switch (act) {
      case 'input.started':
        if (index === -1) this.#put(index, content);
        return;
      case 'called':
        if (isDone) return;
        this.#put(index, {
          ...content,
          executed: told.executed ?? content.executed,
          name: content.name === '' ? (told.name ?? '') : content.name,
          time: { ...time, ran: now },
          state: { ...state, status: 'running', input: told.input, metadata: state.metadata ?? {} },
        });
        return;
      case 'progress':
        if (isDone) return;
        this.#put(index, {
          ...content,
          state: { ...state, status: 'running', metadata: { ...state.metadata, ...told.metadata } },
        });
        return;
      case 'success':
      case 'failed': {
        const status = act === 'success' ? 'completed' : 'error';
        const { metadata = state.metadata, content: output = state.content, error } = told;
        const ended = { ...state, status, metadata, content: output, error };
        this.#put(index, { ...content, time: { ...time, completed: now }, state: ended });
        return;
      }
    }
  }

  /** Where the content of that kind stands that is the `ordinal`th of them; -1: nowhere yet. */
  #indexOf(kind: string, ordinal: number): number {
    const all = [...(this.record.content ?? []).entries()].filter(([, { type }]) => type === kind);
    return all[ordinal]?.[0] ?? -1;
  }

  #content(index: number): WireContent | undefined {
    return this.record.content?.[index];
  }

  #add(content: WireContent): number {
    return this.#put(-1, content);
  }

  #put(index: number, content: WireContent): number {
    const contents = this.record.content ?? [];
    const at = index === -1 ? contents.length : index;
    const others = contents.slice(at + 1);
    this.record = { ...this.record, content: [...contents.slice(0, at), content, ...others] };
    const part = toPart(this.record, content, at, this.#standing);
    this.#tell({ type: 'message.part.updated', properties: { part } });
    return at;
  }

  #tellRemoved(partID: string): void {
    const { sessionId: sessionID } = this.#standing;
    this.#tell({
      type: 'message.part.removed',
      properties: { sessionID, messageID: this.record.id, partID },
    });
  }
}

/** Takes what begins a step for the record that the server makes of it. */
export function recordOfStep(id: string, { data, created }: WireEvent): WireMessage {
  const { agent, model } = data;
  return WireMessage.parse({ id, type: 'assistant', agent, model, content: [], time: { created } });
}

function hasNoEnd(part: ReturnType<typeof toPart> | undefined): boolean {
  return (part?.type === 'text' || part?.type === 'reasoning') && part.time?.end === undefined;
}
