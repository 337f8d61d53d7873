import type { Log } from '../../core/log.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import type { HandedInCompanion } from '../dialect/serving.ts';
import type { Dialects } from '../dialect/versions.ts';
import { AttachedServer } from './attachedServer.ts';
import { LocalServer } from './localServer.ts';
import type { ServerSource } from './serverSource.ts';
import { ServiceServer } from './serviceServer.ts';

/** Which server is used: by itself, the person's own service, one of ours, or the one at an address. */
export type ServerMode = 'auto' | 'service' | 'own' | 'attach';

/** What a person set: the program to run, or the address of a server that runs already, which comes first by itself. */
export interface ServerSettings {
  readonly mode?: ServerMode;
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

/** The address of the server to attach to, empty where that is lacking; undefined: another one is used. */
export function attachedAddress({ mode = 'auto', url = '' }: ServerSettings): string | undefined {
  const address = url.trim();
  if (mode === 'attach') return address;
  return mode === 'auto' && address !== '' ? address : undefined;
}

/** What the settings ask for, comparable. */
export function targetOf(settings: ServerSettings): string {
  const { mode = 'auto', path = '' } = settings;
  const address = attachedAddress(settings);
  return address === undefined ? `${mode} ${path.trim()}` : `url ${address}`;
}

/** Where the server comes from that the settings ask for. */
export function createSource(ports: SourcePorts, dialects: Dialects): ServerSource {
  const { keeper, companion, environment, credentials, log } = ports;
  const settings = ports.settings();
  const timeout = 10_000;
  const url = attachedAddress(settings);
  if (url !== undefined) return new AttachedServer({ url, dialects, credentials, environment, timeout });
  const { mode = 'auto', path } = settings;
  const registry = dialects.map(({ service }) => service).find((service) => service !== undefined);
  if (mode === 'service' && registry !== undefined) {
    return new ServiceServer({ registry, dialects, environment, timeout });
  }
  const others = { dialects, environment, log, timeout, ...withoutUndefined({ companion }) };
  return new LocalServer({ path, takesService: mode !== 'own', ...lifetimes, ...keeper, ...others });
}
