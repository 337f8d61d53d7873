import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bed } from '../bed.ts';
import { BenchWindow, type DraftTimes } from '../benchWindow.ts';
import { ending } from '../bigSessions.ts';
import { atMost, type Figure, median } from '../figure.ts';
import type { TreeTimes } from '../windowOrders.ts';

/** Milliseconds in which a window comes to rest after a switch. */
const rest = 500;
/** Each round's figure is the middle one of so many switches: to sessions for the first time, then once more. */
const switches = 3;

/** Inside a real VS Code: switching sessions in an open panel, building the tree of all sessions, drafting a hand off. */
export async function measureWindow(bed: Bed): Promise<Figure[]> {
  const window = await openWindow(bed);
  try {
    return toFigures(await measureIn(window, bed));
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
  readonly drafts: readonly DraftTimes[];
}

async function measureIn(window: BenchWindow, bed: Bed): Promise<WindowTimes> {
  const server = await bed.server;
  const { medium, small, url, directory } = server;
  const times = { cold: [] as number[], warm: [] as number[], empty: [] as number[] };
  const trees: TreeTimes[] = [];
  const drafts: DraftTimes[] = [];
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

function toFigures({ cold, warm, empty, trees, drafts }: WindowTimes): Figure[] {
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
      name: 'Draft of a hand off in its editor, over the answers of the server',
      unit: 'ms',
      values: drafts.map(({ draft, answers }) => draft - answers),
      target: atMost(300),
      note: `${median(drafts.map(({ draft }) => draft)).toFixed(0)} in all`,
    },
  ];
}

async function openWindow(bed: Bed): Promise<BenchWindow> {
  const [browser, extension, server] = await Promise.all([bed.browser, bed.extension, bed.server]);
  return BenchWindow.open({
    browser,
    extension: extension.folder,
    folder: server.directory,
    serverUrl: server.url,
    probe: join(extension.pages, 'probe.js'),
  });
}
