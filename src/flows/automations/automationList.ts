import { type AutomationEntry, isOfWorkspace } from '../../core/automations/automation.ts';
import { approvedWords } from '../../core/automations/entryHash.ts';
import { failsAgainAndAgain, type KeptRun } from '../../core/automations/runRecord.ts';
import { NotFoundProblem, Problem, sentenceOf } from '../../core/errors.ts';
import { Emitter, type Disposable, type Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { AutomationStore } from '../../core/automations/automationStore.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { Hold } from '../../core/state/hold.ts';
import type { RunningEntry } from './automationPorts.ts';

export interface AutomationListPorts {
  /** The entries of all settings, as they stand. */
  readonly readEntries: () => readonly AutomationEntry[];
  readonly onDidChangeEntries: Event<void>;
  /** What the tasks of an entry are, by the names in it. Those that are not there are left out. */
  readonly describeTasks: (entry: AutomationEntry, isFresh: boolean) => Promise<ReadonlyMap<string, string>>;
  readonly store: AutomationStore;
  /** Stop All holds automations, too. */
  readonly hold: Hold;
  readonly now: () => number;
  readonly notify: Notify;
  readonly log: Log;
}

/** Whether an entry is run, and why not. */
export type Standing =
  | 'on'
  /** It has faults. */
  | 'faulty'
  /** It says itself that it is not enabled. */
  | 'disabled'
  /** A person switched it off, or its failures did. */
  | 'off'
  /** A workspace brought it, and nobody approved it yet. */
  | 'unapproved'
  /** It, or a task of it, is another than a person approved. */
  | 'changed'
  /** An approved entry of the workspace with the same name is run instead. */
  | 'replaced';

export interface ListedAutomation {
  readonly entry: AutomationEntry;
  readonly standing: Standing;
  /** Why it is off. */
  readonly why?: string | undefined;
  /** The newest first. */
  readonly runs: readonly KeptRun[];
  /** Why it was passed over last. */
  readonly note?: Note | undefined;
}

/** Why an automation was not run although what it follows happened. */
export interface Note {
  readonly time: number;
  readonly words: string;
}

const shownRuns = 5;

/** The automations of the window: what each is, whether it is run, and what its last runs came to. */
export class AutomationList implements Disposable {
  readonly #ports: AutomationListPorts;
  readonly #didChange = new Emitter<void>();
  readonly #subscriptions: readonly Disposable[];
  readonly #notes = new Map<string, Note>();
  #listed: readonly ListedAutomation[] = [];
  #live: readonly RunningEntry[] = [];
  #isPaused = false;
  /** Why nothing is known of them. */
  #problem: string | undefined;
  /** The last look, which the next one follows. */
  #look: Promise<void> = Promise.resolve();

  readonly onDidChange = this.#didChange.event;

  constructor(ports: AutomationListPorts) {
    this.#ports = ports;
    this.#subscriptions = [
      ports.onDidChangeEntries(() => void this.refresh()),
      ports.store.onDidChange(() => void this.refresh()),
      ports.hold.onDidChange(() => this.#didChange.fire()),
    ];
    void this.refresh();
  }

  all(): readonly ListedAutomation[] {
    return this.#listed;
  }

  /** Those that are run. */
  live(): readonly RunningEntry[] {
    return this.#live;
  }

  /** As far as this window has seen; whoever runs something asks `isStopped`. */
  get isPaused(): boolean {
    return this.#isPaused || this.#ports.hold.isHeld();
  }

  /** Why nothing is known of them, as a sentence. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether nothing is to be run, by what is kept at this moment. */
  async isStopped(): Promise<boolean> {
    return this.#ports.hold.isHeld() || this.#ports.store.isPaused();
  }

  /** Throws `NotFoundProblem` where there is no such entry. */
  find(id: string): ListedAutomation {
    const found = this.#listed.find(({ entry }) => entry.id === id);
    if (found !== undefined) return found;
    throw new NotFoundProblem(l10n.t('This automation is no longer in the settings.'));
  }

  /** Looks at settings and files again. */
  refresh(): Promise<void> {
    const next = this.#readAfter(this.#look);
    this.#look = next;
    return next;
  }

  /** The words that a person approves: what the entry and its tasks are at this moment. */
  async wordsOf(entry: AutomationEntry): Promise<string> {
    return approvedWords(entry, await this.#ports.describeTasks(entry, true));
  }

  async isApproved(entry: AutomationEntry): Promise<boolean> {
    return this.#ports.store.isApproved(entry.id, await this.wordsOf(entry));
  }

  /** `words` are those that the person saw: where the entry is another by then, nothing is approved. */
  async approve(entry: AutomationEntry, words: string): Promise<void> {
    const { entry: current } = this.find(entry.id);
    if ((await this.wordsOf(current)) !== words) {
      throw new Problem(l10n.t('“{0}” changed while you read it. Look at it again.', entry.name));
    }
    await this.#ports.store.approve(entry.id, words);
    await this.refresh();
  }

  async switchOn(id: string): Promise<void> {
    await this.#ports.store.setSwitch(id, { since: this.#ports.now() });
    await this.refresh();
  }

  async switchOff(id: string, why: string): Promise<void> {
    const { since } = await this.#ports.store.switchOf(id);
    await this.#ports.store.setSwitch(id, { since, off: why });
    await this.refresh();
  }

  async setPaused(isPaused: boolean): Promise<void> {
    await this.#ports.store.setPaused(isPaused);
    await this.refresh();
  }

  /** Keeps in mind why an automation was passed over, for its row. */
  note(id: string, words: string): void {
    this.#ports.log.info('An automation was not run.', id, words);
    this.#notes.set(id, { time: this.#ports.now(), words });
    void this.refresh();
  }

  /** Switches an automation off that fails again and again, and says so. */
  async heedFailures({ id, name }: AutomationEntry): Promise<void> {
    const { store, notify } = this.#ports;
    const [runs, { since, off }] = await Promise.all([store.runs(), store.switchOf(id)]);
    if (off !== undefined || !failsAgainAndAgain(runs, id, since)) return;
    await this.switchOff(id, l10n.t('It failed three times in a row.'));
    notify({
      severity: 'warning',
      message: l10n.t('The automation “{0}” failed three times in a row and was switched off.', name),
      actions: [
        { title: l10n.t('Show Automations'), command: 'opencodeSessions.automations.show' },
        { title: l10n.t('Switch On'), command: 'opencodeSessions.automation.enable', arguments: [id] },
      ],
    });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#didChange.dispose();
  }

  async #readAfter(earlier: Promise<void>): Promise<void> {
    await earlier;
    try {
      await this.#read();
    } catch (error) {
      this.#problem = l10n.t('The automations cannot be read, so none is run. {0}', sentenceOf(error));
      this.#live = [];
      this.#didChange.fire();
      this.#ports.log.warn('The automations could not be read.', error);
    }
  }

  async #read(): Promise<void> {
    const { readEntries, store } = this.#ports;
    const entries = readEntries();
    const [runs, isPaused] = await Promise.all([store.runs(), store.isPaused()]);
    const listed = await Promise.all(
      entries.map(async (entry): Promise<ListedAutomation> => {
        const own = runs.filter(({ record }) => record.automation === entry.id);
        return {
          entry,
          ...(await this.#judge(entry)),
          runs: own.toReversed().slice(0, shownRuns),
          note: this.#notes.get(entry.id),
        };
      }),
    );
    this.#listed = withoutReplaced(listed);
    this.#live = this.#listed.flatMap((one) => toLive(one, this.#listed) ?? []);
    this.#isPaused = isPaused;
    this.#problem = undefined;
    this.#didChange.fire();
  }

  /** For the view, which is drawn often; whoever runs something asks once more. */
  async #seemsApproved(entry: AutomationEntry): Promise<boolean> {
    const { describeTasks, store, log } = this.#ports;
    try {
      return await store.isApproved(entry.id, approvedWords(entry, await describeTasks(entry, false)));
    } catch (error) {
      log.warn('The tasks of an automation could not be found out.', entry.id, error);
      return false;
    }
  }

  async #judge(entry: AutomationEntry): Promise<Pick<ListedAutomation, 'standing' | 'why'>> {
    const { store } = this.#ports;
    if (entry.automation === undefined) return { standing: 'faulty' };
    if (!entry.automation.enabled) return { standing: 'disabled' };
    if (isOfWorkspace(entry) && !(await this.#seemsApproved(entry))) {
      return { standing: (await store.wasApproved(entry.id)) ? 'changed' : 'unapproved' };
    }
    const { off } = await store.switchOf(entry.id);
    return off === undefined ? { standing: 'on' } : { standing: 'off', why: off };
  }
}

/** The person's own goes on outside of the folders whose settings replace it. */
function toLive(
  { entry, standing }: ListedAutomation,
  listed: readonly ListedAutomation[],
): RunningEntry | undefined {
  const { automation } = entry;
  if (automation === undefined || (standing !== 'on' && standing !== 'replaced')) return undefined;
  if (standing === 'on') return { entry, automation };
  const origins = listed.flatMap((one) =>
    isReplacing(one) && one.entry.name === entry.name ? one.entry.origin : [],
  );
  const except = origins.flatMap((origin) => (origin.kind === 'folder' ? origin.directory : []));
  return except.length < origins.length ? undefined : { entry, automation, except };
}

function isReplacing({ entry, standing }: ListedAutomation): boolean {
  return isOfWorkspace(entry) && (standing === 'on' || standing === 'off');
}

/** An entry of a workspace takes the place of the person's own of that name only once it was approved. */
function withoutReplaced(listed: readonly ListedAutomation[]): readonly ListedAutomation[] {
  const replacing = new Set(listed.flatMap((one) => (isReplacing(one) ? one.entry.name : [])));
  return listed.map((one) =>
    one.standing === 'on' && !isOfWorkspace(one.entry) && replacing.has(one.entry.name)
      ? { ...one, standing: 'replaced' }
      : one,
  );
}
