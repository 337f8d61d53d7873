import { UnavailableProblem } from '../../../src/core/errors.ts';
import type { DialectPorts } from '../../../src/server/dialect/dialect.ts';
import { Memory } from '../views/memory.ts';

const quiet = (): void => undefined;

/** What dialects are given of a window that has no connection. */
export function dialectPorts(): DialectPorts {
  return {
    kept: new Memory(),
    live: () => {
      throw new UnavailableProblem('There is no connection.', { mayHaveArrived: false });
    },
    wait: () => new Promise((resolve) => setImmediate(resolve)),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  };
}
