import type { Disposable } from '../../core/event.ts';
import type { Endpoint } from '../http/endpoint.ts';

/** A session that a server works at. */
export interface WorkingSession {
  readonly id: string;
}

/** What one server works at, in all folders. */
export interface Activity extends Disposable {
  /** The sessions that are not idle; undefined where the server does not answer. */
  working(): Promise<readonly WorkingSession[] | undefined>;
  /** What a session is called, its id where that is not known; undefined for a subagent's, which its parent speaks for. */
  titleOf(session: WorkingSession): Promise<string | undefined>;
}

/** The companion that a server of ours is started with. */
export interface HandedInCompanion {
  /** Absolute. */
  readonly file: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What a server answers to whether it is there. */
export interface Health {
  readonly status: number;
  readonly version?: string | undefined;
  /** The process that answers, where it says so. */
  readonly pid?: number | undefined;
}

/**
 * How a server of ours is run whose program speaks a dialect: the keeper's part of it. The keeper is a small process of its
 * own, into which no client and no larger library may come by way of this.
 */
export interface Serving {
  /** The name that a server of ours is asked with. */
  readonly username: string;
  /**
   * Whether the program serves for as long as its standard input is open, and ends by itself when that is closed. Such a
   * one chooses its port itself.
   */
  readonly holdsInput: boolean;
  /** What the program is given to serve on that port of loopback. */
  words(port: number): readonly string[];
  /**
   * The user's environment without what the editor put there, and with what a server of ours needs; also with the
   * companion, where it takes one beside what stands there.
   */
  environment(
    environment: NodeJS.ProcessEnv,
    password: string,
    companion?: HandedInCompanion,
  ): NodeJS.ProcessEnv;
  /** The variable in this environment that keeps it from taking the companion. */
  findCompanionObstacle(environment: NodeJS.ProcessEnv): string | undefined;
  /** The address in a line that it prints, if it is the one that says where it listens. */
  readAddress(line: string): string | undefined;
  /** What the program is given to take a session in from a file, into the project of the folder that it stands in; absent: it is not known to do that. */
  readonly importing?: (file: string) => readonly string[];
  /** What it is given to print a session with every text in it replaced; absent: as above. */
  readonly sanitizing?: (sessionId: string) => readonly string[];
  /** Undefined where it does not answer; never rejects. */
  askHealth(endpoint: Endpoint): Promise<Health | undefined>;
  /** Stops its runs as a person would, which keeps what they said so far; never rejects. */
  endRuns(endpoint: Endpoint): Promise<void>;
  watch(endpoint: Endpoint): Activity;
}
