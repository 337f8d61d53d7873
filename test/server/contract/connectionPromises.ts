import assert from 'node:assert/strict';
import { waitFor } from '../../workbench/waitFor.ts';
import { providerKey } from './contractRoom.ts';
import { onBoth, type PromiseOfPort } from './promise.ts';

export const connectionPromises: readonly PromiseOfPort[] = [
  {
    name: 'After the server died within a turn the window comes back, says that it was cut off, and goes on',
    on: onBoth,
    endsServer: true,
    check: async (room) => {
      const { own, window } = room;
      assert.ok(own !== undefined);
      const session = await room.create();
      const messageId = await room.prompt(session, 'say: Begun.\nhold: dying');
      await room.scripted.reached('dying');
      await own.kill('SIGKILL');
      await window.untilState('reconnecting');
      await own.restart();
      await window.untilState('live');
      assert.equal(window.turns.isRunning(session.id), false);
      assert.deepEqual(await room.openCode.listStatuses(room.workspace), {});
      await waitFor(() => /^(?:interrupted|unanswered)$/.test(window.ends.of(session.id)?.kind ?? ''), {
        what: 'word of how the turn ended',
      });
      const stored = (await room.list(session)).filter(({ info }) => info.id === messageId);
      assert.equal(stored.length, 1);
      room.scripted.releaseAll();
      assert.equal((await room.run(session, 'say: After.')).kind, 'settled');
      assert.ok((await room.texts(session)).includes('After.'));
    },
  },
  {
    name: 'No key and no password is in an answer of the port, an event, a state or the log',
    on: onBoth,
    check: async (room) => {
      const { openCode, workspace, window } = room;
      const offered = await Promise.all([
        openCode.listAgents(workspace),
        openCode.listProviders(workspace),
        openCode.listCommands(workspace),
        openCode.listSessions(workspace),
      ]);
      const all = JSON.stringify([offered, window.events, window.states, window.logged]);
      assert.ok(all.length > 1_000);
      assert.ok(!all.includes(providerKey));
      assert.ok(room.password !== '' && !all.includes(room.password));
    },
  },
];
