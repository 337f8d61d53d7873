import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { notFound } from '../state/apiError.ts';
import type { Events } from '../state/events.ts';
import { makeId } from '../state/ids.ts';
import type { Rule } from '../state/records.ts';
import type { StoredSession } from '../state/store.ts';

export interface PermissionRequest {
  readonly id: string;
  readonly sessionID: string;
  readonly action: string;
  readonly resources: readonly string[];
  readonly save: readonly string[];
  readonly source: { readonly type: 'tool'; readonly messageID: string; readonly id: string };
  readonly metadata?: Record<string, unknown>;
}

interface Saved {
  readonly id: string;
  readonly projectID: string;
  readonly action: string;
  readonly resource: string;
}

interface Pending {
  readonly request: PermissionRequest;
  readonly stored: StoredSession;
  readonly rules: readonly Rule[];
  readonly answer: PromiseWithResolvers<void>;
}

/** A person said no and gave no reason, or closed a question: the run ends. */
export class Rejected extends Error {}

/** A rule or a person with a reason said no: the model is told so and goes on. */
export class Denied extends Error {}

/** Who may do what, and who is asked: requests are of this process, what is always allowed stands on disk. */
export class Permissions {
  readonly #file: string;
  readonly #events: Events;
  readonly #pending = new Map<string, Pending>();

  constructor(dataFolder: string, events: Events) {
    this.#file = join(dataFolder, 'permissions.json');
    this.#events = events;
  }

  /** Returns once it is allowed; throws `Denied` or `Rejected`, or the signal's reason where the run ends meanwhile. */
  async ask(
    stored: StoredSession,
    rules: readonly Rule[],
    asked: Omit<PermissionRequest, 'id' | 'sessionID'>,
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    const effect = this.#judge(stored, rules, asked);
    if (effect === 'allow') return;
    if (effect === 'deny') throw new Denied(`A rule does not allow ${asked.action}.`);
    const request = { id: makeId('per'), sessionID: stored.session.id, ...asked };
    const answer = Promise.withResolvers<void>();
    this.#pending.set(request.id, { request, stored, rules, answer });
    const drop = (): void => answer.reject(signal.reason);
    signal.addEventListener('abort', drop, { once: true });
    this.#events.passing(stored, 'permission.asked', { ...request });
    try {
      await answer.promise;
    } finally {
      signal.removeEventListener('abort', drop);
      this.#pending.delete(request.id);
    }
  }

  pending(sessionID?: string): PermissionRequest[] {
    return [...this.#pending.values()]
      .map(({ request }) => request)
      .filter((request) => sessionID === undefined || request.sessionID === sessionID);
  }

  inDirectory(directory: string): PermissionRequest[] {
    return [...this.#pending.values()]
      .filter(({ stored }) => stored.session.location.directory === directory)
      .map(({ request }) => request);
  }

  reply(sessionID: string, id: string, decision: 'once' | 'always' | 'reject', message?: string): void {
    const pending = this.#pending.get(id);
    if (pending?.request.sessionID !== sessionID) throw notFound('Permission', id);
    this.#settle(pending, decision, message);
    if (decision !== 'always') return;
    const { projectID } = pending.stored.session;
    const { action, save } = pending.request;
    const fresh = save.map((resource) => ({ id: makeId('rule'), projectID, action, resource }));
    this.#writeSaved([...this.#readSaved(), ...fresh]);
    for (const other of this.#pending.values()) {
      if (other === pending || other.stored.session.projectID !== projectID) continue;
      if (this.#judge(other.stored, other.rules, other.request) === 'allow') this.#settle(other, 'always');
    }
  }

  #settle({ request, stored, answer }: Pending, reply: 'once' | 'always' | 'reject', message?: string): void {
    this.#pending.delete(request.id);
    this.#events.passing(stored, 'permission.replied', { requestID: request.id, reply });
    if (reply !== 'reject') answer.resolve();
    else if (message === undefined || message === '') answer.reject(new Rejected('The person rejected it.'));
    else answer.reject(new Denied(`The person rejected it and says: ${message}`));
  }

  /** All that wait are gone, without a word: what asked sees its run end. */
  cancelAll(): void {
    for (const { answer } of this.#pending.values())
      answer.reject(new Rejected('The location was reloaded.'));
    this.#pending.clear();
  }

  saved(projectID: string | null): Saved[] {
    return this.#readSaved().filter((rule) => rule.projectID === projectID);
  }

  removeSaved(id: string): void {
    const saved = this.#readSaved();
    if (!saved.some((rule) => rule.id === id)) throw notFound('Permission', id);
    this.#writeSaved(saved.filter((rule) => rule.id !== id));
  }

  #judge(
    { session }: StoredSession,
    rules: readonly Rule[],
    { action, resources }: Pick<PermissionRequest, 'action' | 'resources'>,
  ): Rule['effect'] {
    const saved = this.saved(session.projectID).map((rule) => ({ ...rule, effect: 'allow' as const }));
    const effectOf = (resource: string): Rule['effect'] => {
      const of = (all: readonly Rule[]): Rule | undefined =>
        all.findLast((rule) => isMatch(rule.action, action) && isMatch(rule.resource, resource));
      const effect = of([...rules, ...(session.permissions ?? [])])?.effect ?? 'allow';
      return effect === 'ask' && of(saved) !== undefined ? 'allow' : effect;
    };
    const effects = new Set(resources.map(effectOf));
    if (effects.has('deny')) return 'deny';
    return effects.has('ask') ? 'ask' : 'allow';
  }

  #readSaved(): Saved[] {
    try {
      return JSON.parse(readFileSync(this.#file, 'utf8')) as Saved[];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  #writeSaved(saved: readonly Saved[]): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify(saved));
  }
}

/** Whether a pattern in which `*` stands for anything names that text. */
function isMatch(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === text;
  // `echo *` also stands for a bare `echo`, as in 1.18.
  if (pattern === `${text} *`) return true;
  if (!text.startsWith(first)) return false;
  const last = rest.at(-1) ?? '';
  let at = first.length;
  for (const piece of rest.slice(0, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
