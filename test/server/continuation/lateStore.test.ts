import assert from 'node:assert/strict';
import { UncertainProblem } from '../../../src/core/errors.ts';
import { handOff } from '../../../src/flows/handOff.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { conversation, model, openRoomWithHook, type Room, untilQuiet } from './room.ts';

describe('a prompt that a plugin keeps for longer than anybody waits', function () {
  this.timeout(180_000);
  let room: Room;

  before(async () => {
    room = await openRoomWithHook(`async (_, { parts }) => {
      if (parts.some(({ text }) => text?.includes('ponder'))) await new Promise((resolve) => setTimeout(resolve, 14_000));
    }`);
  });

  after(() => room.close());

  it('keeps the session of its hand off, and is told once it is there, once', async () => {
    const window = await room.openWindow();
    const source = await room.newSession(window);
    const judged: string[] = [];
    window.door.onDidJudge(({ state }) => judged.push(state.kind));
    const request = {
      source,
      title: 'Successor',
      agent: 'plan',
      model,
      text: 'say: ponder',
      todos: [],
    };
    await assert.rejects(handOff(window, request), UncertainProblem);
    const made = window.sessions.all().filter(({ title }) => title === 'Successor');
    assert.equal(made.length, 1);
    await waitFor(() => judged.length > 0, { what: 'a judgement' });
    assert.deepEqual(judged, ['stored']);
    const [session] = made;
    assert.ok(session !== undefined);
    // The same hand off asked for once more goes on in it.
    const again = await handOff(window, request);
    assert.equal(again.session.id, session.id);
    await untilQuiet(window, session);
    assert.deepEqual(await conversation(window, session.id), ['user(plan): say: ponder', 'plan: ponder']);
  });
});
