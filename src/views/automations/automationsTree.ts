import { EventEmitter, type TreeDataProvider, type TreeItem, type TreeView } from 'vscode';
import type { KeptRun } from '../../core/automations/runRecord.ts';
import type { Disposable, Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import { Paced } from '../../core/paced.ts';
import { toAutomationItem } from './automationItem.ts';
import type { AutomationRow, ShownAutomation } from './automationRow.ts';

export interface AutomationsTreePorts {
  /** Gives the view its rows; it is there before them, and stays after them. */
  readonly openView: (rows: TreeDataProvider<AutomationRow>) => TreeView<AutomationRow>;
  readonly automations: {
    readonly onDidChange: Event<void>;
    readonly isPaused: boolean;
    /** Why nothing is known of them, as a sentence. */
    readonly problem: string | undefined;
    all(): readonly Omit<ShownAutomation, 'lacks'>[];
  };
  /** What an entry names that is not there, as sentences. */
  readonly findLacks: (shown: Omit<ShownAutomation, 'lacks'>) => Promise<readonly string[]>;
  /** What a run cost in USD; undefined: nothing that is known. */
  readonly readCost: (run: KeptRun) => Promise<number | undefined>;
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly now: () => number;
  readonly log: Log;
}

/** Milliseconds between two words of the tree to its view (see `PacedTree`). */
const interval = 250;

/** The "Automations" view: each with whether it is run, and below it its last runs, with their reasons, results and costs. */
export class AutomationsTree implements TreeDataProvider<AutomationRow>, Disposable {
  readonly #ports: AutomationsTreePorts;
  readonly #didChangeTreeData = new EventEmitter<undefined>();
  readonly #view: TreeView<AutomationRow>;
  readonly #paced: Paced<'all'>;
  readonly #subscription: Disposable;

  readonly onDidChangeTreeData = this.#didChangeTreeData.event;

  constructor(ports: AutomationsTreePorts) {
    this.#ports = ports;
    this.#paced = new Paced(ports.startTimer, interval, () => this.#show());
    this.#subscription = ports.automations.onDidChange(() => this.#paced.plan('all'));
    this.#view = ports.openView(this);
    this.#show();
  }

  async getChildren(row?: AutomationRow): Promise<AutomationRow[]> {
    if (row === undefined)
      return Promise.all(this.#ports.automations.all().map((shown) => this.#toRow(shown)));
    if (row.kind === 'automation') return Promise.all(row.shown.runs.map((run) => this.#toRun(run)));
    if (row.kind === 'step') return [];
    const { automation, sessionId, run } = row;
    return run.record.steps.map((step, index) => ({
      kind: 'step',
      automation,
      sessionId,
      step,
      place: `${automation} ${run.record.key} ${index}`,
    }));
  }

  getTreeItem(row: AutomationRow): TreeItem {
    return toAutomationItem(row, this.#ports.now());
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#paced.dispose();
    this.#didChangeTreeData.dispose();
  }

  async #toRow(shown: Omit<ShownAutomation, 'lacks'>): Promise<AutomationRow> {
    const lacks = await this.#orNothing(() => this.#ports.findLacks(shown), []);
    return { kind: 'automation', automation: shown.entry.id, shown: { ...shown, lacks } };
  }

  async #toRun(run: KeptRun): Promise<AutomationRow> {
    const { automation, sessionId } = run.record;
    const cost = await this.#orNothing(() => this.#ports.readCost(run), undefined);
    return { kind: 'run', automation, sessionId, run, cost };
  }

  /** A row is shown also while the server cannot be asked. */
  async #orNothing<T>(ask: () => Promise<T>, nothing: T): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      this.#ports.log.debug('Something of an automation is not known.', error);
      return nothing;
    }
  }

  #show(): void {
    const { automations } = this.#ports;
    this.#view.description = automations.isPaused ? l10n.t('paused') : '';
    this.#view.message =
      automations.problem ??
      (automations.isPaused && automations.all().length > 0
        ? l10n.t('All automations are paused: none is run.')
        : '');
    const waiting = automations
      .all()
      .filter(({ standing }) => standing === 'unapproved' || standing === 'changed');
    this.#view.badge =
      waiting.length === 0
        ? undefined
        : {
            value: waiting.length,
            tooltip: l10n.t('{0} automations wait for your approval', waiting.length),
          };
    this.#didChangeTreeData.fire(undefined);
  }
}
