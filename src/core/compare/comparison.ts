import type { ChangesFigure } from '../../protocol/page/header.ts';
import type { Session } from '../../protocol/records.ts';
import type { TodoSummary } from '../todos/todoSummary.ts';
import type { Outcome } from '../turns/outcome.ts';
import type { SessionState } from '../sessions/sessionState.ts';
import type { ComparedFile } from './comparedFiles.ts';
import type { SessionFigures } from './figures.ts';

/** One of several sessions that are compared. */
export interface ComparedSession {
  readonly session: Session;
  /** What people know it by, without what all of them are called. */
  readonly name: string;
  readonly figures: SessionFigures;
  /** By its own turns that stand. */
  readonly changes: ChangesFigure;
  /** Undefined: nobody knows, or the server keeps none. */
  readonly todos: TodoSummary | undefined;
  readonly state: SessionState;
  /** How its last run ended, by its own messages; undefined: it was asked nothing yet. */
  readonly outcome: Outcome | undefined;
  /** Sentences about what is not in its figures. */
  readonly notes: readonly string[];
}

/** Sessions beside each other, from the point on where they part. */
export interface Comparison {
  /** The name of the session that they have in common; undefined: nobody knows it any more. */
  readonly source: string | undefined;
  /** What the last message says that all of them have; undefined: they have none in common. */
  readonly fork: string | undefined;
  readonly sessions: readonly ComparedSession[];
  readonly files: readonly ComparedFile[];
  /** The two that are shown side by side first, by their places, and why these. */
  readonly pair: ComparedPair;
  /** Sentences about what is to be known of all. */
  readonly notes: readonly string[];
  /** When it was read, in milliseconds since 1970. */
  readonly time: number;
}

export interface ComparedPair {
  readonly left: number;
  readonly right: number;
  readonly reason: string;
}

/** Whether it came to its end, and nothing runs or waits there. */
export function hasSettled({ state, outcome }: Pick<ComparedSession, 'state' | 'outcome'>): boolean {
  return (state.kind === 'idle' || state.kind === 'unread') && outcome?.kind === 'settled';
}
