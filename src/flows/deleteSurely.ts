import { NotFoundProblem, Problem, sentenceOf, UncertainProblem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { Session } from '../protocol/records.ts';
import { mayHaveActed } from './prompting/attempts.ts';

/** A session that was to be deleted and is there, and why. */
export interface NotDeleted {
  readonly session: Session;
  readonly error: unknown;
}

/**
 * Deletes a session; after a lost answer the server is looked at. undefined: it is gone. Throws `UncertainProblem` where
 * nobody knows, else what refused it.
 */
export async function deleteSurely(
  openCode: Pick<OpenCode, 'getSession' | 'deleteSession'>,
  sessionId: string,
): Promise<NotDeleted | undefined> {
  try {
    await openCode.deleteSession(sessionId);
    return undefined;
  } catch (error) {
    if (error instanceof NotFoundProblem) return undefined;
    if (!mayHaveActed(error)) throw error;
    return look(openCode, sessionId, error);
  }
}

/** The same, and throws also where the session is there, or may be. `name`: what it is called before a person. */
export async function deleteOrThrow(
  openCode: Pick<OpenCode, 'getSession' | 'deleteSession'>,
  sessionId: string,
  name: string,
): Promise<void> {
  try {
    const there = await deleteSurely(openCode, sessionId);
    if (there === undefined) return;
    throw new Problem(l10n.t('“{0}” was not deleted. {1}', name, sentenceOf(there.error)), {
      cause: there.error,
    });
  } catch (error) {
    if (!(error instanceof UncertainProblem)) throw error;
    throw new UncertainProblem(
      l10n.t('It is not known whether “{0}” was deleted. {1}', name, error.message),
      {
        cause: error,
      },
    );
  }
}

async function look(
  openCode: Pick<OpenCode, 'getSession'>,
  sessionId: string,
  error: unknown,
): Promise<NotDeleted | undefined> {
  try {
    return { session: await openCode.getSession(sessionId), error };
  } catch (failure) {
    if (failure instanceof NotFoundProblem) return undefined;
    throw new UncertainProblem(sentenceOf(error), { cause: failure });
  }
}
