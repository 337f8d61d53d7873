import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { UnavailableProblem } from '../../../core/errors.ts';
import { l10n } from '../../../core/l10n.ts';
import { isLoopback } from '../../../core/loopback.ts';
import { authorizationHeader, type Endpoint } from '../../http/endpoint.ts';
import { readText, sendHttp } from '../../http/httpRequest.ts';

export interface OwnProcess {
  readonly pid: number;
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** The user name that every server of 2.x has. */
const username = 'opencode';
/** Milliseconds. */
const patience = 2000;
/** Milliseconds in which what was not found is not looked for again. */
const pause = 3000;
/** Where a server listens that was given no port (2.0.26). */
const standardPort = '4096';

const Info = z.object({ pid: z.number() });
const Told = z.object({ url: z.string(), password: z.string() });

/**
 * Where the server listens that a plugin is in: 2.x does not tell its plugins. It is known by the registration of the
 * background service, by how the process was started, or by an editor that asks it; only what answers with the number
 * of this very process is believed.
 */
export class OwnServer {
  readonly #process: OwnProcess;
  #told: Endpoint | undefined;
  #failed = 0;

  constructor(own: OwnProcess) {
    this.#process = own;
  }

  /** Hears what an editor says of the server that it asks; whatever is no address of this machine says nothing. */
  hear(said: unknown): void {
    const told = Told.safeParse(said).data;
    if (told === undefined) return;
    this.#told = { ...told, username };
    this.#failed = 0;
  }

  /** Throws an `UnavailableProblem` while it is not known. */
  async find(): Promise<Endpoint> {
    if (Date.now() - this.#failed >= pause) {
      for (const endpoint of await this.#candidates()) if (await this.#isOwn(endpoint)) return endpoint;
      this.#failed = Date.now();
    }
    throw new UnavailableProblem(
      l10n.t(
        'The companion does not know yet where its own OpenCode server listens. Open the folder in the editor.',
      ),
      { mayHaveArrived: false },
    );
  }

  async #candidates(): Promise<readonly Endpoint[]> {
    const { env, argv } = this.#process;
    const registered = await readRegistration(env);
    const password = env['OPENCODE_PASSWORD'] ?? env['OPENCODE_SERVER_PASSWORD'];
    const url = `http://127.0.0.1:${portIn(argv) ?? standardPort}`;
    const started = password === undefined ? [] : [{ url, username, password }];
    return [this.#told, registered, ...started].flatMap((one) =>
      one !== undefined && isLoopback(URL.parse(one.url)?.hostname ?? '') ? one : [],
    );
  }

  async #isOwn(endpoint: Endpoint): Promise<boolean> {
    try {
      const response = await sendHttp({
        url: `${endpoint.url}/api/info`,
        headers: authorizationHeader(endpoint),
        signal: AbortSignal.timeout(patience),
      });
      const info = Info.safeParse(JSON.parse(await readText(response)));
      return info.data?.pid === this.#process.pid;
    } catch {
      // Nobody listens there, or somebody else.
      return false;
    }
  }
}

function portIn(argv: readonly string[]): string | undefined {
  const at = argv.indexOf('--port');
  const given =
    at < 0 ? argv.find((word) => word.startsWith('--port='))?.slice('--port='.length) : argv[at + 1];
  return given === '0' ? undefined : given;
}

/** As the background service registers itself (2.0.26). */
async function readRegistration(env: NodeJS.ProcessEnv): Promise<Endpoint | undefined> {
  const state = env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  try {
    const text = await readFile(join(state, 'opencode', 'service.json'), 'utf8');
    const read = Told.safeParse(JSON.parse(text)).data;
    return read && { ...read, username };
  } catch {
    // There is none, or none that could be believed.
    return undefined;
  }
}
