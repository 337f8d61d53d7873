import { Problem } from '../../core/errors.ts';
import { Emitter, type Disposable } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';

/** Why something waits in the sessions although its turn has come: a sentence for each. */
export class WaitReasons implements Disposable {
  readonly #reasons = new Map<string, string>();
  readonly #didChange = new Emitter<{ readonly sessionId: string }>();

  readonly onDidChange = this.#didChange.event;

  of(sessionId: string): string | undefined {
    return this.#reasons.get(sessionId);
  }

  /** undefined: nothing is in its way. */
  set(sessionId: string, reason: string | undefined): void {
    if (this.#reasons.get(sessionId) === reason) return;
    if (reason === undefined) this.#reasons.delete(sessionId);
    else this.#reasons.set(sessionId, reason);
    this.#didChange.fire({ sessionId });
  }

  dispose(): void {
    this.#didChange.dispose();
  }
}

/** What is said of something that failed and is tried again. */
export function describeRetry(error: unknown): string {
  const words = error instanceof Problem ? error.message : l10n.t('The log has the detail.');
  return l10n.t('It is tried again by itself. {0}', words);
}
