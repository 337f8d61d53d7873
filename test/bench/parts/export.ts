import type { Bed } from '../bed.ts';
import { atMost, type Figure } from '../figure.ts';
import { measureExport } from '../measureExport.ts';

const megabyte = 1e6;

/** What an export of a session of 50,000 parts costs the process that does it, in each form. */
export async function measureExports(bed: Bed): Promise<Figure[]> {
  const parts = bed.quick ? 2000 : 50_000;
  const figures: Figure[] = [];
  for (const format of ['html', 'markdown', 'json'] as const) {
    const { growth, resident, size, milliseconds } = await measureExport(format, parts);
    const figure = (what: string, value: number): Figure => ({
      part: 'export',
      name: `${format} of ${parts} parts: ${what}`,
      unit: 'MB',
      values: [value / megabyte],
      note: `${(size / megabyte).toFixed(0)} MB in ${(milliseconds / 1000).toFixed(0)} s`,
    });
    figures.push(
      { ...figure('objects of the host, more than idle', growth), target: atMost(60) },
      figure('the host as its system counts, with the garbage that waits', resident),
    );
  }
  return figures;
}
