import { isNewerVersion } from '../core/versionOrder.ts';

/** A companion within one instance of the server: what a person installed, or what an editor handed in. */
interface Copy {
  readonly version: string;
  /** It does nothing from here on. */
  retire(): void;
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
