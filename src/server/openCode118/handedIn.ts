import { pathToFileURL } from 'node:url';
import type { HandedInCompanion } from '../dialect/serving.ts';

/** What a person's own environment may hold already: it goes before all files of configuration, and is merged with them. */
export const handedInVariable = 'OPENCODE_CONFIG_CONTENT';

/**
 * Adds the companion to what a server is handed as its configuration; lists of plugins are joined by the server (1.18.33).
 * Undefined where what is there cannot be added to: it is the person's, and the server says what is wrong with it.
 */
export function handIn(
  content: string | undefined,
  { file, options }: HandedInCompanion,
): string | undefined {
  const given = parse(content);
  const plugins = given?.['plugin'] ?? [];
  if (given === undefined || !Array.isArray(plugins)) return undefined;
  return JSON.stringify({ ...given, plugin: [...plugins, [pathToFileURL(file).href, options]] });
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
