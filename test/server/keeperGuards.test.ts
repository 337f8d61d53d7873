import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keeperAddress, prepareKeeperFolders } from '../../src/server/keeper/keeperAddress.ts';
import { keeperSecret } from '../../src/server/keeper/keeperSecret.ts';
import { type ConnectedWindow, keeperScript, liveUrl, openWindow } from '../workbench/connectedWindow.ts';
import { isRunning, managedServerPid, parentOf } from '../workbench/keeperProcesses.ts';
import { makeOpenCodeHome, openCodeBinary, type OpenCodeHome } from '../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { waitFor } from '../workbench/waitFor.ts';

describe('The keeper’s socket', () => {
  let model: ScriptedModel;
  let home: OpenCodeHome;
  let window: ConnectedWindow | undefined;

  before(async () => {
    model = await startScriptedModel();
    home = await makeOpenCodeHome({ modelUrl: model.url });
  });

  afterEach(() => window?.close());

  after(async () => {
    await model.close();
    await home.remove();
  });

  async function address() {
    const stateFolder = join(home.home, 'state');
    const secret = await keeperSecret(stateFolder);
    return keeperAddress({
      program: openCodeBinary,
      dialect: '1.18',
      stateFolder,
      environment: home.environment,
      secret,
    });
  }

  it('tells a program that proves nothing nothing, and does not let it keep the server running', async () => {
    window = openWindow(home);
    await window.connection.connect();
    const server = await waitFor(() => managedServerPid(home), { what: 'the note of the server' });
    const keeper = await parentOf(server);
    const { socket } = await address();
    const listening = await stranger(socket);
    const ordering = await stranger(socket);
    ordering.socket.write('{"type":"start"}\n{"type":"restart"}\n');
    await once(ordering.socket, 'close');
    await window.connection.restart();
    const asking = await stranger(socket);
    asking.socket.write(`${JSON.stringify({ nonce: '0'.repeat(64) })}\n`);
    await waitFor(() => asking.told().includes('\n'), { what: 'the keeper’s proof' });
    assert.deepEqual(Object.keys(JSON.parse(asking.told()) as object), ['nonce', 'proof']);
    window.close();
    await waitFor(async () => !(await isRunning(keeper)), { what: 'the end of the keeper' });
    assert.deepEqual([listening.told(), ordering.told()], ['', '']);
  });

  it('is not believed where another program listens, which is told nothing', async () => {
    const at = await address();
    await prepareKeeperFolders(at);
    let told = '';
    const squatter = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.setEncoding('utf8').on('data', (text: string) => {
        told += text;
        const server = {
          url: 'http://127.0.0.1:1',
          username: 'a',
          password: 'b',
          version: '1.18.33',
          pid: 1,
        };
        socket.write(`${JSON.stringify({ type: 'running', server })}\n`);
      });
    }).listen(at.socket);
    await once(squatter, 'listening');
    window = openWindow(home);
    try {
      await assert.rejects(window.connection.connect(), /Another program listens at .*told nothing/);
      assert.equal(window.connection.state.kind, 'failed');
      assert.match(told, /^\{"nonce":"[0-9a-f]{64}"\}\n$/);
    } finally {
      squatter.close();
    }
  });

  it('leads all windows to one keeper, also when it was taken away from under the first', async () => {
    window = openWindow(home);
    await window.connection.connect();
    const server = await waitFor(() => managedServerPid(home), { what: 'the note of the server' });
    const keeper = await parentOf(server);
    await rm((await address()).socket);
    const second = openWindow(home);
    try {
      await second.connection.connect();
      await waitFor(async () => !(await isRunning(keeper)), { what: 'the end of the first keeper' });
      await window.untilState('live');
      await second.untilState('live');
      assert.equal(liveUrl(window), liveUrl(second));
      const kept = await waitFor(() => managedServerPid(home), { what: 'the note of the server' });
      assert.notEqual(await parentOf(kept), keeper);
      window.close();
      second.close();
      await waitFor(async () => !(await isRunning(kept)), { what: 'the end of the server' });
    } finally {
      second.close();
    }
  });

  it('is said to be impossible where the editor’s folder cannot be used', async () => {
    const stateFolder = join(home.workspace, 'README.md', 'state');
    window = openWindow(home, { keeper: { script: keeperScript, stateFolder } });
    await assert.rejects(window.connection.connect(), /The editor’s folder .* cannot be used/);
    assert.equal(window.connection.state.kind, 'failed');
  });
});

async function stranger(path: string): Promise<{ readonly socket: Socket; readonly told: () => string }> {
  const socket = connect(path);
  let told = '';
  socket.on('error', () => socket.destroy());
  socket.setEncoding('utf8').on('data', (text: string) => (told += text));
  await once(socket, 'connect');
  return { socket, told: () => told };
}
