import Module from 'node:module';
import * as vscode from 'vscode';
import { toAnnouncementLine } from './announcement.ts';

/** What the extension took of its host's thread, in milliseconds. */
export interface ActivationTimes {
  /** For its module to load. */
  readonly load: number;
  /** For its `activate` to return. */
  readonly activate: number;
  /** For the house, right after and in a turn of its own: to load its module, and to stand. */
  readonly house: number;
}

/** Node's loader of CommonJS modules, by which the extension host loads extensions. */
interface Loader {
  _load(this: unknown, request: string, ...rest: unknown[]): unknown;
}

/**
 * Runs in the extension host: has the extension activated and says how long that took. Times what VS Code calls, as
 * VS Code's own list of running extensions does: the wait for other extensions, which start in the same thread, is not
 * ours.
 */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('opencode-sessions.opencode-sessions');
  if (extension === undefined) throw new Error('The extension is not there.');
  if (extension.isActive) throw new Error('The extension was active before anything asked for it.');
  const loader = Module as unknown as Loader;
  const [own, house] = [
    timeModule(loader, /extension\.cjs$/, 'activate'),
    timeModule(loader, /house-\w+\.cjs$/, 'createHouse'),
  ];
  await extension.activate();
  // A command waits for the house.
  await vscode.commands.executeCommand('opencodeSessions.sessions.clearFilter');
  const times: ActivationTimes = { load: own.load, activate: own.call, house: house.load + house.call };
  console.log(
    toAnnouncementLine({ text: JSON.stringify(times), counts: { passed: 1, failed: 0, failures: [] } }),
  );
}

/** Times the loading of a module and the call of one of its functions. */
function timeModule(loader: Loader, file: RegExp, name: string): { load: number; call: number } {
  const times = { load: Number.NaN, call: Number.NaN };
  const load = loader._load.bind(loader);
  loader._load = function (request, ...rest) {
    if (!file.test(request)) return load(request, ...rest);
    const start = performance.now();
    const loaded = load(request, ...rest) as Record<string, (...given: unknown[]) => unknown>;
    times.load = performance.now() - start;
    return {
      ...loaded,
      [name]: (...given: unknown[]): unknown => {
        const called = performance.now();
        const result = loaded[name]?.(...given);
        times.call = performance.now() - called;
        return result;
      },
    };
  };
  return times;
}
