import { statSync } from 'node:fs';
import { ApiError, unavailable } from '../state/apiError.ts';
import type { Events } from '../state/events.ts';
import { type Config, readConfig } from './config.ts';
import { loadPlugins, type Plugins } from './plugins.ts';

/** A folder as this process knows it: its configuration is read anew each time, its plugins live until a reload. */
export interface Place {
  readonly directory: string;
  readonly config: Config;
  readonly plugins: Plugins;
}

/** Directory events without data: whoever hears one asks again. */
const announced = ['plugin', 'agent', 'provider', 'model', 'command', 'skill'];

export class Locations {
  readonly #events: Events;
  readonly #url: () => { readonly url: string; readonly password: string };
  readonly #dataFolder: string;
  readonly #plugins = new Map<string, Promise<Plugins>>();
  readonly #touched = new Map<string, number>();

  constructor(events: Events, dataFolder: string, server: () => { url: string; password: string }) {
    this.#events = events;
    this.#dataFolder = dataFolder;
    this.#url = server;
  }

  async open(directory: string): Promise<Place> {
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new ApiError(404, 'LocationNotFoundError', `Location not found: ${directory}`, { directory });
    }
    const config = readConfig(directory, process.env);
    let plugins = this.#plugins.get(directory);
    if (plugins === undefined) {
      plugins = this.#begin(directory, config);
      this.#plugins.set(directory, plugins);
    }
    return { directory, config, plugins: await plugins };
  }

  /** For those who ask what a folder has: while its plugins are not up, it says so. FAKE_OPENCODE_COLD names the milliseconds. */
  async openWarm(directory: string): Promise<Place> {
    const place = await this.open(directory);
    const touched = this.#touched.get(directory) ?? Date.now();
    this.#touched.set(directory, touched);
    if (Date.now() - touched >= Number(process.env['FAKE_OPENCODE_COLD'] ?? 0)) return place;
    throw unavailable('plugin', 'The plugins of the location are not ready.');
  }

  async #begin(directory: string, config: Config): Promise<Plugins> {
    const plugins = await loadPlugins(config.plugins, {
      directory,
      events: this.#events,
      dataFolder: this.#dataFolder,
      server: this.#url,
    });
    for (const what of announced) this.#events.tell(`${what}.updated`, {}, directory);
    return plugins;
  }

  /** Each begins anew when it is asked for. */
  async reload(): Promise<void> {
    const all = [...this.#plugins];
    this.#plugins.clear();
    for (const [directory, plugins] of all) {
      await (await plugins).close();
      this.#events.tell('location.shutdown', {}, directory);
    }
  }
}
