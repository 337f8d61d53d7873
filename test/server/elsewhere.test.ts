import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ElsewhereSessions } from '../../src/core/sessions/elsewhereSessions.ts';
import { type ConnectedWindow, openWindow } from '../workbench/connectedWindow.ts';
import { type RunningOpenCode, startOpenCode, writeOpenCodeConfig } from '../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { aProof } from '../unit/core/builders.ts';
import { waitFor } from '../workbench/waitFor.ts';

const run = promisify(execFile);
const model = { providerID: 'local', modelID: 'steady' };

describe('The sessions of other folders of the project', () => {
  let scripted: ScriptedModel;
  let server: RunningOpenCode;
  let below: string;
  let worktree: string;
  let loose: string;
  const windows: ConnectedWindow[] = [];

  const open = async (...folders: readonly string[]) => {
    const elsewhere = new ElsewhereSessions(() => folders, aProof());
    const window = openWindow(server, {
      settings: () => ({ url: server.url }),
      credentials: async () => server,
      directories: () => [...folders, ...elsewhere.followed],
      sinks: [elsewhere],
    });
    windows.push(window);
    await window.connection.connect();
    const { openCode } = window.connection;
    const follow = async (sessionId: string): Promise<void> => {
      elsewhere.follow(await openCode.getSession(sessionId));
      await window.connection.refreshDirectories();
    };
    const titles = () =>
      elsewhere
        .all()
        .map(({ title }) => title)
        .toSorted();
    return { window, elsewhere, openCode, follow, titles };
  };
  const create = async (directory: string, title: string): Promise<string> =>
    (await (await open(directory)).openCode.createSession({ directory, title })).id;

  before(async () => {
    scripted = await startScriptedModel();
    server = await startOpenCode({ modelUrl: scripted.url });
    const root = dirname(server.workspace);
    [below, worktree, loose] = [
      join(server.workspace, 'packages', 'a'),
      join(root, 'fix'),
      join(root, 'loose'),
    ];
    await mkdir(below, { recursive: true });
    await run('git', ['worktree', 'add', '--quiet', worktree], { cwd: server.workspace });
    for (const folder of [loose, join(loose, 'trip'), join(root, 'alone')]) {
      await mkdir(folder);
      await writeOpenCodeConfig(folder, scripted.url);
    }
    for (const folder of [
      server.workspace,
      below,
      worktree,
      loose,
      join(loose, 'trip'),
      join(root, 'alone'),
    ]) {
      await create(folder, folder.slice(root.length));
    }
  });

  afterEach(() => {
    for (const window of windows.splice(0)) window.close();
  });

  after(async () => {
    await server.stop();
    await scripted.close();
  });

  it('are listed from the root, from a sub-folder and from a worktree', async () => {
    assert.deepEqual((await open(server.workspace)).titles(), ['/fix', '/workspace/packages/a']);
    assert.deepEqual((await open(below)).titles(), ['/fix', '/workspace']);
    assert.deepEqual((await open(worktree)).titles(), ['/workspace', '/workspace/packages/a']);
  });

  it('are only those below the folder where there is no repository, which are not all of the machine', async () => {
    assert.deepEqual((await open(loose)).titles(), ['/loose/trip']);
    assert.deepEqual((await open(join(loose, 'trip'))).titles(), []);
  });

  it('are none of the folders that are open, by whatever way', async () => {
    const link = join(dirname(server.workspace), 'link');
    await symlink(server.workspace, link);
    assert.deepEqual((await open(server.workspace, below)).titles(), ['/fix']);
    assert.deepEqual((await open(link, below)).titles(), ['/fix']);
  });

  it('are told of from the moment in which one is opened, and answered in their own folder', async () => {
    const id = await create(below, 'asks');
    const { window, openCode, follow, elsewhere } = await open(server.workspace);
    assert.equal(window.sessions.get(id), undefined);
    assert.ok(elsewhere.get(id) !== undefined);
    await follow(id);
    assert.equal(window.sessions.get(id)?.directory, below);
    assert.equal(elsewhere.get(id), undefined);
    const text = `tool: bash ${JSON.stringify({ command: 'pwd' })}\nsay: Done.`;
    await openCode.promptSession(id, { agent: 'build', model, parts: [{ type: 'text', text }] });
    const [request] = await waitFor(
      () => window.sessions.permissions(id).length > 0 && window.sessions.permissions(id),
      { what: 'the request' },
    );
    assert.equal(window.sessions.status(id).type, 'busy');
    await openCode.replyPermission(below, request ?? assert.fail(), 'once');
    await window.untilEvent(
      'the end of the run',
      (event) => event.type === 'session.idle' && event.properties.sessionID === id,
    );
    const { messages } = await openCode.listMessages(id, { limit: 10 });
    const [call] = messages.flatMap(({ parts }) => parts.filter((part) => part.type === 'tool'));
    assert.ok(call?.state.status === 'completed');
    assert.equal(call.state.output.trim(), below);
  });

  it('are told of with what they wait for, when one is opened that waits already', async () => {
    const id = await create(below, 'waits');
    const other = await open(below);
    const text = `tool: bash ${JSON.stringify({ command: 'true' })}\nsay: Done.`;
    await other.openCode.promptSession(id, { agent: 'build', model, parts: [{ type: 'text', text }] });
    await waitFor(() => other.window.sessions.permissions(id).length > 0, { what: 'the request' });
    const { window, follow, openCode } = await open(server.workspace);
    await follow(id);
    assert.equal(window.sessions.status(id).type, 'busy');
    const [request] = window.sessions.permissions(id);
    await openCode.replyPermission(below, request ?? assert.fail(), 'reject');
    await waitFor(() => window.sessions.permissions(id).length === 0, { what: 'the reply' });
  });

  it('stay listed when their folder is gone, and can be opened', async () => {
    await run('git', ['worktree', 'remove', '--force', worktree], { cwd: server.workspace });
    await rm(worktree, { recursive: true, force: true });
    const { window, elsewhere, follow, titles } = await open(server.workspace);
    assert.ok(titles().includes('/fix'));
    const { id = '' } = elsewhere.all().find(({ directory }) => directory === worktree) ?? {};
    await follow(id);
    assert.equal(window.connection.state.kind, 'live');
    assert.equal(window.sessions.get(id)?.directory, worktree);
  });
});
