import { l10n } from '../../core/l10n.ts';
import type { CompanionFile, CompanionFiles, CompanionPlace } from '../../core/ports/companionFiles.ts';
import type { Dialogs } from '../../core/ports/dialogs.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { Command } from '../command.ts';
import { type AfterwardsDeps, whatIsNext } from './afterwards.ts';
import { allPlaces, namedPlace, placeLabel, type PlaceNames, requireTrusted } from './companionPlaces.ts';

export interface InstallCompanionDeps extends PlaceNames, AfterwardsDeps {
  readonly files: CompanionFiles;
  readonly trusted: () => boolean;
  readonly dialogs: Pick<Dialogs, 'pickOne' | 'confirm' | 'inform'>;
  readonly notify: Notify;
}

/**
 * Writes the companion among the plugins of servers that the editor does not start, and says where. Takes
 * `{ directory }` or `{ allProjects: true }`; what it gives is not asked. What somebody else wrote there is not replaced
 * without a question. Answers with the path.
 */
export function installCompanion(deps: InstallCompanionDeps): Command {
  return async (argument) => {
    const { files, dialogs, notify } = deps;
    requireTrusted(deps.trusted);
    const place = namedPlace(argument) ?? (await pickPlace(deps));
    if (place === undefined) return undefined;
    const file = await files.look(place);
    if (file.kind === 'ours' && !file.isChanged && file.version === files.version) {
      dialogs.inform(l10n.t('The companion {0} is there already: {1}', file.version, file.path));
      return file.path;
    }
    if (!(await mayReplace(deps, file))) return undefined;
    await files.install(place, file);
    const { words, actions } = whatIsNext(deps);
    notify({
      message: `${l10n.t('The companion {0} was written to {1}.', files.version, file.path)} ${words}`,
      actions,
    });
    return file.path;
  };
}

async function pickPlace(deps: InstallCompanionDeps): Promise<CompanionPlace | undefined> {
  const choices = await Promise.all(
    allPlaces(deps).map(async (place) => ({
      label: placeLabel(place, deps),
      // A place that cannot be looked at says why once it is chosen.
      description: await deps.files.look(place).then(
        ({ path }) => path,
        () => '',
      ),
      icon: place.kind === 'folder' ? 'folder' : 'globe',
      value: place,
    })),
  );
  return deps.dialogs.pickOne(l10n.t('Install the Companion For'), choices);
}

async function mayReplace(
  { dialogs }: Pick<InstallCompanionDeps, 'dialogs'>,
  file: CompanionFile,
): Promise<boolean> {
  if (file.kind === 'absent' || (file.kind === 'ours' && !file.isChanged)) return true;
  return dialogs.confirm({
    message:
      file.kind === 'ours'
        ? l10n.t('Replace the companion, which somebody changed?')
        : l10n.t('Replace a file that is not the companion?'),
    detail: l10n.t('{0} is lost.', file.path),
    action: l10n.t('Replace'),
  });
}
