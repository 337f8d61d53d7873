import type { UnreadableFolder } from '../core/state/connectionState.ts';
import type { Log } from '../core/log.ts';
import type { OpenCode } from '../core/ports/openCode.ts';
import type { ServerSink } from '../core/ports/serverSink.ts';
import { toSaid } from './connectionFailure.ts';
import type { StreamEnd } from './dialect/dialect.ts';
import type { FoundServer } from './source/serverSource.ts';
import { Sync } from './sync.ts';

/** One generation of the connection: what was opened together, and ends together. */
export interface Link {
  readonly found: FoundServer;
  readonly openCode: OpenCode;
  readonly sync: Sync;
  readonly openedAt: number;
  readonly ended: Promise<StreamEnd>;
  /** As the server names them. */
  directories: readonly string[];
  unreadable: readonly UnreadableFolder[];
}

export interface LinkPorts {
  readonly found: FoundServer;
  /** For what is asked through the link; it may outlive it. */
  readonly openCode: OpenCode;
  /** Ends the link. */
  readonly generation: AbortSignal;
  /** Absolute paths of the workspace folders. */
  readonly directories: () => readonly string[];
  readonly sinks: readonly ServerSink[];
  /** Milliseconds of silence after which the link counts as dead. */
  readonly silence?: number;
  /** The directories could not be loaded again, although the server asked for it. */
  readonly onProblem: (problem: unknown) => void;
  /** After each load: which directories could not be read is known anew. */
  readonly onUnreadable: (link: Pick<Link, 'found' | 'unreadable'>) => void;
  readonly log: Log;
}

/** Opens the event stream of a server and waits until it is known to flow; nothing is loaded yet. */
export async function openLink(ports: LinkPorts): Promise<Link> {
  const { found, openCode, generation, sinks, silence, onProblem, onUnreadable, log } = ports;
  const { dialect, endpoint } = found;
  // What is loaded for a link that is over serves nobody.
  const loader = await dialect.openClient({ endpoint, signal: generation });
  const sync = new Sync({
    openCode: loader,
    sinks,
    isCurrent: () => !generation.aborted,
    onProblem,
    onUnreadable: (problems) => {
      link.unreadable = problems.map(({ directory, problem }) => ({ directory, ...toSaid(problem) }));
      onUnreadable(link);
    },
    log,
  });
  const directories: readonly string[] = await dialect.nameDirectories(ports.directories());
  const link = {
    found,
    openCode,
    sync,
    openedAt: Date.now(),
    directories,
    unreadable: [] as readonly UnreadableFolder[],
  };
  const { ended } = await dialect.openEvents({
    endpoint,
    signal: generation,
    directories: () => link.directories,
    onEvent: (event) => sync.take(event),
    ...(silence === undefined ? {} : { silence }),
  });
  return Object.assign(link, { ended });
}
