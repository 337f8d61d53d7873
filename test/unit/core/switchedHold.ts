import { Emitter } from '../../../src/core/event.ts';
import type { StopAll } from '../../../src/core/state/hold.ts';

/** Stop All as a test says it: it holds nothing until then. */
export class SwitchedHold implements StopAll {
  readonly #didChange = new Emitter<void>();
  #holds = false;

  readonly onDidChange = this.#didChange.event;

  isHeld(): boolean {
    return this.#holds;
  }

  stop(): void {
    this.#holds = true;
    this.#didChange.fire();
  }

  release(): void {
    this.#holds = false;
    this.#didChange.fire();
  }
}
