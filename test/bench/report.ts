import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Figure, isMet, median, range } from './figure.ts';
import type { Machine } from './machine.ts';

/** Writes a figure as one line: what it is, the middle of its rounds and how far they lie apart, its target. */
export function toLine(figure: Figure): string {
  const { name, unit, target, note } = figure;
  const met = { true: 'met', false: 'MISSED', undefined: '' }[String(isMet(figure)) as 'true'];
  const wanted = target === undefined ? '' : `${target.is} ${formatValue(target.value)} ${unit}`;
  const columns = [
    name.padEnd(66),
    `${formatValue(median(figure.values))} ${unit}`.padStart(12),
    formatRange(figure.values).padStart(15),
    wanted.padStart(18),
    met.padStart(7),
    note ?? '',
  ];
  return columns.join('  ').trimEnd();
}

export function toHeading(part: string): string {
  return `\n${part.padEnd(66)}  ${'median'.padStart(12)}  ${'rounds'.padStart(15)}  ${'target'.padStart(18)}`;
}

/** A number with as many digits as say something. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}

/** The least and the most of the rounds; nothing where there was one. */
export function formatRange(values: readonly number[]): string {
  return values.length < 2 ? '' : range(values).map(formatValue).join('–');
}

/** Writes one file for each part; those of parts that were not run stay as they are. */
export async function writeResults(
  folder: string,
  machine: Machine,
  figures: readonly Figure[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [part = '', of = []] of Map.groupBy(figures, (figure) => figure.part)) {
    const records = of.map(toRecord);
    const file = join(folder, `${part}.json`);
    await writeFile(file, `${JSON.stringify({ part, machine, figures: records }, null, 2)}\n`);
  }
}

function toRecord(figure: Figure): object {
  const { name, unit, values, target, note } = figure;
  return {
    name,
    unit,
    values: values.map(round),
    median: round(median(values)),
    ...(target === undefined ? {} : { target, met: isMet(figure) }),
    ...(note === undefined ? {} : { note }),
  };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
