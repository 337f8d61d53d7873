import type { ConfigurationProblem } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { KeptValues } from '../../core/ports/keptValues.ts';
import type { Abilities } from '../../core/ports/abilities.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { ServerEvent } from '../../protocol/events.ts';
import type { Endpoint } from '../http/endpoint.ts';
import type { StreamEnd } from '../http/eventStream.ts';
import type { ServiceRegistry } from './service.ts';

/** Versions of one generation of OpenCode that a dialect was tried with: `{ generation: 1, oldest: 18, newest: 19 }`. */
export interface Series {
  readonly generation: number;
  readonly oldest: number;
  /** The first patch of the oldest that can be spoken with; absent: all of them. */
  readonly oldestPatch?: number;
  readonly newest: number;
}

export type { StreamEnd };

/** How a server is asked who it is, and known by what it answers. */
export interface Introduction {
  readonly path: string;
  /** In whose words it asks for a password here; a gateway elsewhere may do it in its own. Absent: it gives its version to all. */
  readonly challenge?: RegExp;
  /** Whether this is the body with which it asks for a password, where its headers do not tell. */
  readonly asksForPassword?: (body: unknown) => boolean;
  /** The version that it says it has; undefined where something else answers. */
  read(body: unknown, status: number): string | undefined;
}

export interface ServerOutput {
  /** Without what may be secret in it: for the log. */
  readonly text: string;
  /** What is wrong with the configuration, if that was why it ended. */
  readonly fault: ConfigurationProblem | undefined;
}

export interface ClientOptions {
  readonly endpoint: Endpoint;
  /** Ends what is still under way. */
  readonly signal: AbortSignal;
  /** Hears of each session that was asked for and is not there. */
  readonly onMissing?: (sessionId: string) => void;
}

export interface EventsOptions {
  readonly endpoint: Endpoint;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** Those of the window as `nameDirectories` has them, read at each event: others' events are passed over. */
  readonly directories: () => readonly string[];
  /** In the order of the stream. */
  readonly onEvent: (event: ServerEvent) => void;
  /** Milliseconds without a word after which the stream counts as dead. */
  readonly silence?: number;
}

export interface DialectPorts {
  /** What must outlive the window of what a dialect leaves on a server while it does something there. */
  readonly kept: KeptValues;
  /** The client of the connection, whatever dialect it speaks; throws `UnavailableProblem` while there is none. */
  readonly live: () => OpenCode;
  /** Resolves after so many milliseconds; never once the window is closed. */
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly log: Log;
}

/**
 * How one generation of OpenCode is spoken with. It is chosen by the version that a server says it has; whatever is asked
 * of the server and heard from it goes through here, and comes out in our words.
 */
export interface Dialect {
  /** By which a keeper is told how the program is run; it stays the same. */
  readonly name: string;
  readonly series: Series;
  /** The command that installs the newest OpenCode that speaks it. */
  readonly installCommand: string;
  readonly abilities: Abilities;
  readonly introduction: Introduction;
  /** What no server gives without its password, where it has one. */
  readonly guardedPath: string;
  /** Where a server is found that the person's own OpenCode runs in the background; absent: its programs run none. */
  readonly service?: ServiceRegistry;
  /** Reads what a server of ours printed before it ended. */
  readOutput(output: string): ServerOutput;
  /** The directories of a window as the server names them in its events and sessions. */
  nameDirectories(directories: readonly string[]): Promise<string[]>;
  openClient(options: ClientOptions): Promise<OpenCode>;
  /**
   * Resolves once what happens is surely told from here on; `ended` resolves, and never rejects, when the stream is over.
   * There is no replay: nothing that happened before, or between two streams, is ever told.
   */
  openEvents(options: EventsOptions): Promise<{ readonly ended: Promise<StreamEnd> }>;
}
