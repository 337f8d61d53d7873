import type { Remedy } from '../errors.ts';
import { l10n } from '../l10n.ts';
import type { Notice } from '../ports/notify.ts';

/** What the setting says which folders are services. */
export interface ServiceGlobs {
  /** Absent: nobody said which are. */
  readonly globs?: readonly string[];
  /** What is wrong with an entry, as a sentence; the others count all the same. */
  readonly faults: readonly string[];
}

const longest = 300;

/** Reads the setting, whatever somebody wrote there. */
export function parseServiceGlobs(setting: unknown): ServiceGlobs {
  if (setting === undefined || setting === null) return { faults: [] };
  if (!Array.isArray(setting)) {
    return {
      faults: [l10n.t('The setting “opencodeSessions.services” is a list of globs, such as ["services/*"].')],
    };
  }
  const faults = setting.flatMap((entry: unknown) => faultOf(entry) ?? []);
  const globs = setting.filter((entry: unknown): entry is string => faultOf(entry) === undefined);
  if (setting.length === 0) return { faults: [] };
  return {
    globs: globs.map((glob) =>
      glob
        .trim()
        .replace(/^\.\//, '')
        .replace(/(?<!\/)\/+$/, ''),
    ),
    faults,
  };
}

/** What a person is told of an entry that is passed over. */
export function describeFault(fault: string): Notice {
  return { severity: 'warning', message: fault, actions: [openSetting()] };
}

/** The way to where services are named. */
export function openSetting(): Remedy {
  return {
    title: l10n.t('Open Settings'),
    command: 'workbench.action.openSettings',
    arguments: ['opencodeSessions.services'],
  };
}

function faultOf(entry: unknown): string | undefined {
  if (typeof entry !== 'string')
    return l10n.t('An entry of “opencodeSessions.services” is no text and is passed over.');
  const glob = entry.trim();
  const say = (why: string): string =>
    l10n.t('The glob “{0}” in “opencodeSessions.services” is passed over: {1}', glob.slice(0, 60), why);
  if (glob === '' || glob === '.' || glob === './') return say(l10n.t('it names no folder.'));
  if (glob.length > longest) return say(l10n.t('it is too long.'));
  if (/^(?:[/\\]|[A-Za-z]:)/.test(glob))
    return say(l10n.t('write it from the workspace folder on, without the path before that.'));
  if (glob.split('/').includes('..')) return say(l10n.t('it leads out of the workspace folder.'));
  if (glob.includes('\\')) return say(l10n.t('write slashes between folders.'));
  if (isCostly(glob)) return say(l10n.t('it has too many stars.'));
  if (!isBalanced(glob)) return say(l10n.t('a bracket in it has no end.'));
  return undefined;
}

/** So many stars among letters, and so many that stand for folders, are matched in no time. */
const starLimit = 3;

/**
 * Whether a glob may take longer than anybody waits: what matches it tries in how many ways its stars can share a name, and
 * both may come with a repository.
 */
export function isCostly(glob: string): boolean {
  const names = glob.split('/');
  const folders = names.filter((name) => name.includes('**')).length;
  const stars =
    names
      .filter((name) => name !== '*' && name !== '**')
      .join('/')
      .match(/\*+/g)?.length ?? 0;
  return folders > starLimit || stars > starLimit;
}

function isBalanced(glob: string): boolean {
  const pairs: Readonly<Record<string, string>> = { ']': '[', '}': '{', ')': '(' };
  const open: string[] = [];
  for (const sign of glob) {
    if ('[{('.includes(sign)) open.push(sign);
    else if (pairs[sign] !== undefined && open.pop() !== pairs[sign]) return false;
  }
  return open.length === 0;
}
