import { countFiles } from '../figures.ts';
import { l10n } from '../l10n.ts';
import type { AutomationEntry, AutomationEvent, AutomationStep } from './automation.ts';
import type { RunState, StepRecord } from './runRecord.ts';

/** When an automation is run: "when a session settles". */
export function describeEvent(on: AutomationEvent): string {
  switch (on) {
    case 'settled':
      return l10n.t('when a session settles');
    case 'failed':
      return l10n.t('when a session fails');
    case 'todoCompleted':
      return l10n.t('when a todo is completed');
    case 'allTodosDone':
      return l10n.t('when all todos are done');
    case 'toolCompleted':
      return l10n.t('when a tool call is done');
    case 'created':
      return l10n.t('when a session is created');
    case 'compacted':
      return l10n.t('when a session was compacted');
    case 'needsYou':
      return l10n.t('when a session needs you');
  }
}

/** Why it is run, as a sentence. `what`: the tool, the todo, what is asked for. */
export function describeReason(
  on: AutomationEvent,
  title: string,
  {
    files = [],
    what = '',
  }: { readonly files?: readonly string[] | undefined; readonly what?: string | undefined },
): string {
  switch (on) {
    case 'settled':
      return files.length === 0
        ? l10n.t('“{0}” settled.', title)
        : l10n.t('“{0}” settled and changed {1}.', title, countFiles(files.length));
    case 'failed':
      return l10n.t('“{0}” failed.', title);
    case 'todoCompleted':
      return l10n.t('“{0}” completed the todo “{1}”.', title, what);
    case 'allTodosDone':
      return l10n.t('All todos of “{0}” are done.', title);
    case 'toolCompleted':
      return l10n.t('The tool {0} was done in “{1}”.', what, title);
    case 'created':
      return l10n.t('“{0}” was created.', title);
    case 'compacted':
      return l10n.t('“{0}” was compacted.', title);
    case 'needsYou':
      return l10n.t('“{0}” needs you: {1}', title, what);
  }
}

/** What a step does, in few words. */
export function describeStep(step: AutomationStep): string {
  switch (step.kind) {
    case 'task':
      return l10n.t('Run the task {0}', step.name);
    case 'command':
      return l10n.t('Run the command {0}', step.id);
    case 'terminal':
      return l10n.t('Run in a terminal: {0}', step.text);
    case 'relay':
      return l10n.t('Relay to {0}', step.agent ?? '');
    case 'handOff':
      return step.agent === undefined ? l10n.t('Hand off') : l10n.t('Hand off to {0}', step.agent);
    case 'fork':
      return step.agent === undefined ? l10n.t('Fork') : l10n.t('Fork for {0}', step.agent);
    case 'tell':
      return l10n.t('Tell the session');
    case 'notify':
      return l10n.t('Notify you: {0}', step.text);
  }
}

/** The prompt of a step, where it has one. */
export function promptOf(step: AutomationStep): string | undefined {
  return 'text' in step && step.kind !== 'terminal' && step.kind !== 'notify' ? step.text : undefined;
}

export function describeRunState(state: RunState): string {
  switch (state) {
    case 'asking':
      return l10n.t('asks you');
    case 'running':
      return l10n.t('running');
    case 'succeeded':
      return l10n.t('succeeded');
    case 'failed':
      return l10n.t('failed');
    case 'stillRunning':
      return l10n.t('still running, not waited for');
    case 'declined':
      return l10n.t('not run: you said so');
    case 'expired':
      return l10n.t('not run: nobody answered');
    case 'limited':
      return l10n.t('not run: a limit');
    case 'stopped':
      return l10n.t('stopped: all was paused');
    case 'unknown':
      return l10n.t('begun, and its end was not seen; it is not repeated');
  }
}

export function describeStepState(state: StepRecord['state']): string {
  switch (state) {
    case 'waiting':
      return l10n.t('not begun');
    case 'running':
      return l10n.t('running');
    case 'done':
      return l10n.t('done');
    case 'sent':
      return l10n.t('goes on by itself');
    case 'stillRunning':
      return l10n.t('still running, not waited for');
    case 'failed':
      return l10n.t('failed');
    case 'skipped':
      return l10n.t('not begun');
  }
}

/** Where an entry stands, for a person. */
export function describeOrigin({ origin }: Pick<AutomationEntry, 'origin'>): string {
  switch (origin.kind) {
    case 'user':
      return l10n.t('your settings');
    case 'workspace':
      return l10n.t('the workspace file');
    case 'folder':
      return l10n.t('the settings of the folder');
  }
}

/** The same for a model, as a clause: it is told in English, as all that we say to models. */
export function reasonForModel(
  on: AutomationEvent | undefined,
  { id, title }: { readonly id: string; readonly title: string },
): string {
  const session = `session "${title}" (\`${id}\`)`;
  switch (on) {
    case undefined:
      return `the user ran it for ${session}`;
    case 'settled':
      return `${session} settled`;
    case 'failed':
      return `${session} failed`;
    case 'todoCompleted':
      return `${session} completed a todo`;
    case 'allTodosDone':
      return `all todos of ${session} are done`;
    case 'toolCompleted':
      return `a tool call of ${session} was done`;
    case 'created':
      return `${session} was created`;
    case 'compacted':
      return `${session} was compacted`;
    case 'needsYou':
      return `${session} waits for the user`;
  }
}
