import { companionCommands } from '../protocol/companion.ts';

/** Commands for people at a terminal, who have no editor beside it; each has the agent call a tool, and does nothing else. */
export const terminalCommands = {
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
