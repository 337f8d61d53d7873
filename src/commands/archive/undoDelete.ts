import { NotFoundProblem, Problem, sentenceOf } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { listNames } from '../../core/rows/names.ts';
import type { Deletions, NotBack, Undone } from '../../flows/deletions.ts';
import { parseSelection } from '../choosing/sessionArgument.ts';
import type { Command } from '../command.ts';

export interface UndoDeleteDeps {
  readonly deletions: Pick<Deletions, 'undo'>;
}

/** Gives sessions back that are about to be deleted, all where none is named. */
export function undoDelete({ deletions }: UndoDeleteDeps): Command {
  return async (argument, selection) => {
    const named = parseSelection(argument, selection);
    const undone = await deletions.undo(named.length > 0 ? named : undefined);
    const [first] = undone.back;
    if (undone.tooLate.length > 0 || undone.failed.length > 0) throw describeNotBack(undone);
    if (first !== undefined) return first;
    throw new Problem(l10n.t('There is nothing to undo: no session is about to be deleted any more.'));
  };
}

function describeNotBack({ tooLate, failed }: Undone): Problem {
  const sentences = failed.map(describeFailure);
  if (tooLate.length === 1) {
    sentences.push(l10n.t('It is too late for {0}: OpenCode was asked to delete it.', listNames(tooLate)));
  } else if (tooLate.length > 1) {
    sentences.push(l10n.t('It is too late for {0}: OpenCode was asked to delete them.', listNames(tooLate)));
  }
  const left = failed.filter(({ error }) => !(error instanceof NotFoundProblem));
  const again = {
    title: l10n.t('Undo'),
    command: 'opencodeSessions.session.undoDelete',
    arguments: [undefined, left.map(({ sessionId }) => ({ sessionId }))],
  };
  return new Problem(sentences.join(' '), left.length > 0 ? { remedy: again } : {});
}

function describeFailure({ name, error }: NotBack): string {
  if (error instanceof NotFoundProblem) return l10n.t('“{0}” is gone: it was deleted elsewhere.', name);
  return error instanceof Problem && error.mayHaveArrived
    ? l10n.t(
        '“{0}” is not deleted, but whether it is out of the archive is not known. {1}',
        name,
        error.message,
      )
    : l10n.t('“{0}” is not deleted, but could not be taken out of the archive. {1}', name, sentenceOf(error));
}
