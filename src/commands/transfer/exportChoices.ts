import { l10n } from '../../core/l10n.ts';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import type { KeptValues } from '../../core/ports/keptValues.ts';
import type { ExportFormat, ExportOptions } from '../../flows/transfer/exportRequest.ts';

/** What the settings say of exports, read at the moment of asking. */
export interface ExportSettings {
  options(): ExportOptions;
}

export interface ChoicesDeps {
  readonly dialogs: Pick<Dialogs, 'pickOne' | 'pickSeveral'>;
  readonly exportSettings: ExportSettings;
  /** What was ticked last. */
  readonly lastChoices: KeptValues;
}

/** How a session is written as JSON. */
export type JsonWay = 'whole' | 'redacted' | 'sanitized';

export function chooseFormat({ dialogs }: ChoicesDeps, title: string): Promise<ExportFormat | undefined> {
  return dialogs.pickOne<ExportFormat>(title, [
    {
      label: l10n.t('Web Page (HTML)'),
      detail: l10n.t('One file to read, search and print in any browser, light or dark, without scripts'),
      icon: 'globe',
      value: 'html',
    },
    {
      label: l10n.t('Markdown'),
      detail: l10n.t('To read, send or keep beside the code'),
      icon: 'markdown',
      value: 'markdown',
    },
    {
      label: l10n.t('JSON'),
      detail: l10n.t('OpenCode’s own form, to be imported here or with “opencode import”'),
      icon: 'json',
      value: 'json',
    },
  ]);
}

export function chooseJsonWay(
  { dialogs }: ChoicesDeps,
  title: string,
  canBeSanitized: boolean,
): Promise<JsonWay | undefined> {
  const ways: Choice<JsonWay>[] = [
    {
      label: l10n.t('As It Is'),
      detail: l10n.t('All that the server keeps; nothing is looked for or taken out'),
      icon: 'archive',
      value: 'whole',
    },
    {
      label: l10n.t('Secrets Redacted'),
      detail: l10n.t('Secrets, home directory and user name are replaced; all else stays'),
      icon: 'shield',
      value: 'redacted',
    },
  ];
  const sanitized: Choice<JsonWay> = {
    label: l10n.t('Sanitized by OpenCode'),
    detail: l10n.t('Every text, title and path is replaced; what stays is the course of the session'),
    icon: 'circle-slash',
    value: 'sanitized',
  };
  return dialogs.pickOne(title, canBeSanitized ? [...ways, sanitized] : ways);
}

type Tick = 'redact' | 'reasoning' | 'calls' | 'whole' | 'pictures';

const remembered = 'export.ticks';

interface Remembered {
  /** What the settings said then: where they say something else, they are followed. */
  readonly settings: string;
  readonly ticks: readonly Tick[];
}

/** What goes into a text for people. What was ticked last is ticked again, but for the redaction, which the settings say. */
export async function chooseOptions(
  { dialogs, exportSettings, lastChoices }: ChoicesDeps,
  title: string,
  format: ExportFormat,
): Promise<ExportOptions | undefined> {
  const set = exportSettings.options();
  const settings = JSON.stringify(set);
  const last = lastChoices.get<Remembered | undefined>(remembered, undefined);
  const usual = last?.settings === settings ? last.ticks : ticksOf(set);
  const ticked = new Set<Tick>([
    ...usual.filter((tick) => tick !== 'redact'),
    ...(set.redact ? ['redact' as const] : []),
  ]);
  const choices = tickChoices(format, set).map((choice) => ({ ...choice, picked: ticked.has(choice.value) }));
  const picked = await dialogs.pickSeveral(title, choices);
  if (picked === undefined) return undefined;
  const offered = new Set(choices.map(({ value }) => value));
  const ticks = [...picked, ...usual.filter((tick) => !offered.has(tick))];
  await lastChoices.update(remembered, { settings, ticks } satisfies Remembered);
  return {
    redact: picked.includes('redact'),
    reasoning: !picked.includes('reasoning') ? 'omit' : set.reasoning === 'include' ? 'include' : 'fold',
    calls: picked.includes('whole') ? 'whole' : picked.includes('calls') ? 'cut' : 'omit',
    pictures: picked.includes('pictures'),
  };
}

function ticksOf({ redact, reasoning, calls, pictures }: ExportOptions): readonly Tick[] {
  const ticks: readonly (Tick | false)[] = [
    redact && 'redact',
    reasoning !== 'omit' && 'reasoning',
    calls !== 'omit' && 'calls',
    calls === 'whole' && 'whole',
    pictures && 'pictures',
  ];
  return ticks.filter((tick) => tick !== false);
}

function tickChoices(format: ExportFormat, { reasoning }: ExportOptions): readonly Choice<Tick>[] {
  const choices: Choice<Tick>[] = [
    {
      label: l10n.t('Redact Secrets'),
      detail: l10n.t('Also your home directory and user name; only what has a known form is found'),
      icon: 'shield',
      value: 'redact',
    },
    {
      label: l10n.t('Reasoning'),
      detail:
        reasoning === 'include'
          ? l10n.t('What the model thought, between its answers')
          : l10n.t('What the model thought, folded'),
      icon: 'lightbulb',
      value: 'reasoning',
    },
    {
      label: l10n.t('What Tool Calls Say'),
      detail: l10n.t('What they were given and gave back; the middle of long texts is left out'),
      icon: 'tools',
      value: 'calls',
    },
    {
      label: l10n.t('What Tool Calls Say, Uncut'),
      detail: l10n.t('Also all of long texts'),
      icon: 'unfold',
      value: 'whole',
    },
  ];
  const pictures: Choice<Tick> = {
    label: l10n.t('Pictures'),
    detail: l10n.t('Those that came with prompts, within the file; nothing looks for secrets in them'),
    icon: 'file-media',
    value: 'pictures',
  };
  return format === 'html' ? [...choices, pictures] : choices;
}
