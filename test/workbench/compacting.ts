import type { Endpoint } from '../../src/server/http/endpoint.ts';
import { createClient } from '../../src/server/openCode118/openCode118.ts';
import type { ModelReference, Session } from '../../src/protocol/records.ts';

type Server = Pick<Endpoint, 'url' | 'username' | 'password'>;

/** Compacts as OpenCode's own clients do: what a compaction that is stopped leaves in the session stays there. */
export async function summarize(
  server: Server,
  session: Pick<Session, 'id'>,
  model: ModelReference,
): Promise<void> {
  const client = await createClient(server, new AbortController().signal);
  await client.session.summarize({ sessionID: session.id, ...model, auto: false });
}

/** Adds a text for the model to a message that is there. */
export async function addText(
  server: Server,
  session: Session,
  messageID: string,
  text: string,
): Promise<void> {
  const client = await createClient(server, new AbortController().signal);
  const ids = { sessionID: session.id, messageID, partID: `${messageID.replace('msg_', 'prt_')}Z` };
  const part = { ...ids, id: ids.partID, type: 'text' as const, text, synthetic: true };
  await client.part.update({ ...ids, part });
}
