import assert from 'node:assert/strict';
import { continueSession } from '../../../src/commands/session/continueSession.ts';
import type { Choice } from '../../../src/core/ports/dialogs.ts';
import type { Way } from '../../../src/core/rows/continueSheet.ts';
import { aProof, aSession, aTodo } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

function setUp(pick: (choices: readonly Choice<Way>[]) => Way | undefined) {
  const sessions = aStore([aSession({ id: 'a', title: 'Exact cents' })]);
  const ran: [string, unknown][] = [];
  const way = (name: string) => async (argument: unknown) => void ran.push([name, argument]);
  const { dialogs, asked } = aPerson({
    pickOne: (_: string, choices: readonly Choice<Way>[]) => pick(choices),
  });
  const run = continueSession({
    sessions,
    openCode: aServer().openCode,
    currentSessionId: () => undefined,
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs,
    todos: { get: () => [aTodo('Count', 'completed'), aTodo('Round', 'in_progress')] },
    findContextUse: async () => ({ used: 80, limit: 100 }),
    ways: {
      relay: way('relay'),
      fork: way('fork'),
      forkMany: way('forkMany'),
      handOff: way('handOff'),
      compact: way('compact'),
    },
  });
  return { run, ran, asked, sessions };
}

describe('continuing a session', () => {
  it('takes the way that is picked, of the session that was meant', async () => {
    const { run, ran, asked } = setUp(() => 'handOff');
    await run('a');
    assert.equal(asked[0]?.[1], 'Continue “Exact cents”');
    assert.deepEqual(ran, [['handOff', { sessionId: 'a' }]]);
  });

  it('suggests by the context and the todos that are left', async () => {
    const { run, ran } = setUp((choices) => choices[0]?.value);
    await run('a');
    assert.equal(ran[0]?.[0], 'compact');
  });

  it('does nothing where nothing is picked', async () => {
    const { run, ran } = setUp(() => undefined);
    assert.equal(await run('a'), undefined);
    assert.deepEqual(ran, []);
  });

  it('says of an empty session that there is nothing to go on from', async () => {
    const { run, sessions } = setUp(() => 'fork');
    sessions.learnPrompt('a', '');
    await assert.rejects(run('a'), /is empty/);
  });
});
