import type { OpencodeClient } from '@opencode-ai/sdk/v2/client';
import * as z from 'zod';
import type { StoredMessage, StoredPage, StoredSessions } from '../../core/ports/storedSessions.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import { ask } from './answer.ts';
import { requireId } from '../dialect/requireId.ts';
import { SignIn118 } from './signIn118.ts';

const StoredRecord = z.looseObject({ id: z.string() });
const Stored: z.ZodType<StoredMessage> = z.object({
  info: StoredRecord,
  parts: z.array(z.looseObject({ id: z.string() })),
});

/** Sessions as 1.18 and 1.19 keep them, which is also what `opencode export` writes of them. */
export class Stored118 extends SignIn118 implements StoredSessions {
  readonly #client: OpencodeClient;

  constructor(client: OpencodeClient) {
    super(client);
    this.#client = client;
  }

  async getStored(sessionId: string): Promise<Readonly<Record<string, unknown>>> {
    const sessionID = requireId('ses', sessionId);
    return ask(StoredRecord, (signal) => this.#client.session.get({ sessionID }, { signal }));
  }

  async listStored(
    sessionId: string,
    { limit, before }: Parameters<StoredSessions['listStored']>[1],
  ): Promise<StoredPage> {
    const page = { sessionID: requireId('ses', sessionId), limit, ...withoutUndefined({ before }) };
    let response: Response | undefined;
    const messages = await ask(z.array(Stored), async (signal) => {
      const answer = await this.#client.session.messages(page, { signal });
      ({ response } = answer);
      return answer;
    });
    const next = response?.headers.get('x-next-cursor') ?? undefined;
    return { messages, ...withoutUndefined({ before: next }) };
  }
}
