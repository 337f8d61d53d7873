import assert from 'node:assert/strict';
import { type ConnectedWindow, openWindow } from '../workbench/connectedWindow.ts';
import { FaultProxy } from '../workbench/faultProxy.ts';
import { type RunningOpenCode, startOpenCode } from '../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { waitFor } from '../workbench/waitFor.ts';

describe('A window behind the fault proxy', () => {
  let model: ScriptedModel;
  let server: RunningOpenCode;
  let proxy: FaultProxy;
  let window: ConnectedWindow;

  before(async () => {
    model = await startScriptedModel();
    server = await startOpenCode({ modelUrl: model.url });
    proxy = await FaultProxy.to(server.url, { seed: 1 });
  });

  beforeEach(async () => {
    window = openWindow(server, { settings: () => ({ url: proxy.url }), credentials: async () => server });
    await window.connection.connect();
  });

  afterEach(() => {
    proxy.mend();
    window.close();
  });

  after(async () => {
    await proxy.close();
    await server.stop();
    await model.close();
  });

  it('reads every event of a stream that comes in pieces, between lines that mean nothing', async () => {
    const { openCode } = window.connection;
    for (const fault of [{ kind: 'split', most: 7 }, { kind: 'noise' }] as const) {
      proxy.add({ path: '/global/event' }, fault);
      proxy.breakStreams();
      await window.untilState('reconnecting');
      await window.untilState('live');
      const title = `Größe 📐 ${fault.kind}`;
      const session = await openCode.createSession({ directory: server.workspace, title });
      await waitFor(() => window.sessions.get(session.id)?.title === title, { what: 'the session' });
    }
  });

  it('does not know of what the server did when the answer is lost', async () => {
    const { openCode } = window.connection;
    const rule = proxy.add({ method: 'POST', path: '/session' }, { kind: 'cut', when: 'after' });
    await assert.rejects(openCode.createSession({ directory: server.workspace, title: 'Lost' }));
    assert.equal((await rule.hit).serverStatus, 200);
    const sessions = await openCode.listSessions(server.workspace);
    assert.equal(sessions.filter(({ title }) => title === 'Lost').length, 1);
  });

  it('finds a server again that was killed and is elsewhere, with another password', async () => {
    const before = server.url;
    proxy.refuse();
    await window.untilState('reconnecting');
    await server.restart({ signal: 'SIGKILL', onAnotherPort: true, password: 'another one' });
    assert.notEqual(server.url, before);
    proxy.target = server.url;
    proxy.accept();
    await window.untilState('live');
    assert.ok((await window.connection.openCode.listSessions(server.workspace)).length > 0);
  });
});
