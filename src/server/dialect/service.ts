import type { Endpoint } from '../http/endpoint.ts';

/** A server that the person's own OpenCode runs in the background for all its clients, as it registered itself. */
export interface RegisteredService extends Endpoint {
  readonly version: string;
  readonly pid: number;
}

/** Where the background server of a generation registers itself. It is only read: the service is not ours. */
export interface ServiceRegistry {
  /** The absolute path of the file, for this environment. */
  file(environment: NodeJS.ProcessEnv): string;
  /**
   * The service as it is registered at this moment; undefined where none is, or where its process is gone. Throws an
   * `UnavailableProblem` with what to do where the file cannot be read, or not be trusted.
   */
  read(environment: NodeJS.ProcessEnv): Promise<RegisteredService | undefined>;
  /** The process that answers there, by its own word; undefined where it does not say. */
  identify(endpoint: Endpoint): Promise<number | undefined>;
}
