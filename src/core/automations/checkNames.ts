import { l10n } from '../l10n.ts';
import type { Automation, AutomationFault } from './automation.ts';
import { matchesText } from './glob.ts';
import { unknown } from './reader.ts';

/** The names that an entry may use; what is undefined is not known at this moment, and nothing is said about it. */
export interface KnownNames {
  readonly tasks?: readonly string[] | undefined;
  /** Those that may be prompted. */
  readonly agents?: readonly string[] | undefined;
  readonly commands?: readonly string[] | undefined;
}

/** What an entry names that is not there, at its place. It may come: the entry is run all the same, and fails then. */
export function checkNames(
  automation: Pick<Automation, 'steps' | 'if'>,
  { tasks, agents, commands }: KnownNames,
): readonly AutomationFault[] {
  const faults: AutomationFault[] = [];
  const check = (
    path: AutomationFault['path'],
    what: string,
    name: string | undefined,
    known: readonly string[] | undefined,
  ): void => {
    if (name === undefined || known === undefined || known.includes(name)) return;
    faults.push({
      path,
      message: known.length === 0 ? none(what, name) : unknown(what, name, known.slice(0, nameLimit)),
    });
  };
  for (const [index, step] of automation.steps.entries()) {
    const at = ['do', index, step.kind];
    if (step.kind === 'task') check(at, l10n.t('task'), step.name, tasks);
    if (step.kind === 'command' && commands?.includes(step.id) === false) {
      faults.push({ path: at, message: none(l10n.t('command'), step.id) });
    }
    if ('agent' in step) check([...at, 'agent'], l10n.t('agent'), step.agent, agents);
  }
  const wanted = automation.if.agent;
  if (wanted !== undefined && agents !== undefined) {
    const isThere = wanted.some((glob) => agents.some((agent) => matchesText(glob, agent)));
    if (!isThere) check(['if', 'agent'], l10n.t('agent'), wanted.map(({ text }) => text).join(', '), agents);
  }
  return faults;
}

/** So many names are listed. */
const nameLimit = 20;

function none(what: string, name: string): string {
  return l10n.t('There is no {0} “{1}”.', what, name);
}
