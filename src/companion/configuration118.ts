import { companionCommands } from '../protocol/companion.ts';
import { mayEditMark } from './tools/nextAgent.ts';

/** The acts of the tools, by the names under which the server's rules know them. */
const acts = ['relay', 'handoff', 'fork', 'compact'] as const;

/** Commands for people at a terminal, who have no editor beside it; each has the agent call a tool, and does nothing else. */
const commands = {
  handoff: {
    description: companionCommands.handoff,
    template:
      'Call the tool session_handoff once, with what the next session has to know of this one, and do nothing else. Its goal, in the words of the user: $ARGUMENTS',
  },
  relay: {
    description: companionCommands.relay,
    template:
      'Call the tool session once with mode "message", and do nothing else. The first word is the agent, the rest is the text, word for word: $ARGUMENTS',
  },
  fork: {
    description: companionCommands.fork,
    template:
      'Call the tool session once with mode "fork" and this text, word for word, and do nothing else: $ARGUMENTS',
  },
  sessions: {
    description: companionCommands.sessions,
    template: 'Call the tool session_list and show what it answers as a short table. $ARGUMENTS',
  },
} as const;

/** Adds what the companion needs to the configuration, in place, as the server wants it; what the user has set stays. */
export function configure(config: Record<string, unknown>): void {
  addRules(config);
  const given = config['command'] ?? {};
  if (isRecord(given)) config['command'] = { ...commands, ...given };
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
