import { exportName } from '../../core/export/exportName.ts';
import { l10n } from '../../core/l10n.ts';
import type { Choice } from '../../core/ports/dialogs.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { RunWithProgress } from '../../core/ports/progress.ts';
import type { SessionProgram } from '../../core/ports/sessionProgram.ts';
import type { AskWhereToSave, SaveTarget } from '../../core/ports/writtenFile.ts';
import { countSecrets, wordSecrets } from '../../core/redaction/redactionWords.ts';
import { exportJson, exportJsonFolder } from '../../flows/transfer/exportJson.ts';
import { exportMembers } from '../../flows/transfer/exportMembers.ts';
import type { ExportRequest, ExportScope } from '../../flows/transfer/exportRequest.ts';
import {
  createRedactor,
  type Exported,
  type ExportSessionsPorts,
  exportText,
  nameSeveral,
  type Watch,
} from '../../flows/transfer/exportSessions.ts';
import type { Session } from '../../protocol/records.ts';
import { chooseMessage, type ChooseMessageDeps } from '../choosing/chooseMessage.ts';
import { chooseSessions } from '../choosing/chooseSession.ts';
import type { Command } from '../command.ts';
import { chooseFormat, chooseJsonWay, chooseOptions, type ChoicesDeps } from './exportChoices.ts';

export interface ExportSessionDeps extends ChooseMessageDeps, ChoicesDeps, ExportSessionsPorts {
  readonly openCode: ChooseMessageDeps['openCode'] & ExportSessionsPorts['openCode'];
  readonly sessions: ChooseMessageDeps['sessions'] & ExportSessionsPorts['sessions'];
  readonly dialogs: ChooseMessageDeps['dialogs'] & ChoicesDeps['dialogs'];
  readonly program: SessionProgram;
  /** The template that the folder or the settings bring; undefined: none. */
  readonly exportTemplate: (directory: string) => Promise<string | undefined>;
  readonly askWhereToSave: AskWhereToSave;
  readonly runWithProgress: RunWithProgress;
  readonly notify: Notify;
}

const none = (): string => l10n.t('There is no session here. Start one with “New Session…”.');

/** Writes sessions into a file that the person names: as a page, as Markdown, or in the server's own form. */
export function exportSession(deps: ExportSessionDeps): Command {
  return async (argument, selection) => {
    const title = l10n.t('Export Session');
    const sessions = await chooseSessions(deps, argument, selection, { title, none: none() });
    const [session] = sessions;
    if (session === undefined) return undefined;
    const format = await chooseFormat(deps, title);
    if (format === undefined) return undefined;
    const part = await choosePart(deps, title, sessions);
    if (part === undefined) return undefined;
    if (part !== 'from') return runExport(deps, { title, format, sessions, scope: part });
    const from = await chooseMessage(deps, { sessionId: session.id }, { title, none: none(), answers: true });
    if (from === undefined) return undefined;
    return runExport(deps, { title, format, sessions, scope: 'session', from: from.message.info.id });
  };
}

/** The same of a session from one of its messages on. */
export function exportFromMessage(deps: ExportSessionDeps): Command {
  return async (argument) => {
    const title = l10n.t('Export Session from Here');
    const chosen = await chooseMessage(deps, argument, { title, none: none(), answers: true });
    if (chosen === undefined) return undefined;
    const format = await chooseFormat(deps, title);
    if (format === undefined) return undefined;
    const { session, message } = chosen;
    return runExport(deps, { title, format, sessions: [session], scope: 'session', from: message.info.id });
  };
}

/** What goes along; it is asked only where there is a choice. */
function choosePart(
  { dialogs, sessions: store }: ExportSessionDeps,
  title: string,
  sessions: readonly Session[],
): Promise<ExportScope | 'from' | undefined> {
  const count = (scope: ExportScope): number => exportMembers(store, { sessions, scope }).length;
  const [alone, withSubagents, lineage] = [sessions.length, count('subagents'), count('lineage')];
  const choices: Choice<ExportScope | 'from'>[] = [
    {
      label: alone === 1 ? l10n.t('This Session') : l10n.t('The {0} Selected Sessions', alone),
      icon: 'comment-discussion',
      value: 'session',
    },
  ];
  if (withSubagents > alone) {
    choices.push({
      label: alone === 1 ? l10n.t('With Its Subagents') : l10n.t('With Their Subagents'),
      description: l10n.t('{0} sessions', withSubagents),
      detail: l10n.t('Each stands at the call that started it'),
      icon: 'robot',
      value: 'subagents',
    });
  }
  if (lineage > withSubagents) {
    choices.push({
      label: l10n.t('The Whole Lineage'),
      description: l10n.t('{0} sessions', lineage),
      detail: l10n.t('Where it came from, forks and hand-offs, with all their subagents'),
      icon: 'type-hierarchy',
      value: 'lineage',
    });
  }
  if (alone === 1) {
    choices.push({ label: l10n.t('From a Message On…'), icon: 'arrow-down', value: 'from' });
  }
  return choices.length === 1 ? Promise.resolve('session') : dialogs.pickOne(title, choices);
}

type Wish = Omit<ExportRequest, 'options'> & { readonly title: string };

async function runExport(deps: ExportSessionDeps, wish: Wish): Promise<string | undefined> {
  const { title, sessions, format } = wish;
  const [first] = sessions;
  if (first === undefined) return undefined;
  if (format === 'json') return runJson(deps, wish, first);
  const options = await chooseOptions(deps, title, format);
  if (options === undefined) return undefined;
  const target = await deps.askWhereToSave.file({
    title,
    directory: first.directory,
    name: `${await nameOf(deps, sessions, options.redact)}.${format === 'html' ? 'html' : 'md'}`,
    kinds: format === 'html' ? { [l10n.t('Web page')]: ['html'] } : { Markdown: ['md'] },
  });
  if (target === undefined) return undefined;
  // Before anything is read: a template that cannot be used is no reason to wait.
  const template = await deps.exportTemplate(first.directory);
  const request: ExportRequest = { ...wish, options };
  return write(deps, wish, target, (file, watch) => exportText(deps, request, file, template, watch));
}

async function runJson(deps: ExportSessionDeps, wish: Wish, first: Session): Promise<string | undefined> {
  const { title, sessions, from } = wish;
  const isOne = exportMembers(deps.sessions, wish).length === 1;
  const canBeSanitized = isOne && from === undefined && deps.program.obstacle() === undefined;
  const way = await chooseJsonWay(deps, title, canBeSanitized);
  if (way === undefined) return undefined;
  const place = { title, directory: first.directory };
  const options = {
    redact: way === 'redacted',
    reasoning: 'include',
    calls: 'whole',
    pictures: true,
  } as const;
  const request: ExportRequest = { ...wish, options };
  // What of the session is nowhere in the file is not to stand in its name either.
  const name = way === 'sanitized' ? exportName('') : await nameOf(deps, sessions, options.redact);
  if (!isOne) {
    const target = await deps.askWhereToSave.folder({ ...place, name });
    return (
      target && write(deps, wish, target, (folder, watch) => exportJsonFolder(deps, request, folder, watch))
    );
  }
  const target = await deps.askWhereToSave.file({
    ...place,
    name: `${name}.json`,
    kinds: { JSON: ['json'] },
  });
  if (target === undefined) return undefined;
  if (way !== 'sanitized') {
    return write(deps, wish, target, (file, watch) => exportJson(deps, request, file, watch));
  }
  return write(deps, wish, target, async (file, { cancellation }) => {
    await deps.program.exportSanitized(first.id, file.path, cancellation);
    return undefined;
  });
}

/** Nothing is left of what was cancelled or failed; nothing is told before all stands in its place. */
async function write<Written extends { finish(): Promise<void>; discard(): Promise<void> }>(
  deps: ExportSessionDeps,
  { title, sessions }: Wish,
  target: SaveTarget<Written>,
  fill: (written: Written, watch: Watch) => Promise<Exported | undefined>,
): Promise<string | undefined> {
  const exported = await deps.runWithProgress(title, async (cancellation, report) => {
    const written = await target.begin();
    try {
      const done = await fill(written, { cancellation, report });
      await written.finish();
      return done;
    } finally {
      await written.discard();
    }
  });
  const [first] = sessions;
  const called = first === undefined ? '' : deps.sessions.title(first);
  const said =
    sessions.length === 1
      ? l10n.t('“{0}” was exported to {1}{2}.', called, target.name, describe(exported))
      : l10n.t(
          '{0} sessions were exported to {1}{2}.',
          exported?.sessions ?? sessions.length,
          target.name,
          describe(exported),
        );
  deps.notify({ message: said, actions: [target.open, target.reveal] });
  return first?.id;
}

function describe(exported: Exported | undefined): string {
  if (exported === undefined) return '';
  const { redacted, cuts, gone } = exported;
  const secrets = redacted === undefined ? 0 : countSecrets(redacted);
  const words = [
    redacted === undefined ? '' : l10n.t('{0} redacted', wordSecrets(secrets)),
    cuts === 0 ? '' : cuts === 1 ? l10n.t('1 output cut') : l10n.t('{0} outputs cut', cuts),
    gone === 0 ? '' : l10n.t('{0} sessions were gone', gone),
  ].filter((word) => word !== '');
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

async function nameOf(deps: ExportSessionDeps, named: readonly Session[], redact: boolean): Promise<string> {
  const [first] = named;
  if (first === undefined) return exportName('');
  const title = deps.sessions.title(first);
  const said = redact ? await createRedactor(deps, named).redactText(title) : title;
  return nameSeveral(exportName(said), named.length - 1);
}
