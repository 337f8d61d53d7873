import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../../workbench/extensionCopy.ts';
import { promises } from './promises.ts';
import { putPromises } from './promiseTable.ts';

// npm run contract:readme: puts what is promised on which generation into the README, as the contract suite tries it.

const readme = join(repository, 'README.md');
await writeFile(readme, putPromises(await readFile(readme, 'utf8'), promises));
