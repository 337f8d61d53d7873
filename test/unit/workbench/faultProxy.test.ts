import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { type Fault, FaultProxy } from '../../workbench/faultProxy.ts';
import { waitFor } from '../../workbench/waitFor.ts';

const records = JSON.stringify({ words: 'naïve façade, 100 €, 漢字, 🙂'.repeat(20) });
const events = Array.from({ length: 5 }, (_, number) => `data: {"number":${number},"word":"ü€🙂"}\n\n`);

/** What a client got: all that there was of it, and whether it came to its end. */
interface Got {
  readonly status: number;
  readonly text: string;
  readonly chunks: number;
  readonly isWhole: boolean;
}

describe('The fault proxy', () => {
  let server: Server;
  let proxy: FaultProxy;
  let asked: string[];

  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.url === '/event') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const event of events) response.write(event);
      } else {
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(records),
        });
        request.resume().once('end', () => response.end(records));
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await FaultProxy.to(urlOf(server), { seed: 7 });
  });

  afterEach(async () => {
    await proxy.close();
    server.closeAllConnections();
    server.close();
  });

  const get = (path: string, options?: GetOptions) => ask(`${proxy.url}${path}`, options);
  const withFault = (fault: Fault, path = '/records') => {
    proxy.add({ path }, fault);
    return get(path);
  };

  it('passes what no rule concerns, and knows what reached the server', async () => {
    const got = await get('/records?of=1', { method: 'POST', body: 'asked' });
    assert.deepEqual([got.status, got.text, got.isWhole], [200, records, true]);
    const [exchange] = proxy.exchanges;
    assert.deepEqual(
      [exchange?.method, exchange?.path, exchange?.body, exchange?.reachedServer, exchange?.answered],
      ['POST', '/records?of=1', 'asked', true, 'whole'],
    );
    assert.equal(exchange?.fault, undefined);
  });

  it('cuts before the server hears of a request', async () => {
    await assert.rejects(withFault({ kind: 'cut', when: 'before' }), /socket hang up|ECONNRESET/);
    assert.deepEqual(asked, []);
    assert.equal(proxy.exchanges[0]?.reachedServer, false);
  });

  it('cuts after the server acted', async () => {
    await assert.rejects(withFault({ kind: 'cut', when: 'after' }), /socket hang up|ECONNRESET/);
    assert.deepEqual(asked, ['GET /records']);
    const [exchange] = proxy.exchanges;
    assert.deepEqual(
      [exchange?.reachedServer, exchange?.serverStatus, exchange?.answered],
      [true, 200, 'nothing'],
    );
  });

  it('breaks in the middle of an answer, and truncates one in good order', async () => {
    const broken = await withFault({ kind: 'break', bytes: 100 });
    assert.deepEqual([Buffer.byteLength(broken.text), broken.isWhole], [100, false]);
    const truncated = await withFault({ kind: 'truncate', bytes: 100 });
    assert.deepEqual([Buffer.byteLength(truncated.text), truncated.isWhole], [100, true]);
    assert.throws(() => JSON.parse(truncated.text), SyntaxError);
  });

  it('lets an answer come late, or stand still in the middle', async () => {
    for (const fault of [
      { kind: 'late', when: 'before', milliseconds: 60 },
      { kind: 'late', when: 'after', milliseconds: 60 },
      { kind: 'stall', bytes: 50, milliseconds: 60 },
    ] as const) {
      const start = performance.now();
      const got = await withFault(fault);
      assert.deepEqual([got.text, got.isWhole], [records, true]);
      assert.ok(performance.now() - start > 50, fault.kind);
    }
  });

  it('never answers, before or after the server acted, until the client gives up', async () => {
    for (const when of ['before', 'after'] as const) {
      const asking = AbortSignal.timeout(150);
      proxy.add({ path: '/records' }, { kind: 'hang', when });
      await assert.rejects(get('/records', { signal: asking }), { name: 'AbortError' });
      assert.equal(asked.length, when === 'before' ? 0 : 1);
    }
  });

  it('answers something else, in place of the server or after it acted', async () => {
    const page = await withFault({
      kind: 'replace',
      when: 'before',
      status: 502,
      body: '<html>Bad gateway</html>',
    });
    assert.deepEqual([page.status, page.text, asked.length], [502, '<html>Bad gateway</html>', 0]);
    const lost = await withFault({ kind: 'replace', when: 'after', status: 429 });
    assert.deepEqual([lost.status, lost.text, asked.length], [429, '', 1]);
  });

  it('splits an answer anywhere, also within a character, and loses none of it', async () => {
    const got = await withFault({ kind: 'split', most: 3 });
    assert.equal(got.text, records);
    assert.ok(got.chunks > 20, `${got.chunks} pieces`);
  });

  it('puts lines that mean nothing between whole events', async () => {
    proxy.add({ path: '/event' }, { kind: 'noise' });
    const stream = await openStream(`${proxy.url}/event`);
    const text = await stream.until((text) => events.every((event) => text.includes(event)));
    assert.ok(text.length > events.join('').length);
    stream.close();
  });

  it('breaks event streams alone', async () => {
    proxy.add({ path: '/records' }, { kind: 'late', when: 'before', milliseconds: 100 });
    const stream = await openStream(`${proxy.url}/event`);
    await stream.until((text) => text.includes(events[4] ?? ''));
    const other = get('/records');
    await arrived(proxy, 2);
    proxy.breakStreams();
    await stream.ended;
    assert.equal((await other).text, records);
  });

  it('falls silent for what is open, without closing it, and not for what comes later', async () => {
    proxy.add({ path: '/event' }, { kind: 'stall', bytes: 10, milliseconds: 50 });
    const stream = await openStream(`${proxy.url}/event`);
    await stream.until((text) => text.length === 10);
    proxy.fallSilent();
    assert.equal((await get('/records')).text, records);
    // The rest passed the proxy 50 ms after the beginning; a second answer has come since.
    const late = { kind: 'late', when: 'before', milliseconds: 100 } as const;
    await withFault(late);
    assert.equal(stream.text().length, 10);
    assert.equal(stream.isOpen(), true);
    proxy.breakSilent();
    await stream.ended;
  });

  it('refuses all, and accepts again at the same address', async () => {
    const stream = await openStream(`${proxy.url}/event`);
    proxy.refuse();
    await stream.ended;
    await assert.rejects(get('/records'), /socket hang up|ECONNRESET/);
    proxy.accept();
    assert.equal((await get('/records')).text, records);
  });

  it('keeps its address when the server has another', async () => {
    const other = createServer((_, response) => response.end('other')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    proxy.target = urlOf(other);
    assert.equal((await get('/records')).text, 'other');
    other.close();
    await once(other, 'close');
    await assert.rejects(get('/records'), /socket hang up|ECONNRESET/);
    assert.equal(proxy.exchanges[1]?.reachedServer, false);
  });

  it('befalls so many of those that fit, after so many, and tells which', async () => {
    const rule = proxy.add(
      { method: 'POST', path: /^\/r/ },
      { kind: 'replace', when: 'before', status: 500 },
      { after: 1, times: 2 },
    );
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await get('/records', { method: 'POST' })).status);
      await get('/records');
    }
    assert.deepEqual(statuses, [200, 500, 500, 200]);
    assert.deepEqual(
      rule.hits.map(({ number }) => number),
      [2, 4],
    );
    assert.equal((await rule.hit).number, 2);
  });

  it('takes rules away, one or all', async () => {
    const broken = { kind: 'replace', when: 'before', status: 500 } as const;
    const rule = proxy.add({}, broken, { times: Infinity });
    assert.equal((await get('/records')).status, 500);
    rule.remove();
    assert.equal((await get('/records')).status, 200);
    proxy.add({}, broken, { times: Infinity });
    proxy.mend();
    assert.equal((await get('/records')).status, 200);
  });

  it('draws the same faults under the same seed, in whatever order routes are asked for', async () => {
    const draw = async (seed: number, paths: readonly string[]) => {
      const drawing = await FaultProxy.to(urlOf(server), { seed });
      drawing.add(
        {},
        (_, random) => (random.chance(0.5) ? { kind: 'replace', when: 'before', status: 500 } : undefined),
        { times: Infinity },
      );
      const got = new Map<string, number[]>();
      for (const path of paths) {
        const { status } = await ask(`${drawing.url}${path}`);
        got.set(path, [...(got.get(path) ?? []), status]);
      }
      await drawing.close();
      return Object.fromEntries(got);
    };
    const some = ['/a', '/a', '/a', '/a', '/a', '/a', '/b', '/b', '/b', '/b', '/b', '/b'];
    const mixed = some.map((_, index) => some[(index * 5) % some.length] ?? '');
    assert.deepEqual(await draw(3, some), await draw(3, mixed));
    assert.notDeepEqual(await draw(3, some), await draw(4, some));
  });

  it('leaves no connection behind', async () => {
    const raw = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    await once(raw, 'connect');
    const stream = await openStream(`${proxy.url}/event`);
    proxy.add({ path: '/records' }, { kind: 'hang', when: 'after' });
    const hanging = get('/records');
    await arrived(proxy, 2);
    const closed = once(raw, 'close');
    await Promise.all([proxy.close(), closed, stream.ended, assert.rejects(hanging)]);
    const connections = () =>
      new Promise<number>((resolve, reject) =>
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      );
    await waitFor(async () => (await connections()) === 0, {
      what: 'the server to be alone',
      timeout: 5_000,
    });
    proxy = await FaultProxy.to(urlOf(server));
  });
});

interface GetOptions {
  readonly method?: string;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

async function ask(url: string, { method = 'GET', body, signal }: GetOptions = {}): Promise<Got> {
  const asking = request(url, { method, agent: false, ...(signal && { signal }) });
  asking.end(body);
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('error', () => undefined);
  await new Promise<void>((resolve) => void response.once('close', resolve));
  return {
    status: response.statusCode ?? 0,
    text: Buffer.concat(chunks).toString(),
    chunks: chunks.length,
    isWhole: response.complete,
  };
}

async function openStream(url: string) {
  const asking = request(url, { agent: false, headers: { accept: 'text/event-stream' } });
  asking.on('error', () => undefined);
  asking.end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const ended = new Promise<void>((resolve) => void response.once('close', resolve));
  return {
    text: () => text,
    isOpen: () => !response.destroyed,
    ended,
    close: () => asking.destroy(),
    until: async (fits: (text: string) => boolean) => {
      while (!fits(text)) await once(response, 'data');
      return text;
    },
  };
}

/** Resolves when the proxy holds so many requests. */
async function arrived(proxy: FaultProxy, count: number): Promise<void> {
  while (proxy.exchanges.length < count) await new Promise((resolve) => void setImmediate(resolve));
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
