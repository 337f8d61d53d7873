import type { Abilities } from '../ports/abilities.ts';
import type { ConnectionState } from './connectionState.ts';

/** What whoever looks at a problem wants to know first. */
export interface ProblemFacts {
  /** Versions, by what they are of. */
  readonly versions: Readonly<Record<string, string>>;
  /** The setting `opencodeSessions.server.mode`. */
  readonly mode: string;
  readonly state: ConnectionState;
  readonly abilities: Abilities;
  /** Whether the server's address is this machine. */
  readonly isHere: boolean;
  /** The end of the log; empty where there is none. */
  readonly log: string;
}

/** The report as Markdown, in the language of those who read reports. It says of an address only whether it is this machine. */
export function printProblemReport({ versions, mode, state, abilities, isHere, log }: ProblemFacts): string {
  const facts: Readonly<Record<string, string>> = {
    ...versions,
    Connection: state.kind,
    Mode: mode,
    ...(state.kind === 'live' ? liveFacts(state, abilities, isHere) : toldFacts(state)),
  };
  const rows = Object.entries(facts).map(([name, fact]) => `- ${name}: ${fact}`);
  return [
    '# Problem report of OpenCode Sessions',
    'What happened, and what you expected:\n\n…',
    rows.join('\n'),
    '## The end of the log',
    `${fence(log.trim() === '' ? '(empty)' : log.trimEnd())}\n`,
  ].join('\n\n');
}

function liveFacts(
  state: Extract<ConnectionState, { kind: 'live' }>,
  abilities: Abilities,
  isHere: boolean,
): Record<string, string> {
  const { version, managed, isService, meetsService, newerThan, unreadable = [] } = state;
  const [, generation = '?'] = /^v?(\d+)\./.exec(version) ?? [];
  const names = Object.entries(abilities).map(([name, has]) => `${name} ${has ? 'yes' : 'no'}`);
  const whose = managed ? 'the editor’s' : isService === true ? 'background service' : 'attached to';
  return {
    OpenCode: `${version} (generation ${generation}.x)`,
    Server: `${whose}, ${isHere ? 'this machine' : 'another machine'}`,
    Abilities: names.join(', '),
    ...(newerThan === undefined ? {} : { 'Newer than tried': newerThan }),
    ...(meetsService === true ? { 'A background service beside it': 'yes' } : {}),
    ...(unreadable.length === 0 ? {} : { 'Folders that cannot be read': String(unreadable.length) }),
  };
}

/** What a person reads of it. */
function toldFacts(state: ConnectionState): Record<string, string> {
  if ('message' in state) return { Said: state.message };
  return 'reason' in state ? { Said: state.reason } : {};
}

/** Longer than any run of backticks within. */
function fence(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(Math.max(3, longest + 1));
  return `${ticks}text\n${text}\n${ticks}`;
}
