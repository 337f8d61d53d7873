import Module from 'node:module';
import * as vscode from 'vscode';
import { toAnnouncementLine } from './announcement.ts';

interface ExtensionModule {
  activate(context: vscode.ExtensionContext): unknown;
}

/** Node's loader of CommonJS modules, by which the extension host loads extensions. */
interface Loader {
  _load(this: unknown, request: string, ...rest: unknown[]): unknown;
}

/**
 * Runs in the extension host: has the extension activated and says how many milliseconds its module took to load and
 * its `activate` to return. Times what VS Code calls, as VS Code's own list of running extensions does: the wait for
 * other extensions, which start in the same thread, is not ours.
 */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('opencode-sessions.opencode-sessions');
  if (extension === undefined) throw new Error('The extension is not there.');
  if (extension.isActive) throw new Error('The extension was active before anything asked for it.');
  const times = timeLoading(Module as unknown as Loader, 'extension.cjs');
  await extension.activate();
  console.log(toAnnouncementLine({ text: JSON.stringify(times), counts: { passed: 1, failed: 0 } }));
}

function timeLoading(loader: Loader, file: string): { load: number; activate: number } {
  const times = { load: Number.NaN, activate: Number.NaN };
  const load = loader._load.bind(loader);
  loader._load = function (request, ...rest) {
    if (!request.endsWith(file)) return load(request, ...rest);
    const start = performance.now();
    const loaded = load(request, ...rest) as ExtensionModule;
    times.load = performance.now() - start;
    return {
      ...loaded,
      activate: (context: vscode.ExtensionContext): unknown => {
        const called = performance.now();
        const result = loaded.activate(context);
        times.activate = performance.now() - called;
        return result;
      },
    };
  };
  return times;
}
