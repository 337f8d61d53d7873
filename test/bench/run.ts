import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from '../workbench/extensionCopy.ts';
import { Bed } from './bed.ts';
import type { Figure } from './figure.ts';
import { describeMachine, loadNow } from './machine.ts';
import { measureActivation } from './parts/activation.ts';
import { measureBlocks } from './parts/blocks.ts';
import { measureHost } from './parts/host.ts';
import { measureMemory } from './parts/memory.ts';
import { measureOpen } from './parts/open.ts';
import { measureScroll } from './parts/scroll.ts';
import { measureSize } from './parts/size.ts';
import { measureStream } from './parts/stream.ts';
import { measureWindow } from './parts/window.ts';
import { toHeading, toLine, writeResults } from './report.ts';

// npm run bench: measures the extension against OpenCode's web UI and against the least that a page can do, prints
// ratios and writes them to `results`. `-- --only open,stream` picks parts, `--rounds 5` takes more of them, `--quick`
// takes one of each on small sessions, to see that the benchmark itself works. It fails no build.

const parts: Readonly<Record<string, (bed: Bed) => Promise<Figure[]>>> = {
  open: measureOpen,
  stream: measureStream,
  blocks: measureBlocks,
  scroll: measureScroll,
  memory: measureMemory,
  host: measureHost,
  window: measureWindow,
  activation: measureActivation,
  size: measureSize,
};

function complain(error: unknown): undefined {
  if (!isStopped) console.error(error);
}

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, quick: { type: 'boolean' }, rounds: { type: 'string' } },
});
const quick = options.quick ?? false;
const names = options.only?.split(',') ?? Object.keys(parts);
const unknown = names.filter((name) => !(name in parts));
if (unknown.length > 0) {
  throw new Error(`There is no part "${unknown.join(', ')}"; there are ${Object.keys(parts).join(', ')}.`);
}
const rounds = Number(options.rounds ?? (quick ? 1 : 3));
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
    if (!quick) await writeResults(join(import.meta.dirname, 'results'), await machine(), figures);
  }
  console.log(`\n${JSON.stringify(await machine())}`);
  if (!quick)
    console.log(`Written to ${join(repository, 'test/bench/results').slice(repository.length + 1)}.`);
} finally {
  await bed.close();
}
