import * as z from 'zod';
import { automationEvents, stepKinds } from './automation.ts';

/** What became of a step. */
const StepRecord = z.object({
  kind: z.enum(stepKinds),
  /** What it does, in few words: the task's name, the agent. */
  what: z.string(),
  /**
   * `sent`: what it began goes on by itself. `stillRunning`: it was not waited for any longer. `skipped`: one before it failed,
   * or all was paused.
   */
  state: z.enum(['waiting', 'running', 'done', 'sent', 'stillRunning', 'failed', 'skipped']),
  /** A sentence for a person. */
  detail: z.string().optional(),
});
export type StepRecord = z.infer<typeof StepRecord>;

/**
 * A run of an automation, as it is kept for all windows of this user. It is written before anything is done: who writes it
 * first has claimed the run, and no other window begins it, also where that window ends in the middle of it.
 */
export const RunRecord = z.object({
  /** The entry's `id` and name. */
  automation: z.string(),
  name: z.string(),
  /** What happened, by the server's own ids: the same in each window. */
  key: z.string(),
  on: z.enum(automationEvents).optional(),
  sessionId: z.string(),
  /** Why it was run, as a sentence. */
  reason: z.string(),
  /** The names of the automations that led to this, first first, without this one. */
  chain: z.array(z.string()),
  /** Names the window that runs it. */
  window: z.string(),
  /** When it was claimed, in milliseconds since 1970. */
  time: z.number(),
  ended: z.number().optional(),
  /** A person pressed Run Now: no limit counts for it. */
  isByHand: z.literal(true).optional(),
  state: z.enum([
    /** Somebody is asked whether to run it; nothing was done yet. */
    'asking',
    'running',
    'succeeded',
    'failed',
    'stillRunning',
    /** Asked, a person said no, or nothing. */
    'declined',
    'expired',
    /** A limit was in the way; nothing was done. */
    'limited',
    /** All was paused in the middle of it. */
    'stopped',
  ]),
  detail: z.string().optional(),
  steps: z.array(StepRecord),
  /** The prompts that it sent, by their sessions and messages: written down before they are sent. */
  sent: z.array(z.object({ sessionId: z.string(), messageId: z.string().optional() })),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** A record, and whether its window was heard of a moment ago. */
export interface KeptRun {
  readonly record: RunRecord;
  /** False of one that goes on: its window is gone, and nobody saw its end. */
  readonly isHeard: boolean;
}

/** How a run stands for a person: `unknown` was begun, and its end was seen by nobody. */
export type RunState = RunRecord['state'] | 'unknown';

export function stateOf({ record, isHeard }: KeptRun): RunState {
  if (record.state === 'running' && !isHeard) return 'unknown';
  // Nothing was done before somebody said yes.
  return record.state === 'asking' && !isHeard ? 'expired' : record.state;
}

const hour = 3_600_000;
const failureLimit = 3;

/** Runs that did something, or may have. */
function hasRun({ record, isHeard }: KeptRun): boolean {
  return !['declined', 'expired', 'limited', 'asking'].includes(stateOf({ record, isHeard }));
}

/**
 * How many runs of the last hour stand before this one, in an order that is the same for every window. Clocks jump: what lies
 * an hour ahead or behind counts no more.
 */
export function runsBefore(own: RunRecord, runs: readonly KeptRun[], now: number): number {
  return runs.filter(
    (run) =>
      run.record.automation === own.automation &&
      run.record.isByHand === undefined &&
      run.record.key !== own.key &&
      (hasRun(run) || run.record.state === 'asking') &&
      Math.abs(now - run.record.time) < hour &&
      isEarlier(run.record, own),
  ).length;
}

function isEarlier(one: RunRecord, other: RunRecord): boolean {
  return one.time === other.time ? one.key < other.key : one.time < other.time;
}

/** Whether so many of the latest runs failed in a row that it is not tried again. `since`: when it was switched on. */
export function failsAgainAndAgain(runs: readonly KeptRun[], automation: string, since: number): boolean {
  const ended = runs
    .filter(({ record }) => record.automation === automation && record.time >= since)
    .filter(({ record }) => record.state === 'succeeded' || record.state === 'failed')
    .toSorted((a, b) => b.record.time - a.record.time)
    .slice(0, failureLimit);
  return ended.length === failureLimit && ended.every(({ record }) => record.state === 'failed');
}

/** How a run ended, by its steps. */
export function resultOf(steps: readonly StepRecord[]): 'succeeded' | 'failed' | 'stillRunning' | 'stopped' {
  if (steps.some(({ state }) => state === 'failed')) return 'failed';
  if (steps.some(({ state }) => state === 'stillRunning')) return 'stillRunning';
  return steps.some(({ state }) => state === 'skipped') ? 'stopped' : 'succeeded';
}
