import * as z from 'zod';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { CompanionPlace } from '../../core/ports/companionFiles.ts';

/** What a command on the companion is given: a folder of the window, or all projects. What it gives is not asked. */
export const PlaceArgument = z
  .object({
    directory: z.string().min(1).optional().catch(undefined),
    allProjects: z.boolean().optional().catch(undefined),
  })
  .catch({});

/** The place that an argument names. */
export function namedPlace(argument: unknown): CompanionPlace | undefined {
  const { directory, allProjects } = PlaceArgument.parse(argument ?? {});
  if (allProjects === true) return { kind: 'allProjects' };
  return directory === undefined ? undefined : { kind: 'folder', directory };
}

/** What that place is called where a person picks one. */
export function placeLabel(place: CompanionPlace, { directories, directoryName }: PlaceNames): string {
  if (place.kind === 'allProjects') return l10n.t('All Projects');
  if (directories().length === 1) return l10n.t('This Workspace');
  return l10n.t('The Folder {0}', directoryName(place.directory));
}

export interface PlaceNames {
  /** The workspace folders, absolute. */
  readonly directories: () => readonly string[];
  readonly directoryName: (directory: string) => string;
}

export function allPlaces({ directories }: Pick<PlaceNames, 'directories'>): readonly CompanionPlace[] {
  const folders = directories().map((directory) => ({ kind: 'folder' as const, directory }));
  return [...folders, { kind: 'allProjects' }];
}

/** What a plugin does, it does with all rights of the person. */
export function requireTrusted(trusted: () => boolean): void {
  if (trusted()) return;
  throw new Problem(
    l10n.t('The companion is neither installed nor removed in a folder that you do not trust.'),
    {
      remedy: { title: l10n.t('Manage Workspace Trust'), command: 'workbench.trust.manage' },
    },
  );
}
