import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UncertainProblem } from '../../../src/core/errors.ts';
import { handOff } from '../../../src/flows/handOff.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { conversation, model, openRoom, type Room, untilQuiet } from './room.ts';

describe('a prompt that a plugin keeps for longer than anybody waits', function () {
  this.timeout(180_000);
  let folder: string;
  let room: Room;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plugin-'));
    const file = join(folder, 'ponder.js');
    await writeFile(
      file,
      `export default { id: 'ponder', server: async () => ({
        'chat.message': async (_, { parts }) => {
          if (parts.some(({ text }) => text?.includes('ponder'))) await new Promise((resolve) => setTimeout(resolve, 14_000));
        },
      }) };`,
    );
    const plugin = [pathToFileURL(file).href];
    room = await openRoom({ OPENCODE_CONFIG_CONTENT: JSON.stringify({ plugin }) });
  });

  after(async () => {
    await room.close();
    await rm(folder, { recursive: true, force: true });
  });

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
