import { sentenceOf } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { Deletion } from '../core/ports/deletionMemory.ts';
import { listNames } from '../core/rows/names.ts';

export function describeBegun(deletions: readonly Deletion[]) {
  const [{ name } = { name: '' }] = deletions;
  const rows = deletions.map(({ sessionId }) => ({ sessionId }));
  return {
    message:
      deletions.length === 1
        ? l10n.t('“{0}” is deleted in ten seconds.', name)
        : l10n.t('{0} sessions are deleted in ten seconds: {1}.', deletions.length, namesOf(deletions)),
    actions: [
      {
        title: l10n.t('Undo'),
        command: 'opencodeSessions.session.undoDelete',
        arguments: [undefined, rows],
      },
    ],
  };
}

export function describeLeft(deletions: readonly Deletion[]) {
  const [{ name } = { name: '' }] = deletions;
  return {
    severity: 'warning',
    message:
      deletions.length === 1
        ? l10n.t('“{0}” was to be deleted when the window ended. It is in the archive.', name)
        : l10n.t(
            '{0} sessions were to be deleted when the window ended: {1}. They are in the archive.',
            deletions.length,
            namesOf(deletions),
          ),
    actions: [deleteAgain(deletions)],
  } as const;
}

/** Why a session was not deleted: something runs or ran in it, or it is no longer what it was. */
export type KeptBecause = 'works' | 'changed';

export function describeKept(deletion: Deletion, because: KeptBecause) {
  return {
    severity: 'warning',
    message: wordsOfKept(deletion.name, because),
    actions: [
      {
        title: l10n.t('Open Session'),
        command: 'opencodeSessions.session.open',
        arguments: [deletion.sessionId],
      },
    ],
  } as const;
}

function wordsOfKept(name: string, because: KeptBecause): string {
  switch (because) {
    case 'works':
      return l10n.t('“{0}” was not deleted, because it began to work meanwhile.', name);
    case 'changed':
      return l10n.t('“{0}” was not deleted, because it was changed meanwhile.', name);
  }
}

export function describeFailed(deletion: Deletion, error: unknown) {
  return {
    severity: 'warning',
    message: l10n.t('“{0}” was not deleted and is in the archive. {1}', deletion.name, sentenceOf(error)),
    actions: [deleteAgain([deletion])],
  } as const;
}

function deleteAgain(deletions: readonly Deletion[]) {
  return {
    title: l10n.t('Delete…'),
    command: 'opencodeSessions.session.delete',
    arguments: [undefined, deletions.map(({ sessionId }) => ({ sessionId }))],
  };
}

function namesOf(deletions: readonly Deletion[]): string {
  return listNames(deletions.map(({ name }) => name));
}
