import { l10n } from '../l10n.ts';
import type { SessionKind } from '../sessions/sessionKind.ts';
import {
  type Automation,
  type AutomationConditions,
  type AutomationEntry,
  type AutomationEvent,
  automationEvents,
  type AutomationFault,
  type AutomationOrigin,
  type AutomationStep,
  type ConditionName,
  conditionNames,
  confirmations,
  defaults,
  isOfWorkspace,
  stepKinds,
} from './automation.ts';
import { type Glob, parseGlob } from './glob.ts';
import { parseStep } from './parseStep.ts';
import { Reader } from './reader.ts';

/** An entry as it stands in settings. */
export interface RawAutomation {
  readonly origin: AutomationOrigin;
  readonly name: string;
  readonly value: unknown;
}

const fields = ['on', 'if', 'do', 'debounce', 'limit', 'confirm', 'enabled', 'timeLimit'] as const;
const limits = ['perHour', 'lineageCost'] as const;
const lineages = ['root', 'fork', 'handoff', 'subagent'] as const satisfies readonly SessionKind[];

/** Characters of a name, and of a whole entry of a workspace, which is shown whole before it is approved. */
const nameLimit = 60;
const entryLimit = 3000;
const stepLimit = 20;
/** Seconds. */
const longestDebounce = 3600;
const longestStep = 24 * 3600;

/** What only some events tell of. */
const tellsOfFiles: ReadonlySet<AutomationEvent> = new Set([
  'settled',
  'failed',
  'todoCompleted',
  'allTodosDone',
  'toolCompleted',
]);

/** Reads an entry: all that is wrong with it is said at its place, and one with faults is never run. */
export function parseAutomation({ origin, name, value }: RawAutomation): AutomationEntry {
  const faults: AutomationFault[] = [];
  const automation = readAutomation(new Reader(value, [], faults), { origin, name });
  return {
    id: idOf(origin, name),
    name,
    origin,
    value,
    faults,
    automation: faults.length === 0 ? automation : undefined,
  };
}

function idOf(origin: AutomationOrigin, name: string): string {
  switch (origin.kind) {
    case 'user':
      return `user ${name}`;
    case 'workspace':
      return `workspace ${origin.file} ${name}`;
    case 'folder':
      return `folder ${origin.directory} ${name}`;
  }
}

function readAutomation(
  entry: Reader,
  { origin, name }: Pick<RawAutomation, 'origin' | 'name'>,
): Automation | undefined {
  if (name.trim() === '' || name.length > nameLimit || /[\p{Cc}\p{Cf}]/u.test(name)) {
    entry.fault(l10n.t('An automation has a name of one line with at most {0} characters.', nameLimit));
  }
  if (!entry.isObject()) {
    entry.fault(l10n.t('An automation is an object with “on” and “do”.'));
    return undefined;
  }
  if (isOfWorkspace({ origin }) && JSON.stringify(entry.value).length > entryLimit) {
    entry.fault(
      l10n.t(
        'It is longer than {0} characters, which is more than can be shown before it is approved.',
        entryLimit,
      ),
    );
  }
  entry.allow(fields);
  const on = entry.at('on').word(automationEvents, l10n.t('event'));
  const steps = readSteps(entry.at('do'));
  const automation = {
    if: readConditions(entry.at('if'), on),
    debounce: (entry.at('debounce').number(0, longestDebounce) ?? defaults.debounce / 1000) * 1000,
    limit: readLimit(entry.at('limit')),
    confirm: readConfirm(entry.at('confirm'), origin),
    enabled: entry.at('enabled').boolean() ?? true,
    timeLimit: (entry.at('timeLimit').number(1, longestStep) ?? defaults.timeLimit / 1000) * 1000,
  };
  return on === undefined || steps === undefined ? undefined : { on, steps, ...automation };
}

function readSteps(list: Reader): readonly AutomationStep[] | undefined {
  const steps = list.items();
  if (steps === undefined || steps.length === 0 || steps.length > stepLimit) {
    list.fault(l10n.t('“do” is a list of 1 to {0} steps, e.g. [{ "task": "deploy" }].', stepLimit));
    return undefined;
  }
  return steps.flatMap((step) => parseStep(step, stepKinds) ?? []);
}

function readConditions(conditions: Reader, on: AutomationEvent | undefined): AutomationConditions {
  if (conditions.value === undefined) return {};
  if (!conditions.isObject()) {
    conditions.fault(l10n.t('“if” is an object, e.g. { "directory": "services/*" }.'));
    return {};
  }
  conditions.allow(conditionNames);
  assertTold(conditions, on);
  const globs = (name: ConditionName) => readGlobs(conditions.at(name));
  const lineage = conditions.at('lineage');
  const kinds =
    lineage.value === undefined
      ? undefined
      : lineage.several().map((one) => one.word(lineages, l10n.t('lineage')));
  const read = {
    directory: globs('directory'),
    changedFiles: globs('changedFiles'),
    agent: globs('agent'),
    title: globs('title'),
    tool: globs('tool'),
    lineage: kinds?.flatMap((kind) => kind ?? []),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

/** A condition of which an event never tells would never hold, silently. */
function assertTold(conditions: Reader, on: AutomationEvent | undefined): void {
  if (on === undefined) return;
  if (conditions.has('tool') && on !== 'toolCompleted') {
    conditions.at('tool').fault(l10n.t('Only “toolCompleted” knows of a tool; “{0}” does not.', on));
  }
  if (conditions.has('changedFiles') && !tellsOfFiles.has(on)) {
    conditions.at('changedFiles').fault(l10n.t('“{0}” knows of no changed files.', on));
  }
}

function readGlobs(reader: Reader): readonly Glob[] | undefined {
  if (reader.value === undefined) return undefined;
  return reader.several().flatMap((one) => {
    const text = one.text();
    if (text === undefined) return [];
    const glob = parseGlob(text);
    if (typeof glob !== 'string') return glob;
    one.fault(glob);
    return [];
  });
}

function readLimit(limit: Reader): Automation['limit'] {
  const none = { perHour: defaults.perHour, lineageCost: undefined };
  if (limit.value === undefined) return none;
  if (!limit.isObject()) {
    limit.fault(l10n.t('“limit” is an object, e.g. { "perHour": 4, "lineageCost": 5 }.'));
    return none;
  }
  limit.allow(limits);
  const perHour = limit.at('perHour');
  const count = perHour.number(1, 1000);
  if (count !== undefined && !Number.isInteger(count))
    perHour.fault(l10n.t('Runs are counted in whole numbers.'));
  return {
    perHour: count ?? defaults.perHour,
    lineageCost: limit.at('lineageCost').number(0, 1_000_000),
  };
}

function readConfirm(confirm: Reader, origin: AutomationOrigin): Automation['confirm'] {
  const word = confirm.value === undefined ? undefined : confirm.word(confirmations, l10n.t('confirmation'));
  if (word === 'never' && isOfWorkspace({ origin })) {
    confirm.fault(
      l10n.t('“never” is for your own settings: what a workspace brings is asked about at least once.'),
    );
  }
  return word ?? defaults.confirm;
}
