import { EventEmitter, ThemeIcon, TreeItem, type TreeDataProvider, type TreeView } from 'vscode';
import type { Disposable, Event } from '../../core/event.ts';
import { sentenceOf } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { plainWords } from '../../core/plainText.ts';
import { keptDays, listedLimit } from '../../core/prompts/ledger.ts';
import type { ListedDelivery } from '../../core/prompts/listedDelivery.ts';
import { describeHold, type Hold } from '../../core/state/hold.ts';
import { PacedTree } from '../pacedTree.ts';
import { toDeliveryItem } from './deliveryItem.ts';

export interface DeliveriesTreePorts {
  /** Gives the view its rows; it is there before them, and stays after them. */
  readonly openView: (rows: TreeDataProvider<DeliveryRow>) => TreeView<DeliveryRow>;
  readonly ledger: {
    readonly onDidChange: Event<void>;
    readonly isRead: boolean;
    readonly failure: unknown;
    readonly dropped: number;
    all(): readonly ListedDelivery[];
    read(): Promise<void>;
    watch(isWatched: boolean): void;
  };
  readonly hold: Hold;
  readonly titleOf: (sessionId: string) => string;
  /** Of which the rows say the titles. */
  readonly onDidChangeSessions: Event<unknown>;
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
}

/** A prompt, or what stands below all of them. */
export type DeliveryRow =
  | {
      readonly deliveryId: string;
      readonly sessionId: string;
      /** As the commands on pending relays want it. */
      readonly relayId?: string;
      readonly delivery: ListedDelivery;
    }
  | { readonly note: string };

/** The "Deliveries" view: what waits, then what was sent, that sent last first. It is read while it is shown. */
export class DeliveriesTree implements Disposable {
  readonly #ports: DeliveriesTreePorts;
  readonly #didChangeTreeData = new EventEmitter<DeliveryRow[] | undefined>();
  readonly #view: TreeView<DeliveryRow>;
  readonly #disposables: readonly Disposable[];
  /** The titles that stand on the rows. */
  #titles = '';

  readonly onDidChangeTreeData = this.#didChangeTreeData.event;

  constructor(ports: DeliveriesTreePorts) {
    this.#ports = ports;
    const paced = new PacedTree<DeliveryRow>(this, ports.startTimer);
    this.#view = ports.openView(paced);
    this.#disposables = [
      paced,
      this.#didChangeTreeData,
      ports.ledger.onDidChange(() => this.#show()),
      ports.hold.onDidChange(() => this.#show()),
      ports.onDidChangeSessions(() => this.#showTitles()),
      this.#view.onDidChangeVisibility(({ visible }) => ports.ledger.watch(visible)),
    ];
    ports.ledger.watch(this.#view.visible);
    this.#show();
  }

  async getChildren(row?: DeliveryRow): Promise<DeliveryRow[]> {
    if (row !== undefined) return [];
    const { ledger } = this.#ports;
    if (!ledger.isRead) await ledger.read();
    const rows = ledger.all().map((delivery): DeliveryRow => {
      const { messageId, sessionId, pending } = delivery;
      const isRelay = pending === 'relay' || pending === 'heldRelay';
      return { deliveryId: messageId, sessionId, delivery, ...(isRelay ? { relayId: messageId } : {}) };
    });
    this.#titles = this.#readTitles();
    return rows.length === 0 ? [] : [...rows, { note: describeKept(ledger.dropped) }];
  }

  getTreeItem(row: DeliveryRow): TreeItem {
    if ('delivery' in row) return toDeliveryItem(row.delivery, this.#ports.titleOf);
    const item = new TreeItem(row.note);
    item.id = 'note';
    item.iconPath = new ThemeIcon('info');
    item.contextValue = 'note';
    item.accessibilityInformation = { label: row.note };
    return item;
  }

  getParent(): undefined {
    return undefined;
  }

  resolveTreeItem(item: TreeItem): TreeItem {
    return item;
  }

  dispose(): void {
    this.#ports.ledger.watch(false);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Sessions change many times a second while they work, and seldom what they are called. */
  #showTitles(): void {
    if (this.#view.visible && this.#readTitles() !== this.#titles) this.#show();
  }

  #readTitles(): string {
    const { ledger, titleOf } = this.#ports;
    const named = ledger
      .all()
      .flatMap(({ sessionId, by }) => (by?.kind === 'agent' ? [sessionId, by.session] : sessionId));
    return [...new Set(named)].map(titleOf).join('\n');
  }

  #show(): void {
    const { ledger, hold } = this.#ports;
    const failure =
      ledger.failure === undefined
        ? undefined
        : l10n.t('What was sent before cannot be read. {0}', sentenceOf(ledger.failure));
    const held = hold.isHeld() ? describeHold() : undefined;
    this.#view.message = plainWords([held, failure].filter((text) => text !== undefined).join(' '));
    this.#didChangeTreeData.fire(undefined);
  }
}

function describeKept(dropped: number): string {
  const kept = l10n.t('The last {0} prompts of {1} days are listed.', listedLimit, keptDays);
  return dropped === 0 ? kept : l10n.t('{0} {1} older ones are not.', kept, dropped);
}
