/** A command that mends what went wrong, as a button beside the sentence. */
export interface Remedy {
  readonly title: string;
  readonly command: string;
  /** A `file:` URL among them stands for that file. */
  readonly arguments?: readonly unknown[];
}

export interface ProblemOptions {
  readonly remedy?: Remedy;
  readonly cause?: unknown;
  readonly mayHaveArrived?: boolean;
}

/** Something went wrong that a person should read: what happened and what to do, in one or two sentences. */
export class Problem extends Error {
  readonly remedy: Remedy | undefined;
  /**
   * Whether the server may have done what it was asked for all the same. False: the request never left, or the server
   * refused it; it may be sent again.
   */
  readonly mayHaveArrived: boolean;

  constructor(message: string, { remedy, cause, mayHaveArrived = false }: ProblemOptions = {}) {
    super(message, { cause });
    this.name = new.target.name;
    this.remedy = remedy;
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** What went wrong, in the words that it came with. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What was asked for is not on the server: a session, a message, a request that someone else answered. */
export class NotFoundProblem extends Problem {}

/** There is no model at all to answer with. */
export class NoModelProblem extends NotFoundProblem {}

/** The session is working and the server refuses the act until it is idle. */
export class BusyProblem extends Problem {}

/**
 * There is no server to talk to: not started, gone, or not answering. What was asked may have arrived, unless it is
 * said that it never left.
 */
export class UnavailableProblem extends Problem {
  constructor(message: string, options: ProblemOptions = {}) {
    super(message, { mayHaveArrived: true, ...options });
  }
}

/** The server wants a password, or another one. */
export class UnauthorizedProblem extends Problem {}

/** OpenCode cannot read its own configuration; `file` is the one at fault, where it is known. */
export class ConfigurationProblem extends Problem {
  readonly file: string | undefined;

  constructor(
    message: string,
    { file, ...options }: ProblemOptions & { readonly file?: string | undefined },
  ) {
    super(message, options);
    this.file = file;
  }
}

/**
 * It is not known yet whether the server did what it was asked for: that is found out by itself, and nobody is to ask
 * for it again before.
 */
export class UncertainProblem extends Problem {
  constructor(message: string, options: ProblemOptions = {}) {
    super(message, { mayHaveArrived: true, ...options });
  }
}

/** A request that may have arrived, of which the server was then seen to know nothing. */
export class UndeliveredProblem extends Problem {}

/** Whether the server refuses what it was asked for, however often it is asked. */
export function isRefused(error: unknown): boolean {
  if (!(error instanceof Problem) || error.mayHaveArrived) return false;
  const passing = [
    NotFoundProblem,
    BusyProblem,
    UnavailableProblem,
    UnauthorizedProblem,
    ConfigurationProblem,
  ];
  return !passing.some((kind) => error instanceof kind);
}

/** The code that a failed call of the system or the editor carries, such as `ENOENT`; undefined: it has none. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
