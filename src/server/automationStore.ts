import { createHash, randomBytes } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { codeOf } from '../core/errors.ts';
import { Emitter, type Disposable } from '../core/event.ts';
import { type KeptRun, RunRecord } from '../core/automations/runRecord.ts';
import type { Log } from '../core/log.ts';
import { Paced } from '../core/paced.ts';
import type { AutomationStore, AutomationSwitch } from '../core/automations/automationStore.ts';
import type { Proof } from '../core/ports/proof.ts';

export interface AutomationStorePorts {
  /** The folder that all windows of the user share. */
  readonly folder: string;
  readonly proof: Proof;
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly now: () => number;
  readonly log: Log;
}

/** Milliseconds after which a run of which its window says nothing more counts as left. */
const heardFor = 60_000;
/** Milliseconds between two signs of life of a run. */
const beat = 10_000;
/** So long a run is remembered, in milliseconds: what happened before never comes again. */
const keptFor = 7 * 24 * 3_600_000;
/** So many runs are read for the view; those of the last hour are all read, because limits count them. */
const readLimit = 300;
const hour = 3_600_000;
/** Milliseconds between two words that something changed. */
const pause = 300;

const Switch = z.object({ off: z.string().optional(), since: z.number() });

/**
 * What windows keep of automations, as files that all of them share. To claim a run is to make its file, which succeeds once,
 * whoever tries and however many at once, and which stays where the window is killed a moment later.
 */
export class AutomationFiles implements AutomationStore {
  readonly #ports: AutomationStorePorts;
  readonly #didChange = new Emitter<void>();
  readonly #changes: Paced<'all'>;
  readonly #ready: Promise<void>;
  /** Runs of this window that go on. */
  readonly #beats = new Map<string, Disposable>();
  #watcher: FSWatcher | undefined;
  #isDisposed = false;

  readonly onDidChange = this.#didChange.event;

  constructor(ports: AutomationStorePorts) {
    this.#ports = ports;
    this.#changes = new Paced(ports.startTimer, pause, () => this.#didChange.fire());
    this.#ready = this.#open();
    // Whoever asks for something hears of it.
    this.#ready.catch((error: unknown) => ports.log.warn('Automations cannot be kept.', error));
  }

  async claim(record: RunRecord): Promise<boolean> {
    await this.#ready;
    const file = this.#fileOf(record);
    try {
      await writeFile(file, JSON.stringify(record), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    }
    this.#live(file, record);
    return true;
  }

  async write(record: RunRecord): Promise<void> {
    const file = this.#fileOf(record);
    try {
      await this.#replace(file, JSON.stringify(record));
    } catch (error) {
      // What stands there is no more what is so: nobody knows how it ended.
      this.#silence(file);
      throw error;
    }
    this.#live(file, record);
  }

  async runs(): Promise<readonly KeptRun[]> {
    const files = (await this.#list()).filter((name) => name.endsWith('.run.json'));
    const dated = await Promise.all(files.map(async (name) => ({ name, time: await this.#timeOf(name) })));
    const oldestFirst = dated.toSorted((a, b) => a.time - b.time);
    const now = this.#ports.now();
    const latest = oldestFirst.filter(
      ({ time }, index) => index >= oldestFirst.length - readLimit || now - time < hour,
    );
    const read = await Promise.all(latest.map(({ name, time }) => this.#readRun(name, time)));
    return read.flatMap((run) => run ?? []).toSorted((a, b) => a.record.time - b.record.time);
  }

  async approve(automation: string, words: string): Promise<void> {
    const proof = this.#ports.proof.make(['automation', automation, words]);
    await this.#replace(this.#path(`${short(automation)}-${short(words)}.approval`), proof);
  }

  async isApproved(automation: string, words: string): Promise<boolean> {
    const proof = await this.#read(`${short(automation)}-${short(words)}.approval`);
    return this.#ports.proof.holds(['automation', automation, words], proof);
  }

  async wasApproved(automation: string): Promise<boolean> {
    const start = `${short(automation)}-`;
    return (await this.#list()).some((name) => name.startsWith(start) && name.endsWith('.approval'));
  }

  async switchOf(automation: string): Promise<AutomationSwitch> {
    const text = await this.#read(`${short(automation)}.switch.json`);
    return (text === undefined ? undefined : parse(text, Switch)) ?? { since: 0 };
  }

  async setSwitch(automation: string, state: AutomationSwitch): Promise<void> {
    await this.#replace(this.#path(`${short(automation)}.switch.json`), JSON.stringify(state));
  }

  async isPaused(): Promise<boolean> {
    return (await this.#read('paused')) !== undefined;
  }

  async setPaused(isPaused: boolean): Promise<void> {
    if (isPaused) await this.#replace(this.#path('paused'), '');
    else await rm(this.#path('paused'), { force: true });
    this.#changes.plan('all');
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#watcher?.close();
    for (const timer of this.#beats.values()) timer.dispose();
    this.#beats.clear();
    this.#changes.dispose();
    this.#didChange.dispose();
  }

  async #open(): Promise<void> {
    const { folder, log } = this.#ports;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await this.#forgetOld();
    if (this.#isDisposed) return;
    try {
      this.#watcher = watch(folder, { persistent: false }, () => this.#changes.plan('all'));
      this.#watcher.on('error', (error) =>
        log.debug('Automations of other windows are not heard of.', error),
      );
    } catch (error) {
      // What other windows do is seen when something is asked for; nothing is decided by the watch.
      log.debug('Automations of other windows are not heard of.', error);
    }
  }

  async #forgetOld(): Promise<void> {
    const { folder, now } = this.#ports;
    for (const name of await readdir(folder)) {
      const isRun = name.endsWith('.run.json') || name.endsWith('.new');
      if (isRun && now() - (await this.#timeOf(name)) > keptFor)
        await rm(join(folder, name), { force: true });
    }
  }

  /** Says for as long as the run goes on that its window is there. */
  #live(file: string, { state }: RunRecord): void {
    this.#silence(file);
    if (this.#isDisposed || (state !== 'running' && state !== 'asking')) return;
    const touch = (): void => {
      const time = this.#ports.now() / 1000;
      utimes(file, time, time).catch((error: unknown) =>
        this.#ports.log.debug('A run could not be touched.', error),
      );
      this.#beats.set(file, this.#ports.startTimer(touch, beat));
    };
    this.#beats.set(file, this.#ports.startTimer(touch, beat));
  }

  #silence(file: string): void {
    this.#beats.get(file)?.dispose();
    this.#beats.delete(file);
  }

  async #readRun(name: string, time: number): Promise<KeptRun | undefined> {
    const text = await this.#read(name);
    const record = text === undefined ? undefined : parse(text, RunRecord);
    const isHeard = Math.abs(this.#ports.now() - time) < heardFor;
    return record && { record, isHeard };
  }

  /** When a file was written last, in milliseconds since 1970; 0: it is gone. */
  async #timeOf(name: string): Promise<number> {
    try {
      return (await stat(this.#path(name))).mtimeMs;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return 0;
      throw error;
    }
  }

  async #list(): Promise<readonly string[]> {
    await this.#ready;
    return readdir(this.#ports.folder);
  }

  /** Undefined: it is not there. */
  async #read(name: string): Promise<string | undefined> {
    await this.#ready;
    try {
      return await readFile(this.#path(name), 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Whoever reads finds the one or the other, whole. */
  async #replace(file: string, text: string): Promise<void> {
    await this.#ready;
    const written = `${file}.${randomBytes(6).toString('hex')}.new`;
    try {
      await writeFile(written, text, { flag: 'wx', mode: 0o600 });
      await rename(written, file);
    } finally {
      await rm(written, { force: true });
    }
    this.#changes.plan('all');
  }

  #fileOf({ automation, key }: RunRecord): string {
    return this.#path(`${short(automation)}-${short(key)}.run.json`);
  }

  #path(name: string): string {
    return join(this.#ports.folder, name);
  }
}

/** Stands for a text of any length in a file's name. */
function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function parse<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    // Cut off where the disk was full, or written by somebody else.
    return undefined;
  }
}
