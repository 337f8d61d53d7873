import { commands } from 'vscode';
import { Problem, sentenceOf } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { ActOutcome, AutomationActs } from '../../core/ports/automationActs.ts';
import type { Notify } from '../../core/ports/notify.ts';
import { runTask } from './automationTasks.ts';
import { runInTerminal } from './automationTerminal.ts';

/** What automations have the editor do. */
export function createAutomationActs(notify: Notify): AutomationActs {
  return {
    runTask,
    runEditorCommand,
    runInTerminal,
    notify: (name, text, session) =>
      notify({
        message: l10n.t('{0}: {1}', name, text),
        actions: [
          {
            title: l10n.t('Open Session'),
            command: 'opencodeSessions.session.open',
            arguments: [session.id],
          },
        ],
      }),
  };
}

async function runEditorCommand(
  id: string,
  given: readonly unknown[],
  timeLimit: number,
): Promise<ActOutcome> {
  if (!(await commands.getCommands(true)).includes(id)) {
    throw new Problem(l10n.t('There is no command “{0}” in this window.', id));
  }
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => resolve('late'), timeLimit);
  try {
    const run = Promise.resolve(commands.executeCommand(id, ...given));
    const first = await Promise.race([run, late]);
    if (first !== 'late') return { kind: 'done' };
    // It may still fail, which nobody waits for.
    run.catch(() => undefined);
    return { kind: 'stillRunning' };
  } catch (error) {
    throw new Problem(l10n.t('The command “{0}” failed. {1}', id, sentenceOf(error)), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
