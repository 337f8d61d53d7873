import { Problem, UnauthorizedProblem } from '../../core/errors.ts';
import { Emitter } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import { isLoopback } from '../../core/loopback.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { probeServer, requireOpen } from './probe.ts';
import type { FoundServer, ServerSource } from './serverSource.ts';
import { chooseDialect, type Dialects } from '../dialect/versions.ts';

export interface AttachedServerOptions {
  /** The setting `opencodeSessions.server.url`. */
  readonly url: string;
  readonly dialects: Dialects;
  readonly credentials: (url: string) => Promise<{ username: string; password: string } | undefined>;
  readonly environment: NodeJS.ProcessEnv;
  /** Milliseconds in which it must answer. */
  readonly timeout: number;
}

/** A server that someone else runs: we only look at it, and never start or stop it. */
export class AttachedServer implements ServerSource {
  readonly managed = false;
  readonly #options: AttachedServerOptions;
  readonly onDidEnd = new Emitter<void>().event;

  constructor(options: AttachedServerOptions) {
    this.#options = options;
  }

  async open(): Promise<FoundServer> {
    if (this.#options.url === '') throw nowhere();
    return this.#find(parseUrl(this.#options.url));
  }

  /** No password leaves before the other side asks for one, as OpenCode does: it may be a program that took the port. */
  async #find(url: string): Promise<FoundServer> {
    const nobody: Endpoint = { url, username: '', password: '' };
    try {
      const version = await probeServer(nobody, this.#options.dialects, this.#options);
      // Before the version is judged: without a password one may be told of that is not the server's.
      await requireOpen(nobody, this.#options.dialects, this.#options);
      return this.#speakWith(nobody, version);
    } catch (error) {
      const credentials = error instanceof UnauthorizedProblem ? await this.#credentials(url) : undefined;
      if (credentials === undefined) throw error;
      const endpoint: Endpoint = { ...credentials, url };
      return this.#speakWith(endpoint, await probeServer(endpoint, this.#options.dialects, this.#options));
    }
  }

  #speakWith(endpoint: Endpoint, version: string): FoundServer {
    return { endpoint, version, dialect: chooseDialect(this.#options.dialects, version, this) };
  }

  restart(): Promise<FoundServer> {
    return this.open();
  }

  reread(): Promise<FoundServer> {
    return this.open();
  }

  use(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  dispose(): void {
    // It holds nothing: the server is not ours.
  }

  /** The password of the environment is that of a server on this machine, whatever address a setting has. */
  async #credentials(url: string): Promise<{ username: string; password: string } | undefined> {
    const { environment, credentials } = this.#options;
    const stored = await credentials(url);
    if (stored !== undefined) return stored;
    const username = environment['OPENCODE_SERVER_USERNAME'] || 'opencode';
    const password = environment['OPENCODE_SERVER_PASSWORD'] ?? '';
    return password !== '' && isLoopback(new URL(url).hostname) ? { username, password } : undefined;
  }
}

function nowhere(): Problem {
  return new Problem(
    l10n.t(
      'The setting "opencodeSessions.server.mode" asks for a server to attach to, and "opencodeSessions.server.url" names none.',
    ),
    {
      remedy: { title: l10n.t('Connect to Server…'), command: 'opencodeSessions.server.connect' },
    },
  );
}

/** The one form of an address: its host in small letters, without the usual port and a slash at its end. */
export function parseUrl(text: string): string {
  const url = URL.parse(text.trim());
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') {
    return `${url.origin}${url.pathname}`.replace(/(?<!\/)\/+$/, '');
  }
  throw new Problem(
    l10n.t(
      '"{0}" is not the address of a server. It begins with http:// or https:// and holds no password, for example http://127.0.0.1:4096.',
      // A password in it would otherwise be shown and logged.
      text.replace(/\/\/[^/@]*@/, '//…@'),
    ),
    {
      remedy: {
        title: l10n.t('Connect to Another Server…'),
        command: 'opencodeSessions.server.connect',
      },
    },
  );
}
