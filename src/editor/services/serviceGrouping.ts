import { type Disposable, EventEmitter, type Memento } from 'vscode';
import type { Log } from '../../core/log.ts';
import type { ServiceMap } from '../../core/services/serviceFolders.ts';
import type { ServiceFinder } from './serviceFinder.ts';

const key = 'opencodeSessions.groupByService';

export interface ServiceGroupingPorts {
  readonly memory: Memento;
  readonly finder: Pick<ServiceFinder, 'find' | 'map' | 'onDidChange'>;
  /** Is told whether sessions are grouped so, at once and when that changes. */
  readonly onDidSet: (isOn: boolean) => void;
  readonly log: Log;
}

/** Whether this workspace groups its sessions by service, kept over reloads, and by which. */
export class ServiceGrouping implements Disposable {
  readonly #ports: ServiceGroupingPorts;
  readonly #didChange = new EventEmitter<void>();
  readonly #subscription: Disposable;
  #isOn: boolean;
  /** Whether it was looked for the services: rows do not jump before that. */
  #isReady = false;

  readonly onDidChange = this.#didChange.event;

  constructor(ports: ServiceGroupingPorts) {
    this.#ports = ports;
    this.#isOn = ports.memory.get(key, false);
    this.#subscription = ports.finder.onDidChange(() => {
      if (this.services !== undefined) this.#didChange.fire();
    });
    ports.onDidSet(this.#isOn);
    if (this.#isOn) {
      this.#begin().catch((error: unknown) => ports.log.warn('Sessions are not grouped by service.', error));
    }
  }

  /** Those by which sessions are grouped; undefined: they are not. */
  get services(): ServiceMap | undefined {
    return this.#isOn && this.#isReady ? this.#ports.finder.map : undefined;
  }

  async set(isOn: boolean): Promise<void> {
    this.#isOn = isOn;
    this.#ports.onDidSet(isOn);
    await this.#ports.memory.update(key, isOn);
    if (isOn) await this.#begin();
    else this.#didChange.fire();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#didChange.dispose();
  }

  async #begin(): Promise<void> {
    await this.#ports.finder.find();
    this.#isReady = true;
    this.#didChange.fire();
  }
}
