import assert from 'node:assert/strict';
import { NotFoundProblem, Problem } from '../../../src/core/errors.ts';
import {
  clearUpCompactions,
  compactAndContinue,
  type CompactPorts,
} from '../../../src/flows/compactAndContinue.ts';
import { extractHandoff } from '../../../src/flows/extractHandoff.ts';
import { forkApproaches } from '../../../src/flows/forkApproaches.ts';
import { handOff } from '../../../src/flows/handOff.ts';
import { tell } from '../../../src/flows/tell.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { asking, conversation, model, relaysOf, type Room, say, type Window, useRoom } from './room.ts';

const whole = { before: undefined, at: undefined };
const gone = { providerID: 'local', modelID: 'gone' };
const context = [{ type: 'text' as const, text: 'By the way.', synthetic: true }];

function compactPorts(window: Window): CompactPorts {
  return { ...window, exportSession: undefined, onProgress: () => undefined };
}

describe('what goes wrong while a session is continued', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  useRoom((opened) => ({ room, window } = opened));

  async function sessionIds(): Promise<string[]> {
    const sessions = await window.openCode.listSessions(room.server.workspace);
    return sessions.map(({ id }) => id).sort();
  }

  describe('a source that was deleted meanwhile', () => {
    it('is named by every verb, and nothing is left behind', async () => {
      const source = await room.newSession(window);
      await say(window, source, 'say: one');
      await window.openCode.deleteSession(source.id);
      const before = await sessionIds();
      const { relays } = relaysOf(window, 'w1');
      const asked = { agent: 'build', model, text: 'say: x' };
      const [forked] = await forkApproaches(window, source, whole, [{ title: 'F', prompt: asked }]);
      assert.ok(forked !== undefined && 'error' in forked && forked.error instanceof NotFoundProblem);
      await assert.rejects(relays.add(source.id, [asked]), NotFoundProblem);
      const compacting = compactAndContinue(compactPorts(window), { session: source, model, guidance: '' });
      await assert.rejects(compacting, NotFoundProblem);
      await assert.rejects(
        tell(window, { session: source, agent: 'build', model, parts: context }),
        NotFoundProblem,
      );
      await assert.rejects(
        extractHandoff(window, { source, point: whole, agent: 'build', model, goal: '' }),
        NotFoundProblem,
      );
      assert.deepEqual(await sessionIds(), before);
      relays.dispose();
    });
  });

  describe('an agent or a model that is not there', () => {
    it('gets no fork, and none is left behind', async () => {
      const source = await room.newSession(window);
      await say(window, source, 'say: one');
      const before = await sessionIds();
      const prompt = { agent: 'ghost', model, text: 'say: x' };
      const [forked] = await forkApproaches(window, source, whole, [{ title: 'F', prompt }]);
      assert.ok(forked !== undefined && 'error' in forked);
      assert.match(String(forked.error), /Agent not found: "ghost"/);
      assert.deepEqual(await sessionIds(), before);
    });

    it('is told nothing, and the session is as it was', async () => {
      const session = await room.newSession(window);
      await say(window, session, 'say: one');
      const telling = tell(window, { session, agent: 'ghost', model, parts: context });
      await assert.rejects(telling, /refused the prompt: Agent not found: "ghost"/);
      assert.equal((await conversation(window, session.id)).length, 2);
      assert.equal((await window.openCode.getSession(session.id)).agent, 'build');
    });

    it('summarizes nothing for a hand off, and the throw-away fork is gone', async () => {
      const source = await room.newSession(window);
      await say(window, source, 'say: one');
      const before = await sessionIds();
      const request = { source, point: whole, agent: 'build', model: gone, goal: '' };
      await assert.rejects(extractHandoff(window, request), /could not summarize the session: .*gone/);
      assert.deepEqual(await sessionIds(), before);
    });
  });

  describe('the user who types in a terminal at the same moment', () => {
    it('is heard after a compaction although the server swallowed the prompt, and nothing is there twice', async () => {
      const session = await room.newSession(window);
      await say(window, session, 'say: one');
      const continuation = { agent: 'plan', model, text: 'say: went on' };
      const guidance = 'While summarizing, hold: typing';
      const compacting = compactAndContinue(compactPorts(window), { session, model, guidance, continuation });
      await room.model.reached('typing');
      const parts = [{ type: 'text' as const, text: 'say: typed' }];
      await window.openCode.promptSession(session.id, { agent: 'build', model, parts });
      room.model.release('typing');
      const { delivery } = await compacting;
      assert.equal((await delivery?.ended)?.kind, 'answered');
      const said = await conversation(window, session.id);
      assert.equal(said.filter((line) => line === 'user(build): say: typed').length, 1);
      assert.deepEqual(said.slice(-2), ['user(plan): say: went on', 'plan: went on']);
      const read = room.model.requests.at(-1)?.messages.map(({ text }) => text);
      assert.ok(
        read?.some((text) => text.startsWith('say: typed')),
        'the agent that goes on has read it',
      );
    });

    it('takes the hand off’s new session no turn away: its own prompt is answered or said to be superseded', async () => {
      const source = await room.newSession(window);
      const text = 'say: begun ;; hold: handed ;; say: taken over';
      const handed = await handOff(window, { source, title: 'H', agent: 'build', model, text, todos: [] });
      await room.model.reached('handed');
      const parts = [{ type: 'text' as const, text: 'say: typed' }];
      await window.openCode.promptSession(handed.session.id, { agent: 'plan', model, parts });
      room.model.release('handed');
      const ending = await handed.delivery.ended;
      assert.ok(ending.kind === 'answered' || ending.kind === 'superseded', ending.kind);
      const said = await conversation(window, handed.session.id);
      assert.equal(said.filter((line) => line.startsWith('user(')).length, 2, 'both prompts, each once');
    });
  });

  describe('two windows that act at once', () => {
    it('compact a session one after the other or one of them not at all, and the next prompt is answered', async () => {
      const other = await room.openWindow();
      const session = await room.newSession(window);
      await say(window, session, 'say: one');
      const request = { session, model, guidance: '' };
      const results = await Promise.allSettled([
        compactAndContinue(compactPorts(window), request),
        compactAndContinue(compactPorts(other), request),
      ]);
      assert.ok(results.some(({ status }) => status === 'fulfilled'));
      await say(window, session, 'say: after both');
      assert.equal((await conversation(window, session.id)).at(-1), 'build: after both');
      other.close();
    });

    it('edit the pending relays of a session, and both edits stand', async () => {
      const other = await room.openWindow();
      const session = await room.newSession(window);
      const running = say(window, session, 'hold: editors ;; say: done');
      await room.model.reached('editors');
      const [first, second] = [relaysOf(window, 'w1'), relaysOf(other, 'w2')];
      const leg = (text: string) => [{ agent: 'plan', model, text }];
      await Promise.all([
        first.relays.add(session.id, leg('say: left')),
        second.relays.add(session.id, leg('say: right')),
      ]);
      const pending = await waitFor(
        () => {
          const legs = first.relays.pending(session.id);
          return legs.length === 2 ? legs : undefined;
        },
        { what: 'both relays' },
      );
      assert.deepEqual(pending.map(({ text }) => text).sort(), ['say: left', 'say: right']);
      await first.relays.stopAll(session.id);
      room.model.release('editors');
      await running;
      first.relays.dispose();
      second.relays.dispose();
      other.close();
    });
  });

  describe('a server that is gone between two steps', () => {
    /** Kills the server in the moment in which it is asked for that. */
    function killedAt(name: 'promptSession' | 'updateSession'): Window['openCode'] {
      return new Proxy(window.openCode, {
        get: (openCode, key: keyof Window['openCode']) => {
          if (key === 'abilities') return openCode.abilities;
          const call = openCode[key].bind(openCode) as (...args: unknown[]) => Promise<unknown>;
          if (key !== name) return call;
          return async (...args: unknown[]) => {
            await room.server.kill('SIGKILL');
            return call(...args);
          };
        },
      });
    }

    async function comeBack(): Promise<void> {
      window.close();
      await room.server.restart();
      window = await room.openWindow();
    }

    it('leaves a hand off with its text, a sentence and no turn', async () => {
      const source = await room.newSession(window);
      const openCode = killedAt('promptSession');
      const request = { source, title: 'Gone', agent: 'build', model, text: 'say: x', todos: [] };
      await assert.rejects(handOff(asking(window, openCode), request), Problem);
      await comeBack();
      const sessions = await window.openCode.listSessions(room.server.workspace);
      const left = sessions.find(({ title }) => title === 'Gone');
      assert.deepEqual(left === undefined ? [] : await conversation(window, left.id), []);
    });

    it('leaves the source of a fork as it was', async () => {
      const source = await room.newSession(window, { title: 'Kept' });
      await say(window, source, 'say: one');
      const openCode = killedAt('updateSession');
      const [forked] = await forkApproaches(asking(window, openCode), source, whole, [{ title: 'F' }]);
      assert.ok(forked !== undefined && 'error' in forked);
      await comeBack();
      assert.deepEqual(await conversation(window, source.id), ['user(build): say: one', 'build: one']);
    });

    it('leaves a session whose compaction broke off able to answer the next prompt', async () => {
      const session = await room.newSession(window);
      await say(window, session, 'say: one');
      const guidance = 'While summarizing, hold: crashing';
      const compacting = compactAndContinue(compactPorts(window), { session, model, guidance });
      await room.model.reached('crashing');
      const failed = assert.rejects(compacting, Problem);
      await room.server.restart();
      await failed;
      room.model.release('crashing');
      await waitFor(
        async () => (await window.openCode.listSessions(session.directory).catch(() => [])).length > 0,
        {
          what: 'the server that is back',
        },
      );
      // The compaction cleared up by itself, if the server was back in time; else this does.
      await clearUpCompactions(window);
      assert.deepEqual(window.openCode.brokenCompactions(), []);
      await say(window, session, 'say: two');
      const said = await conversation(window, session.id);
      assert.deepEqual(said.slice(-2), ['user(build): say: two', 'build: two']);
      assert.ok(!said.join('\n').includes('While summarizing'), 'the guidance is gone');
    });
  });
});
