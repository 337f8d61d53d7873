import type { AutomationStep } from '../../core/automations/automation.ts';
import { reasonForModel } from '../../core/automations/automationWords.ts';
import { resultOf, type RunRecord, type StepRecord } from '../../core/automations/runRecord.ts';
import { Problem, sentenceOf } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { AutomationActs } from '../../core/ports/automationActs.ts';
import type { Session } from '../../protocol/records.ts';
import { mayHaveActed } from '../prompting/attempts.ts';
import type { PromptMark, RunningEntry } from './automationPorts.ts';
import { isSendingStep, sendStep, type SendStepPorts } from './sendStep.ts';

export interface RunStepsPorts extends SendStepPorts {
  readonly acts: AutomationActs;
  /** Whether nothing more is to be begun. */
  readonly isStopped: () => Promise<boolean>;
  /** Whether a task of the entry is what a person agreed to: an earlier step, e.g. a pull, may have made it another. */
  readonly isAsAgreed: () => Promise<boolean>;
  /** Keeps how far the run has come, before what follows is done. */
  readonly keep: (record: RunRecord) => Promise<void>;
  readonly now: () => number;
}

/** Does the steps in their order and stops at the first that fails. Answers with the record as it was kept last. */
export async function runSteps(
  ports: RunStepsPorts,
  { entry, automation }: RunningEntry,
  session: Session,
  begun: RunRecord,
): Promise<RunRecord> {
  let record = begun;
  const keep = async (change: Partial<RunRecord>): Promise<void> => {
    record = { ...record, ...change };
    await ports.keep(record);
  };
  const set = (at: number, step: Partial<StepRecord>): readonly StepRecord[] =>
    record.steps.map((one, index) => (index === at ? { ...one, ...step } : one));
  const mark: PromptMark = {
    startedBy: { name: entry.name, on: begun.on ?? 'hand', chain: [...begun.chain, entry.name] },
    why: reasonForModel(begun.on, { id: session.id, title: ports.sessions.title(session) }),
  };
  for (const [at, step] of automation.steps.entries()) {
    if (await ports.isStopped()) break;
    await keep({ steps: [...set(at, { state: 'running' })] });
    const onSent = async (sent: RunRecord['sent'][number]): Promise<void> => {
      if (!record.sent.some(({ messageId }) => messageId === sent.messageId)) {
        await keep({ sent: [...record.sent, sent] });
      }
    };
    const done = await runStep(ports, {
      step,
      session,
      mark,
      timeLimit: automation.timeLimit,
      name: entry.name,
      isFirst: at === 0,
      onSent,
    });
    record = { ...record, steps: [...set(at, done)] };
    if (done.state === 'failed' || done.state === 'stillRunning') break;
  }
  const steps = record.steps.map((step) =>
    step.state === 'waiting' ? { ...step, state: 'skipped' as const } : step,
  );
  await keep({ steps, state: resultOf(steps), ended: ports.now() });
  return record;
}

interface StepOrder {
  readonly step: AutomationStep;
  readonly session: Session;
  readonly mark: PromptMark;
  readonly timeLimit: number;
  readonly name: string;
  /** Nothing was done since it was looked whether the entry is as a person agreed to it. */
  readonly isFirst: boolean;
  readonly onSent: (sent: RunRecord['sent'][number]) => Promise<void>;
}

async function runStep(
  ports: RunStepsPorts,
  order: StepOrder,
): Promise<Pick<StepRecord, 'state' | 'detail'>> {
  try {
    return await act(ports, order);
  } catch (error) {
    const detail = mayHaveActed(error)
      ? l10n.t('{0} Whether it was done is not known; it is not done again.', sentenceOf(error))
      : sentenceOf(error);
    return { state: 'failed', detail };
  }
}

async function act(
  { acts, isAsAgreed, ...ports }: RunStepsPorts,
  { step, session, mark, timeLimit, name, isFirst, onSent }: StepOrder,
): Promise<Pick<StepRecord, 'state' | 'detail'>> {
  if (isSendingStep(step)) {
    await onSent(await sendStep(ports, session, step, mark, onSent));
    return { state: 'sent' };
  }
  if (step.kind === 'notify') {
    acts.notify(name, step.text, session);
    return { state: 'done' };
  }
  if (step.kind === 'task' && !isFirst && !(await isAsAgreed())) {
    throw new Problem(
      l10n.t('The task “{0}” changed since the automation began, so it was not run.', step.name),
    );
  }
  const { directory } = session;
  const outcome =
    step.kind === 'task'
      ? await acts.runTask(step.name, directory, timeLimit)
      : step.kind === 'command'
        ? await acts.runEditorCommand(step.id, step.arguments, timeLimit)
        : await acts.runInTerminal(step.text, directory, timeLimit);
  return {
    state: outcome.kind,
    ...('detail' in outcome && outcome.detail !== undefined && { detail: outcome.detail }),
  };
}
