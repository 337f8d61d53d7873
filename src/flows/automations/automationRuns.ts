import { type AutomationEntry, isOfWorkspace } from '../../core/automations/automation.ts';
import { describeStep } from '../../core/automations/automationWords.ts';
import { type RunRecord, runsBefore } from '../../core/automations/runRecord.ts';
import { Problem, sentenceOf } from '../../core/errors.ts';
import type { Disposable } from '../../core/event.ts';
import { formatCost } from '../../core/figures.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { AutomationStore } from '../../core/automations/automationStore.ts';
import type { Notify } from '../../core/ports/notify.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { costOfLineage } from '../../core/sessions/usage.ts';
import { makeMessageId } from '../../core/turns/messageId.ts';
import type { Session } from '../../protocol/records.ts';
import type { AutomationList } from './automationList.ts';
import type { RunningEntry } from './automationPorts.ts';
import { runSteps, type RunStepsPorts } from './runSteps.ts';

export interface AutomationRunsPorts extends Omit<RunStepsPorts, 'isStopped' | 'isAsAgreed' | 'keep'> {
  readonly sessions: Pick<Sessions, 'all' | 'title' | 'get' | 'origin' | 'derivedFrom'>;
  readonly store: AutomationStore;
  readonly list: Pick<AutomationList, 'isStopped' | 'wordsOf' | 'note' | 'heedFailures' | 'approve' | 'find'>;
  /** Names this window among those of the user. */
  readonly window: string;
  /** Asks whether to run; undefined: the person closed the question. */
  readonly ask: (question: string) => Promise<'run' | 'notNow' | undefined>;
  readonly startTimer: (callback: () => void, milliseconds: number) => Disposable;
  readonly notify: Notify;
  readonly log: Log;
}

/** What an automation is run for. */
export interface RunCause {
  readonly session: Session;
  readonly on: RunRecord['on'];
  /** The same for every window that sees what happened. */
  readonly key: string;
  /** As a sentence. */
  readonly reason: string;
  readonly chain: readonly string[];
}

/** Milliseconds for which a question whether to run waits for its answer. */
const questionTime = 30 * 60_000;
/** Milliseconds between two words that a limit is in the way. */
const toldPause = 3_600_000;

/**
 * Runs automations: each thing that happened once, whichever window sees it. A run is claimed before anybody is asked and
 * anything is done; what was claimed and came to no end is said to be so and never done again.
 */
export class AutomationRuns {
  readonly #ports: AutomationRunsPorts;
  /** When it was said last that a limit is in the way, by the entry. */
  readonly #toldLimits = new Map<string, number>();

  constructor(ports: AutomationRunsPorts) {
    this.#ports = ports;
  }

  /** Runs an entry for something that happened, unless something speaks against it, which is then said. */
  async run(running: RunningEntry, cause: RunCause): Promise<void> {
    const { list, store } = this.#ports;
    const { entry, automation } = running;
    if (await list.isStopped()) return list.note(entry.id, l10n.t('All was paused.'));
    const words = await list.wordsOf(entry);
    const isApproved = await store.isApproved(entry.id, words);
    // A task of it may have become another a moment ago.
    if (isOfWorkspace(entry) && !isApproved)
      return list.note(entry.id, l10n.t('It changed since it was approved.'));
    const cost = this.#costBarrier(running, cause.session);
    if (cost !== undefined) return this.#limited(running, cause, cost);
    const asks = automation.confirm === 'always' || (automation.confirm === 'once' && !isApproved);
    const record = this.#begin(running, cause, asks ? 'asking' : 'running');
    if (!(await store.claim(record))) return;
    const before = runsBefore(record, await store.runs(), this.#ports.now());
    if (before >= automation.limit.perHour) {
      const detail = l10n.t('It ran {0} times within an hour, which is its limit.', before);
      return this.#end(running, { ...record, state: 'limited', detail });
    }
    if (asks) await this.#ask(running, cause, record, words);
    else await this.#do(running, cause.session, record, words);
  }

  /** Runs it because a person says so, who has seen it: no limit counts. Throws where it could not be begun. */
  async runNow(running: RunningEntry, session: Session): Promise<RunRecord> {
    const { list, store, ids } = this.#ports;
    const { entry } = running;
    const words = await list.wordsOf(entry);
    if (isOfWorkspace(entry) && !(await store.isApproved(entry.id, words))) {
      throw new Problem(l10n.t('“{0}” comes with the workspace. Approve it before it is run.', entry.name), {
        remedy: {
          title: l10n.t('Approve…'),
          command: 'opencodeSessions.automation.approve',
          arguments: [entry.id],
        },
      });
    }
    if (await list.isStopped()) throw new Problem(l10n.t('All automations are paused. Resume them first.'));
    const key = `hand ${makeMessageId(ids)}`;
    const reason = l10n.t('You ran it.');
    const cause: RunCause = { session, on: undefined, key, reason, chain: [] };
    const record: RunRecord = { ...this.#begin(running, cause, 'running'), isByHand: true };
    await store.claim(record);
    return this.#do(running, session, record, words);
  }

  #begin({ entry, automation }: RunningEntry, cause: RunCause, state: 'asking' | 'running'): RunRecord {
    const { session, on, key, reason, chain } = cause;
    return {
      automation: entry.id,
      name: entry.name,
      key,
      ...(on !== undefined && { on }),
      sessionId: session.id,
      reason,
      chain: [...chain],
      window: this.#ports.window,
      time: this.#ports.now(),
      state,
      steps: automation.steps.map((step) => ({
        kind: step.kind,
        what: describeStep(step),
        state: 'waiting',
      })),
      sent: [],
    };
  }

  /** Why the lineage of the session costs too much. */
  #costBarrier({ automation }: RunningEntry, session: Session): string | undefined {
    const { lineageCost } = automation.limit;
    if (lineageCost === undefined) return undefined;
    const cost = costOfLineage(session, this.#ports.sessions);
    if (cost < lineageCost) return undefined;
    return l10n.t(
      'The sessions of this lineage cost {0}, and the limit is {1}.',
      formatCost(cost),
      formatCost(lineageCost),
    );
  }

  async #limited(running: RunningEntry, cause: RunCause, detail: string): Promise<void> {
    const record: RunRecord = { ...this.#begin(running, cause, 'running'), state: 'limited', detail };
    if (await this.#ports.store.claim(record)) await this.#end(running, record);
  }

  /** The question waits; what happened meanwhile does not change what it is about, but too late is too late. */
  async #ask(running: RunningEntry, cause: RunCause, record: RunRecord, words: string): Promise<void> {
    const { ask, startTimer, store, now } = this.#ports;
    const { entry, automation } = running;
    let isExpired = false;
    const question = l10n.t(
      '{0} Run the automation “{1}”? {2}',
      record.reason,
      entry.name,
      this.#stepsOf(running),
    );
    const timer = startTimer(() => {
      isExpired = true;
      const detail = l10n.t('The question was not answered within half an hour.');
      this.#keepQuietly({ ...record, state: 'expired', detail, ended: now() });
    }, questionTime);
    const answer = await ask(question);
    timer.dispose();
    if (isExpired) {
      if (answer === 'run') this.#tellExpired(running, cause.session);
      return;
    }
    if (answer !== 'run') {
      const detail = answer === undefined ? l10n.t('The question was closed.') : undefined;
      return this.#end(running, { ...record, state: 'declined', ...(detail !== undefined && { detail }) });
    }
    const detail = await this.#whyNot(entry, words);
    if (detail !== undefined) return this.#end(running, { ...record, state: 'declined', detail });
    if (automation.confirm === 'once') await store.approve(entry.id, words);
    await this.#do(running, cause.session, { ...record, state: 'running' }, words);
  }

  /** What a person says yes to is what they were shown, so nothing else is run. */
  async #whyNot({ id }: AutomationEntry, words: string): Promise<string | undefined> {
    const { list } = this.#ports;
    try {
      const isSame = (await list.wordsOf(list.find(id).entry)) === words;
      return isSame ? undefined : l10n.t('It changed while you were asked.');
    } catch (error) {
      return sentenceOf(error);
    }
  }

  #tellExpired({ entry }: RunningEntry, session: Session): void {
    this.#ports.notify({
      message: l10n.t('This question has expired, and “{0}” was not run.', entry.name),
      actions: [
        {
          title: l10n.t('Run Now'),
          command: 'opencodeSessions.automation.runNow',
          arguments: [{ automation: entry.id, sessionId: session.id }],
        },
      ],
    });
  }

  #stepsOf({ automation }: RunningEntry): string {
    return automation.steps.map((step) => l10n.t('{0}.', describeStep(step))).join(' ');
  }

  async #do(running: RunningEntry, session: Session, record: RunRecord, words: string): Promise<RunRecord> {
    const { store, list, log } = this.#ports;
    const { entry, automation } = running;
    const isBound = isOfWorkspace(entry) || automation.confirm !== 'never';
    // Written once more: whoever asked before has its answer.
    await store.write(record);
    let kept: RunRecord;
    try {
      kept = await runSteps(
        {
          ...this.#ports,
          isStopped: () => list.isStopped(),
          isAsAgreed: async () => !isBound || (await list.wordsOf(entry)) === words,
          keep: (changed) => store.write(changed),
        },
        running,
        session,
        record,
      );
    } catch (error) {
      log.error('An automation came to no end.', running.entry.id, error);
      this.#tell(
        running,
        l10n.t(
          '“{0}” could not be written down, so it was stopped. {1}',
          running.entry.name,
          sentenceOf(error),
        ),
      );
      throw error;
    }
    await this.#tellEnd(running, kept);
    return kept;
  }

  async #end(running: RunningEntry, record: RunRecord): Promise<void> {
    const ended = { ...record, ended: this.#ports.now() };
    await this.#ports.store.write(ended);
    await this.#tellEnd(running, ended);
  }

  async #tellEnd(running: RunningEntry, record: RunRecord): Promise<void> {
    const { entry } = running;
    const failed = record.steps.find(({ state }) => state === 'failed' || state === 'stillRunning');
    const what = failed?.what ?? '';
    switch (record.state) {
      case 'failed':
        this.#tell(
          running,
          l10n.t('The automation “{0}” failed. {1}: {2}', entry.name, what, failed?.detail ?? ''),
        );
        await this.#ports.list.heedFailures(entry);
        break;
      case 'stillRunning':
        this.#tell(
          running,
          l10n.t(
            '“{0}” of the automation “{1}” is still running and is not waited for any longer. Nothing was ended.',
            what,
            entry.name,
          ),
        );
        break;
      case 'limited':
        // The list says it each time; a person is told now and then.
        if (Math.abs(record.time - (this.#toldLimits.get(entry.id) ?? 0)) < toldPause) break;
        this.#toldLimits.set(entry.id, record.time);
        this.#tell(running, l10n.t('The automation “{0}” was not run. {1}', entry.name, record.detail ?? ''));
        break;
      case 'stopped':
        this.#tell(
          running,
          l10n.t('The automation “{0}” was stopped before its end: all was paused.', entry.name),
        );
        break;
      default:
    }
  }

  #tell({ entry }: RunningEntry, message: string): void {
    this.#ports.log.info('An automation ended otherwise than it was meant to.', entry.id, message);
    this.#ports.notify({
      severity: 'warning',
      message,
      actions: [{ title: l10n.t('Show Automations'), command: 'opencodeSessions.automations.show' }],
    });
  }

  #keepQuietly(record: RunRecord): void {
    this.#ports.store
      .write(record)
      .catch((error: unknown) =>
        this.#ports.log.warn('A run could not be written down.', record.automation, error),
      );
  }
}
