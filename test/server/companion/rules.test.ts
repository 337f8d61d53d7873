import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseLineage } from '../../../src/protocol/lineage.ts';
import { parsePendingRelays } from '../../../src/protocol/pending.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { type Room, model, say, type Window } from '../continuation/room.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { answersOf, call, linesOf, useCompanionRoom } from './companionRoom.ts';

describe('the rules for agents that pass on', function () {
  this.timeout(240_000);
  let room: Room;
  let window: Window;

  useCompanionRoom((opened) => ({ room, window } = opened), {
    agent: {
      'from-json': { description: 'Of the configuration', mode: 'primary', prompt: 'You are of JSON.' },
    },
    permission: { handoff: 'allow', fork: 'allow', relay: 'allow' },
  });

  /** What is configured is read anew, and plugins are loaded anew. */
  const disposeInstances = async (): Promise<void> => {
    const { url, username, password } = room.server;
    const authorization = `Basic ${btoa(`${username}:${password}`)}`;
    await fetch(`${url}/global/dispose`, { method: 'POST', headers: { authorization } });
  };

  const childrenOf = async ({ id }: Session): Promise<Session[]> => {
    const all = await window.openCode.listSessions(room.server.workspace);
    return all.filter((each) => parseLineage(each)?.from === id);
  };

  it('know the agents of the configuration and of nested files, and those that come later', async () => {
    const file = join(room.server.workspace, '.opencode', 'agent', 'team', 'late.md');
    const refusal = async (): Promise<string> => {
      const session = await room.newSession(window);
      const script = [call('session', { mode: 'message', agent: 'ghost', text: 'say: no' }), 'say: done'];
      await say(window, session, script.join(' ;; '));
      return (await answersOf(window, session, 'session')).join();
    };
    assert.match(await refusal(), /no agent "ghost".*build, from-json, plan/);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '---\ndescription: Late\nmode: primary\n---\nYou are late.\n');
    try {
      await disposeInstances();
      assert.match(await refusal(), /no agent "ghost".*team\/late/);
    } finally {
      await rm(dirname(file), { recursive: true });
    }
  });

  it('let the current agent go on where none is named, in a fresh session and in a fork, too', async () => {
    const session = await room.newSession(window, { agent: 'plan' });
    const script = ['new', 'fork'].map((mode) => call('session', { mode, text: 'say: went on' }));
    await say(window, session, [...script, 'say: done'].join(' ;; '), 'plan');
    const children = await childrenOf(session);
    assert.equal(children.length, 2);
    for (const child of children) {
      await waitFor(async () => (await linesOf(window, child)).at(-1) === 'plan: went on', {
        what: 'the answer of plan',
      });
    }
  });

  it('say in a fresh session from whom it is, and to the model that it is not the user', async () => {
    const session = await room.newSession(window, { title: 'Source' });
    await say(
      window,
      session,
      `${call('session', { mode: 'new', text: 'say: begun on this' })} ;; say: done`,
    );
    const [child] = await childrenOf(session);
    assert.ok(child);
    assert.equal(child.title, 'say: begun on this');
    const [first = ''] = await linesOf(window, child);
    assert.ok(
      first.startsWith(
        `user(build): [From the build agent of session "Source" (\`${session.id}\`), not from the user.`,
      ),
      first,
    );
  });

  it('are over after so many sessions that agents began from one another', async () => {
    const session = await room.newSession(window, { title: 'First' });
    const again = (rest: number): string =>
      rest === 0
        ? 'say: the end'
        : [call('session', { mode: 'new', text: again(rest - 1) }), 'say: began'].join('\n');
    await say(window, session, again(9));
    // Each begins the next one, until the limit of 8.
    const chain: Session[] = [session];
    for (let hop = 1; hop <= 8; hop += 1) {
      const parent = chain.at(-1);
      assert.ok(parent);
      const [child] = await waitFor(
        async () => {
          const found = await childrenOf(parent);
          return found.length > 0 ? found : undefined;
        },
        { what: `session ${hop}` },
      );
      assert.ok(child);
      chain.push(child);
    }
    const last = chain.at(-1);
    assert.ok(last);
    const refusal = /agents began this session from one another, and 8 in a row are allowed/;
    await waitFor(async () => refusal.test((await answersOf(window, last, 'session'))[0] ?? ''), {
      what: 'the last call to be refused',
    });
    assert.deepEqual(await childrenOf(last), []);
  });

  it('hold over an instance that begins anew while something waits: it is sent once, by whoever is there', async () => {
    const session = await room.newSession(window);
    const running = say(
      window,
      session,
      `${call('session', { mode: 'message', agent: 'plan', text: 'say: went on' })} ;; hold: anew ;; say: done`,
    );
    await room.model.reached('anew');
    await disposeInstances();
    await running;
    // The run was cut off, of which nobody knows why: a person decides.
    await window.openCode.listAgents(room.server.workspace);
    const legs = async () => parsePendingRelays(await window.openCode.getSession(session.id))?.legs ?? [];
    await waitFor(async () => (await legs()).some(({ state }) => state.kind === 'held'), {
      what: 'the relay to be held',
    });
    assert.ok(!(await linesOf(window, session)).some((line) => line.startsWith('user(plan)')));
  });

  it('refuse in the session of a subagent', async () => {
    const session = await room.newSession(window);
    const child = await window.openCode.createSession({
      directory: room.server.workspace,
      title: 'Child',
      agent: 'build',
      model,
      parentID: session.id,
    });
    const script = [
      call('session', { mode: 'message', text: 'say: no' }),
      call('session_send', { sessionID: session.id, text: 'say: no' }),
      'say: done',
    ];
    await say(window, child, script.join(' ;; '));
    assert.match((await answersOf(window, child, 'session'))[0] ?? '', /a subagent cannot pass its turn on/);
    assert.match((await answersOf(window, child, 'session_send'))[0] ?? '', /a subagent writes to nobody/);
  });
});
