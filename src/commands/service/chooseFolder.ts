import * as z from 'zod';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Choice, Dialogs } from '../../core/ports/dialogs.ts';
import type { FolderPlace, ServiceFolder } from '../../core/services/serviceFolders.ts';

export interface ChooseFolderDeps {
  /** Where a folder lies that is named by an absolute path. */
  readonly locateFolder: (path: string) => Promise<FolderPlace>;
  /** The folders of the window that hold a service of their own. */
  readonly findServices: () => Promise<readonly ServiceFolder[]>;
  /** The workspace folders, absolute. */
  readonly directories: () => readonly string[];
  /** What the window calls a folder. */
  readonly directoryName: (directory: string) => string;
  readonly dialogs: Pick<Dialogs, 'pickOne'>;
}

/** A folder in the explorer, a row of the tree, or what another extension says. */
const FolderArgument = z.union([
  z.object({ scheme: z.literal('file').optional(), fsPath: z.string().min(1) }),
  z.object({ directory: z.string().min(1) }),
]);

/** The folder that a command is about: the one named, else the one that a person picks. undefined: they picked none. */
export async function chooseFolder(
  deps: ChooseFolderDeps,
  argument: unknown,
  title: string,
): Promise<ServiceFolder | undefined> {
  const path = readPath(argument);
  return path === undefined ? pickFolder(deps, title) : findFolder(deps, path);
}

/** The folder at a path. Throws a `Problem` that says why no session can work there. */
export async function findFolder(
  { locateFolder }: Pick<ChooseFolderDeps, 'locateFolder'>,
  path: string,
): Promise<ServiceFolder> {
  const place = await locateFolder(path);
  switch (place.kind) {
    case 'inside':
      return place.folder;
    case 'missing':
      throw new Problem(l10n.t('The folder {0} is not there any more. Choose another one.', path));
    case 'noFolder':
      throw new Problem(
        l10n.t('{0} is no folder. A session works in a folder: choose the one around it.', path),
      );
    case 'outside':
      throw new Problem(
        l10n.t(
          '{0} lies in no folder of this window. Add it to the workspace, or open it in a window of its own.',
          place.real,
        ),
        { remedy: { title: l10n.t('Add Folder…'), command: 'workbench.action.addRootFolder' } },
      );
  }
}

function readPath(argument: unknown): string | undefined {
  if (argument === undefined || argument === null) return undefined;
  const parsed = FolderArgument.safeParse(typeof argument === 'string' ? { directory: argument } : argument);
  if (!parsed.success) {
    throw new Problem(
      l10n.t(
        'This command takes a folder on disk: its address, or an object such as { directory: "/work/api" }.',
      ),
      { cause: parsed.error },
    );
  }
  return 'fsPath' in parsed.data ? parsed.data.fsPath : parsed.data.directory;
}

async function pickFolder(
  { findServices, directories, directoryName, dialogs }: ChooseFolderDeps,
  title: string,
): Promise<ServiceFolder | undefined> {
  const roots = directories().map((root) => ({ directory: root, name: directoryName(root), root }));
  const [only] = roots;
  if (only === undefined) {
    throw new Problem(l10n.t('A session works in a folder. Open a folder first.'), {
      remedy: { title: l10n.t('Open Folder…'), command: 'workbench.action.files.openFolder' },
    });
  }
  const services = await findServices();
  if (services.length === 0 && roots.length === 1) return only;
  const isOne = roots.length === 1;
  return dialogs.pickOne(title, [
    ...services.map((service): Choice<ServiceFolder> => ({
      label: service.name,
      ...(isOne ? {} : { description: directoryName(service.root) }),
      icon: 'folder',
      group: l10n.t('Services'),
      value: service,
    })),
    ...roots.map((root): Choice<ServiceFolder> => ({
      label: root.name,
      description: root.directory,
      icon: 'root-folder',
      group: isOne ? l10n.t('The whole folder') : l10n.t('Whole folders'),
      value: root,
    })),
  ]);
}
