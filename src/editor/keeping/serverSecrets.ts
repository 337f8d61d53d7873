import type { SecretStorage } from 'vscode';
import * as z from 'zod';
import type { Log } from '../../core/log.ts';

const Credentials = z.object({ username: z.string(), password: z.string() });
export type Credentials = z.infer<typeof Credentials>;

/** User name and password of attached servers, by the one form of their address, in the editor's secret storage and nowhere else. */
export class ServerSecrets {
  readonly #secrets: SecretStorage;
  readonly #log: Log;

  constructor(secrets: SecretStorage, log: Log) {
    this.#secrets = secrets;
    this.#log = log;
  }

  async find(url: string): Promise<Credentials | undefined> {
    const text = await this.#secrets.get(keyOf(url));
    if (text === undefined) return undefined;
    const parsed = Credentials.safeParse(parseJson(text));
    if (!parsed.success) this.#log.warn('A stored password has an unknown form and is passed over.', url);
    return parsed.data;
  }

  async store(url: string, credentials: Credentials): Promise<void> {
    await this.#secrets.store(keyOf(url), JSON.stringify(credentials));
  }

  async forget(url: string): Promise<void> {
    await this.#secrets.delete(keyOf(url));
  }
}

function keyOf(url: string): string {
  return `server:${url}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
