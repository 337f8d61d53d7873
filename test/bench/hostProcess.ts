import { EventParser } from '../../src/server/openCode118/eventParser.ts';
import { DirectorySet } from '../../src/server/dialect/directories.ts';
import { FloorHost } from './floorHost.ts';
import type { EventCost, HostConfig, HostOrder, HostOrders, HostUsage } from './hostOrders.ts';
import { PageServer } from './pageLink.ts';
import { ProductHost } from './productHost.ts';

// A process that feeds pages, as an extension host does; started by `hostClient.ts` with `--expose-gc`.

const config = JSON.parse(process.argv[2] ?? '') as HostConfig;
const host =
  config.kind === 'product'
    ? new ProductHost(config.serverUrl, config.directory)
    : new FloorHost(config.serverUrl, config.directory);
const pages = new PageServer(
  config.folders,
  config.kind === 'product' ? 'transcript.js' : 'floor.js',
  (link) => host.feed(link),
);

type Answerer<Order extends HostOrder> = (
  asked: HostOrders[Order]['asked'],
) => HostOrders[Order]['answer'] | Promise<HostOrders[Order]['answer']>;

const answerers: { readonly [Order in HostOrder]: Answerer<Order> } = {
  forget: () => {
    host.forget();
    return null;
  },
  openDocument: ({ sessionId }) => product().openDocument(sessionId),
  closeDocument: () => {
    product().closeDocument();
    return null;
  },
  usage: ({ collect }) => measureUsage(collect),
  eventCost: ({ events, rounds }) => measureEventCost(events, rounds),
};

function product(): ProductHost {
  if (host instanceof ProductHost) return host;
  throw new Error('The floor has no stores.');
}

function measureUsage(collect: boolean): HostUsage {
  if (collect) globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return { cpu: (user + system) / 1000, rss, heap: heapUsed, traffic: pages.traffic };
}

/** What reading an event and telling the stores costs, against parsing its JSON alone, in the same process. */
function measureEventCost(events: readonly string[], rounds: number): EventCost {
  const parser = new EventParser({ debug: ignore, info: ignore, warn: ignore, error: ignore });
  const directories = new DirectorySet([config.directory]);
  const { sinks } = product();
  const handle = (data: string): void => {
    const event = parser.parse(data, directories);
    if (event !== undefined) for (const sink of sinks) sink.apply(event);
  };
  const parse = (data: string): unknown => JSON.parse(data);
  const costs = { parse: [] as number[], handle: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    costs.parse.push(timeOf(events, parse));
    costs.handle.push(timeOf(events, handle));
  }
  return { parse: Math.min(...costs.parse), handle: Math.min(...costs.handle) };
}

function timeOf(events: readonly string[], run: (data: string) => unknown): number {
  const start = performance.now();
  for (const data of events) run(data);
  return ((performance.now() - start) * 1000) / events.length;
}

function ignore(): void {
  // The same events come again and again; what could be said of them was said.
}

process.on('message', ({ id, order, asked }: { id: number; order: HostOrder; asked: never }) => {
  void Promise.resolve(answerers[order](asked)).then((answer) => process.send?.({ id, answer }));
});
process.on('disconnect', () => process.exit());

await host.connect();
process.send?.({ url: await pages.listen() });
