import {
  appendFileSync,
  mkdirSync,
  openSync,
  closeSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { InboxItem, Message, Session } from './records.ts';

/** One line of a session's file. */
type Entry =
  | { readonly session: Session }
  | { readonly message: Message }
  | { readonly dropped: readonly string[] }
  | { readonly admitted: InboxItem; readonly isParked: boolean }
  | { readonly changed: InboxItem }
  | { readonly left: string }
  | { readonly unparked: true }
  | { readonly seq: number }
  | { readonly instruction: { readonly key: string; readonly value?: string } };

/**
 * A session with all that belongs to it, kept in a file of lines that is only added to: what one process writes is there
 * at once, also after it was killed, and another process on the same folder reads what came since it looked last.
 */
export class StoredSession {
  readonly #file: string;
  #read = 0;
  #session: Session | undefined;
  readonly #messages = new Map<string, Message>();
  readonly #inbox = new Map<string, InboxItem>();
  readonly #admitted = new Map<string, InboxItem>();
  readonly #parked = new Set<string>();
  readonly instructions = new Map<string, string>();
  #seq = 0;

  constructor(file: string) {
    this.#file = file;
  }

  get session(): Session {
    if (this.#session === undefined) throw new Error(`There is no session in ${this.#file}.`);
    return this.#session;
  }

  get hasSession(): boolean {
    return this.#session !== undefined;
  }

  /** In the order in which they came to be. */
  get messages(): readonly Message[] {
    return [...this.#messages.values()];
  }

  get inbox(): readonly InboxItem[] {
    return [...this.#inbox.values()];
  }

  message(id: string): Message | undefined {
    return this.#messages.get(id);
  }

  waiting(id: string): InboxItem | undefined {
    return this.#inbox.get(id);
  }

  /** What was admitted under that id, whether or not it still waits. */
  admission(id: string): InboxItem | undefined {
    return this.#admitted.get(id);
  }

  /** Whether it waits for the next prompt, and begins nothing by itself. */
  isParked(id: string): boolean {
    return this.#parked.has(id);
  }

  /** The number of the next durable event. */
  nextSeq(): number {
    this.write({ seq: this.#seq + 1 });
    return this.#seq;
  }

  get seq(): number {
    return this.#seq;
  }

  change(changes: Partial<Session>): void {
    this.write({ session: { ...this.session, ...changes } });
  }

  put(message: Message): void {
    this.write({ message });
  }

  write(...entries: readonly Entry[]): void {
    if (!this.refresh() && this.#read > 0) throw new Error(`The session of ${this.#file} was deleted.`);
    const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    appendFileSync(this.#file, text, { mode: 0o600 });
    this.#read += Buffer.byteLength(text);
    for (const entry of entries) this.#apply(entry);
  }

  /** Reads what another process has added; answers false where the file is gone. */
  refresh(): boolean {
    const size = statSync(this.#file, { throwIfNoEntry: false })?.size;
    if (size === undefined) return false;
    if (size <= this.#read) return true;
    const bytes = Buffer.alloc(size - this.#read);
    const descriptor = openSync(this.#file, 'r');
    readSync(descriptor, bytes, 0, bytes.length, this.#read);
    closeSync(descriptor);
    // A line that another process is writing, or was killed over, is not there yet.
    const end = bytes.lastIndexOf(10) + 1;
    this.#read += end;
    for (const line of bytes.subarray(0, end).toString('utf8').split('\n')) {
      if (line !== '') this.#apply(JSON.parse(line) as Entry);
    }
    return true;
  }

  #apply(entry: Entry): void {
    if ('session' in entry) this.#session = entry.session;
    else if ('message' in entry) this.#messages.set(entry.message.id, entry.message);
    else if ('dropped' in entry) for (const id of entry.dropped) this.#messages.delete(id);
    else if ('admitted' in entry) {
      this.#inbox.set(entry.admitted.id, entry.admitted);
      this.#admitted.set(entry.admitted.id, entry.admitted);
      if (entry.isParked) this.#parked.add(entry.admitted.id);
    } else if ('changed' in entry) this.#inbox.set(entry.changed.id, entry.changed);
    else if ('left' in entry) this.#inbox.delete(entry.left);
    else if ('unparked' in entry) this.#parked.clear();
    else if ('seq' in entry) this.#seq = entry.seq;
    else if (entry.instruction.value === undefined) this.instructions.delete(entry.instruction.key);
    else this.instructions.set(entry.instruction.key, entry.instruction.value);
  }
}

/** All sessions of a data folder. Several processes may share it. */
export class Store {
  readonly folder: string;
  readonly #sessions = new Map<string, StoredSession>();

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(this.#sessionsFolder, { recursive: true });
  }

  get #sessionsFolder(): string {
    return join(this.folder, 'sessions');
  }

  find(id: string): StoredSession | undefined {
    const found = this.#sessions.get(id) ?? new StoredSession(this.#fileOf(id));
    if (found.refresh() && found.hasSession) {
      this.#sessions.set(id, found);
      return found;
    }
    this.#sessions.delete(id);
    return undefined;
  }

  all(): StoredSession[] {
    const ids = readdirSync(this.#sessionsFolder).map((file) => file.replace(/\.jsonl$/, ''));
    return ids.flatMap((id) => this.find(id) ?? []);
  }

  create(session: Session, messages: readonly Message[] = []): StoredSession {
    const stored = new StoredSession(this.#fileOf(session.id));
    stored.write({ session }, ...messages.map((message) => ({ message })));
    this.#sessions.set(session.id, stored);
    return stored;
  }

  remove(id: string): void {
    rmSync(this.#fileOf(id), { force: true });
    this.#sessions.delete(id);
  }

  #fileOf(id: string): string {
    return join(this.#sessionsFolder, `${encodeURIComponent(id)}.jsonl`);
  }
}
