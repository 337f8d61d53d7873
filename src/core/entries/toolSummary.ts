import { l10n } from '../l10n.ts';
import { toolSubject, type ToolSubject } from './toolSubject.ts';
import type { ToolEntry, ToolKind } from '../../protocol/page/entries.ts';
import { formatWorked, type Waited } from '../turns/waitedBetween.ts';

/** One line that says what a tool call came to. */
export interface ToolSummary extends ToolSubject {
  readonly icon: string;
  readonly verb: string;
  readonly detail?: string;
}

type Wording = (tool: ToolEntry) => Omit<ToolSummary, 'verb' | keyof ToolSubject> & {
  /** While it runs, once it is done, and what it was to do if it failed. */
  readonly verbs: readonly [string, string, string];
};

const wordings: Readonly<Record<ToolKind, Wording>> = {
  readFile: (tool) => ({
    icon: 'eye',
    verbs: [l10n.t('Reading'), l10n.t('Read'), l10n.t('Could not read')],
    ...detail(lineRange(tool)),
  }),
  editFile: (tool) => ({
    icon: 'edit',
    verbs: [l10n.t('Editing'), l10n.t('Edited'), l10n.t('Could not edit')],
    ...detail(changedLines(tool)),
  }),
  writeFile: (tool) => ({
    icon: 'new-file',
    verbs: [l10n.t('Writing'), l10n.t('Wrote'), l10n.t('Could not write')],
    ...detail(changedLines(tool)),
  }),
  command: (tool) => ({
    icon: 'terminal',
    verbs: [l10n.t('Running'), l10n.t('Ran'), l10n.t('Could not run')],
    ...detail(exit(tool)),
  }),
  searchText: (tool) => ({
    icon: 'search',
    verbs: [l10n.t('Searching for'), l10n.t('Searched for'), l10n.t('Could not search for')],
    ...detail(matches(tool)),
  }),
  findFiles: (tool) => ({
    icon: 'search',
    verbs: [l10n.t('Looking for files'), l10n.t('Looked for files'), l10n.t('Could not look for files')],
    ...detail(matches(tool)),
  }),
  listFolder: () => ({
    icon: 'list-tree',
    verbs: [l10n.t('Listing'), l10n.t('Listed'), l10n.t('Could not list')],
  }),
  fetchPage: () => ({
    icon: 'globe',
    verbs: [l10n.t('Fetching'), l10n.t('Fetched'), l10n.t('Could not fetch')],
  }),
  searchWeb: () => ({
    icon: 'globe',
    verbs: [l10n.t('Searching the web for'), l10n.t('Searched the web for'), l10n.t('Could not search for')],
  }),
  writeTodos: (tool) => ({
    icon: 'checklist',
    verbs: [l10n.t('Updating todos'), l10n.t('Updated todos'), l10n.t('Could not update todos')],
    ...detail(todosDone(tool)),
  }),
  startSubagent: (tool) => ({
    icon: 'robot',
    verbs: [l10n.t('Subagent at work:'), l10n.t('Subagent finished:'), l10n.t('Subagent failed:')],
    ...detail(tool.given.agent),
  }),
  askPerson: () => ({
    icon: 'question',
    verbs: [l10n.t('Asking you'), l10n.t('Asked you'), l10n.t('Question not answered')],
  }),
  loadSkill: () => ({
    icon: 'lightbulb',
    verbs: [l10n.t('Loading skill'), l10n.t('Loaded skill'), l10n.t('Could not load skill')],
  }),
  unknownTool: ({ given }) => ({
    icon: 'error',
    verbs: [
      l10n.t('Calling'),
      given.isUnreadable
        ? l10n.t('Called with arguments that cannot be read:')
        : l10n.t('Called an unknown tool'),
      l10n.t('Could not call'),
    ],
  }),
  proposePlan: () => ({
    icon: 'milestone',
    verbs: [l10n.t('Proposing a plan'), l10n.t('Plan accepted:'), l10n.t('Plan not accepted')],
  }),
  otherTool: ({ tool, given: { way, agent } }) => ({
    icon: way === undefined ? 'tools' : wayIcons[way],
    verbs: way === undefined ? [tool, tool, l10n.t('{0} failed', tool)] : wayVerbs(way),
    ...detail(agent),
  }),
};

type Way = NonNullable<ToolEntry['given']['way']>;

const wayIcons: Readonly<Record<Way, string>> = {
  message: 'arrow-swap',
  new: 'comment-discussion',
  fork: 'repo-forked',
  compact: 'fold',
  handoff: 'export',
  subagent: 'robot',
};

/** What tools of plugins do that pass work on. */
function wayVerbs(way: Way): readonly [string, string, string] {
  switch (way) {
    case 'message':
      return [l10n.t('Passing on'), l10n.t('Passed on'), l10n.t('Could not pass on')];
    case 'new':
      return [l10n.t('Beginning a session'), l10n.t('Began a session'), l10n.t('Could not begin a session')];
    case 'fork':
      return [l10n.t('Forking the session'), l10n.t('Forked the session'), l10n.t('Could not fork')];
    case 'compact':
      return [l10n.t('Asking to compact'), l10n.t('Asked to compact, then'), l10n.t('Could not compact')];
    case 'handoff':
      return [l10n.t('Handing off'), l10n.t('Handed off'), l10n.t('Could not hand off')];
    case 'subagent':
      return [l10n.t('Delegating'), l10n.t('Delegated'), l10n.t('Could not delegate')];
  }
}

/** What `tool` came to in a session of `directory`, worded by its outcome; `isOwn`: the person ran it. */
export function toolSummary(tool: ToolEntry, directory: string, isOwn = false): ToolSummary {
  const { verbs: told, ...worded } = wordings[tool.kind](tool);
  const verbs = isOwn && tool.kind === 'command' ? ownCommand() : told;
  const summary = { ...worded, ...toolSubject(tool, directory) };
  if (tool.status === 'interrupted') {
    return { ...summary, verb: verbs[0], detail: l10n.t('interrupted') };
  }
  if (tool.isRefused) return { ...summary, verb: verbs[2], detail: l10n.t('not allowed') };
  if (tool.status === 'error') return { ...summary, verb: verbs[2] };
  return { ...summary, verb: tool.status === 'completed' ? verbs[1] : verbs[0] };
}

/** Of a command that the person ran. */
const ownCommand = (): readonly [string, string, string] => [
  l10n.t('You run'),
  l10n.t('You ran'),
  l10n.t('You could not run'),
];

/** How long a call took without the time that it `waited` for a person, once it took long enough to be of interest. */
export function toolDuration({ kind, start, end }: ToolEntry, waited = none): string | undefined {
  // The time that a question takes is the person's.
  if (kind === 'askPerson' || start === undefined || end === undefined) return undefined;
  const worked = end - start - waited.milliseconds;
  return worked < 1000 ? undefined : formatWorked(worked, waited);
}

const none: Waited = { milliseconds: 0, isLeast: false };

/** What a call wants to do that a person is to allow. */
export function wantedVerb({ kind, tool }: ToolEntry): string {
  switch (kind) {
    case 'command':
      return l10n.t('Wants to run');
    case 'readFile':
      return l10n.t('Wants to read');
    case 'editFile':
      return l10n.t('Wants to edit');
    case 'writeFile':
      return l10n.t('Wants to write');
    case 'fetchPage':
      return l10n.t('Wants to fetch');
    case 'listFolder':
      return l10n.t('Wants to list');
    case 'findFiles':
      return l10n.t('Wants to look for files');
    case 'searchText':
    case 'searchWeb':
      return l10n.t('Wants to search for');
    case 'startSubagent':
      return l10n.t('Wants to start a subagent:');
    default:
      return l10n.t('Wants to use {0}', tool);
  }
}

const detail = (words: string | undefined): { detail?: string } => (words ? { detail: words } : {});

function lineRange({ given: { line, lineCount } }: ToolEntry): string | undefined {
  const start = line ?? 1;
  if (lineCount !== undefined) return l10n.t('lines {0}–{1}', start, start + lineCount - 1);
  return line === undefined ? undefined : l10n.t('from line {0}', start);
}

function changedLines(tool: ToolEntry): string | undefined {
  return tool.diff && `+${tool.diff.additions} −${tool.diff.deletions}`;
}

function exit(tool: ToolEntry): string | undefined {
  return tool.exitCode === undefined || tool.exitCode === 0
    ? undefined
    : l10n.t('exit code {0}', tool.exitCode);
}

function matches(tool: ToolEntry): string | undefined {
  if (tool.matches === undefined) return undefined;
  return tool.matches === 1 ? l10n.t('1 match') : l10n.t('{0} matches', tool.matches);
}

function todosDone(tool: ToolEntry): string | undefined {
  if (!tool.todos) return undefined;
  const done = tool.todos.filter((todo) => todo.status === 'completed').length;
  return l10n.t('{0} of {1} done', done, tool.todos.length);
}
