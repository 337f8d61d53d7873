import { l10n } from '../l10n.ts';
import { nearestName } from '../prompts/nearestName.ts';
import type { AutomationFault } from './automation.ts';

/** A value of a setting at its place, which says what is wrong with it there. */
export class Reader {
  readonly value: unknown;
  readonly #path: readonly (string | number)[];
  readonly #faults: AutomationFault[];

  constructor(value: unknown, path: readonly (string | number)[], faults: AutomationFault[]) {
    this.value = value;
    this.#path = path;
    this.#faults = faults;
  }

  fault(message: string): void {
    this.#faults.push({ path: this.#path, message });
  }

  isObject(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }

  has(key: string): boolean {
    return this.isObject() && Object.hasOwn(this.value as object, key);
  }

  keys(): readonly string[] {
    return this.isObject() ? Object.keys(this.value as object) : [];
  }

  at(key: string): Reader {
    const value = this.has(key) ? (this.value as Record<string, unknown>)[key] : undefined;
    return new Reader(value, [...this.#path, key], this.#faults);
  }

  /** Undefined where it is no list. */
  items(): readonly Reader[] | undefined {
    if (!Array.isArray(this.value)) return undefined;
    return this.value.map((item: unknown, index) => new Reader(item, [...this.#path, index], this.#faults));
  }

  /** One or a list of them. */
  several(): readonly Reader[] {
    return this.items() ?? [this];
  }

  /** Says of each other key that it is not known. */
  allow(names: readonly string[]): void {
    for (const key of this.keys()) {
      if (!names.includes(key)) this.at(key).fault(unknown(l10n.t('key'), key, names));
    }
  }

  text(): string | undefined {
    if (typeof this.value === 'string' && this.value.trim() !== '') return this.value;
    this.fault(l10n.t('This is to be a text.'));
    return undefined;
  }

  word<Word extends string>(words: readonly Word[], what: string): Word | undefined {
    const found = words.find((word) => word === this.value);
    if (found !== undefined) return found;
    const said = typeof this.value === 'string' ? this.value : undefined;
    this.fault(
      said === undefined
        ? l10n.t('This is to be one of: {0}.', words.join(', '))
        : unknown(what, said, words),
    );
    return undefined;
  }

  /** Undefined where it is absent, or wrong. */
  number(least: number, most: number): number | undefined {
    if (this.value === undefined) return undefined;
    if (typeof this.value === 'number' && this.value >= least && this.value <= most) return this.value;
    this.fault(l10n.t('This is to be a number from {0} to {1}.', least, most));
    return undefined;
  }

  boolean(): boolean | undefined {
    if (this.value === undefined || typeof this.value === 'boolean') return this.value;
    this.fault(l10n.t('This is to be true or false.'));
    return undefined;
  }
}

/** That a name is none of those that there are, with the one that was probably meant. */
export function unknown(what: string, said: string, names: readonly string[]): string {
  const nearest = nearestName(said, names);
  return nearest === undefined
    ? l10n.t('There is no {0} “{1}”. There are: {2}.', what, said, names.join(', '))
    : l10n.t('There is no {0} “{1}”. Did you mean “{2}”?', what, said, nearest);
}
