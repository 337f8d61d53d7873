import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../../workbench/extensionCopy.ts';
import type { ActivationTimes } from '../../workbench/activationProbe.ts';
import { bundleForHost, runInWindow } from '../../workbench/hostSuite.ts';
import { startVscodeServer } from '../../workbench/vscodeServer.ts';
import type { Bed } from '../bed.ts';
import { atMost, type Figure, median, ratios } from '../figure.ts';

/** Milliseconds. */
type Times = Readonly<Record<(typeof measured)[number], number[]>>;

const measured = ['own', 'house', 'full', 'empty'] as const;
/** Each round's figure is the middle one of so many windows. */
const tries = 3;

/** Activates the extension, and one that does nothing, in windows of a real VS Code, in turn. */
export async function measureActivation(bed: Bed): Promise<Figure[]> {
  const entries = ['test/workbench/activationProbe.ts', 'test/bench/activationWall.ts'];
  const [probe = '', wall = ''] = await bundleForHost('bench-activation', entries);
  const { folder: full } = await bed.extension;
  const empty = await makeEmptyExtension(await bed.root);
  const { directory: folder, url: serverUrl } = await bed.server;
  const settings = { 'opencodeSessions.server.url': serverUrl };
  const vscode = await startVscodeServer({ settings, progress: console.log });
  const logFile = join(repository, 'test-results', 'bench-activation.log');
  const browser = await bed.browser;
  const noTimes = (): Times => ({ own: [], house: [], full: [], empty: [] });
  const runs = noTimes();
  const run = async (extension: string, tests: string, print: (line: string) => void): Promise<void> => {
    await runInWindow(browser, vscode.url({ folder, extension, tests }), { print, logFile });
  };
  try {
    for (let round = 0; round < bed.rounds; round += 1) {
      const times = noTimes();
      for (let time = 0; time < (bed.quick ? 1 : tries); time += 1) {
        await run(full, probe, (line) => {
          const { load, activate, house } = JSON.parse(line) as ActivationTimes;
          times.own.push(load + activate);
          times.house.push(house);
        });
        await run(full, wall, (line) => times.full.push(Number(line)));
        await run(empty, wall, (line) => times.empty.push(Number(line)));
      }
      for (const what of measured) runs[what].push(median(times[what]));
    }
  } finally {
    await vscode.stop();
  }
  return [
    {
      part: 'activation',
      name: 'Load its module and run its `activate`',
      unit: 'ms',
      values: runs.own,
      target: atMost(50),
    },
    {
      part: 'activation',
      name: 'Load and set up the rest, once the extension counts as active',
      unit: 'ms',
      values: runs.house,
    },
    {
      part: 'activation',
      name: 'From asking for it to its being active / those of an empty extension',
      unit: 'x',
      values: ratios(runs.full, runs.empty),
      target: atMost(2),
      note: `${median(runs.full).toFixed(1)} / ${median(runs.empty).toFixed(1)} ms`,
    },
  ];
}

/** Under the same name, so that the same program finds it. */
async function makeEmptyExtension(root: string): Promise<string> {
  const folder = join(root, 'empty-extension');
  await mkdir(folder);
  const manifest = {
    name: 'opencode-sessions',
    publisher: 'opencode-sessions',
    version: '0.0.0',
    engines: { vscode: '^1.105.0' },
    main: './extension.cjs',
    activationEvents: [],
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'extension.cjs'), 'exports.activate = () => undefined;\n');
  return folder;
}
