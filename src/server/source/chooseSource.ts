import type { Log } from '../../core/log.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { HandedInCompanion } from '../dialect/serving.ts';
import type { Dialects } from '../dialect/versions.ts';
import { AttachedServer } from './attachedServer.ts';
import { ManagedServer } from './managedServer.ts';
import type { ServerSource } from './serverSource.ts';

/** What a person set: the program to run, or the address of a server that runs already, which comes first. */
export interface ServerSettings {
  readonly path?: string;
  readonly url?: string;
}

export interface SourcePorts {
  /** Read at each connect. */
  readonly settings: () => ServerSettings;
  /** For attached servers only. */
  readonly credentials: (url: string) => Promise<{ username: string; password: string } | undefined>;
  readonly keeper: {
    readonly script: string;
    readonly stateFolder: string;
    /** Milliseconds that a managed server outlives its last window, for windows that reload. */
    readonly grace?: number;
    /** Milliseconds that one with a session at work outlives the last that was connected. */
    readonly longestRun?: number;
    /** The same where it cannot be known who uses it. */
    readonly longestDoubt?: number;
  };
  /** What a server of ours is started with, at the moment of asking. */
  readonly companion?: () => HandedInCompanion | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Log;
}

/** Of a managed server without a window, in milliseconds: a night and a day for a run that nobody looks at. */
const lifetimes = { grace: 10_000, longestRun: 24 * 3_600_000, longestDoubt: 3_600_000 };

/** Whether the server is to be one of ours. */
export function isManaged({ url = '' }: ServerSettings): boolean {
  return url.trim() === '';
}

/** What the settings ask for, comparable. */
export function targetOf(settings: ServerSettings): string {
  const { url = '', path = '' } = settings;
  return isManaged(settings) ? `path ${path.trim()}` : `url ${url.trim()}`;
}

/** Where the server comes from that the settings ask for. */
export function createSource(ports: SourcePorts, dialects: Dialects): ServerSource {
  const { keeper, companion, environment, credentials, log } = ports;
  const { url = '', path } = ports.settings();
  if (isManaged({ url })) {
    const others = { dialects, environment, log, ...withoutUndefined({ companion }) };
    return new ManagedServer({ path, ...lifetimes, ...keeper, ...others });
  }
  return new AttachedServer({ url, dialects, credentials, environment, timeout: 10_000 });
}
