import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from '../workbench/extensionCopy.ts';
import { Bed } from './bed.ts';
import { describeMachine, loadNow } from './machine.ts';
import { partNames, parts } from './parts.ts';
import { toHeading, toLine, writeResults } from './report.ts';

// npm run bench: measures the extension against OpenCode's web UI and against the least that a page can do, prints
// ratios and writes them to `results`. `-- --only open,stream` picks parts, `--rounds 5` takes more of them, `--quick`
// takes one of each on small sessions, to see that the benchmark itself works; `--into <folder>` writes them elsewhere,
// e.g. those of an older state. It fails no build. `npm run bench:readme` puts the last figures into the README.

function complain(error: unknown): undefined {
  if (!isStopped) console.error(error);
}

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean' },
    rounds: { type: 'string' },
    into: { type: 'string' },
  },
});
const folder = resolve(options.into ?? join(import.meta.dirname, 'results'));
const quick = options.quick ?? false;
const names = options.only?.split(',') ?? partNames;
const unknown = names.filter((name) => !(name in parts));
if (unknown.length > 0) {
  throw new Error(`There is no part "${unknown.join(', ')}"; there are ${partNames.join(', ')}.`);
}
const rounds = Number(options.rounds ?? (quick ? 1 : 5));
const loadBefore = loadNow();
const bed = new Bed({ rounds, quick });
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    isStopped = true;
    void bed.close().finally(() => process.exit(1));
  });
}
try {
  const machine = async () => {
    return describeMachine({ chromium: (await bed.browser).version(), quick, loadBefore });
  };
  for (const name of names) {
    if (isStopped) break;
    console.log(toHeading(name));
    // A part that breaks, e.g. because the web UI does not answer, takes no other with it.
    const figures = await parts[name]?.(bed).catch(complain);
    if (figures === undefined) {
      process.exitCode = 1;
      continue;
    }
    for (const figure of figures) console.log(toLine(figure));
    if (!quick) await writeResults(folder, await machine(), figures);
  }
  console.log(`\n${JSON.stringify(await machine())}`);
  if (!quick) console.log(`Written to ${relative(repository, folder)}.`);
} finally {
  await bed.close();
}
