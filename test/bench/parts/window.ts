import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bed } from '../bed.ts';
import { BenchWindow, type ShownTimes } from '../benchWindow.ts';
import { ending } from '../bigSessions.ts';
import { atMost, type Figure, median } from '../figure.ts';
import type { TreeTimes } from '../windowOrders.ts';

/** Milliseconds in which a window comes to rest after a switch. */
const rest = 500;
/** Each round's figure is the middle one of so many switches: to sessions for the first time, then once more. */
const switches = 2;

/** Inside a real VS Code: switching sessions in an open panel, building the tree of all sessions, drafting a hand off. */
export async function measureWindow(bed: Bed): Promise<Figure[]> {
  const firsts = await measureFirsts(bed);
  const { folder } = await bed.extension;
  return withWindow(bed, folder, async (window) => toFigures(await measureIn(window, bed), firsts));
}

/** What a window shows first: nothing of the extension was loaded before. */
interface Firsts {
  readonly rows: ShownTimes[];
  /** Of an extension that has its rows at hand: what the editor itself takes. */
  readonly floorRows: ShownTimes[];
  readonly drafts: ShownTimes[];
}

/** In windows of their own, the extension's and the floor's in turn. */
async function measureFirsts(bed: Bed): Promise<Firsts> {
  const { url, directory, small } = await bed.server;
  const { folder } = await bed.extension;
  const floor = await makeFloorExtension(await bed.root);
  const firsts: Firsts = { rows: [], floorRows: [], drafts: [] };
  for (let round = 0; round < bed.rounds; round += 1) {
    await withWindow(bed, floor, async (window) => {
      firsts.floorRows.push(await window.openTree(url, directory));
    });
    await withWindow(bed, folder, async (window) => {
      firsts.rows.push(await window.openTree(url, directory));
      await delay(rest);
      firsts.drafts.push(await window.handOff(small.id, url, directory));
    });
  }
  return firsts;
}

/** An extension that shows as many rows in the same view as soon as it is asked. */
async function makeFloorExtension(root: string): Promise<string> {
  const folder = join(root, 'floor-extension');
  await mkdir(folder, { recursive: true });
  const view = { id: 'opencodeSessions.sessions', name: 'Sessions', icon: 'icon.svg' };
  const manifest = {
    name: 'opencode-sessions',
    publisher: 'opencode-sessions',
    version: '0.0.0',
    engines: { vscode: '^1.105.0' },
    main: './extension.cjs',
    contributes: {
      viewsContainers: { activitybar: [{ id: 'opencodeSessions', title: 'Floor', icon: 'icon.svg' }] },
      views: { opencodeSessions: [view] },
    },
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(
    join(folder, 'icon.svg'),
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"/>',
  );
  await writeFile(
    join(folder, 'extension.cjs'),
    `const vscode = require('vscode');
const rows = Array.from({ length: 50 }, (_, index) => ({ label: 'Row ' + index }));
exports.activate = () => vscode.window.createTreeView('opencodeSessions.sessions', {
  treeDataProvider: { getChildren: (row) => (row ? [] : rows), getTreeItem: (row) => new vscode.TreeItem(row.label) },
});
`,
  );
  return folder;
}

async function withWindow<T>(
  bed: Bed,
  extension: string,
  run: (window: BenchWindow) => Promise<T>,
): Promise<T> {
  const window = await openWindow(bed, extension);
  try {
    return await run(window);
  } finally {
    await window.close();
  }
}

interface WindowTimes {
  /** Milliseconds of a switch, to sessions that were not open before and to such that were. */
  readonly cold: readonly number[];
  readonly warm: readonly number[];
  /** Milliseconds until an empty webview runs. */
  readonly empty: readonly number[];
  readonly trees: readonly TreeTimes[];
  readonly drafts: readonly ShownTimes[];
}

async function measureIn(window: BenchWindow, bed: Bed): Promise<WindowTimes> {
  const server = await bed.server;
  const { medium, small, url, directory } = server;
  const times = { cold: [] as number[], warm: [] as number[], empty: [] as number[] };
  const trees: TreeTimes[] = [];
  const drafts: ShownTimes[] = [];
  await window.openSession(small.id, ending(small.title));
  for (let round = 0; round < bed.rounds; round += 1) {
    for (let index = 0; index < 5; index += 1) times.empty.push(await window.emptyWebview());
    trees.push(await window.tree(url, directory));
  }
  for (let round = 0; round < bed.rounds; round += 1) {
    const sessions = medium.slice(round * switches, (round + 1) * switches);
    if (sessions.length === 0) break;
    for (const switched of [times.cold, times.warm]) {
      const tries: number[] = [];
      for (const session of sessions) {
        tries.push(await window.openSession(session.id, await server.lastWords(session)));
        await delay(rest);
      }
      switched.push(median(tries));
    }
  }
  for (const session of [small, ...medium.slice(0, bed.rounds)]) {
    drafts.push(await window.handOff(session.id, url, directory));
  }
  return { ...times, trees, drafts };
}

function toFigures({ cold, warm, empty, trees, drafts }: WindowTimes, firsts: Firsts): Figure[] {
  const start = median(empty);
  const note = (values: readonly number[]): string => `${median(values).toFixed(0)} / ${start.toFixed(0)} ms`;
  return [
    {
      part: 'window',
      name: 'Switch to a session for the first time / start of an empty webview',
      unit: 'x',
      values: cold.map((time) => time / start),
      target: atMost(0.5),
      note: note(cold),
    },
    {
      part: 'window',
      name: 'Switch back to a session / start of an empty webview',
      unit: 'x',
      values: warm.map((time) => time / start),
      target: atMost(0.1),
      note: note(warm),
    },
    {
      part: 'window',
      name: `First rows of a tree of ${trees[0]?.sessions ?? 0} sessions after the server's answer`,
      unit: 'ms',
      values: trees.map(({ firstRows }) => firstRows),
      target: atMost(50),
    },
    {
      part: 'window',
      name: 'Rows that one status event draws',
      unit: '',
      values: trees.map(({ rowsDrawn }) => rowsDrawn),
      target: atMost(1),
      note: `${median(trees.map(({ statusEvent }) => statusEvent)).toFixed(2)} ms`,
    },
    {
      part: 'window',
      name: 'From opening a window’s view to its first rows, over the answers of the server and the editor itself',
      unit: 'ms',
      values: firsts.rows.map(({ shown, answers }, round) => {
        return shown - answers - (firsts.floorRows[round]?.shown ?? Number.NaN);
      }),
      target: atMost(100),
      note: `${ms(firsts.rows.map(({ shown }) => shown))} in all, server ${ms(firsts.rows.map(({ answers }) => answers))}, editor ${ms(firsts.floorRows.map(({ shown }) => shown))}`,
    },
    {
      part: 'window',
      name: 'First draft of a hand off in its editor, over the answers of the server',
      unit: 'ms',
      values: firsts.drafts.map(overAnswers),
      target: atMost(300),
      note: `${ms(firsts.drafts.map(({ shown }) => shown))} in all`,
    },
    {
      part: 'window',
      name: 'Later draft of a hand off in its editor, over the answers of the server',
      unit: 'ms',
      values: drafts.slice(1).map(overAnswers),
      target: atMost(300),
      note: `${ms(drafts.slice(1).map(({ shown }) => shown))} in all`,
    },
  ];
}

const overAnswers = ({ shown, answers }: ShownTimes): number => shown - answers;

const ms = (values: readonly number[]): string => `${median(values).toFixed(0)} ms`;

async function openWindow(bed: Bed, extension: string): Promise<BenchWindow> {
  const [browser, { pages }, server] = await Promise.all([bed.browser, bed.extension, bed.server]);
  return BenchWindow.open({
    browser,
    extension,
    folder: server.directory,
    serverUrl: server.url,
    probe: join(pages, 'probe.js'),
  });
}
