import type { PromiseOfPort, Standing } from './promise.ts';

const begin = '<!-- contract -->';
const end = '<!-- /contract -->';

const words: Readonly<Record<Standing, string>> = { server: '✓', emulated: 'emulated', absent: 'not there' };

/** The text with a row for each promise between its two marks; throws if it has none. */
export function putPromises(text: string, promises: readonly PromiseOfPort[]): string {
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`There is no place between ${begin} and ${end}.`);
  const rows = promises.map(({ name, on }) => `| ${name} | ${words[on.first]} | ${words[on.second]} |`);
  const table = ['| Promised | 1.18 and 1.19 | 2.x |', '|---|---|---|', ...rows].join('\n');
  return `${text.slice(0, start + begin.length)}\n\n${table}\n\n${text.slice(stop)}`;
}
