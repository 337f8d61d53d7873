import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OpenCode } from '../../src/core/ports/openCode.ts';
import { type ConnectedWindow, openWindow } from '../workbench/connectedWindow.ts';
import { type RunningOpenCode, startOpenCode, writeOpenCodeConfig } from '../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { waitFor } from '../workbench/waitFor.ts';

const model = { providerID: 'local', modelID: 'steady' };

/** Names of folders, and beside some of them the one that they could be taken for. */
const names: readonly (readonly [name: string, neighbour?: string])[] = [
  ['100%'],
  ['a%zz'],
  ['%E4%'],
  ['a+b', 'a b'],
  ['a#b?c', 'a'],
  ['[x]'],
  ['gr\u00fcn', 'gru\u0308n'],
  ['u\u0308ber', '\u00fcber'],
  ['end ', 'end'],
  [' lead', 'lead'],
  ['a&directory=b', 'b'],
  ['a;b'],
  [`"quoted" and 'so'`],
  ['\u{1F600}'],
  ['line\nfeed'],
];

/** Those that the server does take for another one, which is there. */
const misread: readonly (readonly [name: string, other: string])[] = [
  ['a%41b', 'aAb'],
  ['my%20project', 'my project'],
  ['a%25b', 'a%b'],
  ['c%2Fd', join('c', 'd')],
  ['%2e%2e', '..'],
];

const backslash = ['back\\slash', join('back', 'slash')] as const;

describe('A folder by whatever name', () => {
  let scripted: ScriptedModel;
  let server: RunningOpenCode;
  let root: string;
  let window: ConnectedWindow;
  let openCode: OpenCode;

  const make = async (name: string): Promise<string> => {
    const folder = join(root, name);
    await mkdir(folder, { recursive: true });
    await writeOpenCodeConfig(folder, scripted.url);
    return folder;
  };
  const create = (directory: string) => openCode.createSession({ directory, title: directory });
  /** The files of that name, wherever they came to lie. */
  const find = async (file: string): Promise<string[]> => {
    const entries = [
      ...(await readdir(dirname(root), { withFileTypes: true })),
      ...(await readdir(root, { recursive: true, withFileTypes: true })),
    ];
    return entries.filter(({ name }) => name === file).map(({ parentPath }) => parentPath);
  };

  before(async () => {
    scripted = await startScriptedModel();
    server = await startOpenCode({ modelUrl: scripted.url });
    root = join(dirname(server.workspace), 'folders');
    for (const [name, neighbour] of [...names, ...misread, backslash]) {
      await make(name);
      if (neighbour !== undefined) await make(neighbour);
    }
    const directories = names.map(([name]) => join(root, name));
    window = openWindow(server, {
      settings: () => ({ url: server.url }),
      credentials: async () => server,
      directories: () => directories,
    });
    await window.connection.connect();
    ({ openCode } = window.connection);
  });

  after(async () => {
    window.close();
    await server.stop();
    await scripted.close();
  });

  for (const [index, [name, neighbour]] of names.entries()) {
    it(`is where the agent works, asks and is answered, and not its neighbour: ${JSON.stringify(name)}`, async () => {
      const folder = join(root, name);
      const { id, directory } = await create(folder);
      assert.equal(directory, folder);
      // As the window hears it.
      assert.equal((await waitFor(() => window.sessions.get(id), { what: 'the session' })).directory, folder);
      const [written, echoed] = [`written-${index}.txt`, `echoed-${index}.txt`];
      await openCode.promptSession(id, {
        agent: 'build',
        model,
        parts: [
          {
            type: 'text',
            text: [
              `tool: write ${JSON.stringify({ filePath: written, content: name })}`,
              `tool: bash ${JSON.stringify({ command: `echo yes > ${echoed}` })}`,
              'say: Done.',
            ].join('\n'),
          },
        ],
      });
      // The first run of a folder takes its time on a busy machine.
      const [request] = await waitFor(
        () => window.sessions.permissions(id).length > 0 && window.sessions.permissions(id),
        { what: 'the request', timeout: 240_000 },
      );
      assert.deepEqual(
        (await openCode.listPermissions(folder)).map((listed) => listed.id),
        [request?.id],
      );
      assert.equal((await openCode.listStatuses(folder))[id]?.type, 'busy');
      await openCode.replyPermission(folder, request ?? assert.fail(), 'once');
      await waitFor(() => window.sessions.status(id).type === 'idle', { what: 'the end of the run' });
      assert.deepEqual(await find(written), [folder]);
      assert.equal(await readFile(join(folder, written), 'utf8'), name);
      assert.deepEqual(await find(echoed), [folder]);
      assert.deepEqual(
        (await openCode.listSessions(folder)).map((session) => session.id),
        [id],
      );
      if (neighbour !== undefined) assert.deepEqual(await openCode.listSessions(join(root, neighbour)), []);
    });
  }

  for (const [name, other] of misread) {
    it(`is refused, and said to be, where the agent would work in another: ${name}`, async () => {
      const [folder, neighbour] = [join(root, name), join(root, other)];
      const near = openWindow(server, {
        settings: () => ({ url: server.url }),
        credentials: async () => server,
        directories: () => [folder, neighbour],
      });
      await near.connection.connect();
      const { state } = near.connection;
      assert.ok(state.kind === 'live');
      assert.deepEqual(
        state.unreadable?.map(({ directory }) => directory),
        [folder],
      );
      assert.match(state.unreadable?.[0]?.message ?? '', /Rename the folder/);
      await assert.rejects(create(folder), /takes the folder/);
      // Somebody else made one there, which the server runs in the neighbour.
      const asked = new URL(`${server.url}/session`);
      asked.searchParams.set('directory', encodeURIComponent(folder));
      const authorization = `Basic ${btoa(`${server.username}:${server.password}`)}`;
      const response = await fetch(asked, { method: 'POST', headers: { authorization } });
      const { id, directory } = (await response.json()) as { id: string; directory: string };
      assert.equal(directory, folder);
      await assert.rejects(openCode.getSession(id), /takes the folder/);
      await openCode.updateSession(id, { title: 'Told of in the neighbour' });
      const { id: last } = await create(neighbour);
      await waitFor(() => near.sessions.get(last), { what: 'the session of the neighbour' });
      assert.deepEqual(
        near.sessions.all().map((session) => session.id),
        [last],
      );
      near.close();
    });
  }

  it('is refused where a backslash of its name is a slash to the server', async () => {
    await assert.rejects(
      create(join(root, backslash[0])),
      /takes the folder .*back\\slash for .*back\/slash/,
    );
    assert.deepEqual(await openCode.listSessions(join(root, backslash[1])), []);
  });

  it('is the same one through a link to it', async () => {
    const link = join(root, 'link %41');
    await symlink(join(root, '100%'), link);
    const other = openWindow(server, {
      settings: () => ({ url: server.url }),
      credentials: async () => server,
      directories: () => [link],
    });
    await other.connection.connect();
    const { id } = await create(join(root, '100%'));
    assert.equal(
      (await waitFor(() => other.sessions.get(id), { what: 'the session' })).directory,
      join(root, '100%'),
    );
    other.close();
  });
});
