import type { Target } from './figure.ts';
import type { Machine } from './machine.ts';
import { formatValue } from './report.ts';

/** What `writeResults` writes for one part. */
export interface PartResults {
  readonly part: string;
  readonly machine: Machine;
  readonly figures: readonly {
    readonly name: string;
    readonly unit: string;
    readonly median: number | null;
    readonly worst: number | null;
    readonly target?: Target;
    readonly met?: boolean;
  }[];
}

const begin = '<!-- benchmark -->';
const end = '<!-- /benchmark -->';

/** The text with the figures between its two marks; throws if it has none. */
export function putFigures(text: string, results: readonly PartResults[]): string {
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`There is no place between ${begin} and ${end}.`);
  return `${text.slice(0, start + begin.length)}\n\n${toMarkdown(results)}\n\n${text.slice(stop)}`;
}

function toMarkdown(results: readonly PartResults[]): string {
  const rows = results.flatMap(({ figures }) => figures.filter(({ target }) => target !== undefined));
  const met = rows.filter((row) => row.met === true).length;
  return [
    `${describe(results)} ${met} of ${rows.length} targets are met; a target counts as met if the worst round met it.`,
    '',
    '| Measured | Median | Worst round | Target | Met |',
    '|---|---:|---:|---:|---|',
    ...rows.map(({ name, unit, median, worst, target, met: isMet }) => {
      const wanted = `${target?.is} ${withUnit(target?.value, unit)}`;
      return `| ${name} | ${withUnit(median, unit)} | ${withUnit(worst, unit)} | ${wanted} | ${isMet === true ? 'yes' : 'no'} |`;
    }),
  ].join('\n');
}

function describe(results: readonly PartResults[]): string {
  const [first] = results;
  if (first === undefined) throw new Error('There are no results.');
  const { processor, cores, memory, platform, node, chromium, openCode } = first.machine;
  const days = [...new Set(results.map(({ machine }) => machine.date.slice(0, 10)))].sort();
  const loads = results.flatMap(({ machine }) => machine.load);
  const load = `load ${Math.min(...loads)} to ${Math.max(...loads)}`;
  return `Taken ${days.join(', ')} on ${cores} cores of ${processor}, ${memory} GB, ${platform}, ${load}, with OpenCode ${openCode}, Chromium ${chromium} and Node ${node}.`;
}

function withUnit(value: number | null | undefined, unit: string): string {
  return value === null || value === undefined ? '–' : `${formatValue(value)} ${unit}`.trim();
}
