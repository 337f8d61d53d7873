import type { ChangesFigure } from '../../protocol/page/header.ts';
import type { Session } from '../../protocol/records.ts';

export interface KeptFigure {
  /** What the session was like when all its turns were in the figure: by `lookOf`. */
  readonly look: string;
  readonly figure: ChangesFigure;
}

/** How much sessions changed when all their turns were known, over reloads of the window. */
export interface FigureMemory {
  get(sessionId: string): KeptFigure | undefined;
  remember(sessionId: string, kept: KeptFigure): void;
  forget(sessionId: string): void;
}

/** Differs once something happened in the session that may have changed files, or was taken back. */
export function lookOf({ time, revert }: Pick<Session, 'time' | 'revert'>): string {
  return JSON.stringify([time.updated, revert?.messageID ?? null, revert?.partID ?? null]);
}
