import type { Remedy } from '../errors.ts';

/** Something a person should know although they did not ask, with buttons that run commands. */
export interface Notice {
  readonly message: string;
  readonly severity?: 'information' | 'warning' | 'error';
  readonly actions: readonly Remedy[];
}

export type Notify = (notice: Notice) => void;
