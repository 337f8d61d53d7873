import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigurationProblem } from '../../src/core/errors.ts';
import { startScriptedModel, type ScriptedModel } from '../workbench/scriptedModel.ts';
import { makeOpenCodeHome, type OpenCodeHome, writeOpenCodeConfig } from '../workbench/openCodeServer.ts';
import {
  type ConnectedWindow,
  liveUrl,
  openWindow,
  openWindowProcess,
} from '../workbench/connectedWindow.ts';
import { isRunning, managedServerPid, parentOf } from '../workbench/keeperProcesses.ts';
import { waitFor } from '../workbench/waitFor.ts';

describe('The server that the windows share', () => {
  let model: ScriptedModel;
  let home: OpenCodeHome;
  const windows: ConnectedWindow[] = [];

  const connect = async (): Promise<ConnectedWindow> => {
    const window = openWindow(home);
    windows.push(window);
    await window.connection.connect();
    return window;
  };
  const serverPid = () => waitFor(() => managedServerPid(home), { what: 'the note of the server' });
  const untilGone = (pid: number, what: string) =>
    waitFor(async () => !(await isRunning(pid)), { what: `the end of ${what}` });

  before(async () => {
    model = await startScriptedModel();
    home = await makeOpenCodeHome({ modelUrl: model.url });
  });

  afterEach(async () => {
    const pid = await managedServerPid(home);
    for (const window of windows.splice(0)) window.close();
    if (pid !== undefined) await untilGone(pid, 'the server');
  });

  after(async () => {
    await model.close();
    await home.remove();
  });

  it('is one for windows that start at the same time, and each hears what the other does', async () => {
    const [first, second] = await Promise.all([connect(), connect()]);
    assert.equal(liveUrl(first), liveUrl(second));
    const session = await first.connection.openCode.createSession({
      directory: home.workspace,
      title: 'Ours',
    });
    const seen = await waitFor(() => second.sessions.get(session.id), {
      what: 'the session in the other window',
    });
    assert.equal(seen.title, 'Ours');
  });

  it('is started by itself when the user’s own configuration, at which it ended, is mended', async () => {
    const file = join(home.home, '.config', 'opencode', 'opencode.json');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '{ "model": ');
    const window = openWindow(home);
    windows.push(window);
    await assert.rejects(window.connection.connect(), (error) => {
      assert.ok(error instanceof ConfigurationProblem);
      assert.equal(error.file, file);
      assert.match(error.message, /ValueExpected at line 1/);
      return true;
    });
    assert.equal(window.connection.state.kind, 'failed');
    await writeFile(file, '{}');
    await window.untilState('live');
    await rm(file);
  });

  it('is restarted by itself for a folder whose configuration is mended, unless another window uses it', async () => {
    const broken = await home.addWorkspace('broken');
    const file = join(broken, 'opencode.json');
    await writeFile(file, '{ "model": ');
    const window = openWindow(home, { directories: () => [broken] });
    windows.push(window);
    await assert.rejects(window.connection.connect(), /cannot read its configuration/);
    const { state } = window.connection;
    assert.ok(state.kind === 'failed' && state.needsRestart);
    await writeOpenCodeConfig(broken, model.url);
    await window.untilState('live');

    const pid = await serverPid();
    const other = await home.addWorkspace('other');
    await writeFile(join(other, 'opencode.json'), '{ "model": ');
    const late = openWindow(home, { directories: () => [other] });
    windows.push(late);
    await assert.rejects(late.connection.connect(), /cannot read its configuration/);
    await writeOpenCodeConfig(other, model.url);
    await waitFor(() => late.states.filter(({ kind }) => kind === 'failed').length > 1, {
      what: 'another attempt',
    });
    assert.equal(await serverPid(), pid);
    await late.connection.restart();
    await window.untilState('live');
  });

  it('stops with its last window and not before, and its keeper with it', async () => {
    const [first, second] = await Promise.all([connect(), connect()]);
    const server = await serverPid();
    const keeper = await parentOf(server);
    first.close();
    await second.connection.openCode.listStatuses(home.workspace);
    second.close();
    await untilGone(server, 'the server');
    await untilGone(keeper, 'the keeper');
    assert.equal(await managedServerPid(home), undefined);
  });

  it('stops a running tool together with the server', async () => {
    const window = await connect();
    const { openCode } = window.connection;
    const session = await openCode.createSession({
      directory: home.workspace,
      permission: [{ permission: 'bash', pattern: '*', action: 'allow' }],
    });
    const command = 'sleep 864000 & echo $! > tool.pid; wait';
    await openCode.promptSession(session.id, {
      agent: 'build',
      model: { providerID: 'local', modelID: 'steady' },
      parts: [{ type: 'text', text: `tool: bash ${JSON.stringify({ command, description: 'waits' })}` }],
    });
    const tool = await waitFor(
      async () => Number(await readFile(join(home.workspace, 'tool.pid'), 'utf8')) || undefined,
      { what: 'the tool to run' },
    );
    assert.equal(await isRunning(tool), true);
    await window.connection.restart();
    await untilGone(tool, 'the tool');
  });

  it('stops when its only window crashes', async () => {
    const window = await openWindowProcess(home);
    const server = await serverPid();
    window.kill('SIGKILL');
    await untilGone(server, 'the server');
  });

  it('outlives the crash of one of two windows', async () => {
    const crashing = await openWindowProcess(home);
    const window = await connect();
    const server = await serverPid();
    crashing.kill('SIGKILL');
    await waitFor(() => crashing.signalCode !== null, { what: 'the end of the crashing window' });
    await window.connection.openCode.listStatuses(home.workspace);
    assert.equal(await serverPid(), server);
  });

  it('is reaped and started anew when its keeper is killed', async () => {
    const window = await connect();
    const server = await serverPid();
    process.kill(await parentOf(server), 'SIGKILL');
    await window.untilState('reconnecting');
    await window.untilState('live');
    await untilGone(server, 'the orphan');
    assert.notEqual(await serverPid(), server);
    assert.ok(window.logged.some((line) => line.includes('OpenCode server of an earlier crash was stopped')));
  });

  it('is started anew when it is killed, and both windows agree with it again', async () => {
    const [first, second] = await Promise.all([connect(), connect()]);
    const { id } = await first.connection.openCode.createSession({
      directory: home.workspace,
      title: 'Stays',
    });
    process.kill(await serverPid(), 'SIGKILL');
    await Promise.all([first.untilState('reconnecting'), second.untilState('reconnecting')]);
    await Promise.all([first.untilState('live'), second.untilState('live')]);
    const said = first.states.flatMap((state) => (state.kind === 'reconnecting' ? [state.reason] : []));
    assert.equal(said[0], 'The OpenCode server ended or was restarted.');
    assert.equal(liveUrl(first), liveUrl(second));
    assert.equal(second.sessions.get(id)?.title, 'Stays');
  });

  it('is another one after a restart, for every window', async () => {
    const [first, second] = await Promise.all([connect(), connect()]);
    const before = await serverPid();
    await first.connection.restart();
    assert.notEqual(await serverPid(), before);
    await waitFor(() => second.connection.state.kind === 'live' && liveUrl(second) === liveUrl(first), {
      what: 'the other window to follow',
    });
  });

  it('leaves its password neither in the state folder nor in the log', async () => {
    const window = await connect();
    const environment = await readFile(`/proc/${await serverPid()}/environ`, 'utf8');
    const [, password] = /OPENCODE_SERVER_PASSWORD=([^\0]+)/.exec(environment) ?? [];
    assert.ok(password !== undefined && password.length >= 24);
    const folder = join(home.home, 'state');
    for (const name of await readdir(folder)) {
      if (name.endsWith('.sock')) continue;
      assert.ok(!(await readFile(join(folder, name), 'utf8')).includes(password), name);
    }
    assert.ok(!window.logged.join('\n').includes(password));
    const refused = await fetch(`${liveUrl(window)}/session`);
    assert.equal(refused.status, 401);
  });

  it('does not show its password where a tool printed it', async () => {
    const window = await connect();
    const environment = await readFile(`/proc/${await serverPid()}/environ`, 'utf8');
    const [, password = ''] = /OPENCODE_SERVER_PASSWORD=([^\0]+)/.exec(environment) ?? [];
    const { openCode } = window.connection;
    const { id } = await openCode.createSession({ directory: home.workspace });
    const shell = { agent: 'build', model: { providerID: 'local', modelID: 'steady' } };
    await openCode.runShell(id, { ...shell, command: 'echo "it is $OPENCODE_SERVER_PASSWORD"' });
    const { messages } = await openCode.listMessages(id, { limit: 10 });
    const blotted = `it is ${'*'.repeat(password.length)}`;
    assert.ok(JSON.stringify(messages).includes(blotted));
    await window.untilEvent('the output', (event) => JSON.stringify(event).includes(blotted));
    assert.ok(!JSON.stringify([messages, window.events, window.logged]).includes(password));
  });
});
