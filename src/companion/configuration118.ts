import { terminalCommands } from './terminalCommands.ts';
import { mayEditMark } from './tools/nextAgent.ts';

/** The acts of the tools, by the names under which the server's rules know them. */
const acts = ['relay', 'handoff', 'fork', 'compact'] as const;

/** Adds what the companion needs to the configuration, in place, as the server wants it; what the user has set stays. */
export function configure(config: Record<string, unknown>): void {
  addRules(config);
  const given = config['command'] ?? {};
  if (isRecord(given)) config['command'] = { ...terminalCommands, ...given };
}

/**
 * Has the user asked, unless rules of their own say otherwise, where an agent that only reads passes the turn to one that
 * may edit, and before anything is sent to another session.
 */
function addRules(config: Record<string, unknown>): void {
  const given = config['permission'] ?? {};
  // One word for everything is a decision about everything.
  if (!isRecord(given)) return;
  const rules: Record<string, unknown> = {};
  // The last rule that fits counts: ours come after the one for all, and before those for themselves.
  if ('*' in given) rules['*'] = given['*'];
  for (const act of acts) rules[act] = { '*': 'allow', [`*${mayEditMark}`]: 'ask' };
  rules['message'] = 'ask';
  config['permission'] = { ...rules, ...given };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
