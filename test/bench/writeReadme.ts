import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../workbench/extensionCopy.ts';
import { type PartResults, putFigures } from './readmeTable.ts';
import { partNames } from './parts.ts';

// npm run bench:readme: puts the figures of the last benchmark into the README, so that none is copied by hand.

const results: PartResults[] = [];
for (const part of partNames) {
  const file = join(import.meta.dirname, 'results', `${part}.json`);
  results.push(JSON.parse(await readFile(file, 'utf8')) as PartResults);
}
const readme = join(repository, 'README.md');
await writeFile(readme, putFigures(await readFile(readme, 'utf8'), results));
