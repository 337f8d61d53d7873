import assert from 'node:assert/strict';
import { promptSession } from '../../../src/commands/promptSession.ts';
import { Problem, UnavailableProblem } from '../../../src/core/errors.ts';
import type { TextQuestion } from '../../../src/core/dialogs.ts';
import { aProof, aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

function setUp(given: { send?: () => unknown; typed?: (question: TextQuestion) => string | undefined } = {}) {
  const server = aServer({ promptSession: given.send ?? (() => undefined) });
  const { dialogs, asked } = aPerson(given.typed === undefined ? {} : { askText: given.typed });
  const kept = new Map<string, string | undefined>();
  const run = promptSession({
    sessions: aStore([aSession({ id: 'a', agent: 'plan' })]),
    openCode: server.openCode,
    currentSessionId: () => undefined,
    selectedSessionIds: () => [],
    proof: aProof(),
    unsent: { get: (id) => kept.get(id), set: (id, text) => kept.set(id, text) },
    dialogs,
  });
  return { run, server, kept, asked };
}

describe('sending a prompt', () => {
  it('names the agent and the model that the session uses', async () => {
    const { run, server } = setUp();
    assert.equal(await run({ sessionId: 'a', text: 'Go on' }), 'a');
    assert.deepEqual(server.changes(), [
      [
        'promptSession',
        'a',
        {
          agent: 'plan',
          model: { providerID: 'local', modelID: 'echo' },
          parts: [{ type: 'text', text: 'Go on' }],
        },
      ],
    ]);
  });

  it('keeps a prompt that could not be sent, and offers it again', async () => {
    let isThere = false;
    const offered: (string | undefined)[] = [];
    const { run, kept } = setUp({
      send: () => {
        if (!isThere) throw new UnavailableProblem('There is no server.');
      },
      typed: ({ value }) => {
        offered.push(value);
        return value ?? 'A long thought';
      },
    });
    await assert.rejects(run('a'), (problem) => {
      assert.ok(problem instanceof Problem);
      assert.match(problem.message, /is kept\. There is no server\./);
      assert.equal(problem.remedy?.command, 'opencodeSessions.session.prompt');
      return true;
    });
    assert.equal(kept.get('a'), 'A long thought');
    isThere = true;
    await run('a');
    assert.deepEqual(offered, [undefined, 'A long thought']);
    assert.equal(kept.get('a'), undefined);
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

  it('sends nothing to an agent that there is not, and keeps the prompt', async () => {
    const { run, server, kept } = setUp();
    await assert.rejects(run({ sessionId: 'a', text: 'Go', agent: 'nope' }), /no agent “nope”/);
    assert.deepEqual(server.changes(), []);
    assert.equal(kept.get('a'), 'Go');
  });

  it('refuses an empty prompt', async () => {
    const { run, server } = setUp();
    await assert.rejects(run({ sessionId: 'a', text: '  ' }), Problem);
    assert.deepEqual(server.calls, []);
  });
});
