/** A command that mends what went wrong, as a button beside the sentence. */
export interface Remedy {
  readonly title: string;
  readonly command: string;
  /** A `file:` URL among them stands for that file. */
  readonly arguments?: readonly unknown[];
}

/** Something went wrong that a person should read: what happened and what to do, in one or two sentences. */
export class Problem extends Error {
  readonly remedy: Remedy | undefined;

  constructor(message: string, options: { remedy?: Remedy; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.remedy = options.remedy;
  }
}

/** What was asked for is not on the server: a session, a message, a request that someone else answered. */
export class NotFoundProblem extends Problem {}

/** The session is working and the server refuses the act until it is idle. */
export class BusyProblem extends Problem {}

/** There is no server to talk to: not started, gone, or not answering. */
export class UnavailableProblem extends Problem {}

/** The server wants a password, or another one. */
export class UnauthorizedProblem extends Problem {}

/** OpenCode cannot read its own configuration; `file` is the one at fault, where it is known. */
export class ConfigurationProblem extends Problem {
  readonly file: string | undefined;

  constructor(
    message: string,
    { file, ...options }: { file?: string | undefined; remedy?: Remedy; cause?: unknown },
  ) {
    super(message, options);
    this.file = file;
  }
}
