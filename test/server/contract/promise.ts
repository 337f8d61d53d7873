import type { ContractRoom } from './contractRoom.ts';

export type Generation = 'first' | 'second';

/**
 * How a promise is kept: by the server itself, by what the extension does in its place, or not at all, which the extension
 * says of itself.
 */
export type Standing = 'server' | 'emulated' | 'absent';

/** Something that the port promises, in words that people read in the README. */
export interface PromiseOfPort {
  readonly name: string;
  readonly on: Readonly<Record<Generation, Standing>>;
  /** It ends the server, which nobody does with one that is not the suite's own. */
  readonly endsServer?: boolean;
  readonly check: (room: ContractRoom) => Promise<void>;
  /** What holds where it is absent: it is said, and nothing is pretended. */
  readonly checkAbsent?: (room: ContractRoom) => Promise<void>;
}

export const onBoth = { first: 'server', second: 'server' } as const;
