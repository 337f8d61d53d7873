import type { OpencodeClient } from '@opencode-ai/sdk/v2/client';
import type { UnreadableFolder } from '../core/state/connectionState.ts';
import type { Log } from '../core/log.ts';
import type { ServerSink } from '../core/ports/serverSink.ts';
import { toSaid } from './connectionFailure.ts';
import { DirectorySet, realDirectories } from './openCode118/directories.ts';
import type { EventParser } from './openCode118/eventParser.ts';
import { openEventStream, type StreamEnd } from './openCode118/eventStream.ts';
import { Sign, untilListening } from './openCode118/listening.ts';
import { createClient, OpenCode118 } from './openCode118/openCode118.ts';
import type { FoundServer } from './source/serverSource.ts';
import { Sync } from './sync.ts';

/** One generation of the connection: what was opened together, and ends together. */
export interface Link {
  readonly found: FoundServer;
  readonly client: OpencodeClient;
  readonly sync: Sync;
  readonly openedAt: number;
  readonly ended: Promise<StreamEnd>;
  directories: DirectorySet;
  unreadable: readonly UnreadableFolder[];
}

export interface LinkPorts {
  readonly found: FoundServer;
  /** For what is asked through the link; it may outlive it. */
  readonly client: OpencodeClient;
  /** Ends the link. */
  readonly generation: AbortSignal;
  /** Absolute paths of the workspace folders. */
  readonly directories: () => readonly string[];
  readonly sinks: readonly ServerSink[];
  readonly parser: EventParser;
  /** Milliseconds of silence after which the link counts as dead. */
  readonly silence?: number;
  /** The directories could not be loaded again, although the server asked for it. */
  readonly onProblem: (problem: unknown) => void;
  /** After each load: which directories could not be read is known anew. */
  readonly onUnreadable: (link: Pick<Link, 'found' | 'unreadable'>) => void;
  readonly log: Log;
}

/** Opens the event stream of a server and waits until the server listens to itself; nothing is loaded yet. */
export async function openLink(ports: LinkPorts): Promise<Link> {
  const { found, client, generation, sinks, parser, silence, onProblem, onUnreadable, log } = ports;
  // What is loaded for a link that is over serves nobody.
  const loader = await createClient(found.endpoint, generation);
  const openCode = new OpenCode118(() => loader);
  const sync = new Sync({
    openCode,
    sinks,
    isCurrent: () => !generation.aborted,
    onProblem,
    onUnreadable: (problems) => {
      link.unreadable = problems.map(({ directory, problem }) => ({ directory, ...toSaid(problem) }));
      onUnreadable(link);
    },
    log,
  });
  const directories = await realDirectories(ports.directories());
  const sign = new Sign();
  const link = {
    found,
    client,
    sync,
    openedAt: Date.now(),
    directories: new DirectorySet(directories),
    unreadable: [] as readonly UnreadableFolder[],
  };
  const { ended } = await openEventStream({
    endpoint: found.endpoint,
    signal: generation,
    ...(silence === undefined ? {} : { silence }),
    onData: (data) => {
      sign.hear(data);
      const event = parser.parse(data, link.directories);
      if (event !== undefined) sync.take(event);
    },
  });
  await untilListening({ sign, ended, directories, openCode, signal: generation, log });
  return Object.assign(link, { ended });
}
