import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { UnavailableProblem } from '../../src/core/errors.ts';
import { TodoStore } from '../../src/core/todos/todoStore.ts';
import { type ConnectedWindow, openWindow } from '../workbench/connectedWindow.ts';
import { type RunningOpenCode, startOpenCode, writeOpenCodeConfig } from '../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { waitFor } from '../workbench/waitFor.ts';

/** A wire between window and server that can be cut, or fall silent without being cut. */
class Wire {
  readonly #sockets = new Set<Socket>();
  readonly #streams = new Set<Socket>();
  readonly #listener: Server;
  #cut = false;

  private constructor(port: number) {
    this.#listener = createServer((near) => {
      if (this.#cut) {
        near.destroy();
        return;
      }
      const far = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on('data', (chunk) => to.write(chunk));
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
      }
      near.once('data', (head) => {
        if (String(head).startsWith('GET /global/event')) this.#streams.add(near);
      });
    });
  }

  static async to(url: string): Promise<Wire> {
    const wire = new Wire(Number(new URL(url).port));
    wire.#listener.listen(0, '127.0.0.1');
    await once(wire.#listener, 'listening');
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#listener.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  /** Cuts the event stream alone: requests go on. */
  cutStream(): void {
    for (const socket of this.#streams) socket.destroy();
    this.#streams.clear();
  }

  /** What is connected now is never heard again; what connects later is. */
  fallSilent(): void {
    for (const socket of this.#sockets) socket.removeAllListeners('data').pause();
  }

  mend(): void {
    this.#cut = false;
  }

  close(): void {
    this.cut();
    this.#listener.close();
  }
}

describe('A connection that breaks', () => {
  let model: ScriptedModel;
  let server: RunningOpenCode;
  let wire: Wire;
  let window: ConnectedWindow;
  const todos = new TodoStore();

  /** The truth, seen by a window whose wire does not break. */
  let witness: ConnectedWindow;
  const windowOn = (url: string, silence?: number) =>
    openWindow(server, {
      settings: () => ({ url }),
      credentials: async () => server,
      sinks: url === wire.url ? [todos] : [],
      ...(silence === undefined ? {} : { silence }),
    });
  const agree = async () => {
    const truth = await witness.connection.openCode.listSessions(server.workspace);
    const ids = truth.map(({ id }) => id).sort();
    assert.deepEqual(
      window.sessions
        .all()
        .map(({ id }) => id)
        .sort(),
      ids,
    );
    for (const session of truth) assert.deepEqual(window.sessions.get(session.id), session);
  };

  const disposeInstances = async () => {
    const authorization = `Basic ${btoa(`${server.username}:${server.password}`)}`;
    await fetch(`${server.url}/global/dispose`, { method: 'POST', headers: { authorization } });
  };

  before(async () => {
    model = await startScriptedModel();
    server = await startOpenCode({ modelUrl: model.url });
  });

  beforeEach(async () => {
    wire = await Wire.to(server.url);
    window = windowOn(wire.url);
    witness = windowOn(server.url);
    await Promise.all([window.connection.connect(), witness.connection.connect()]);
  });

  afterEach(() => {
    window.close();
    witness.close();
    wire.close();
  });

  after(async () => {
    await server.stop();
    await model.close();
  });

  it('says since when, and agrees with the server about all that happened meanwhile', async () => {
    const { openCode } = witness.connection;
    const kept = await openCode.createSession({ directory: server.workspace, title: 'Kept' });
    const dropped = await openCode.createSession({ directory: server.workspace, title: 'Dropped' });
    await waitFor(() => window.sessions.get(dropped.id), { what: 'the session' });
    wire.cut();
    const state = await window.untilState('reconnecting');
    assert.ok(state.kind === 'reconnecting' && state.since <= Date.now() && state.attempt >= 1);
    await openCode.deleteSession(dropped.id);
    await openCode.updateSession(kept.id, { title: 'Renamed' });
    const made = await openCode.createSession({ directory: server.workspace, title: 'Made' });
    await openCode.promptSession(made.id, {
      agent: 'build',
      model: { providerID: 'local', modelID: 'steady' },
      parts: [{ type: 'text', text: 'say: working\nhold: meanwhile' }],
    });
    await model.reached('meanwhile');
    assert.equal(window.sessions.get(kept.id)?.title, 'Kept');
    wire.mend();
    await window.untilState('live');
    assert.equal(window.sessions.status(made.id).type, 'busy');
    await agree();
    model.release('meanwhile');
    await waitFor(() => window.sessions.status(made.id).type === 'idle', { what: 'the end of the run' });
  });

  it('leaves a request under way alone when only the event stream breaks', async () => {
    const { openCode } = window.connection;
    const session = await openCode.createSession({ directory: server.workspace, title: 'Long' });
    const answered = openCode.runCommand(session.id, {
      name: 'tidy',
      arguments: 'up\nhold: long',
      agent: 'build',
      model: { providerID: 'local', modelID: 'steady' },
    });
    await model.reached('long');
    wire.cutStream();
    await window.untilState('reconnecting');
    await window.untilState('live');
    model.release('long');
    await answered;
  });

  it('breaks a request under way off when the window closes, and says so', async () => {
    const { openCode } = window.connection;
    const session = await openCode.createSession({ directory: server.workspace, title: 'Closed' });
    const answered = openCode.runCommand(session.id, {
      name: 'tidy',
      arguments: 'up\nhold: closed',
      agent: 'build',
      model: { providerID: 'local', modelID: 'steady' },
    });
    const broken = assert.rejects(
      answered,
      (error) =>
        error instanceof UnavailableProblem &&
        error.mayHaveArrived &&
        /closed its connection/.test(error.message),
    );
    await model.reached('closed');
    window.close();
    await broken;
    model.release('closed');
  });

  it('tries at once when it is asked to, and goes on trying when that fails', async () => {
    wire.cut();
    await window.untilState('reconnecting');
    await assert.rejects(window.connection.connect());
    assert.equal(window.connection.state.kind, 'reconnecting');
    wire.mend();
    await window.connection.connect();
    assert.equal(window.connection.state.kind, 'live');
  });

  it('comes about by itself when a server that was down at first is up, and says so meanwhile', async () => {
    wire.cut();
    const late = windowOn(wire.url);
    await assert.rejects(late.connection.connect(), /Nothing answers/);
    const state = await late.untilState('unreachable');
    assert.ok(state.kind === 'unreachable' && state.since <= Date.now());
    await waitFor(() => late.connection.state.kind === 'unreachable' && late.connection.state.attempt > 2, {
      what: 'a third attempt',
    });
    assert.deepEqual([...new Set(late.states.map(({ kind }) => kind))], ['starting', 'unreachable']);
    wire.mend();
    await late.untilState('live');
    late.close();
  });

  it('is not mistaken for one to another address', async () => {
    let url = wire.url;
    const moving = openWindow(server, { settings: () => ({ url }), credentials: async () => server });
    await moving.connection.connect();
    wire.cut();
    await moving.untilState('reconnecting');
    url = server.url;
    await moving.connection.connect();
    assert.deepEqual(
      moving.states.map(({ kind }) => kind).filter((kind, index, kinds) => kind !== kinds[index - 1]),
      ['starting', 'live', 'reconnecting', 'starting', 'live'],
    );
    moving.close();
  });

  it('is stale when the server falls silent, and live again by itself', async () => {
    const silent = windowOn(wire.url, 1_000);
    await silent.connection.connect();
    wire.fallSilent();
    await waitFor(() => silent.states.some(({ kind }) => kind === 'stale'), { what: 'the stale state' });
    await silent.untilState('live');
    silent.close();
  });

  it('asks for the password when the server comes back with another one, and is live with that', async () => {
    let password = server.password;
    const other = openWindow(server, {
      settings: () => ({ url: wire.url }),
      credentials: async () => ({ username: server.username, password }),
    });
    await other.connection.connect();
    password = 'wrong';
    wire.cut();
    await other.untilState('reconnecting');
    wire.mend();
    await other.untilState('unauthorised');
    ({ password } = server);
    await other.connection.connect();
    assert.equal(other.connection.state.kind, 'live');
    other.close();
  });

  it('loads a directory again when the server has thrown its instance away', async () => {
    const { openCode } = witness.connection;
    const session = await openCode.createSession({ directory: server.workspace, title: 'Running' });
    await openCode.promptSession(session.id, {
      agent: 'build',
      model: { providerID: 'local', modelID: 'steady' },
      parts: [{ type: 'text', text: 'hold: disposed' }],
    });
    await model.reached('disposed');
    await waitFor(() => window.sessions.status(session.id).type === 'busy', { what: 'the run' });
    await disposeInstances();
    await waitFor(() => window.sessions.status(session.id).type === 'idle', { what: 'the end of the run' });
    await agree();
  });

  it('shows another folder when the window gets one, and its events', async () => {
    const other = await server.addWorkspace('other');
    const link = join(server.home, 'link');
    await symlink(other, link);
    let folders = [server.workspace];
    const growing = openWindow(server, {
      settings: () => ({ url: server.url }),
      credentials: async () => server,
      directories: () => folders,
    });
    await growing.connection.connect();
    const { openCode } = witness.connection;
    const before = await openCode.createSession({ directory: other, title: 'Before' });
    folders = [server.workspace, link];
    await growing.connection.refreshDirectories();
    assert.equal(growing.sessions.get(before.id)?.title, 'Before');
    const after = await openCode.createSession({ directory: other, title: 'After' });
    await waitFor(() => growing.sessions.get(after.id), { what: 'the session of the other folder' });
    assert.equal(window.sessions.get(after.id), undefined);
    growing.close();
  });

  it('shows the other folders when one has a configuration that cannot be read', async () => {
    const broken = await server.addWorkspace('broken');
    await writeFile(join(broken, 'opencode.json'), '{ not json');
    const both = openWindow(server, {
      settings: () => ({ url: server.url }),
      credentials: async () => server,
      directories: () => [broken, server.workspace],
    });
    await witness.connection.openCode.createSession({ directory: server.workspace, title: 'Whole' });
    await both.connection.connect();
    assert.ok(both.sessions.all().length > 0);
    const { state } = both.connection;
    assert.ok(state.kind === 'live');
    assert.deepEqual(
      state.unreadable?.map(({ directory }) => directory),
      [broken],
    );
    assert.match(state.unreadable?.[0]?.message ?? '', /opencode\.json: .+ at line 1/);
    await writeOpenCodeConfig(broken, model.url);
    await server.restart();
    await waitFor(() => both.connection.state.kind === 'live' && !both.connection.state.unreadable, {
      what: 'the folder to be read again',
    });
    both.close();
  });

  it('says that a configuration cannot be read, and is live by itself when a server has read it mended', async () => {
    const broken = await server.addWorkspace('alone');
    await writeFile(join(broken, 'opencode.json'), '{ not json');
    const alone = openWindow(server, {
      settings: () => ({ url: server.url }),
      credentials: async () => server,
      directories: () => [broken],
    });
    await assert.rejects(alone.connection.connect(), /cannot read its configuration .*opencode\.json/);
    assert.equal(alone.connection.state.kind, 'failed');
    await writeOpenCodeConfig(broken, model.url);
    await server.restart();
    await alone.untilState('live');

    await writeFile(join(broken, 'opencode.json'), '{ "model": 5 }');
    await disposeInstances();
    const state = await alone.untilState('failed');
    assert.match(state.kind === 'failed' ? state.message : '', /model: Expected/);
    alone.close();
  });

  it('comes back when the server itself was killed and started again', async () => {
    await server.restart();
    await window.untilState('live');
    await witness.untilState('live');
    await agree();
  });
});
