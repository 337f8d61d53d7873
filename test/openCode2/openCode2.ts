import { mkdirSync } from 'node:fs';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeHttpServer } from './httpServer.ts';
import { Forms } from './places/forms.ts';
import { Locations } from './places/locations.ts';
import { Permissions } from './places/permissions.ts';
import { Snapshots } from './places/snapshots.ts';
import type { House } from './routes/house.ts';
import { locationRoutes } from './routes/locationRoutes.ts';
import { promptRoutes } from './routes/promptRoutes.ts';
import { requestRoutes } from './routes/requestRoutes.ts';
import { serverRoutes } from './routes/serverRoutes.ts';
import { sessionRoutes } from './routes/sessionRoutes.ts';
import { Executions } from './runs/executions.ts';
import { Events } from './state/events.ts';
import { Store } from './state/store.ts';

interface Options {
  readonly dataFolder: string;
  readonly version: string;
  readonly password: string;
  readonly hostname: string;
  /** 0 for any that is free. */
  readonly port: number;
}

export interface RunningServer {
  readonly url: string;
  /** Closes what runs as an end of the process does, and the connections with it. */
  stop(): Promise<void>;
}

export function dataFolderOf(environment: NodeJS.ProcessEnv): string {
  const data = environment['XDG_DATA_HOME'] ?? join(environment['HOME'] ?? '/', '.local', 'share');
  const folder = join(data, 'opencode');
  mkdirSync(folder, { recursive: true });
  return join(folder, 'fake2');
}

/** Serves the API on loopback until it is stopped. */
export async function startServer(options: Options): Promise<RunningServer> {
  const { dataFolder, version, password } = options;
  const url = (): string =>
    `http://${options.hostname}:${(server.address() as AddressInfo | null)?.port ?? 0}`;
  const events = new Events();
  const rooms = {
    store: new Store(dataFolder),
    events,
    locations: new Locations(events, dataFolder, () => ({ url: url(), password })),
    permissions: new Permissions(dataFolder, events),
    forms: new Forms(events),
    snapshots: new Snapshots(dataFolder),
  };
  const house: House = { ...rooms, executions: new Executions(rooms), version, url };
  const routes = [sessionRoutes, promptRoutes, requestRoutes, locationRoutes, serverRoutes].flatMap((make) =>
    make(house),
  );
  const server: Server = makeHttpServer({ routes, version, password, directory: process.cwd() });
  server.listen(options.port, options.hostname);
  await once(server, 'listening');
  return {
    url: url(),
    stop: async () => {
      await house.executions.shutDown();
      server.closeAllConnections();
      server.close();
    },
  };
}
