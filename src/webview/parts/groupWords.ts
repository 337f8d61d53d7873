import { isolate } from '../../core/isolate.ts';
import { l10n } from '../../core/l10n.ts';
import { showUnseen } from '../../core/plainText.ts';
import type { ToolEntry, ToolKind } from '../../protocol/page/entries.ts';

/** Says of so many calls of one kind what they did, in words that may stand behind others. */
type Saying = (count: number) => string;

const sayings: Readonly<Record<Exclude<ToolKind, 'writeFile' | 'editFile'>, Saying>> = {
  readFile: (count) => (count === 1 ? l10n.t('read 1 file') : l10n.t('read {0} files', count)),
  command: (count) => (count === 1 ? l10n.t('ran 1 command') : l10n.t('ran {0} commands', count)),
  searchText: (count) => (count === 1 ? l10n.t('searched once') : l10n.t('searched {0} times', count)),
  findFiles: (count) =>
    count === 1 ? l10n.t('looked for files once') : l10n.t('looked for files {0} times', count),
  listFolder: (count) => (count === 1 ? l10n.t('listed 1 folder') : l10n.t('listed {0} folders', count)),
  fetchPage: (count) => (count === 1 ? l10n.t('fetched 1 page') : l10n.t('fetched {0} pages', count)),
  searchWeb: (count) =>
    count === 1 ? l10n.t('searched the web once') : l10n.t('searched the web {0} times', count),
  writeTodos: () => l10n.t('updated the todos'),
  startSubagent: (count) => (count === 1 ? l10n.t('ran 1 subagent') : l10n.t('ran {0} subagents', count)),
  askPerson: (count) => (count === 1 ? l10n.t('asked you once') : l10n.t('asked you {0} times', count)),
  loadSkill: (count) => (count === 1 ? l10n.t('loaded 1 skill') : l10n.t('loaded {0} skills', count)),
  proposePlan: () => l10n.t('proposed a plan'),
  unknownTool: (count) => called(count),
  otherTool: (count) => called(count),
};

const called: Saying = (count) =>
  count === 1 ? l10n.t('called 1 other tool') : l10n.t('called other tools {0} times', count);

/** Those of which the files count, not the calls. */
const ofFiles: ReadonlySet<ToolKind> = new Set(['readFile', 'listFolder']);

/** So many of the files that were changed are named. */
const mostNames = 3;

/** What calls came to, in one line: "Read 8 files, searched 10 times (10 failed)", "Edited basket.ts, money.ts +62 −4". */
export function groupWords(calls: readonly ToolEntry[]): string {
  const running = calls.filter(({ status }) => status === 'running' || status === 'pending').length;
  const ended = calls.filter(({ status }) => status !== 'running' && status !== 'pending');
  const byKind = Map.groupBy(ended, ({ kind }) =>
    kind === 'writeFile' ? 'editFile' : kind === 'unknownTool' ? 'otherTool' : kind,
  );
  const words = [...byKind].map(([kind, ofKind]) => describe(kind, ofKind));
  if (running > 0) words.push(running === 1 ? l10n.t('1 call runs') : l10n.t('{0} calls run', running));
  const line = words.join(', ');
  return line.charAt(0).toLocaleUpperCase() + line.slice(1);
}

function describe(kind: Exclude<ToolKind, 'writeFile'>, calls: readonly ToolEntry[]): string {
  return [say(kind, calls), lines(calls), unsuccessful(calls)].filter((words) => words !== '').join(' ');
}

function say(kind: Exclude<ToolKind, 'writeFile'>, calls: readonly ToolEntry[]): string {
  const files = filesOf(calls);
  if (kind !== 'editFile') return sayings[kind](ofFiles.has(kind) ? files.size : calls.length);
  const names = [...files].map((path) => isolate(showUnseen(nameOf(path))));
  const named = names.slice(0, mostNames).join(', ');
  if (names.length <= mostNames) return l10n.t('edited {0}', named);
  return l10n.t('edited {0} and {1} more', named, names.length - mostNames);
}

function filesOf(calls: readonly ToolEntry[]): ReadonlySet<string> {
  const files = calls.flatMap(({ id, diff, given }): readonly string[] => {
    const changed = diff?.files.map(({ path }) => path) ?? [];
    return changed.length > 0 ? changed : [given.path ?? id];
  });
  return new Set(files);
}

const nameOf = (path: string): string => path.split(/[/\\]/).at(-1) || path;

function lines(calls: readonly ToolEntry[]): string {
  const diffs = calls.flatMap(({ diff }) => diff ?? []);
  if (diffs.length === 0) return '';
  const additions = diffs.reduce((sum, diff) => sum + diff.additions, 0);
  const deletions = diffs.reduce((sum, diff) => sum + diff.deletions, 0);
  return `+${additions} −${deletions}`;
}

function unsuccessful(calls: readonly ToolEntry[]): string {
  const errors = calls.filter(({ status }) => status === 'error');
  const refused = errors.filter(({ isRefused }) => isRefused === true).length;
  const failed = errors.length - refused;
  return [
    ...(failed > 0 ? [l10n.t('({0} failed)', failed)] : []),
    ...(refused > 0 ? [l10n.t('({0} not allowed)', refused)] : []),
  ].join(' ');
}
