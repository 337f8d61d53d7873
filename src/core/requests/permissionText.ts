import type { PermissionKind } from '../../protocol/page/requests.ts';
import type { PermissionRequest } from '../../protocol/records.ts';
import { rightToLeft } from '../isolate.ts';
import { l10n } from '../l10n.ts';
import { cutMiddle, plainLine } from '../plainText.ts';
import type { AskedCall } from './askedCalls.ts';
import { argumentsLine } from '../entries/callArguments.ts';
import { permissionOf } from '../tools/toolOf.ts';
import { namesNothing, readSubject, untoldArguments } from './askedArguments.ts';

/** Something that a person is asked to allow, in a plain line. */
export interface AskedLine {
  readonly text: string;
  /** Whether all that is asked for stands there, as it is. Nothing else may be allowed from a line. */
  readonly isWhole: boolean;
}

/** Characters of such a line at most. */
const lineLength = 200;

/** How a kind of permission is asked for. */
interface Wording {
  /** In a line, with what is asked for. */
  readonly line: (what: string) => string;
  /** Above what is asked for. */
  readonly title: () => string;
}

/** A tool of a plugin or an MCP server has no words but its name. */
const wordings: Readonly<Record<Exclude<PermissionKind, 'otherTool'>, Wording>> = {
  command: { line: (what) => l10n.t('Run {0}?', what), title: () => l10n.t('Allow this command to run?') },
  editFile: { line: (what) => l10n.t('Edit {0}?', what), title: () => l10n.t('Allow this change of files?') },
  readFile: { line: (what) => l10n.t('Read {0}?', what), title: () => l10n.t('Allow this to be read?') },
  fetchPage: {
    line: (what) => l10n.t('Fetch {0}?', what),
    title: () => l10n.t('Allow this page to be fetched?'),
  },
  leaveFolder: {
    line: (what) => l10n.t('Work outside the folder, in {0}?', what),
    title: () => l10n.t('Allow access outside of the workspace?'),
  },
  startSubagent: {
    line: (what) => l10n.t('Start the subagent {0}?', what),
    title: () => l10n.t('Allow this subagent to be started?'),
  },
  loadSkill: {
    line: (what) => l10n.t('Load the skill {0}?', what),
    title: () => l10n.t('Allow this skill to be loaded?'),
  },
  listFolder: {
    line: (what) => l10n.t('List {0}?', what),
    title: () => l10n.t('Allow this folder to be listed?'),
  },
  findFiles: {
    line: (what) => l10n.t('Look for files {0}?', what),
    title: () => l10n.t('Allow a search for files by name?'),
  },
  searchText: {
    line: (what) => l10n.t('Search files for {0}?', what),
    title: () => l10n.t('Allow a search in the text of files?'),
  },
  searchWeb: {
    line: (what) => l10n.t('Search the web for {0}?', what),
    title: () => l10n.t('Allow this search of the web?'),
  },
  askLanguageServer: {
    line: () => l10n.t('Ask the language server?'),
    title: () => l10n.t('Allow a request to the language server?'),
  },
  writeTodos: {
    line: () => l10n.t('Change the todos?'),
    title: () => l10n.t('Allow the todos to be changed?'),
  },
  repeatCall: {
    line: (what) => l10n.t('Go on although {0} repeats itself?', what),
    title: () => l10n.t('The agent repeats itself. Let it go on?'),
  },
};

function wordingOf(permission: string): Wording | undefined {
  const { kind } = permissionOf(permission);
  return kind === 'otherTool' ? undefined : wordings[kind];
}

/** What a permission request asks for, in a line: the command as it was written, the call with all that it was given. */
export function describePermission(
  request: PermissionRequest,
  call: AskedCall,
  directory?: string,
): AskedLine {
  const { permission } = request;
  const known = wordingOf(permission);
  const rest = untoldArguments(request, call, directory);
  const told = rest === undefined ? '' : argumentsLine(rest);
  if (known === undefined) {
    const words = [namesNothing(request) ? '' : readSubject(request, call), told]
      .filter((text) => text !== '')
      .join(' ');
    return toLine(useWords(permission, words), rest !== undefined);
  }
  const line = known.line(readSubject(request, call));
  const tool = call.kind === 'known' && call.tool !== permission ? `${call.tool}: ` : '';
  return toLine(told === '' ? line : `${line} ${tool}${told}`, rest !== undefined);
}

/** The same without what else its call was given: enough to know of it, never to allow it. */
export function namePermission(request: PermissionRequest): string {
  const subject = readSubject(request, { kind: 'none' });
  const words =
    wordingOf(request.permission)?.line(subject) ??
    useWords(request.permission, namesNothing(request) ? '' : subject);
  return asLine(words).text;
}

function useWords(permission: string, what: string): string {
  return what === '' ? l10n.t('Use {0}?', permission) : l10n.t('Use {0}: {1}?', permission, what);
}

/** What "always" would allow, for a row of a pick: the editor draws one line of it and cuts off the rest (VS Code 1.139). */
export function describeAlways({ always }: Pick<PermissionRequest, 'always'>): AskedLine {
  const { text, isWhole } = asLine(
    always.includes('*') ? l10n.t('all requests of this kind, until the server stops') : always.join(', '),
  );
  const width = text.length + (text.match(wide) ?? []).length;
  return { text, isWhole: isWhole && width <= rowWidth };
}

/** So many letters of usual width a row of a pick surely holds; it is 600 pixels wide at most. */
const rowWidth = 80;

/** What takes the room of two of them. */
const wide = /[A-Zmw%&@]|[^ -~]/gu;

/**
 * Signs without a width, which may belong in words, but make a trap of a command. So does all that is read from the right: a
 * line draws it in another order than it is run in.
 */
const trap = /\u200c|\u200d|[\u2068\u2069]/;

function toLine(words: string, isKnown: boolean): AskedLine {
  const line = asLine(words);
  if (isKnown) return line;
  return { text: l10n.t('{0} What it was given is not known yet.', line.text), isWhole: false };
}

function asLine(words: string): AskedLine {
  const plain = plainLine(words);
  const text = cutMiddle(plain, lineLength);
  return { text, isWhole: text === words && !trap.test(words) && !rightToLeft.test(words) };
}

/** The same as a sentence that stands above what is asked for. */
export function permissionTitle(permission: string): string {
  return wordingOf(permission)?.title() ?? l10n.t('Allow the tool “{0}” to run?', permission);
}
