import { window } from 'vscode';
import { Problem, type Remedy } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { Log } from '../core/log.ts';
import type { CommandId } from '../manifest.ts';
import { runRemedy } from './runRemedy.ts';

/** Shows what went wrong, with a button that mends it or else one that shows the log, where the detail stands. */
export function createShowProblem(log: Log): (problem: unknown) => void {
  return (problem) => {
    log.error('A command failed.', ...causes(problem));
    const message =
      problem instanceof Problem
        ? problem.message
        : l10n.t('Something unexpected went wrong. The log has the detail.');
    const remedy = (problem instanceof Problem ? problem.remedy : undefined) ?? showLog();
    offer(message, remedy).catch((failure: unknown) => log.error('A remedy failed.', failure));
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

async function offer(message: string, remedy: Remedy): Promise<void> {
  const chosen = await window.showErrorMessage(message, remedy.title);
  if (chosen === remedy.title) await runRemedy(remedy);
}

function showLog(): Remedy {
  const command: CommandId = 'opencodeSessions.log.show';
  return { title: l10n.t('Show Log'), command };
}
