import { createOpencodeClient, type OpencodeClient } from '@opencode-ai/sdk/v2/client';
import { withLineage } from '../../src/protocol/lineage.ts';
import { demoPrompts } from './demoScripts.ts';
import { startOpenCode } from './openCodeServer.ts';
import type { Shop } from './shop.ts';
import { waitFor } from './waitFor.ts';

const model = { providerID: 'local', modelID: 'thinker' };

/** The titles of the sessions that `seedSessions` leaves. */
export const demoTitles = {
  rateLimit: 'Rate limiting for sign-in',
  slidingWindow: 'Rate limiting: sliding window',
  rounding: 'Review the rounding of prices',
  setUp: 'Set up the project',
} as const;

/**
 * Makes the sessions of the demo in a workspace of the shop by really talking to a server, which is stopped afterwards: one with todos, a
 * subagent and a fork, one by the plan agent, and an archived one.
 */
export async function seedSessions(shop: Shop, folder = shop.folder): Promise<void> {
  const server = await startOpenCode({
    modelUrl: shop.model.url,
    workspace: folder,
    environment: { ...shop.environment, OPENCODE_CONFIG_CONTENT: JSON.stringify({ snapshot: false }) },
  });
  const client = createOpencodeClient({
    baseUrl: server.url,
    directory: folder,
    headers: { authorization: `Basic ${btoa(`${server.username}:${server.password}`)}` },
  });
  try {
    await Promise.all([
      talk(client, demoTitles.rateLimit, 'build', demoPrompts.rateLimit).then((source) =>
        forkOf(client, source),
      ),
      talk(client, demoTitles.rounding, 'plan', demoPrompts.rounding),
      talk(client, demoTitles.setUp, 'build', demoPrompts.setUp).then((sessionID) =>
        client.session.update({ sessionID, time: { archived: Date.now() } }),
      ),
    ]);
  } finally {
    await server.stop();
  }
}

async function talk(client: OpencodeClient, title: string, agent: string, text: string): Promise<string> {
  const { data } = await client.session.create({ title, agent }, { throwOnError: true });
  await prompt(client, data.id, agent, text);
  return data.id;
}

async function forkOf(client: OpencodeClient, source: string): Promise<void> {
  const { data } = await client.session.fork({ sessionID: source }, { throwOnError: true });
  await client.session.update({
    sessionID: data.id,
    title: demoTitles.slidingWindow,
    metadata: withLineage(data.metadata, { of: data.id, kind: 'fork', from: source, time: Date.now() }),
  });
  await prompt(client, data.id, 'build', demoPrompts.slidingWindow);
}

async function prompt(client: OpencodeClient, sessionID: string, agent: string, text: string): Promise<void> {
  await client.session.promptAsync({ sessionID, agent, model, parts: [{ type: 'text', text }] });
  await waitFor(
    async () => {
      const { data } = await client.session.messages({ sessionID }, { throwOnError: true });
      const last = data.at(-1)?.info;
      return last?.role === 'assistant' && last.finish === 'stop';
    },
    { what: `the answer to "${text}"`, timeout: 180_000 },
  );
}
