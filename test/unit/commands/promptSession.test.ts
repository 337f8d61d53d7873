import assert from 'node:assert/strict';
import { promptSession } from '../../../src/commands/session/promptSession.ts';
import { Problem, UnavailableProblem } from '../../../src/core/errors.ts';
import type { TextQuestion } from '../../../src/core/ports/dialogs.ts';
import { aProof, aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

function setUp(
  given: {
    send?: () => void;
    typed?: (question: TextQuestion) => string | undefined;
    isVisible?: boolean;
  } = {},
) {
  const server = aServer();
  const { dialogs, asked } = aPerson(given.typed === undefined ? {} : { askText: given.typed });
  const kept = new Map<string, string | undefined>();
  const sent: unknown[] = [];
  const inserted: string[][] = [];
  const run = promptSession({
    sessions: aStore([aSession({ id: 'a', agent: 'plan' })]),
    openCode: server.openCode,
    offers: server.offers,
    currentSessionId: () => undefined,
    selectedSessionIds: () => [],
    proof: aProof(),
    unsent: { get: (id) => kept.get(id), set: (id, text) => kept.set(id, text) },
    sendText: async ({ id }, { text }, findTarget) => {
      const target = await findTarget();
      given.send?.();
      sent.push([id, text, target]);
    },
    dialogs,
    isVisible: () => given.isVisible === true,
    focusPrompt: (id) => inserted.push([id]),
    insertIntoComposer: (id, text) => inserted.push([id, text]),
  });
  return { run, server, kept, asked, sent, inserted };
}

describe('sending a prompt', () => {
  it('names the agent and the model that the session uses', async () => {
    const { run, sent } = setUp();
    assert.equal(await run({ sessionId: 'a', text: 'Go on' }), 'a');
    const model = { providerID: 'local', modelID: 'echo' };
    assert.deepEqual(sent, [['a', 'Go on', { agent: 'plan', model }]]);
  });

  it('says where a prompt stands that could not be sent, and offers to go there', async () => {
    const { run, kept } = setUp({
      send: () => {
        throw new UnavailableProblem('There is no server.');
      },
      typed: () => 'A long thought',
    });
    await assert.rejects(run('a'), (problem) => {
      assert.ok(problem instanceof Problem);
      assert.match(problem.message, /stands in the composer of “Parser”\. There is no server\./);
      assert.equal(problem.remedy?.command, 'opencodeSessions.session.open');
      return true;
    });
    assert.equal(kept.get('a'), undefined, 'it is kept once');
  });

  it('keeps what was typed when the person leaves the box', async () => {
    const { run, server, kept } = setUp({
      typed: ({ onLeave }) => {
        onLeave?.('half a thought');
        return undefined;
      },
    });
    assert.equal(await run('a'), undefined);
    assert.equal(kept.get('a'), 'half a thought');
    assert.deepEqual(server.calls, []);
  });

  it('is done in the composer where that is in view, with what was typed into a box before', async () => {
    const { run, kept, asked, inserted, sent } = setUp({ isVisible: true });
    kept.set('a', 'half a thought');
    assert.equal(await run('a'), 'a');
    assert.equal(await run('a'), 'a');
    assert.deepEqual(inserted, [['a', 'half a thought'], ['a']]);
    assert.deepEqual([kept.get('a'), asked, sent], [undefined, [], []]);
    await run({ sessionId: 'a', text: 'Go on' });
    assert.equal(sent.length, 1, 'a text that is given is sent');
  });

  it('sends nothing to an agent that there is not', async () => {
    const { run, sent } = setUp();
    await assert.rejects(run({ sessionId: 'a', text: 'Go', agent: 'nope' }), /no agent “nope”/);
    assert.deepEqual(sent, []);
  });

  it('refuses an empty prompt', async () => {
    const { run, server } = setUp();
    await assert.rejects(run({ sessionId: 'a', text: '  ' }), Problem);
    assert.deepEqual(server.calls, []);
  });
});
