import { ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { isOfWorkspace } from '../../core/automations/automation.ts';
import {
  describeEvent,
  describeOrigin,
  describeRunState,
  describeStep,
  describeStepState,
} from '../../core/automations/automationWords.ts';
import { type KeptRun, type RunState, stateOf, type StepRecord } from '../../core/automations/runRecord.ts';
import { formatCost } from '../../core/figures.ts';
import { isolate } from '../../core/isolate.ts';
import { l10n } from '../../core/l10n.ts';
import { plainLine, plainWords, showUnseen } from '../../core/plainText.ts';
import { relativeTime, timeAgo } from '../../core/relativeTime.ts';
import type { CommandId } from '../../manifest.ts';
import type { AutomationRow, ShownAutomation } from './automationRow.ts';

/** A row of the view; `now` in milliseconds since 1970. */
export function toAutomationItem(row: AutomationRow, now: number): TreeItem {
  switch (row.kind) {
    case 'automation':
      return toEntryItem(row.shown, now);
    case 'run':
      return toRunItem(row.run, row.cost, now);
    case 'step':
      return toStepItem(row.step, row.place);
  }
}

function toEntryItem(shown: ShownAutomation, now: number): TreeItem {
  const { entry, standing, runs, lacks, note } = shown;
  const name = plainLine(entry.name);
  const item = new TreeItem(
    isolate(name),
    runs.length > 0 ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None,
  );
  const state = describeStanding(shown);
  const [last] = runs;
  const when = entry.automation === undefined ? undefined : describeEvent(entry.automation.on);
  const result =
    last && l10n.t('{0}, {1}', describeRunState(stateOf(last)), relativeTime(last.record.time, now));
  item.id = entry.id;
  item.description = [state ?? when, lacks[0] && plainLine(lacks[0]), result]
    .filter((words) => words)
    .join(' · ');
  item.iconPath = entryIcon(shown);
  item.contextValue = ['automation', standing, isOfWorkspace(entry) ? 'workspace' : 'own'].join(' ');
  item.tooltip = plainWords(
    [
      name,
      l10n.t('In {0}.', describeOrigin(entry)),
      when && l10n.t('Run {0}:', when),
      ...(entry.automation?.steps ?? []).map((step) => `• ${showUnseen(describeStep(step))}`),
      state,
      ...entry.faults.map(
        ({ path, message }) => `✗ ${path.length === 0 ? '' : `${path.join(' › ')}: `}${showUnseen(message)}`,
      ),
      ...lacks.map((words) => `✗ ${showUnseen(words)}`),
      note && l10n.t('Passed over {0}: {1}', timeAgo(note.time, now), showUnseen(note.words)),
    ]
      .filter((words) => words)
      .join('\n'),
  );
  item.accessibilityInformation = {
    label: [name, state ?? when, ...lacks, result].filter((words) => words).join(', '),
  };
  return item;
}

/** Undefined: it is on, which goes without saying. */
function describeStanding({ standing, why, entry }: ShownAutomation): string | undefined {
  switch (standing) {
    case 'on':
      return undefined;
    case 'faulty':
      return l10n.t('never run: {0}', entry.faults[0]?.message ?? '');
    case 'disabled':
      return l10n.t('not enabled');
    case 'off':
      return l10n.t('off: {0}', why ?? '');
    case 'unapproved':
      return l10n.t('not approved by you');
    case 'changed':
      return l10n.t('changed since you approved it');
    case 'replaced':
      return l10n.t('one of the workspace with this name is run instead');
  }
}

function entryIcon({ standing, lacks }: ShownAutomation): ThemeIcon {
  switch (standing) {
    case 'on':
      return lacks.length > 0 ? warning('warning') : new ThemeIcon('zap');
    case 'faulty':
      return new ThemeIcon('error', new ThemeColor('list.errorForeground'));
    case 'unapproved':
    case 'changed':
      return warning('shield');
    case 'off':
    case 'disabled':
    case 'replaced':
      return new ThemeIcon('circle-slash', new ThemeColor('disabledForeground'));
  }
}

function warning(id: string): ThemeIcon {
  return new ThemeIcon(id, new ThemeColor('list.warningForeground'));
}

function toRunItem(run: KeptRun, cost: number | undefined, now: number): TreeItem {
  const { record } = run;
  const state = stateOf(run);
  const item = new TreeItem(isolate(plainLine(record.reason)), TreeItemCollapsibleState.Collapsed);
  const words = [
    describeRunState(state),
    relativeTime(record.time, now),
    cost === undefined ? undefined : formatCost(cost),
  ];
  const open: CommandId = 'opencodeSessions.session.open';
  item.id = `${record.automation} ${record.key}`;
  item.description = words.filter((word) => word !== undefined).join(' · ');
  item.iconPath = runIcon(state);
  item.contextValue = `run ${state}`;
  item.tooltip = plainWords(
    [
      record.reason,
      describeRunState(state),
      record.detail,
      record.chain.length > 0 ? l10n.t('It follows: {0}', record.chain.join(' → ')) : undefined,
      cost === undefined ? undefined : l10n.t('The answers to what it sent cost {0}.', formatCost(cost)),
      ...record.steps.map(
        ({ what, state: ended, detail }) =>
          `• ${what}: ${describeStepState(ended)}${detail === undefined ? '' : `. ${detail}`}`,
      ),
    ]
      .filter((line) => line !== undefined)
      .map(showUnseen)
      .join('\n'),
  );
  item.accessibilityInformation = {
    label: [record.reason, ...words].filter((word) => word !== undefined).join(', '),
  };
  item.command = {
    command: open,
    title: l10n.t('Open Session'),
    arguments: [{ sessionId: record.sessionId }],
  };
  return item;
}

function runIcon(state: RunState): ThemeIcon {
  switch (state) {
    case 'succeeded':
      return new ThemeIcon('pass', new ThemeColor('testing.iconPassed'));
    case 'failed':
      return new ThemeIcon('error', new ThemeColor('list.errorForeground'));
    case 'running':
      return new ThemeIcon('loading~spin');
    case 'asking':
      return warning('bell-dot');
    case 'stillRunning':
      return new ThemeIcon('watch');
    case 'unknown':
      return warning('warning');
    case 'declined':
    case 'expired':
    case 'limited':
    case 'stopped':
      return new ThemeIcon('circle-slash', new ThemeColor('disabledForeground'));
  }
}

function toStepItem({ what, state, detail }: StepRecord, place: string): TreeItem {
  const item = new TreeItem(isolate(plainLine(what)), TreeItemCollapsibleState.None);
  const words = [describeStepState(state), detail === undefined ? undefined : plainLine(detail)];
  item.id = place;
  item.description = words.filter((word) => word !== undefined).join(': ');
  item.iconPath = new ThemeIcon(stepIcons[state]);
  item.contextValue = `step ${state}`;
  item.tooltip = plainWords(showUnseen([what, ...words].filter((word) => word !== undefined).join('\n')));
  return item;
}

const stepIcons: Readonly<Record<StepRecord['state'], string>> = {
  waiting: 'circle-large-outline',
  running: 'loading~spin',
  done: 'pass',
  sent: 'arrow-right',
  stillRunning: 'watch',
  failed: 'error',
  skipped: 'circle-slash',
};
