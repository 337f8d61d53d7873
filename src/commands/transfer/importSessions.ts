import { sentenceOf, Problem } from '../../core/errors.ts';
import { CancelledError } from '../../core/cancellation.ts';
import { l10n } from '../../core/l10n.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { RunWithProgress } from '../../core/ports/progress.ts';
import type { AskWhatToOpen, ChosenFile } from '../../core/ports/readFile.ts';
import { listNames } from '../../core/rows/names.ts';
import type { OpenHow } from '../../core/sessions/openHow.ts';
import {
  type Importable,
  type ImportPorts,
  importSession,
  inspectFile,
} from '../../flows/transfer/importSession.ts';
import type { Watch } from '../../flows/transfer/exportSessions.ts';
import type { Session } from '../../protocol/records.ts';
import { parseSessionArgument } from '../choosing/sessionArgument.ts';
import type { Command } from '../command.ts';

export interface ImportSessionsDeps extends ImportPorts {
  readonly dialogs: Pick<Dialogs, 'pickOne'>;
  readonly askWhatToOpen: AskWhatToOpen;
  /** The file of that path, for who names one. */
  readonly chosenFile: (path: string) => Promise<ChosenFile>;
  readonly directories: () => readonly string[];
  readonly directoryName: (directory: string) => string;
  readonly runWithProgress: RunWithProgress;
  readonly refresh: () => Promise<void>;
  readonly openTranscript: (sessionId: string, how: OpenHow) => void;
  readonly notify: Notify;
}

interface Imported {
  readonly sessions: readonly Session[];
  /** Something was taken out that would have acted by itself. */
  readonly isDisarmed: boolean;
  readonly failures: readonly unknown[];
}

/** Takes in sessions from files of OpenCode's own form; each that cannot be is told of, and the others come all the same. */
export function importSessions(deps: ImportSessionsDeps): Command {
  return async (argument) => {
    const title = l10n.t('Import Session');
    const obstacle = deps.program.obstacle();
    if (obstacle !== undefined) throw new Problem(obstacle);
    const [folder] = deps.directories();
    if (folder === undefined) throw new Problem(l10n.t('A session works in a folder. Open one first.'));
    const { file } = parseSessionArgument(argument);
    const files =
      file === undefined
        ? await deps.askWhatToOpen({ title, directory: folder, kinds: { JSON: ['json'] } })
        : [await deps.chosenFile(file)];
    if (files === undefined || files.length === 0) return undefined;
    const imported = await deps.runWithProgress(title, (cancellation, report) =>
      takeIn(deps, title, files, { cancellation, report }),
    );
    return conclude(deps, imported);
  };
}

async function takeIn(
  deps: ImportSessionsDeps,
  title: string,
  files: readonly ChosenFile[],
  watch: Watch,
): Promise<Imported> {
  const sessions: Session[] = [];
  const failures: unknown[] = [];
  let isDisarmed = false;
  // As they were numbered: what others came from first.
  for (const file of files.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    try {
      const importable = await inspectFile(file, watch.cancellation);
      const directory = await chooseDirectory(deps, title, importable);
      if (directory === undefined) break;
      sessions.push(await importSession(deps, importable, directory, watch));
      isDisarmed ||= importable.info.isDisarmed;
    } catch (error) {
      failures.push(error);
      if (error instanceof CancelledError) break;
    }
  }
  return { sessions, failures, isDisarmed };
}

async function conclude(
  deps: ImportSessionsDeps,
  { sessions, failures, isDisarmed }: Imported,
): Promise<string | undefined> {
  const [first] = sessions;
  if (first !== undefined) {
    // No event tells of what another program wrote.
    await deps.refresh();
    deps.openTranscript(first.id, 'pinned');
    const names = listNames(sessions.map(({ title }) => title));
    const said = l10n.t('Imported: {0}.', names);
    const disarmed = l10n.t(
      'What would have acted by itself was left out: prompts that waited, and permissions that were given elsewhere.',
    );
    deps.notify({ message: isDisarmed ? `${said} ${disarmed}` : said, actions: [] });
  }
  const told = failures.filter((error) => !(error instanceof CancelledError));
  const [failure = failures[0], ...more] = told;
  if (failure === undefined) return first?.id;
  if (more.length === 0) throw failure;
  throw new Problem([failure, ...more].map(sentenceOf).join(' '), { cause: told });
}

/** The folder of this window that the session names, else the only one, else one that is asked for. */
async function chooseDirectory(
  { directories, directoryName, dialogs }: ImportSessionsDeps,
  title: string,
  { info }: Importable,
): Promise<string | undefined> {
  const folders = directories();
  if (folders.includes(info.directory)) return info.directory;
  if (folders.length === 1) return folders[0];
  return dialogs.pickOne(
    l10n.t('{0}: “{1}” into Which Folder?', title, info.title),
    folders.map((folder) => ({
      label: directoryName(folder),
      description: folder,
      icon: 'folder',
      value: folder,
    })),
  );
}
