/** How a run of tests ended. */
export interface TestResult {
  readonly passed: number;
  readonly failed: number;
  /** Of each test that failed: its name and why. */
  readonly failures: readonly string[];
}

/** What comes from a worker has the shape of an error, but is none. */
export type Thrown = Pick<Error, 'message' | 'stack'>;

export function describeFailure(test: { fullTitle(): string }, { message, stack }: Thrown): string {
  return `${test.fullTitle()}\n${stack ?? message}`;
}
