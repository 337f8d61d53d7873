import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../workbench/extensionCopy.ts';
import { type PartResults, putFigures } from './readmeTable.ts';
import { partNames } from './parts.ts';

// npm run bench:readme: puts the last figures of each part of the benchmark into the README, so that none is copied by
// hand. A part that was never measured is left out, and said.

const results: PartResults[] = [];
for (const part of partNames) {
  const file = join(import.meta.dirname, 'results', `${part}.json`);
  if (existsSync(file)) results.push(JSON.parse(await readFile(file, 'utf8')) as PartResults);
  else console.log(`There are no figures of "${part}" yet: npm run bench -- --only ${part}`);
}
const readme = join(repository, 'README.md');
await writeFile(readme, putFigures(await readFile(readme, 'utf8'), results));
