import { type Problem, UncertainProblem, UndeliveredProblem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { Session } from '../protocol/records.ts';

/** What is said where a session was made whose first prompt failed in a way that leaves it there: asked again, it is gone on in. */
export function describeUnfinished({ title }: Session, error: unknown): Problem {
  if (error instanceof UncertainProblem) {
    return new UncertainProblem(
      l10n.t(
        '“{0}” was made, but it is not known yet whether its prompt arrived. It is looked for by itself.',
        title,
      ),
      { cause: error },
    );
  }
  return new UndeliveredProblem(
    l10n.t('“{0}” was made, but its prompt did not arrive. Send the draft again to go on in it.', title),
    { cause: error },
  );
}

/** What is said where a session was compacted and what was to follow failed: asked again, it is not compacted twice. */
export function describeUnfollowed({ title }: Session, cause: Problem): Problem {
  if (cause instanceof UncertainProblem) {
    return new UncertainProblem(
      l10n.t(
        '“{0}” was compacted, but it is not known yet whether what was to follow arrived. It is looked for by itself.',
        title,
      ),
      { cause },
    );
  }
  return new UndeliveredProblem(
    l10n.t(
      '“{0}” was compacted, but what was to follow did not arrive. Send the draft again. {1}',
      title,
      cause.message,
    ),
    { cause },
  );
}
