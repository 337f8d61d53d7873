import { isMet, median, type Target } from './figure.ts';
import type { Machine } from './machine.ts';
import { formatRange, formatValue } from './report.ts';

/** What `writeResults` writes for one part. */
export interface PartResults {
  readonly part: string;
  readonly machine: Machine;
  readonly figures: readonly RecordedFigure[];
}

interface RecordedFigure {
  readonly name: string;
  readonly unit: string;
  /** One for each round; null where nothing could be measured. */
  readonly values: readonly (number | null)[];
  readonly target?: Target;
  readonly note?: string;
}

const begin = '<!-- benchmark -->';
const end = '<!-- /benchmark -->';

/**
 * The text with the figures between its two marks; throws if it has none. `before` are figures of an older state of the
 * extension, taken on the same machine: they stand beside those of the same name.
 */
export function putFigures(
  text: string,
  results: readonly PartResults[],
  before: readonly PartResults[] = [],
): string {
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`There is no place between ${begin} and ${end}.`);
  const figures = toMarkdown(results, before);
  return `${text.slice(0, start + begin.length)}\n\n${figures}\n\n${text.slice(stop)}`;
}

function toMarkdown(results: readonly PartResults[], before: readonly PartResults[]): string {
  const rows = figuresOf(results).filter(({ target }) => target !== undefined);
  const earlier = new Map(figuresOf(before).map((figure) => [figure.name, figure]));
  const met = rows.filter((row) => isMet(measured(row)) === true).length;
  const hasBefore = before.length > 0;
  const beforeWords = hasBefore ? ` Before: ${describe(before)}` : '';
  return [
    `${describe(results)} ${met} of ${rows.length} targets are met; a target counts as met if the median of the rounds met it.${beforeWords}`,
    '',
    toRow(['Measured', ...(hasBefore ? ['Before'] : []), 'Median', 'Rounds', 'Target', 'Met', 'Made of']),
    toRow(['---', ...(hasBefore ? ['---:'] : []), '---:', '---:', '---:', '---', '---']),
    ...rows.map((row) => {
      const { name, unit, target, note = '' } = row;
      const { values } = measured(row);
      return toRow([
        name,
        ...(hasBefore ? [toMedian(earlier.get(name))] : []),
        toMedian(row),
        formatRange(values),
        `${target?.is} ${withUnit(target?.value ?? Number.NaN, unit)}`,
        isMet(measured(row)) === true ? 'yes' : 'no',
        note,
      ]);
    }),
  ].join('\n');
}

function figuresOf(results: readonly PartResults[]): readonly RecordedFigure[] {
  return results.flatMap(({ figures }) => figures);
}

function measured({ values, target }: RecordedFigure): {
  readonly values: readonly number[];
  readonly target?: Target;
} {
  return { values: values.map((value) => value ?? Number.NaN), ...(target && { target }) };
}

function toMedian(figure: RecordedFigure | undefined): string {
  return figure === undefined ? '–' : withUnit(median(measured(figure).values), figure.unit);
}

function toRow(cells: readonly string[]): string {
  return `|${cells.map((cell) => (cell.startsWith('---') ? cell : ` ${cell} `)).join('|')}|`;
}

function describe(results: readonly PartResults[]): string {
  const [first] = results;
  if (first === undefined) throw new Error('There are no results.');
  const { memory, platform, node, chromium, openCode } = first.machine;
  // Parts that were taken on several machines are ratios within a run all the same.
  const processors = [
    ...new Set(results.map(({ machine }) => `${machine.cores} cores of ${machine.processor}`)),
  ];
  const days = [...new Set(results.map(({ machine }) => machine.date.slice(0, 10)))].sort();
  const loads = results.flatMap(({ machine }) => machine.load);
  const load = `load ${Math.min(...loads)} to ${Math.max(...loads)}`;
  return `Taken ${days.join(', ')} on ${processors.join(' and ')}, ${memory} GB, ${platform}, ${load}, with OpenCode ${openCode}, Chromium ${chromium} and Node ${node}.`;
}

function withUnit(value: number, unit: string): string {
  return Number.isNaN(value) ? '–' : `${formatValue(value)} ${unit}`.trim();
}
