import assert from 'node:assert/strict';
import { Emitter } from '../../../src/core/event.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import type { Outcome } from '../../../src/core/turns/outcome.ts';
import { ContinuationSuggestions } from '../../../src/flows/suggestContinuation.ts';
import { AssistantMessage, ProviderList } from '../../../src/protocol/records.ts';
import { aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';

const providers = ProviderList.parse({
  providers: [
    {
      id: 'local',
      name: 'Local',
      models: {
        echo: { id: 'echo', providerID: 'local', name: 'Echo', limit: { context: 1200, output: 200 } },
      },
    },
  ],
});

function setUp(threshold = 80) {
  const turns = new Emitter<{ sessionId: string; outcome: Outcome }>();
  const notices: Notice[] = [];
  const answered: Promise<ProviderList>[] = [];
  const suggestions = new ContinuationSuggestions({
    turns: { onDidSettle: turns.event },
    sessions: aStore([aSession({ id: 'ses_1' }), aSession({ id: 'ses_2', parentID: 'ses_1' })]),
    openCode: {
      listProviders: () => {
        const answer = Promise.resolve(providers);
        answered.push(answer);
        return answer;
      },
    },
    threshold: () => threshold,
    notify: (notice) => notices.push(notice),
    log: { debug: assert.fail, info: assert.fail, warn: assert.fail, error: assert.fail },
  });
  const settle = async (input: number, given: { sessionId?: string; summary?: boolean } = {}) => {
    const sessionId = given.sessionId ?? 'ses_1';
    const answer = AssistantMessage.parse({
      id: 'msg_1',
      sessionID: sessionId,
      role: 'assistant',
      parentID: 'msg_0',
      providerID: 'local',
      modelID: 'echo',
      time: { created: 1, completed: 2 },
      tokens: { input, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
      ...(given.summary === undefined ? {} : { summary: given.summary }),
    });
    turns.fire({ sessionId, outcome: { kind: 'settled', answer } });
    await Promise.all(answered);
  };
  return { suggestions, settle, notices };
}

describe('suggesting to continue a session elsewhere, or with less', () => {
  it('comes when the usable context, without what the answer needs, is filled to the threshold', async () => {
    const { settle, notices } = setUp();
    await settle(799);
    assert.equal(notices.length, 0);
    await settle(800);
    assert.equal(notices[0]?.message, '“Parser” has used 80% of its usable context.');
    assert.deepEqual(
      notices[0]?.actions.map(({ command }) => command),
      ['opencodeSessions.session.continue'],
    );
  });

  it('comes once for each time the threshold is crossed', async () => {
    const { settle, notices } = setUp();
    await settle(900);
    await settle(950);
    assert.equal(notices.length, 1);
    await settle(900, { summary: true });
    await settle(900);
    assert.equal(notices.length, 2);
  });

  it('does not come for subagents, nor where it is switched off', async () => {
    const { settle, notices } = setUp();
    await settle(1000, { sessionId: 'ses_2' });
    const off = setUp(0);
    await off.settle(1000);
    assert.deepEqual([...notices, ...off.notices], []);
  });
});
