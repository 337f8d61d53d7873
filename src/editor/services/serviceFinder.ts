import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Disposable, EventEmitter, type Uri, workspace } from 'vscode';
import type { Log } from '../../core/log.ts';
import type { Notify } from '../../core/ports/notify.ts';
import { findServices, type FolderEntry, markers } from '../../core/services/findServices.ts';
import { type ServiceFolder, ServiceMap } from '../../core/services/serviceFolders.ts';
import { describeFault, isCostly, parseServiceGlobs } from '../../core/services/serviceGlobs.ts';
import { folderOf, onDidChangeWorkspaceDirectories, workspaceDirectories } from '../workspaceFolders.ts';

const section = 'opencodeSessions';
const setting = `${section}.services`;
/** Milliseconds of quiet after which it is looked again: a checkout touches many marker files at once. */
const pause = 1000;

export interface ServiceFinderPorts {
  readonly notify: Notify;
  readonly log: Log;
}

/** The folders of this window that hold a service of their own. Nothing is looked for before somebody asks. */
export class ServiceFinder implements Disposable {
  readonly #ports: ServiceFinderPorts;
  readonly #didChange = new EventEmitter<void>();
  readonly #subscriptions: Disposable;
  readonly #told = new Set<string>();
  #watcher: Disposable | undefined;
  #found: Promise<readonly ServiceFolder[]> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #map = new ServiceMap([]);

  /** There are other services than `map` said before. */
  readonly onDidChange = this.#didChange.event;

  constructor(ports: ServiceFinderPorts) {
    this.#ports = ports;
    this.#subscriptions = Disposable.from(
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(setting) || event.affectsConfiguration('files.exclude'))
          this.#again(0);
      }),
      onDidChangeWorkspaceDirectories(() => this.#again(0)),
      this.#didChange,
    );
  }

  /** As they were found last. */
  get map(): ServiceMap {
    return this.#map;
  }

  /** Looks for them, unless that was done and nothing speaks for others since. */
  async find(): Promise<readonly ServiceFolder[]> {
    this.#watch();
    this.#found ??= this.#look();
    return this.#found;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#watcher?.dispose();
    this.#subscriptions.dispose();
  }

  async #look(): Promise<readonly ServiceFolder[]> {
    const found = (await Promise.all(workspaceDirectories().map((root) => this.#lookIn(root)))).flat();
    // A workspace folder may lie in another; it is no service of that one.
    const roots = new Set(workspaceDirectories());
    const services = [...new Map(found.map((service) => [service.directory, service])).values()].filter(
      ({ directory }) => !roots.has(directory),
    );
    const isNews = JSON.stringify(services) !== JSON.stringify(this.#map.services);
    this.#map = new ServiceMap(services);
    if (isNews) this.#didChange.fire();
    return services;
  }

  async #lookIn(root: string): Promise<readonly ServiceFolder[]> {
    const folder = folderOf(root);
    const { globs, faults } = parseServiceGlobs(
      workspace.getConfiguration(section, folder).get<unknown>('services'),
    );
    for (const fault of faults) this.#tell(fault);
    const excludes = Object.entries(
      workspace.getConfiguration('files', folder).get<Record<string, unknown>>('exclude') ?? {},
    ).flatMap(([glob, isOn]) => (isOn === true && !isCostly(glob) ? glob : []));
    const isExcluded = await matcher(excludes);
    const isNamed = globs && (await matcher(globs));
    const { paths, isPartial } = await findServices({
      list: (path) => listFolder(root, path, this.#ports.log),
      isExcluded,
      ...(isNamed && { isNamed }),
    });
    if (isPartial) this.#ports.log.warn('There are more folders than are looked into for services.', root);
    return paths.map((name) => ({ directory: join(root, name), name, root }));
  }

  /** Each sentence once: it is looked again and again. */
  #tell(fault: string): void {
    if (this.#told.has(fault)) return;
    this.#told.add(fault);
    this.#ports.notify(describeFault(fault));
  }

  /** Where a marker file comes or goes, a service does. */
  #watch(): void {
    if (this.#watcher !== undefined) return;
    const watcher = workspace.createFileSystemWatcher(`**/{${[...markers].join(',')}}`, false, true, false);
    this.#watcher = Disposable.from(
      watcher,
      watcher.onDidCreate((uri) => this.#mayHaveChanged(uri)),
      watcher.onDidDelete((uri) => this.#mayHaveChanged(uri)),
    );
  }

  #mayHaveChanged({ path }: Uri): void {
    if (!path.includes('/node_modules/')) this.#again(pause);
  }

  /** Only where somebody has asked before. */
  #again(delay: number): void {
    if (this.#found === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#found = this.#look();
      this.#found.catch((error: unknown) => this.#ports.log.warn('Services are not known.', error));
    }, delay);
  }
}

/** Loaded when it is wanted: most windows never ask. */
async function matcher(globs: readonly string[]): Promise<(path: string) => boolean> {
  if (globs.length === 0) return () => false;
  const { default: picomatch } = await import('picomatch');
  return picomatch([...globs], { dot: true, noextglob: true, nocase: process.platform === 'win32' });
}

/** Links are not followed: they lead to what is found where it lies, or out of the folder. */
async function listFolder(root: string, path: string, log: Log): Promise<readonly FolderEntry[]> {
  const folder = join(root, path);
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch (error) {
    log.debug('A folder cannot be read.', folder, error);
    return [];
  }
}
