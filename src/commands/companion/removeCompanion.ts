import { l10n } from '../../core/l10n.ts';
import type { CompanionFile, CompanionFiles, CompanionPlace } from '../../core/ports/companionFiles.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { Command } from '../command.ts';
import { type AfterwardsDeps, whatIsNext } from './afterwards.ts';
import { allPlaces, namedPlace, placeLabel, type PlaceNames, requireTrusted } from './companionPlaces.ts';

export interface RemoveCompanionDeps extends PlaceNames, AfterwardsDeps {
  readonly files: CompanionFiles;
  readonly trusted: () => boolean;
  readonly dialogs: Pick<Dialogs, 'pickOne' | 'confirm' | 'inform'>;
  readonly notify: Notify;
}

interface Installed {
  readonly place: CompanionPlace;
  readonly file: CompanionFile;
}

/**
 * Removes an installed companion, and says so. Takes `{ directory }` or `{ allProjects: true }`; what it gives is not
 * asked. A file that is not ours, or that somebody changed, is removed only if the person says so. Answers with the path.
 */
export function removeCompanion(deps: RemoveCompanionDeps): Command {
  return async (argument) => {
    requireTrusted(deps.trusted);
    const installed = await findInstalled(deps, namedPlace(argument));
    if (installed.length === 0) {
      deps.dialogs.inform(
        l10n.t('No companion is installed, neither in this workspace nor for all projects.'),
      );
      return undefined;
    }
    const chosen = installed.length === 1 ? installed[0] : await pickInstalled(deps, installed);
    if (chosen === undefined || !(await mayRemove(deps, chosen.file))) return undefined;
    await deps.files.remove(chosen.place, chosen.file);
    const { words, actions } = whatIsNext(deps);
    deps.notify({ message: `${l10n.t('{0} was removed.', chosen.file.path)} ${words}`, actions });
    return chosen.file.path;
  };
}

async function findInstalled(
  deps: RemoveCompanionDeps,
  named: CompanionPlace | undefined,
): Promise<readonly Installed[]> {
  const places = named === undefined ? allPlaces(deps) : [named];
  const found = await Promise.all(
    places.map(async (place) => ({ place, file: await deps.files.look(place) })),
  );
  return found.filter(({ file }) => file.kind !== 'absent');
}

function pickInstalled(
  deps: RemoveCompanionDeps,
  installed: readonly Installed[],
): Promise<Installed | undefined> {
  return deps.dialogs.pickOne(
    l10n.t('Remove the Companion From'),
    installed.map((value) => ({
      label: placeLabel(value.place, deps),
      description: value.file.path,
      icon: value.place.kind === 'folder' ? 'folder' : 'globe',
      value,
    })),
  );
}

async function mayRemove(
  { dialogs }: Pick<RemoveCompanionDeps, 'dialogs'>,
  file: CompanionFile,
): Promise<boolean> {
  if (file.kind === 'ours' && !file.isChanged) return true;
  return dialogs.confirm({
    message:
      file.kind === 'ours'
        ? l10n.t('Remove the companion, which somebody changed?')
        : l10n.t('Remove a file that is not the companion?'),
    detail: l10n.t('{0} is lost.', file.path),
    action: l10n.t('Remove'),
  });
}
