import assert from 'node:assert/strict';
import { ContextUses, countAnswer, countLatest } from '../../../src/core/sessions/contextUses.ts';
import {
  contextUse,
  costWithSubagents,
  percentUsed,
  usableContext,
} from '../../../src/core/sessions/usage.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import { AssistantMessage, ProviderList, type Session } from '../../../src/protocol/records.ts';
import { aSession } from './builders.ts';
import { aStore } from './stores.ts';

const tokens = { input: 100, output: 20, reasoning: 5, cache: { read: 300, write: 75 } };
const providers = ProviderList.parse({
  providers: [
    {
      id: 'local',
      name: 'Local',
      models: {
        echo: { id: 'echo', providerID: 'local', name: 'Echo', limit: { context: 1000, output: 100 } },
      },
    },
  ],
});
const answer = { used: 500, providerID: 'local', modelID: 'echo' };

function anUpdate(given: Record<string, unknown>) {
  const info = AssistantMessage.parse({
    id: 'msg_1',
    sessionID: 'a',
    role: 'assistant',
    parentID: 'msg_0',
    time: { created: 1 },
    providerID: 'local',
    modelID: 'echo',
    ...given,
  });
  return { type: 'message.updated', properties: { info } } as const;
}

function costsOf(sessions: readonly Session[]): Record<string, number> {
  const store = aStore(sessions);
  return Object.fromEntries(sessions.map((session) => [session.id, costWithSubagents(session, store)]));
}

describe('usage', () => {
  it('counts all that the latest answer read and wrote as used context', () => {
    assert.deepEqual(countAnswer(anUpdate({ tokens }).properties.info), answer);
    assert.deepEqual(contextUse(answer, providers), { used: 500, limit: 900 });
  });

  it('tells how much of the context OpenCode lets a conversation fill', () => {
    const usable = (limit: { context: number; input?: number; output: number }) =>
      usableContext(answer, {
        default: {},
        providers: [
          {
            id: 'local',
            name: 'Local',
            models: { echo: { id: 'echo', providerID: 'local', name: 'Echo', limit } },
          },
        ],
      });
    assert.equal(usable({ context: 200_000, output: 64_000 }), 168_000);
    assert.equal(usable({ context: 200_000, output: 0 }), 168_000);
    assert.equal(usable({ context: 400_000, input: 272_000, output: 128_000 }), 252_000);
    assert.equal(usable({ context: 400_000, input: 272_000, output: 8000 }), 264_000);
    assert.equal(usable({ context: 8000, output: 8000 }), 8000);
    assert.equal(usable({ context: 0, output: 0 }), undefined);
  });

  it('knows no percentage for a model that nobody knows', () => {
    const use = contextUse({ ...answer, modelID: 'gone' }, providers);
    assert.equal(percentUsed(use), undefined);
    assert.equal(percentUsed({ used: 500, limit: 1000 }), 50);
  });

  it('adds up the cost of subagents of any depth, and not of forks', () => {
    const costs = costsOf([
      aSession({ id: 'root', cost: 1 }),
      aSession({ id: 'child', parentID: 'root', cost: 2 }),
      aSession({ id: 'grandchild', parentID: 'child', cost: 4 }),
      aSession({
        id: 'fork',
        cost: 8,
        metadata: withLineage(undefined, { of: 'fork', kind: 'fork', from: 'root', time: 1 }),
      }),
    ]);
    assert.deepEqual(costs, { root: 7, child: 6, grandchild: 4, fork: 8 });
  });

  it('counts each session of a circle once', () => {
    const costs = costsOf([
      aSession({ id: 'a', parentID: 'b', cost: 1 }),
      aSession({ id: 'b', parentID: 'a', cost: 2 }),
    ]);
    assert.deepEqual(costs, { a: 3, b: 3 });
  });

  it('takes the latest counted answer and passes over summaries and uncounted ones', () => {
    const uses = new ContextUses();
    uses.apply(anUpdate({ tokens }));
    uses.apply(anUpdate({ id: 'msg_2', tokens: { ...tokens, input: 9000 }, summary: true }));
    uses.apply(anUpdate({ id: 'msg_3' }));
    assert.deepEqual(uses.latest('a'), answer);
  });

  it('forgets what a compaction made untrue', () => {
    const uses = new ContextUses();
    uses.apply(anUpdate({ tokens }));
    const told: string[] = [];
    uses.onDidChange(({ sessionId }) => told.push(sessionId));
    uses.apply({ type: 'session.compacted', properties: { sessionID: 'a' } });
    assert.equal(uses.latest('a'), undefined);
    assert.deepEqual(told, ['a']);
  });

  it('counts after a compaction what its summary takes, and all again with the next answer', () => {
    const uses = new ContextUses();
    const summary = {
      id: 'msg_2',
      summary: true,
      time: { created: 1, completed: 2 },
      tokens: { ...tokens, input: 9000 },
    };
    uses.apply(anUpdate({ tokens }));
    uses.apply(anUpdate({ ...summary, error: { name: 'MessageAbortedError', data: {} } }));
    assert.deepEqual(uses.latest('a'), answer);
    uses.apply(anUpdate(summary));
    uses.apply({ type: 'session.compacted', properties: { sessionID: 'a' } });
    const left = uses.latest('a');
    assert.deepEqual(left && contextUse(left, providers), { used: 20, limit: 900, isLeast: true });
    uses.apply(anUpdate({ id: 'msg_4', tokens }));
    assert.deepEqual(uses.latest('a'), answer);
  });

  it('counts by the summary of a compaction where that is the latest that is read', () => {
    const messages = [
      anUpdate({ tokens }),
      anUpdate({ id: 'msg_2', summary: true, time: { created: 1, completed: 2 }, tokens }),
    ];
    const latest = countLatest(messages.map(({ properties: { info } }) => ({ info, parts: [] })));
    assert.equal(latest?.isLeast, true);
  });

  it('does not let what was asked for overwrite what came meanwhile', () => {
    const uses = new ContextUses();
    uses.apply(anUpdate({ tokens }));
    uses.load('a', { ...answer, modelID: 'older' });
    assert.equal(uses.latest('a')?.modelID, 'echo');
  });
});
