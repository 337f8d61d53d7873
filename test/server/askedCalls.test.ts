import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AskedCallStore } from '../../src/core/requests/askedCalls.ts';
import { describePermission } from '../../src/core/requests/permissionText.ts';
import type { PermissionRequest } from '../../src/protocol/records.ts';
import { type ConnectedWindow, openWindow } from '../workbench/connectedWindow.ts';
import { makeOpenCodeHome, type OpenCodeHome } from '../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { tillServer } from '../workbench/tillServer.ts';
import { startTimer, wait } from '../../src/editor/timer.ts';
import { waitFor } from '../workbench/waitFor.ts';

describe('What a permission is asked for', () => {
  let model: ScriptedModel;
  let home: OpenCodeHome;
  let window: ConnectedWindow;
  let calls: AskedCallStore;

  const openOne = async (): Promise<void> => {
    calls = new AskedCallStore({
      getMessage: (...asked) => window.connection.openCode.getMessage(...asked),
      wait,
      startTimer,
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
    window = openWindow(home, { sinks: [calls] });
    await window.connection.connect();
  };

  before(async () => {
    model = await startScriptedModel();
    home = await makeOpenCodeHome({ modelUrl: model.url });
    const file = join(home.workspace, 'opencode.json');
    const config = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    await writeFile(file, JSON.stringify({ ...config, ...tillServer }));
    await openOne();
  });

  after(async () => {
    window.close();
    await model.close();
    await home.remove();
  });

  async function ask(script: string): Promise<PermissionRequest> {
    const { openCode } = window.connection;
    const session = await openCode.createSession({ directory: home.workspace });
    await openCode.promptSession(session.id, {
      agent: 'build',
      model: { providerID: 'local', modelID: 'steady' },
      parts: [{ type: 'text', text: `${script}\nsay: done` }],
    });
    return waitFor(() => window.sessions.permissions(session.id)[0], { what: 'the request' });
  }

  it('is the call of an MCP server with its arguments, of which the request tells nothing', async () => {
    const request = await ask('tool: till_pay {"account":"NL01","amount":5}');
    assert.deepEqual([request.permission, request.patterns, request.metadata], ['till_pay', ['*'], {}]);
    assert.deepEqual(await calls.load(request), {
      kind: 'known',
      tool: 'till_pay',
      input: { account: 'NL01', amount: 5 },
    });
    assert.deepEqual(describePermission(request, calls.of(request)), {
      text: 'Use till_pay: account: "NL01", amount: 5?',
      isWhole: true,
    });
  });

  it('is known to a window that comes later as well', async () => {
    const request = await ask('tool: till_pay {"account":"NL02","amount":6}');
    const [before, earlier] = [window, calls];
    await openOne();
    const again = await waitFor(() => window.sessions.permissions(request.sessionID)[0], {
      what: 'the request',
    });
    assert.deepEqual(await calls.load(again), await earlier.load(request));
    before.close();
  });

  it('is the command as it was written', async () => {
    const command = 'echo  "a  b" && printf x';
    const request = await ask(`tool: bash ${JSON.stringify({ command, description: 'Say it' })}`);
    const call = await calls.load(request);
    assert.equal(call.kind === 'known' && call.input['command'], command);
    const line = describePermission(request, call);
    assert.deepEqual(line, { text: 'Run echo "a b" && printf x?', isWhole: false });
  });
});
