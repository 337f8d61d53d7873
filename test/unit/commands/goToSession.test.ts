import assert from 'node:assert/strict';
import { Problem } from '../../../src/core/errors.ts';
import { focusPrompt, switchTarget } from '../../../src/commands/session/focusPrompt.ts';
import { goToNeighbour, goToNextNeeding } from '../../../src/commands/session/goToSession.ts';
import { aProof, aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer, portsOf } from './commands.ts';

function setUp(order: readonly string[]) {
  let current: string | undefined;
  const opened: string[] = [];
  const unread = new Set<string>();
  const { dialogs, asked } = aPerson({ inform: () => undefined });
  const open = (way: string) => (sessionId: string) => {
    current = sessionId;
    unread.delete(sessionId);
    opened.push(`${way} ${sessionId}`);
  };
  const deps = {
    order: () => order,
    attention: { roots: [] },
    currentSessionId: () => current,
    openTranscript: open('open'),
    attend: open('attend'),
    stateOf: () => ({ kind: 'unread' }) as const,
    isUnread: (id: string) => unread.has(id),
    dialogs,
  };
  return { deps, opened, unread, asked };
}

describe('going to a session', () => {
  it('opens the next one and the one before', async () => {
    const { deps, opened } = setUp(['a', 'b', 'c']);
    await goToNeighbour(deps, 1)();
    await goToNeighbour(deps, 1)();
    await goToNeighbour(deps, -1)();
    await goToNeighbour(deps, -1)();
    assert.deepEqual(opened, ['open a', 'open b', 'open a', 'open c']);
  });

  it('goes through all that need a person, ready to answer, and says when none does', async () => {
    const { deps, opened, unread, asked } = setUp(['a', 'b', 'c', 'd']);
    for (const id of ['b', 'c', 'd']) unread.add(id);
    const next = goToNextNeeding(deps);
    for (let times = 0; times < 4; times += 1) await next();
    assert.deepEqual(opened, ['attend b', 'attend c', 'attend d']);
    assert.deepEqual(asked, [['inform', 'No session needs you.']]);
  });

  it('says that there is none where there is none', async () => {
    const { deps, asked } = setUp([]);
    assert.equal(await goToNeighbour(deps, 1)(), undefined);
    assert.equal(asked[0]?.[0], 'inform');
  });
});

describe('the composer of a session', () => {
  const told: unknown[][] = [];
  const agents = [
    { name: 'build', mode: 'primary' as const },
    { name: 'plan', mode: 'primary' as const, model: { providerID: 'local', modelID: 'echo' } },
  ];
  const deps = {
    sessions: aStore([aSession({ id: 'a' })]),
    ...portsOf(aServer({ listAgents: () => agents })),
    currentSessionId: () => 'a',
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs: aPerson().dialogs,
    focusPrompt: (id: string) => void told.push([id]),
    openPicker: (...given: unknown[]) => void told.push(given),
    pick: (...given: unknown[]) => void told.push(given),
  };

  beforeEach(() => told.splice(0));

  it('takes the cursor, or opens one of its lists, of the session that is looked at', async () => {
    assert.equal(await focusPrompt(deps)(), 'a');
    for (const what of ['agent', 'model', 'variant'] as const) await switchTarget(deps, what)();
    assert.deepEqual(told, [['a'], ['a', 'agent'], ['a', 'model'], ['a', 'variant']]);
  });

  it('opens no list where nobody knows what there is, and says so', async () => {
    const listProviders = () => {
      throw new Problem('No answer.');
    };
    const away = { ...deps, ...portsOf(aServer({ listProviders })) };
    await assert.rejects(switchTarget(away, 'model')(), /No answer/);
    assert.deepEqual(told, []);
  });

  it('has an agent or a model picked at once where one is named, an agent with the model of its own', async () => {
    const model = { providerID: 'local', modelID: 'echo' };
    await switchTarget(deps, 'agent')({ sessionId: 'a', agent: 'build' });
    await switchTarget(deps, 'agent')({ sessionId: 'a', agent: 'plan' });
    await switchTarget(deps, 'model')({ sessionId: 'a', model: 'local/echo' });
    assert.deepEqual(told, [
      ['a', { agent: 'build' }],
      ['a', { agent: 'plan', model }],
      ['a', { model }],
    ]);
    await assert.rejects(switchTarget(deps, 'agent')({ sessionId: 'a', agent: 'none' }), /no agent “none”/);
    await assert.rejects(switchTarget(deps, 'model')({ sessionId: 'a', model: 'local/none' }), /no model/);
    assert.equal(told.length, 3);
  });
});
