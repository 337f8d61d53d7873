import { BusyProblem, Problem, sentenceOf } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { Deletion } from '../core/ports/deletionMemory.ts';
import type { Notice } from '../core/ports/notify.ts';
import { listNames } from '../core/rows/names.ts';
import { isArchived } from '../core/sessions/sessionKind.ts';
import type { Session } from '../protocol/records.ts';
import type { Hold } from './whatHolds.ts';

/** `written`: those among them in which a prompt is written that was not sent. */
export function describeBegun(deletions: readonly Deletion[], written: readonly Deletion[]) {
  const [{ name } = { name: '' }] = deletions;
  const rows = deletions.map(({ sessionId }) => ({ sessionId }));
  const message =
    deletions.length === 1
      ? l10n.t('“{0}” is deleted in ten seconds.', name)
      : l10n.t('{0} sessions are deleted in ten seconds: {1}.', deletions.length, namesOf(deletions));
  return {
    message: [message, ...wordsOfWritten(deletions, written)].join(' '),
    actions: [
      {
        title: l10n.t('Undo'),
        command: 'opencodeSessions.session.undoDelete',
        arguments: [undefined, rows],
      },
    ],
  };
}

function wordsOfWritten(deletions: readonly Deletion[], written: readonly Deletion[]): readonly string[] {
  if (written.length === 0) return [];
  return deletions.length === 1
    ? [l10n.t('The text of the prompt that is written there is kept.')]
    : [l10n.t('The texts of the prompts that are written there are kept: {0}.', namesOf(written))];
}

/** What is found of a session that was to be deleted; no `session`: it is gone. */
export interface FoundDeletion {
  readonly deletion: Deletion;
  readonly session: Session | undefined;
}

/** What a person is to know of sessions of which it was not known whether they are deleted. */
export function describeFound(found: readonly FoundDeletion[]): readonly Notice[] {
  const away = found.filter(({ session }) => session !== undefined && isArchived(session));
  const left = away.flatMap(({ deletion }) => (deletion.isUnknown === true ? [] : [deletion]));
  // Of the others nobody was told anything.
  const unknown = found.filter(({ deletion }) => deletion.isUnknown === true);
  return [...(left.length > 0 ? [describeLeft(left)] : []), ...unknown.map(describeKnown)];
}

function describeKnown({ deletion, session }: FoundDeletion): Notice {
  const { name } = deletion;
  if (session === undefined) return { message: l10n.t('“{0}” was deleted.', name), actions: [] };
  return {
    severity: 'warning',
    message: isArchived(session)
      ? l10n.t('“{0}” was not deleted. It is in the archive.', name)
      : l10n.t('“{0}” was not deleted.', name),
    actions: [deleteAgain([deletion])],
  };
}

/** Of a deletion whose answer was lost while the server could not be asked again. */
export function describeUnknown({ name }: Deletion, error: unknown): Notice {
  return {
    severity: 'warning',
    message: l10n.t(
      'It is not known yet whether “{0}” was deleted. It is looked for by itself. {1}',
      name,
      sentenceOf(error),
    ),
    actions: [],
  };
}

function describeLeft(deletions: readonly Deletion[]) {
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

/** Why a session was not deleted: something runs, ran or will run in it, or it is no longer what it was. */
export type KeptBecause = Hold | 'changed';

/** `failure`: why it could not be taken out of the archive again. */
export function describeKept(deletion: Deletion, because: KeptBecause, failure?: unknown) {
  return {
    severity: 'warning',
    message: [
      wordsOfKept(deletion.name, because),
      ...(failure === undefined ? [] : [wordsOfPlace(failure)]),
    ].join(' '),
    actions: [
      {
        title: l10n.t('Open Session'),
        command: 'opencodeSessions.session.open',
        arguments: [deletion.sessionId],
      },
    ],
  } as const;
}

function wordsOfPlace(failure: unknown): string {
  return failure instanceof Problem && failure.mayHaveArrived
    ? l10n.t('Whether it is out of the archive is not known. {0}', failure.message)
    : l10n.t('It could not be taken out of the archive. {0}', sentenceOf(failure));
}

function wordsOfKept(name: string, because: KeptBecause): string {
  switch (because) {
    case 'works':
      return l10n.t('“{0}” was not deleted, because it began to work meanwhile.', name);
    case 'awaited':
      return l10n.t('“{0}” was not deleted, because a prompt waits in it or is on its way to it.', name);
    case 'written':
      return l10n.t('“{0}” was not deleted, because a prompt is being written in it.', name);
    case 'changed':
      return l10n.t('“{0}” was not deleted, because it was changed meanwhile.', name);
  }
}

/** What is in the way of deleting a session at once. */
export function describeHold(name: string, hold: Hold): BusyProblem {
  return new BusyProblem(
    hold === 'works' ? l10n.t('“{0}” was not deleted, because it works.', name) : wordsOfKept(name, hold),
  );
}

export function describeFailed(deletion: Deletion, error: unknown, isAway = true): Notice {
  const { name } = deletion;
  return {
    severity: 'warning',
    message: isAway
      ? l10n.t('“{0}” was not deleted and is in the archive. {1}', name, sentenceOf(error))
      : l10n.t('“{0}” was not deleted. {1}', name, sentenceOf(error)),
    actions: [deleteAgain([deletion])],
  };
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
