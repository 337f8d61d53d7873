import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../workbench/browser.ts';
import { type BenchServer, startBenchServer } from './benchServer.ts';
import { buildExtension, type BuiltExtension } from './builtExtension.ts';
import { type HostClient, startHost } from './hostClient.ts';
import { MeasuredPage } from './measuredPage.ts';
import { Replay } from './replay/replay.ts';

/** What is compared: OpenCode's own web UI, the extension's page, and the least that a page can do. */
export type Variant = 'web' | 'product' | 'floor';

/** Whether a page reads from the server itself, or from what stands before it and tells the same stream on every machine. */
export type Source = 'server' | 'replay';

export interface BedOptions {
  readonly rounds: number;
  readonly quick: boolean;
}

/** All that the parts of the benchmark share, started when it is first asked for. */
export class Bed {
  readonly rounds: number;
  readonly quick: boolean;
  readonly #closers: (() => Promise<unknown>)[] = [];
  #root: Promise<string> | undefined;
  #server: Promise<BenchServer> | undefined;
  #replay: Promise<Replay> | undefined;
  #extension: Promise<BuiltExtension> | undefined;
  #browser: Promise<Browser> | undefined;
  readonly #hosts = new Map<`${'product' | 'floor'} ${Source}`, Promise<HostClient>>();

  constructor({ rounds, quick }: BedOptions) {
    this.rounds = rounds;
    this.quick = quick;
  }

  get root(): Promise<string> {
    return (this.#root ??= this.#makeRoot());
  }

  get server(): Promise<BenchServer> {
    return (this.#server ??= this.#startServer());
  }

  get replay(): Promise<Replay> {
    return (this.#replay ??= this.#startReplay());
  }

  get extension(): Promise<BuiltExtension> {
    return (this.#extension ??= this.root.then(buildExtension));
  }

  get browser(): Promise<Browser> {
    return (this.#browser ??= this.startBrowser());
  }

  /** A browser of its own, for what must not share processes; closed with the bed if not before. */
  async startBrowser(): Promise<Browser> {
    const browser = await launchBrowser(console.log);
    this.#closers.push(() => browser.close());
    return browser;
  }

  host(kind: 'product' | 'floor', source: Source = 'server'): Promise<HostClient> {
    const name = `${kind} ${source}` as const;
    const host = this.#hosts.get(name) ?? this.startHost(kind, source);
    this.#hosts.set(name, host);
    return host;
  }

  /** A host process of its own; stopped with the bed. */
  async startHost(kind: 'product' | 'floor', source: Source = 'server'): Promise<HostClient> {
    const [{ url }, { directory }, { dist, pages }] = await Promise.all([
      this[source],
      this.server,
      this.extension,
    ]);
    const host = await startHost({ kind, serverUrl: url, directory, folders: [dist, pages] });
    this.#closers.push(() => host.stop());
    return host;
  }

  /** The address at which a variant shows a session; each asked for is a page of its own. */
  async address(variant: Variant, sessionId: string, source: Source = 'server'): Promise<string> {
    if (variant !== 'web') return (await this.host(variant, source)).pageUrl(sessionId);
    const [{ url }, { directory }] = await Promise.all([this[source], this.server]);
    return `${url}/${Buffer.from(directory).toString('base64url')}/session/${sessionId}`;
  }

  /** An empty tab with the probe in it, in a profile of its own: nothing is cached and no process shared. */
  async openPage(browser?: Browser): Promise<MeasuredPage> {
    const { pages } = await this.extension;
    return MeasuredPage.open(browser ?? (await this.browser), join(pages, 'probe.js'));
  }

  /** Ends all that was started, the last first. */
  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }

  async #makeRoot(): Promise<string> {
    const root = await mkdtemp(join(tmpdir(), 'opencode-sessions-bench-'));
    this.#closers.unshift(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
    return root;
  }

  async #startReplay(): Promise<Replay> {
    const replay = await Replay.of(await this.server);
    this.#closers.push(() => replay.close());
    return replay;
  }

  async #startServer(): Promise<BenchServer> {
    const server = await startBenchServer(
      this.quick
        ? { bigMessages: 200, hugeMessages: 500, others: 100, checksShapes: false }
        : { bigMessages: 1000, hugeMessages: 5000, others: 2000, checksShapes: true },
    );
    this.#closers.push(() => server.stop());
    return server;
  }
}
