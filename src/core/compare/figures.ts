import type { Wait } from '../../protocol/page/header.ts';
import type { AssistantMessage, MessageWithParts, Session, Tokens } from '../../protocol/records.ts';
import { toTurns, type Turn } from '../continuation/turns.ts';
import { isAbort } from '../turns/turn.ts';
import { type Waited, waitedBetween } from '../turns/waitedBetween.ts';

/** An amount of which there may be more that nobody counted. */
export interface Amount {
  readonly value: number;
  readonly isLeast: boolean;
}

/** From when to when a turn ran, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a session came to from a point on, by what the server tells of it. */
export interface SessionFigures {
  /** What was asked and answered, oldest first. */
  readonly turns: readonly Pick<Turn, 'requests' | 'conclusion' | 'end'>[];
  /** All that models read and wrote, also for its subagents. */
  readonly tokens: Amount;
  /** USD, subagents included. */
  readonly cost: Amount;
  /** How long its turns took, in milliseconds, and how much of that it stood still for a person. */
  readonly took: number;
  readonly waited: Waited;
  /** The turns, oldest first. */
  readonly spans: readonly Span[];
  /** Tool calls that ended with an error, and answers that did. What a person stopped is none. */
  readonly failures: { readonly calls: number; readonly answers: number };
}

export interface FiguresInput {
  /** From the point on, in the order of time. */
  readonly messages: readonly MessageWithParts[];
  readonly directory: string;
  /** The subagents that were begun from the point on. */
  readonly subagents: readonly Pick<Session, 'cost' | 'tokens'>[];
  readonly waits: readonly Wait[];
  readonly isWorking: boolean;
  readonly now: number;
}

export function readFigures({
  messages,
  directory,
  subagents,
  waits,
  isWorking,
  now,
}: FiguresInput): SessionFigures {
  const answers = messages.flatMap(({ info }) => (info.role === 'assistant' ? [info] : []));
  const spans = readSpans(messages, isWorking ? now : undefined);
  const waited = spans
    .map(({ from, to }) => waitedBetween(waits, from, to))
    .reduce(
      (sum, one) => ({
        milliseconds: sum.milliseconds + one.milliseconds,
        isLeast: sum.isLeast || one.isLeast,
      }),
      { milliseconds: 0, isLeast: false },
    );
  return {
    turns: toTurns(messages, directory),
    tokens: addUp([
      ...answers.map(tokensOf),
      ...subagents.map(({ tokens }) => tokens && countTokens(tokens)),
    ]),
    cost: addUp([...answers.map(costOf), ...subagents.map(({ cost }) => cost)]),
    took: spans.reduce((sum, { from, to }) => sum + to - from, 0),
    waited,
    spans,
    failures: { calls: countFailedCalls(messages), answers: answers.filter(hasFailed).length },
  };
}

/** Whether turns of one and of the other ran at the same time. */
export function overlap(one: readonly Span[], other: readonly Span[]): boolean {
  return one.some((a) => other.some((b) => a.from < b.to && b.from < a.to));
}

/** From each prompt to the end of the last answer to it, as one where they run into each other. */
function readSpans(messages: readonly MessageWithParts[], end: number | undefined): readonly Span[] {
  const begun = new Map<string, number>();
  const spans: { from: number; to: number }[] = [];
  for (const { info } of messages) {
    if (info.role === 'user') begun.set(info.id, info.time.created);
    else {
      const from = begun.get(info.parentID) ?? info.time.created;
      const to = info.time.completed ?? info.time.created;
      const last = spans.at(-1);
      if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
      else spans.push({ from, to });
    }
  }
  const last = spans.at(-1);
  if (end !== undefined && last !== undefined) last.to = Math.max(last.to, end);
  return spans;
}

/** Of what a model answered but for an error, all is counted in the end; what still runs, or was broken off, is not yet. */
function tokensOf({ tokens, error }: AssistantMessage): number | undefined {
  const count = tokens === undefined ? 0 : countTokens(tokens);
  return count === 0 && error === undefined ? undefined : count;
}

/** A price of nothing is one only where it is known for how much. */
function costOf(answer: AssistantMessage): number | undefined {
  return answer.cost === 0 && tokensOf(answer) === undefined ? undefined : answer.cost;
}

function countTokens({ total, input, output, reasoning, cache }: Tokens): number {
  return total ?? input + output + reasoning + cache.read + cache.write;
}

function addUp(amounts: readonly (number | undefined)[]): Amount {
  return {
    value: amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0),
    isLeast: amounts.includes(undefined),
  };
}

function countFailedCalls(messages: readonly MessageWithParts[]): number {
  const parts = messages.flatMap(({ parts: all }) => all);
  return parts.filter((part) => part.type === 'tool' && part.state.status === 'error').length;
}

function hasFailed({ error }: AssistantMessage): boolean {
  return error !== undefined && !isAbort(error);
}
