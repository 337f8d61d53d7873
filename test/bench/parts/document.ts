import { join } from 'node:path';
import type { Bed } from '../bed.ts';
import type { BenchServer } from '../benchServer.ts';
import { BenchWindow } from '../benchWindow.ts';
import { insertSessions, SessionGenerator } from '../bigSessions.ts';
import { atMost, type Figure, median } from '../figure.ts';
import type { DocumentTimes } from '../hostOrders.ts';

const megabyte = 1e6;
/** Of generated sessions, as many as have 50,000 parts. */
const messages = 13_850;

interface DocumentUse extends DocumentTimes {
  /** Milliseconds that the server takes to answer with the same messages, to one who does nothing with them. */
  readonly answers: number;
  /** Megabytes of objects, after a garbage collection, more than before; and after it was closed. */
  readonly objects: number;
  readonly closed: number;
}

/** Opens a session of 50,000 parts as a document, in a host process and in a real VS Code. */
export async function measureDocument(bed: Bed): Promise<Figure[]> {
  const server = await bed.server;
  const { id, parts } = await seed(bed, server);
  const used: DocumentUse[] = [];
  for (let round = 0; round < bed.rounds; round += 1) used.push(await measureInHost(bed, server, id));
  const shown = await measureInWindow(bed, server, id);
  const name = (what: string): string => `A document of ${parts.toLocaleString('en')} parts: ${what}`;
  const of = (figure: keyof DocumentUse): number[] => used.map((use) => use[figure]);
  return [
    {
      part: 'document',
      name: name('from the command to its newest turn in the editor'),
      unit: 'ms',
      values: shown,
      target: atMost(1000),
    },
    {
      part: 'document',
      name: name('all of it / the answers of the server'),
      unit: 'x',
      values: used.map(({ whole, answers }) => whole / answers),
      target: atMost(5),
      note: `${median(of('whole')).toFixed(0)} / ${median(of('answers')).toFixed(0)} ms, ${(median(of('characters')) / megabyte).toFixed(1)} million characters; the newest ${median(of('first')).toFixed(0)} ms`,
    },
    {
      part: 'document',
      name: name('host objects while it is open, more than before'),
      unit: 'MB',
      values: of('objects'),
      target: atMost(50),
    },
    {
      part: 'document',
      name: name('host objects once it is closed, more than before'),
      unit: 'MB',
      values: of('closed'),
      target: atMost(5),
    },
  ];
}

async function seed(bed: Bed, { openCode, directory }: BenchServer) {
  const generator = new SessionGenerator(directory, 11);
  const count = bed.quick ? 500 : messages;
  const created = Date.now() - count * 1000 - 7_200_000;
  const session = generator.create({ title: 'Document', messages: count, created });
  const database = join(openCode.home, '.local', 'share', 'opencode', 'opencode.db');
  const { parts } = insertSessions(database, directory, [session]);
  return { id: session.info.id, parts };
}

async function measureInHost(bed: Bed, { url }: BenchServer, sessionId: string): Promise<DocumentUse> {
  const answers = await timeAnswers(url, sessionId);
  const host = await bed.startHost('product');
  const usage = async (): Promise<number> => (await host.order('usage', { collect: true })).heap / megabyte;
  const idle = await usage();
  const times = await host.order('openDocument', { sessionId });
  const open = await usage();
  await host.order('closeDocument', {});
  const closed = await usage();
  await host.stop();
  return { ...times, answers, objects: open - idle, closed: closed - idle };
}

/** The same pages, as bytes. */
async function timeAnswers(url: string, sessionId: string): Promise<number> {
  const start = performance.now();
  let before: string | undefined;
  do {
    const query = new URLSearchParams({ limit: '500', ...(before === undefined ? {} : { before }) });
    const response = await fetch(`${url}/session/${sessionId}/message?${query}`, {
      headers: { 'accept-encoding': 'identity' },
    });
    await response.arrayBuffer();
    before = response.headers.get('x-next-cursor') ?? undefined;
  } while (before !== undefined);
  return performance.now() - start;
}

async function measureInWindow(bed: Bed, server: BenchServer, sessionId: string): Promise<number[]> {
  const { folder, pages } = await bed.extension;
  const window = await BenchWindow.open({
    browser: await bed.browser,
    extension: folder,
    folder: server.directory,
    serverUrl: server.url,
    probe: join(pages, 'probe.js'),
  });
  const times: number[] = [];
  try {
    // The first one starts the extension and the editor's own parts for Markdown.
    for (let round = -1; round < bed.rounds; round += 1) {
      const time = await window.openDocument(sessionId);
      if (round >= 0) times.push(time);
    }
  } finally {
    await window.close();
  }
  return times;
}
