import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Companions, type CompanionState } from '../../../src/core/state/companions.ts';
import type { OpenCode } from '../../../src/core/ports/openCode.ts';
import { startTimer } from '../../../src/editor/timer.ts';
import { companionFileName, companionOptions, stopAllWords } from '../../../src/protocol/companion.ts';
import type { HandedInCompanion } from '../../../src/server/dialect/serving.ts';
import { sharedStorage } from '../../../src/server/sharedStorage.ts';
import { createUserProof } from '../../../src/server/userProof.ts';
import { type ConnectedWindow, openWindow } from '../../workbench/connectedWindow.ts';
import { isRunning, managedServerPid } from '../../workbench/keeperProcesses.ts';
import { makeOpenCodeHome, type OpenCodeHome } from '../../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../../workbench/scriptedModel.ts';
import { waitFor } from '../../workbench/waitFor.ts';

const root = join(import.meta.dirname, '../../..');
const built = join(root, 'dist', 'companion.js');
const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

describe('The companion of a server that the editor starts', function () {
  this.timeout(120_000);
  let model: ScriptedModel;
  let home: OpenCodeHome;
  let version: string;
  const windows: { readonly window: ConnectedWindow; readonly companions: Companions }[] = [];
  const handedIn: HandedInCompanion = { file: built, options: companionOptions({ hopLimit: 3 }) };

  before(async () => {
    ({ version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string });
    model = await startScriptedModel();
  });
  after(() => model.close());

  beforeEach(async () => {
    home = await makeOpenCodeHome({ modelUrl: model.url });
  });
  afterEach(async () => {
    const pid = await managedServerPid(home);
    for (const { window, companions } of windows.splice(0)) {
      companions.dispose();
      window.close();
    }
    if (pid !== undefined)
      await waitFor(async () => !(await isRunning(pid)), { what: 'the end of the server' });
    await home.remove();
  });

  async function open(
    companion: HandedInCompanion | undefined,
    environment: NodeJS.ProcessEnv = {},
  ): Promise<{ window: ConnectedWindow; companions: Companions; openCode: OpenCode }> {
    const live = (): OpenCode => window.connection.openCode;
    const companions = new Companions({
      openCode: {
        giveSign: (...told) => live().giveSign(...told),
        hasCompanion: (directory) => live().hasCompanion(directory),
      },
      startTimer,
      log,
    });
    const window = openWindow(home, {
      companion: () => companion,
      environment: { ...home.environment, ...environment },
      sinks: [companions],
    });
    windows.push({ window, companions });
    await window.connection.connect();
    return { window, companions, openCode: window.connection.openCode };
  }

  const untilKnown = (
    { companions }: { companions: Companions },
    fits: (state: CompanionState) => boolean = () => true,
  ): Promise<CompanionState> =>
    waitFor(
      () => {
        const state = companions.states.get(home.workspace);
        return state !== undefined && fits(state) ? state : undefined;
      },
      { what: 'word of the companion' },
    );

  /** The same companion in another version. */
  async function copyOf(other: string, folder: string): Promise<string> {
    const text = await readFile(built, 'utf8');
    const file = join(folder, companionFileName);
    await mkdir(folder, { recursive: true });
    const copy = text.replaceAll(`"${version}"`, JSON.stringify(other));
    assert.notEqual(copy, text);
    await writeFile(file, copy);
    return file;
  }

  const installed = () => join(home.workspace, '.opencode', 'plugins');

  const answers = ({ window }: { window: ConnectedWindow }): string[] =>
    window.events.flatMap((event) => (event.type === 'companion.answered' ? [event.properties.version] : []));

  it('says which one it is and which of its hooks are called, also when its instance begins anew', async () => {
    const there = await open(handedIn);
    const state = await untilKnown(there);
    assert.ok(state.kind === 'running');
    assert.equal(state.version, version);
    assert.deepEqual(state.hooks, ['config', 'event']);
    const proof = createUserProof(sharedStorage(home.environment, home.home), log);
    assert.ok(
      proof.holds(stopAllWords(home.workspace), state.stopAll),
      'it looks at the Stop All of this user',
    );
    const { openCode } = there;
    const session = await openCode.createSession({ directory: home.workspace, title: 'Asked' });
    await openCode.promptSession(session.id, {
      agent: 'build',
      model: { providerID: 'local', modelID: 'steady' },
      parts: [{ type: 'text', text: 'say: hello' }],
    });
    await untilKnown(there, (now) => now.kind === 'running' && now.hooks.includes('tool.definition'));
    const before = answers(there).length;
    await openCode.reloadProviders(home.workspace);
    await waitFor(() => answers(there).length > before, { what: 'another answer' });
    assert.equal((await untilKnown(there)).kind, 'running');
  });

  it('stands beside what the environment of the person hands in, of which nothing is lost', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plugin-'));
    const plugin = join(folder, 'own.js');
    await writeFile(
      plugin,
      "export default { id: 'own', server: async () => ({ tool: { own_tool: { description: 'Own', args: {}, execute: async () => '' } } }) };",
    );
    const content = { plugin: [pathToFileURL(plugin).href], username: 'somebody' };
    const there = await open(handedIn, { OPENCODE_CONFIG_CONTENT: JSON.stringify(content) });
    assert.equal((await untilKnown(there)).kind, 'running');
    const tools = await there.openCode.listToolIds(home.workspace);
    assert.ok(tools.includes('own_tool') && tools.includes('session'));
    await rm(folder, { recursive: true });
  });

  it('is left out where the environment holds what it cannot be put beside, which is said', async () => {
    const content = '{ "username": "somebody", // a remark\n }';
    const there = await open(handedIn, { OPENCODE_CONFIG_CONTENT: content });
    assert.equal((await untilKnown(there)).kind, 'none');
    assert.ok(there.window.logged.some((line) => line.includes('OPENCODE_CONFIG_CONTENT')));
  });

  it('is missing where none is given, and comes with the restart that brings it', async () => {
    const there = await open(undefined);
    assert.equal((await untilKnown(there)).kind, 'none');
    const other = await open(handedIn);
    assert.equal((await untilKnown(other)).kind, 'none', 'the server that runs goes on as it is');
    await other.window.connection.restart();
    await untilKnown(other, ({ kind }) => kind === 'running');
  });

  it('is said to be silent where the server was given it and never calls it', async () => {
    const there = await open(handedIn, { OPENCODE_PURE: '1' });
    assert.equal((await untilKnown(there)).kind, 'silent');
  });

  for (const [name, other, expected] of [
    ['goes before an installed one that is older', '0.0.1', undefined],
    ['goes before an installed one of its own version', '', undefined],
    ['retires before an installed one that is newer', '99.0.0', '99.0.0'],
  ] as const) {
    it(`${name}: one of the two acts, once`, async () => {
      if (other === '') {
        await mkdir(installed(), { recursive: true });
        await writeFile(join(installed(), companionFileName), await readFile(built));
      } else await copyOf(other, installed());
      const there = await open(handedIn);
      await untilKnown(there);
      const { openCode } = there;
      const session = await openCode.createSession({ directory: home.workspace, title: 'Two' });
      await openCode.promptSession(session.id, {
        agent: 'build',
        model: { providerID: 'local', modelID: 'steady' },
        parts: [
          {
            type: 'text',
            text: `tool: session ${JSON.stringify({ mode: 'message', agent: 'reviewer', text: 'say: reviewed' })} ;; say: done`,
          },
        ],
      });
      const agents = async (): Promise<string[]> =>
        (await openCode.listMessages(session.id, { limit: 50 })).messages.map(
          ({ info }) => `${info.role} ${info.agent}`,
        );
      await waitFor(
        async () => {
          const statuses = await openCode.listStatuses(home.workspace);
          return (await agents()).at(-1) === 'assistant reviewer' && statuses[session.id] === undefined;
        },
        { what: 'the reviewer' },
      );
      assert.equal((await agents()).filter((line) => line === 'user reviewer').length, 1);
      assert.deepEqual([...new Set(answers(there))], [expected ?? version]);
    });
  }
});
