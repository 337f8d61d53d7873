import type { PermissionRequest } from '../../protocol/records.ts';
import { l10n } from '../l10n.ts';

/** How a kind of permission is asked for. */
interface Wording {
  /** In a line, with what is asked for. */
  readonly line: (what: string) => string;
  /** Above what is asked for. */
  readonly title: () => string;
}

/** The kinds that 1.18 asks for; a tool of a plugin or an MCP server asks by its own name. */
const wordings = new Map<string, Wording>([
  ['bash', { line: (what) => l10n.t('Run {0}?', what), title: () => l10n.t('Allow this command to run?') }],
  ['edit', { line: (what) => l10n.t('Edit {0}?', what), title: () => l10n.t('Allow this change of files?') }],
  ['read', { line: (what) => l10n.t('Read {0}?', what), title: () => l10n.t('Allow this to be read?') }],
  [
    'webfetch',
    { line: (what) => l10n.t('Fetch {0}?', what), title: () => l10n.t('Allow this page to be fetched?') },
  ],
  [
    'external_directory',
    {
      line: (what) => l10n.t('Work outside the folder, in {0}?', what),
      title: () => l10n.t('Allow access outside of the workspace?'),
    },
  ],
  [
    'task',
    {
      line: (what) => l10n.t('Start the subagent {0}?', what),
      title: () => l10n.t('Allow this subagent to be started?'),
    },
  ],
  [
    'skill',
    {
      line: (what) => l10n.t('Load the skill {0}?', what),
      title: () => l10n.t('Allow this skill to be loaded?'),
    },
  ],
  [
    'list',
    { line: (what) => l10n.t('List {0}?', what), title: () => l10n.t('Allow this folder to be listed?') },
  ],
  [
    'glob',
    {
      line: (what) => l10n.t('Look for files {0}?', what),
      title: () => l10n.t('Allow a search for files by name?'),
    },
  ],
  [
    'grep',
    {
      line: (what) => l10n.t('Search files for {0}?', what),
      title: () => l10n.t('Allow a search in the text of files?'),
    },
  ],
  [
    'websearch',
    {
      line: (what) => l10n.t('Search the web for {0}?', what),
      title: () => l10n.t('Allow this search of the web?'),
    },
  ],
  [
    'lsp',
    {
      line: () => l10n.t('Ask the language server?'),
      title: () => l10n.t('Allow a request to the language server?'),
    },
  ],
  [
    'todowrite',
    { line: () => l10n.t('Change the todos?'), title: () => l10n.t('Allow the todos to be changed?') },
  ],
  [
    'doom_loop',
    {
      line: (what) => l10n.t('Go on although {0} repeats itself?', what),
      title: () => l10n.t('The agent repeats itself. Let it go on?'),
    },
  ],
]);

/** What a permission request asks for, in a line. */
export function describePermission({ permission, patterns }: PermissionRequest): string {
  const what = patterns.join(', ');
  const known = wordings.get(permission);
  if (known !== undefined) return known.line(what);
  return what === '' || what === '*'
    ? l10n.t('Use {0}?', permission)
    : l10n.t('Use {0}: {1}?', permission, what);
}

/** The same as a sentence that stands above what is asked for. */
export function permissionTitle(permission: string): string {
  return wordings.get(permission)?.title() ?? l10n.t('Allow the tool “{0}” to run?', permission);
}
