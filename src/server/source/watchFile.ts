import { statSync } from 'node:fs';
import type { Disposable } from '../../core/event.ts';

/** Milliseconds. */
const interval = 1_000;

/**
 * Calls back when a file changes, appears or goes, seen against how it is at this call. It looks again and again,
 * which works on every file system and however a program writes it.
 */
export function watchFile(file: string, onDidChange: () => void): Disposable {
  let before = look(file);
  const timer = setInterval(() => {
    const after = look(file);
    if (after === before) return;
    before = after;
    onDidChange();
  }, interval);
  timer.unref();
  return { dispose: () => clearInterval(timer) };
}

function look(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return [mtimeMs, size, ino].join(' ');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
