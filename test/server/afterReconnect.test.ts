import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerSink } from '../../src/core/ports/serverSink.ts';
import { SettledTurns } from '../../src/core/turns/settledTurn.ts';
import { type ConnectedWindow, openWindow } from '../workbench/connectedWindow.ts';
import { type Fault, FaultProxy } from '../workbench/faultProxy.ts';
import { type RunningOpenCode, startOpenCode } from '../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { SeededRandom } from '../workbench/seededRandom.ts';
import { waitFor } from '../workbench/waitFor.ts';

const model = { providerID: 'local', modelID: 'steady' };

describe('What a window knows after its connection came back', () => {
  let scripted: ScriptedModel;
  let server: RunningOpenCode;
  let proxy: FaultProxy;
  let window: ConnectedWindow;
  let turns: SettledTurns;
  /** Another client of the same server, whose connection does not break. */
  let other: ConnectedWindow;
  const onReset: (() => void)[] = [];

  const windowOn = (url: string, sinks: readonly ServerSink[] = []) =>
    openWindow(server, { settings: () => ({ url }), credentials: async () => server, sinks });

  before(async () => {
    scripted = await startScriptedModel();
    server = await startOpenCode({ modelUrl: scripted.url });
  });

  beforeEach(async () => {
    proxy = await FaultProxy.to(server.url);
    turns = new SettledTurns();
    const asking: ServerSink = {
      reset: () => {
        for (const act of onReset.splice(0)) act();
      },
      apply: () => undefined,
    };
    window = windowOn(proxy.url, [turns, asking]);
    other = windowOn(server.url);
    await Promise.all([window.connection.connect(), other.connection.connect()]);
  });

  afterEach(async () => {
    window.close();
    other.close();
    await proxy.close();
  });

  after(async () => {
    await server.stop();
    await scripted.close();
  });

  /** Twelve things that happen on the server, so far apart that they fall before, into and after the reconnect. */
  const change = async (random: SeededRandom): Promise<void> => {
    const { openCode } = other.connection;
    const made: string[] = [];
    for (let count = 0; count < 12; count += 1) {
      const id = made[random.whole(0, made.length)];
      const act = id === undefined ? 'create' : random.pick(['create', 'create', 'rename', 'delete', 'run']);
      if (act === 'create' || id === undefined) {
        made.push((await openCode.createSession({ directory: server.workspace, title: 'Made' })).id);
      } else if (act === 'rename') await openCode.updateSession(id, { title: `Renamed ${count}` });
      else if (act === 'run') {
        const parts = [{ type: 'text' as const, text: 'say: done' }];
        await openCode.promptSession(id, { agent: 'build', model, parts });
      } else {
        made.splice(made.indexOf(id), 1);
        await waitFor(() => other.sessions.status(id).type === 'idle', { what: 'the end of a run' });
        await openCode.deleteSession(id);
      }
      await delay(random.whole(0, 30));
    }
  };

  for (const seed of [1, 2, 3, 4]) {
    it(`is what the server holds, whatever happened meanwhile (seed ${seed})`, async () => {
      const random = new SeededRandom(seed);
      const changed = new AbortController();
      const changing = change(random.for('changes')).finally(() => changed.abort());
      while (!changed.signal.aborted) {
        proxy.breakStreams();
        await window.untilState('live');
        await delay(random.whole(0, 100));
      }
      await changing;
      await window.untilState('live');
      await waitFor(
        async () => {
          const { openCode } = other.connection;
          const [sessions, statuses] = await Promise.all([
            openCode.listSessions(server.workspace),
            openCode.listStatuses(server.workspace),
          ]);
          const byId = (all: readonly { id: string }[]) => all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
          assert.deepEqual(byId(window.sessions.all()), byId(sessions));
          for (const { id } of sessions) {
            assert.deepEqual(window.sessions.status(id), statuses[id] ?? { type: 'idle' });
            assert.equal(turns.isRunning(id), statuses[id] !== undefined);
          }
          return true;
        },
        { what: 'the same as the server holds', timeout: 10_000 },
      );
    });
  }

  const answers: readonly (readonly [string, string, Fault])[] = [
    ['half a list of sessions', '/session', { kind: 'truncate', bytes: 5 }],
    ['half a list of permissions', '/permission', { kind: 'truncate', bytes: 1 }],
    ['a failure of the server', '/session/status', { kind: 'replace', when: 'before', status: 500 }],
    [
      'a failure of the server to say who it is',
      '/global/health',
      { kind: 'replace', when: 'before', status: 500 },
    ],
    ['no event stream', '/global/event', { kind: 'replace', when: 'before', status: 404, body: '{}' }],
    ['a connection that breaks off', '/question', { kind: 'break', bytes: 1 }],
    [
      'another program on its port',
      '/global/health',
      { kind: 'replace', when: 'before', status: 200, body: '{"status":"up"}' },
    ],
  ];
  for (const [what, path, fault] of answers) {
    it(`comes about although ${what} was all that it got at first`, async () => {
      const rule = proxy.add({ path }, fault, { times: 3 });
      proxy.breakStreams();
      await rule.hit;
      await window.untilState('live');
      assert.ok(window.states.every(({ kind }) => kind !== 'failed'));
      assert.equal(rule.hits.length, 3);
    });
  }

  it('comes about although it is connected to for the first time while the server starts', async () => {
    proxy.add({ path: '/session' }, { kind: 'truncate', bytes: 1 }, { times: 2 });
    const late = windowOn(proxy.url);
    await assert.rejects(late.connection.connect());
    await late.untilState('live');
    assert.ok(late.states.every(({ kind }) => kind !== 'failed'));
    late.close();
  });

  it('can be asked for more by whoever hears of it first', async () => {
    const asked = Promise.withResolvers<unknown>();
    onReset.push(() => asked.resolve(window.connection.openCode.listStatuses(server.workspace)));
    proxy.breakStreams();
    await asked.promise;
    await window.untilState('live');
  });

  it('is told before the connection is said to be live', async () => {
    await other.connection.openCode.createSession({ directory: server.workspace, title: 'Before' });
    const known: boolean[] = [];
    window.connection.onDidChangeState(({ kind }) => {
      if (kind === 'live') known.push(window.sessions.all().some(({ title }) => title === 'Meanwhile'));
    });
    proxy.refuse();
    await window.untilState('reconnecting');
    await other.connection.openCode.createSession({ directory: server.workspace, title: 'Meanwhile' });
    proxy.accept();
    await window.untilState('live');
    assert.deepEqual(known, [true]);
  });
});
