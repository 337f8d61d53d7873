import type { SessionKind } from '../sessions/sessionKind.ts';
import { l10n } from '../l10n.ts';
import type { Automation, AutomationConditions, ConditionName } from './automation.ts';
import { type Glob, matchesPath, matchesText } from './glob.ts';

/** What is known of a session, and of what happened in it, at the moment at which an automation is asked. */
export interface AutomationFacts {
  readonly directory: string;
  readonly title: string;
  readonly agent: string | undefined;
  readonly lineage: SessionKind;
  readonly tool?: string | undefined;
  /** Paths with slashes of the files that changed; undefined: nobody looked. */
  readonly files?: readonly string[] | undefined;
}

/** Whether one condition holds, and what was found. */
export interface Verdict {
  readonly condition: ConditionName;
  readonly holds: boolean;
  readonly wanted: string;
  readonly found: string;
}

/** What happens in subagents is the affair of the session that they work for, unless it is asked for. */
const usualLineages: readonly SessionKind[] = ['root', 'fork', 'handoff'];

/** Whether what costs nothing to know holds; the files are not looked at. */
export function mayHold({ if: conditions }: Pick<Automation, 'if'>, facts: AutomationFacts): boolean {
  const { directory, title, agent, tool, lineage = usualLineages } = conditions;
  return (
    lineage.includes(facts.lineage) &&
    isAmong(tool, facts.tool, matchesText) &&
    isAmong(directory, facts.directory, matchesPath) &&
    isAmong(agent, facts.agent, matchesText) &&
    isAmong(title, facts.title, matchesText)
  );
}

/** Each condition of the entry, and whether it holds. */
export function judge(
  { if: conditions }: Pick<Automation, 'if'>,
  facts: AutomationFacts,
): readonly Verdict[] {
  return [
    judgeLineage(conditions, facts),
    ...judgeText(conditions, 'tool', facts.tool),
    ...judgeText(conditions, 'directory', facts.directory),
    ...judgeText(conditions, 'agent', facts.agent),
    ...judgeText(conditions, 'title', facts.title),
    ...judgeFiles(conditions, facts.files),
  ];
}

/** The files among those that changed that the entry asks for; all where it asks for none. */
export function filesMeant(
  { if: { changedFiles } }: Pick<Automation, 'if'>,
  files: readonly string[],
): readonly string[] {
  return changedFiles === undefined
    ? files
    : files.filter((file) => changedFiles.some((glob) => matchesPath(glob, file)));
}

function judgeLineage({ lineage = usualLineages }: AutomationConditions, facts: AutomationFacts): Verdict {
  return {
    condition: 'lineage',
    holds: lineage.includes(facts.lineage),
    wanted: lineage.join(', '),
    found: facts.lineage,
  };
}

function judgeText(
  conditions: AutomationConditions,
  condition: 'tool' | 'directory' | 'agent' | 'title',
  found: string | undefined,
): readonly Verdict[] {
  const globs = conditions[condition];
  if (globs === undefined) return [];
  const holds = isAmong(globs, found, condition === 'directory' ? matchesPath : matchesText);
  return [{ condition, holds, wanted: textOf(globs), found: found ?? l10n.t('none') }];
}

function judgeFiles(
  conditions: AutomationConditions,
  files: readonly string[] | undefined,
): readonly Verdict[] {
  const { changedFiles } = conditions;
  if (changedFiles === undefined) return [];
  const meant = filesMeant({ if: conditions }, files ?? []);
  return [
    {
      condition: 'changedFiles',
      holds: meant.length > 0,
      wanted: textOf(changedFiles),
      found: files === undefined || files.length === 0 ? l10n.t('none') : files.join(', '),
    },
  ];
}

function isAmong(
  globs: readonly Glob[] | undefined,
  found: string | undefined,
  matches: (glob: Glob, found: string) => boolean,
): boolean {
  if (globs === undefined) return true;
  return found !== undefined && globs.some((glob) => matches(glob, found));
}

function textOf(globs: readonly Glob[]): string {
  return globs.map(({ text }) => text).join(', ');
}
