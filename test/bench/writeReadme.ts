import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from '../workbench/extensionCopy.ts';
import { type PartResults, putFigures } from './readmeTable.ts';
import { partNames } from './parts.ts';

// npm run bench:readme: puts the last figures of each part of the benchmark into the README, so that none is copied by
// hand. A part that was never measured is left out, and said. `-- --before <folder>` sets figures beside them that were
// taken of an older state on the same machine.

const { values: options } = parseArgs({ options: { before: { type: 'string' } } });

async function readResults(folder: string): Promise<PartResults[]> {
  const results: PartResults[] = [];
  for (const part of partNames) {
    const file = join(folder, `${part}.json`);
    if (existsSync(file)) results.push(JSON.parse(await readFile(file, 'utf8')) as PartResults);
    else console.log(`There are no figures of "${part}" in ${folder}.`);
  }
  return results;
}

const results = await readResults(join(import.meta.dirname, 'results'));
const before = options.before === undefined ? [] : await readResults(options.before);
const readme = join(repository, 'README.md');
await writeFile(readme, putFigures(await readFile(readme, 'utf8'), results, before));
