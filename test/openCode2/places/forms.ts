import { ApiError, notFound } from '../state/apiError.ts';
import type { Events } from '../state/events.ts';
import { makeId } from '../state/ids.ts';
import type { StoredSession } from '../state/store.ts';
import { Denied, Rejected } from './permissions.ts';

interface Field {
  readonly key: string;
  readonly title?: string;
  readonly description?: string;
  readonly type: 'string' | 'multiselect';
  readonly options?: readonly {
    readonly value: string;
    readonly label: string;
    readonly description?: string;
  }[];
  readonly custom?: boolean;
}

export interface Form {
  readonly id: string;
  readonly sessionID: string;
  readonly title: string;
  readonly metadata: Record<string, unknown>;
  readonly fields: readonly Field[];
}

export type Answer = Readonly<Record<string, string | number | boolean | readonly string[]>>;

interface Pending {
  readonly form: Form;
  readonly stored: StoredSession;
  readonly answer: PromiseWithResolvers<Answer>;
}

/** What a person is asked in forms. All of it is of this process: an end of it drops them without an event. */
export class Forms {
  readonly #events: Events;
  readonly #pending = new Map<string, Pending>();
  readonly #settled = new Set<string>();

  constructor(events: Events) {
    this.#events = events;
  }

  async ask(
    stored: StoredSession,
    asked: Omit<Form, 'id' | 'sessionID'>,
    signal: AbortSignal,
  ): Promise<Answer> {
    signal.throwIfAborted();
    const form = { id: makeId('frm'), sessionID: stored.session.id, ...asked };
    const answer = Promise.withResolvers<Answer>();
    this.#pending.set(form.id, { form, stored, answer });
    const drop = (): void => answer.reject(signal.reason);
    signal.addEventListener('abort', drop, { once: true });
    // Alone among the events of sessions it names its session within.
    this.#events.tell('form.created', { form }, stored.session.location.directory);
    try {
      return await answer.promise;
    } finally {
      signal.removeEventListener('abort', drop);
      this.#pending.delete(form.id);
    }
  }

  ofSession(sessionID: string): Form[] {
    return this.#forms(({ form }) => form.sessionID === sessionID);
  }

  inDirectory(directory: string): Form[] {
    return this.#forms(({ stored }) => stored.session.location.directory === directory);
  }

  #forms(isMeant: (pending: Pending) => boolean): Form[] {
    return [...this.#pending.values()].filter(isMeant).map(({ form }) => form);
  }

  reply(sessionID: string, id: string, answer: Answer): void {
    const pending = this.#find(sessionID, id);
    checkAnswer(pending.form, answer);
    this.#settle(pending);
    this.#events.passing(pending.stored, 'form.replied', { id, answer });
    pending.answer.resolve(answer);
  }

  cancel(sessionID: string, id: string, message: string | null): void {
    const pending = this.#find(sessionID, id);
    this.#settle(pending);
    this.#events.passing(pending.stored, 'form.cancelled', { id, ...(message === null ? {} : { message }) });
    pending.answer.reject(
      message === null || message === ''
        ? new Rejected('The person closed the question.')
        : new Denied(`The person closed the question and says: ${message}`),
    );
  }

  cancelAll(): void {
    for (const pending of this.#pending.values()) {
      this.#settle(pending);
      pending.answer.reject(new Rejected('The location was reloaded.'));
    }
  }

  #settle({ form }: Pending): void {
    this.#pending.delete(form.id);
    this.#settled.add(form.id);
  }

  #find(sessionID: string, id: string): Pending {
    const pending = this.#pending.get(id);
    if (pending?.form.sessionID === sessionID) return pending;
    if (this.#settled.has(id)) throw new ApiError(409, 'FormAlreadySettledError', `Form is settled: ${id}`);
    throw notFound('Form', id);
  }
}

function checkAnswer({ fields }: Form, answer: Answer): void {
  const invalid = (message: string): ApiError => new ApiError(400, 'FormInvalidAnswerError', message);
  const keys = new Set(fields.map(({ key }) => key));
  for (const key of Object.keys(answer)) if (!keys.has(key)) throw invalid(`No such field: ${key}`);
  for (const field of fields) {
    const value = answer[field.key];
    if (value === undefined) throw invalid(`No answer for ${field.key}`);
    if (Array.isArray(value) !== (field.type === 'multiselect'))
      throw invalid(`Not a ${field.type}: ${field.key}`);
    const values = [value].flat() as unknown[];
    const options = field.options?.map((option) => option.value) ?? [];
    if (field.custom === true || options.length === 0) continue;
    if (!values.every((one) => typeof one === 'string' && options.includes(one))) {
      throw invalid(`No such option of ${field.key}`);
    }
  }
}
