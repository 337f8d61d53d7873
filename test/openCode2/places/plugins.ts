import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Events } from '../state/events.ts';
import type { Tool } from '../tools/tool.ts';
import { makePluginContext, type PluginCommand, type PluginSurroundings } from './pluginContext.ts';

/** The plugins of a folder that are active. */
export interface Plugins {
  readonly ids: readonly string[];
  readonly tools: readonly Tool[];
  /** Calls each hook of that name; it may change the event, and what it throws is thrown. */
  run(name: string, event: object): Promise<void>;
  call(id: string, method: string, input: unknown): Promise<unknown>;
  readonly commands: readonly PluginCommand[];
  /** Has each clean up, and hears nothing of it any more. */
  close(): Promise<void>;
}

interface PluginModule {
  readonly default?: { readonly id?: unknown; readonly setup?: unknown };
}

type MadePlugin = ReturnType<typeof makePluginContext> & {
  /** What the setup answered with. */
  readonly cleanUp: (() => unknown) | undefined;
};

/** Imports and sets up what the configuration names; one whose setup throws is not active, and the log says why. */
export async function loadPlugins(
  named: readonly { readonly package: string; readonly options: object }[],
  surroundings: PluginSurroundings & { readonly events: Events },
): Promise<Plugins> {
  const made: MadePlugin[] = [];
  for (const { package: name, options } of named) {
    try {
      const file = name.startsWith('file:')
        ? name
        : pathToFileURL(isAbsolute(name) ? name : resolve(surroundings.directory, name)).href;
      // A changed file is another module.
      const { default: plugin } = (await import(`${file}?${Date.now()}`)) as PluginModule;
      if (typeof plugin?.id !== 'string' || typeof plugin.setup !== 'function')
        throw new Error('It has no id and setup.');
      const context = makePluginContext(plugin.id, options, surroundings);
      const cleanUp = await (plugin.setup as (context: unknown) => unknown)(context.context);
      made.push({
        ...context,
        cleanUp: typeof cleanUp === 'function' ? (cleanUp as () => unknown) : undefined,
      });
    } catch (error) {
      console.error(`plugin ${name} is not active: ${String(error)}`);
    }
  }
  return {
    ids: made.map(({ id }) => id),
    get tools() {
      return made.flatMap(({ tools }) => [...tools.values()]);
    },
    run: async (name, event) => {
      for (const { hooks } of made) for (const hook of hooks.get(name) ?? []) await hook(event);
    },
    call: async (id, method, input) => {
      const found = made.find((plugin) => plugin.id === id)?.methods.get(method);
      if (found === undefined) throw new Error(`No such method: ${id}/${method}`);
      return found(input);
    },
    get commands() {
      return made.flatMap(({ commands }) => commands);
    },
    close: async () => {
      for (const plugin of made) {
        plugin.close();
        await plugin.cleanUp?.();
      }
    },
  };
}
