import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectionPorts } from '../../src/server/connection.ts';
import type { Session } from '../../src/protocol/records.ts';
import { type ConnectedWindow, keeperScript, liveUrl, openWindow } from '../workbench/connectedWindow.ts';
import { startEventClient } from '../workbench/eventClient.ts';
import {
  endKeeper,
  isRunning,
  keeperNote,
  managedServerPid,
  parentOf,
} from '../workbench/keeperProcesses.ts';
import {
  endProcess,
  makeOpenCodeHome,
  type OpenCodeHome,
  writeOpenCodeConfig,
} from '../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { waitFor } from '../workbench/waitFor.ts';

const model = { providerID: 'local', modelID: 'steady' };

describe('The server that the windows share, when others use it, too', () => {
  let scripted: ScriptedModel;
  let home: OpenCodeHome;
  const windows: ConnectedWindow[] = [];

  const connect = async (ports: Partial<ConnectionPorts> = {}): Promise<ConnectedWindow> => {
    const window = openWindow(home, ports);
    windows.push(window);
    await window.connection.connect();
    return window;
  };
  const closeAll = () => {
    for (const window of windows.splice(0)) window.close();
  };
  const serverPid = () => waitFor(() => managedServerPid(home), { what: 'the note of the server' });
  const untilGone = (pid: number, what: string) =>
    waitFor(async () => !(await isRunning(pid)), { what: `the end of ${what}` });
  const untilNeeded = (need: string) =>
    waitFor(async () => (await keeperNote(home)).needed === need, { what: `a server that is ${need}` });
  const begin = async ({ connection }: ConnectedWindow, text: string, folder = home.workspace) => {
    const session = await connection.openCode.createSession({ directory: folder, title: 'Parser' });
    await connection.openCode.promptSession(session.id, {
      agent: 'build',
      model,
      parts: [{ type: 'text', text }],
    });
    return session;
  };
  const lastAnswer = async ({ connection }: ConnectedWindow, { id }: Session) => {
    const { messages } = await connection.openCode.listMessages(id, { limit: 1 });
    return messages[0];
  };
  const passwordOf = async (pid: number) => {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
    return /OPENCODE_SERVER_PASSWORD=([^\0]+)/.exec(environment)?.[1] ?? '';
  };

  before(async () => {
    scripted = await startScriptedModel();
    home = await makeOpenCodeHome({ modelUrl: scripted.url });
  });

  beforeEach(() => scripted.releaseAll());

  afterEach(async () => {
    closeAll();
    scripted.releaseAll();
    await endKeeper(home);
  });

  after(async () => {
    await scripted.close();
    await home.remove();
  });

  it('goes on with a run after the last window is gone, shows it to the next one, and ends behind it', async () => {
    const session = await begin(await connect(), 'say: one ;; hold: unseen ;; say: two');
    await scripted.reached('unseen');
    const server = await serverPid();
    const keeper = await parentOf(server);
    closeAll();
    await untilNeeded('working');
    const next = await connect();
    assert.ok(next.logged.some((line) => /went on without a window.*"working"/.test(line)));
    assert.equal(await serverPid(), server);
    assert.equal(next.sessions.status(session.id).type, 'busy');
    closeAll();
    scripted.release('unseen');
    await untilGone(server, 'the server');
    await untilGone(keeper, 'the keeper');
    const later = await connect();
    const answer = await lastAnswer(later, session);
    assert.match(JSON.stringify(answer?.parts), /one.*two/s);
    assert.equal(later.sessions.status(session.id).type, 'idle');
  });

  it('stays while another program is connected, and ends when that one has gone', async () => {
    const window = await connect();
    const server = await serverPid();
    const client = await startEventClient({ url: liveUrl(window), password: await passwordOf(server) });
    try {
      const use = await window.connection.use();
      assert.equal(use?.clients?.length, 1);
      closeAll();
      await untilNeeded('connected');
      assert.equal(await serverPid(), server);
    } finally {
      await endProcess(client);
    }
    await untilGone(server, 'the server');
  });

  it('ends a run that nobody comes back to, and does not say that a person stopped it', async () => {
    const window = await connect({
      keeper: { script: keeperScript, stateFolder: join(home.home, 'state'), grace: 400, longestRun: 600 },
    });
    const session = await begin(window, 'say: one ;; hold: endless ;; say: two');
    await scripted.reached('endless');
    const server = await serverPid();
    closeAll();
    await untilGone(server, 'the server');
    const answer = await lastAnswer(await connect(), session);
    assert.ok(answer?.info.role === 'assistant');
    assert.equal(answer.info.time.completed, undefined);
    assert.equal(answer.info.error, undefined);
  });

  it('tells which sessions of all folders work, and how many other windows there are', async () => {
    const window = await connect();
    const other = await home.addWorkspace('elsewhere ü');
    const second = await connect({ directories: () => [other] });
    await begin(second, 'hold: elsewhere', other);
    await scripted.reached('elsewhere');
    assert.deepEqual(await window.connection.use(), { working: ['Parser'], windows: 1, clients: [] });
  });

  it('does not restart for a mended configuration while something works for nobody in a window', async () => {
    const window = await connect();
    await begin(window, 'hold: reread');
    await scripted.reached('reread');
    const server = await serverPid();
    closeAll();
    const broken = await home.addWorkspace('broken');
    await writeFile(join(broken, 'opencode.json'), '{ "model": ');
    const late = openWindow(home, { directories: () => [broken] });
    windows.push(late);
    await assert.rejects(late.connection.connect(), /cannot read its configuration/);
    await writeOpenCodeConfig(broken, scripted.url);
    await waitFor(() => late.states.filter(({ kind }) => kind === 'failed').length > 1, {
      what: 'another attempt',
    });
    assert.equal(await serverPid(), server);
  });

  describe('keeps its address and password', () => {
    it('over a restart, for every window', async () => {
      const [window, other] = await Promise.all([connect(), connect()]);
      const url = liveUrl(window);
      const password = await passwordOf(await serverPid());
      // The other window asks for a server while the one before it is still ending.
      await window.connection.restart();
      assert.equal(liveUrl(window), url);
      await waitFor(() => other.connection.state.kind === 'live' && liveUrl(other) === url, {
        what: 'the other window to follow',
      });
      assert.equal(await passwordOf(await serverPid()), password);
    });

    it('when it is killed, and when its keeper is', async () => {
      const window = await connect();
      const url = liveUrl(window);
      const first = await serverPid();
      const password = await passwordOf(first);
      process.kill(first, 'SIGKILL');
      await window.untilState('reconnecting');
      await window.untilState('live');
      const second = await serverPid();
      assert.deepEqual([liveUrl(window), await passwordOf(second)], [url, password]);
      process.kill(await parentOf(second), 'SIGKILL');
      await window.untilState('reconnecting');
      await window.untilState('live');
      await untilGone(second, 'the orphan');
      assert.deepEqual([liveUrl(window), await passwordOf(await serverPid())], [url, password]);
    });

    it('and the address alone for a later keeper', async () => {
      const window = await connect();
      const url = liveUrl(window);
      const server = await serverPid();
      const password = await passwordOf(server);
      closeAll();
      await untilGone(await parentOf(server), 'the keeper');
      const next = await connect();
      assert.equal(liveUrl(next), url);
      assert.notEqual(await passwordOf(await serverPid()), password);
    });

    it('unless another program took the address: what clients showed there is worth nothing then', async () => {
      const window = await connect();
      const url = liveUrl(window);
      const server = await serverPid();
      const password = await passwordOf(server);
      closeAll();
      await untilGone(await parentOf(server), 'the keeper');
      const foreign = await listenAt(Number(new URL(url).port));
      try {
        await window.connection.connect();
        windows.push(window);
        assert.notEqual(liveUrl(window), url);
        assert.notEqual(await passwordOf(await serverPid()), password);
      } finally {
        foreign.close();
      }
    });
  });
});

async function listenAt(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
