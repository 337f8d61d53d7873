import type { HandedInCompanion } from './serving.ts';

/** What a person's own environment may hold already: it goes before all files of configuration, and is merged with them. */
export const handedInVariable = 'OPENCODE_CONFIG_CONTENT';

/**
 * Adds the companion to what a server is handed as its configuration, behind what its list of plugins holds there.
 * Undefined where what is there cannot be added to: it is the person's, and the server says what is wrong with it.
 */
export function addToList(content: string | undefined, list: string, plugin: unknown): string | undefined {
  const given = parse(content);
  const plugins = given?.[list] ?? [];
  if (given === undefined || !Array.isArray(plugins)) return undefined;
  return JSON.stringify({ ...given, [list]: [...plugins, plugin] });
}

/** How a generation adds the companion to what stands in that variable, if it can. */
export type HandIn = (content: string | undefined, companion: HandedInCompanion) => string | undefined;

/** The variable that holds the companion then, where it can be added to what stands in it. */
export function handedInEnvironment(
  environment: NodeJS.ProcessEnv,
  companion: HandedInCompanion | undefined,
  handIn: HandIn,
): NodeJS.ProcessEnv {
  const handedIn = companion && handIn(environment[handedInVariable], companion);
  return handedIn === undefined ? {} : { [handedInVariable]: handedIn };
}

/** The variable in this environment to which nothing can be added. */
export function findHandInObstacle(environment: NodeJS.ProcessEnv, handIn: HandIn): string | undefined {
  const taken = handIn(environment[handedInVariable], { file: '/', options: {} });
  return taken === undefined ? handedInVariable : undefined;
}

/** Undefined for what is no JSON object. */
function parse(content = ''): Record<string, unknown> | undefined {
  if (content.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(content);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
