import { isNewerVersion } from '../core/versionOrder.ts';

/** A companion within one instance of the server: what a person installed, or what an editor handed in. */
interface Copy {
  readonly version: string;
  /** It does nothing from here on. */
  retire(): void;
  /** Where a server may go on calling a copy that retired: does the same as that would, by a name. */
  act?(name: string, ...given: readonly unknown[]): Promise<unknown>;
}

/** Of each instance, by what it hands to all of its plugins; copies of other versions look there, too. */
const place = Symbol.for('opencode-sessions.companion');

function standing(): WeakMap<object, Copy> {
  const all = globalThis as { [place]?: WeakMap<object, Copy> };
  return (all[place] ??= new WeakMap());
}

/**
 * Whether this copy is the one of its instance that acts: the newest is, and of equal ones the last. All are loaded before
 * the server calls the first of their hooks, files of plugins before what an editor hands in with the settings of its
 * person. The one that stood until then retires.
 */
export function standIn(instance: object, copy: Copy): boolean {
  const copies = standing();
  const earlier = copies.get(instance);
  if (earlier !== undefined && isNewerVersion(earlier.version, copy.version)) return false;
  copies.set(instance, copy);
  earlier?.retire();
  return true;
}

/** The copy that acts. */
export function standingCopy(instance: object): Copy | undefined {
  return standing().get(instance);
}

/** No copy acts from here on, if it is still this one. */
export function leave(instance: object, copy: Copy): void {
  if (standing().get(instance) === copy) standing().delete(instance);
}

const folders = Symbol.for('opencode-sessions.folders');

/** What stands for the instance of a folder where the server hands to each plugin an object of its own (2.x). */
export function instanceOf(directory: string): object {
  const all = globalThis as { [folders]?: Map<string, object> };
  const known = (all[folders] ??= new Map());
  const instance = known.get(directory) ?? {};
  known.set(directory, instance);
  return instance;
}
