import type { FileDiff } from '../state/records.ts';

/** What became of a file, as one hunk with all of its lines; undefined where nothing did. */
export function diffFile(
  file: string,
  before: string | undefined,
  after: string | undefined,
): FileDiff | undefined {
  if (before === after) return undefined;
  const [old, fresh] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < Math.min(old.length, fresh.length) && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, fresh.length) - start && old.at(-1 - end) === fresh.at(-1 - end))
    end += 1;
  const removed = old.slice(start, old.length - end);
  const added = fresh.slice(start, fresh.length - end);
  const lines = [
    ...old.slice(0, start).map((line) => ` ${line}`),
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
    ...old.slice(old.length - end).map((line) => ` ${line}`),
  ];
  const range = (count: number): string => (count === 0 ? '0,0' : `1,${count}`);
  return {
    file,
    patch: `--- a/${file}\n+++ b/${file}\n@@ -${range(old.length)} +${range(fresh.length)} @@\n${lines.join('\n')}\n`,
    additions: added.length,
    deletions: removed.length,
    status: before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified',
  };
}

function linesOf(text: string | undefined): string[] {
  if (text === undefined || text === '') return [];
  return text.replace(/\n$/, '').split('\n');
}
