import { Problem, type Remedy } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { CommandId } from '../../manifest.ts';
import { createNotify } from './notice.ts';

/** Shows what went wrong, with a button that mends it or else one that shows the log, where the detail stands. */
export function createShowProblem(log: Log): (problem: unknown) => void {
  const notify = createNotify(log);
  return (problem) => {
    log.error('A command failed.', ...causes(problem));
    const message =
      problem instanceof Problem
        ? problem.message
        : l10n.t('Something unexpected went wrong. The log has the detail.');
    const remedy = (problem instanceof Problem ? problem.remedy : undefined) ?? showLog();
    notify({ message, severity: 'error', actions: [remedy] });
  };
}

/** What was thrown and what lies beneath it: a log channel prints no causes. */
function causes(problem: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let cause = problem; cause !== undefined && !chain.includes(cause); cause = causeOf(cause)) {
    chain.push(cause);
  }
  return chain;
}

function causeOf(problem: unknown): unknown {
  return problem instanceof Error ? problem.cause : undefined;
}

function showLog(): Remedy {
  const command: CommandId = 'opencodeSessions.log.show';
  return { title: l10n.t('Show Log'), command };
}
