import assert from 'node:assert/strict';
import { TranscriptStore, type TranscriptStoreChange } from '../../src/core/transcript/transcriptStore.ts';
import { type ConnectedWindow, openWindow } from '../workbench/connectedWindow.ts';
import { type RunningOpenCode, startOpenCode } from '../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { waitFor } from '../workbench/waitFor.ts';

const model = { providerID: 'local', modelID: 'steady' };

describe('What another OpenCode process does with the same data', () => {
  let scripted: ScriptedModel;
  let server: RunningOpenCode;
  let window: ConnectedWindow;
  /** A window on a server of its own, in the same home. */
  let other: ConnectedWindow;
  let transcripts: TranscriptStore;

  before(async () => {
    scripted = await startScriptedModel();
    server = await startOpenCode({ modelUrl: scripted.url });
    transcripts = new TranscriptStore({
      listMessages: (...asked) => window.connection.openCode.listMessages(...asked),
      getMessage: (...asked) => window.connection.openCode.getMessage(...asked),
      messageCursor: (place) => window.connection.openCode.messageCursor(place),
    });
    window = openWindow(server, {
      settings: () => ({ url: server.url }),
      credentials: async () => server,
      sinks: [transcripts],
    });
    other = openWindow(server);
    await Promise.all([window.connection.connect(), other.connection.connect()]);
  });

  after(async () => {
    window.close();
    other.close();
    await server.stop();
    await scripted.close();
  });

  const prompt = async (at: ConnectedWindow, sessionId: string, text: string): Promise<void> => {
    const parts = [{ type: 'text' as const, text }];
    await at.connection.openCode.promptSession(sessionId, { agent: 'build', model, parts });
    await waitFor(() => at.sessions.status(sessionId).type === 'busy', { what: 'the run' });
    await waitFor(() => at.sessions.status(sessionId).type === 'idle', { what: 'the end of the run' });
  };
  const textsOf = (sessionId: string): readonly string[] =>
    (transcripts.get(sessionId)?.entries() ?? []).flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === 'text' && part.synthetic !== true ? part.text : [])),
    );

  it('is seen at a look: new sessions at any, other names and what is gone at a complete one', async () => {
    const { openCode } = other.connection;
    const { id } = await openCode.createSession({ directory: server.workspace, title: 'Made' });
    assert.equal(window.sessions.get(id), undefined);
    await window.connection.compare(false);
    assert.equal(window.sessions.get(id)?.title, 'Made');
    await openCode.updateSession(id, { title: 'Renamed' });
    await window.connection.compare(true);
    assert.equal(window.sessions.get(id)?.title, 'Renamed');
    await openCode.deleteSession(id);
    await window.connection.compare(true);
    assert.equal(window.sessions.get(id), undefined);
  });

  it('is heard of when a session that it deleted is asked for', async () => {
    const { id } = await window.connection.openCode.createSession({ directory: server.workspace });
    await other.connection.openCode.deleteSession(id);
    const missing: string[] = [];
    window.connection.onDidMissSession((sessionId) => missing.push(sessionId));
    await assert.rejects(window.connection.openCode.listTodos(id), /not on the server any more/);
    assert.deepEqual(missing, [id]);
  });

  it('comes to a transcript that is open, and to one that was looked at before', async () => {
    const { openCode } = window.connection;
    const made = await Promise.all(
      ['Open', 'Looked at'].map((title) => openCode.createSession({ directory: server.workspace, title })),
    );
    const [open, kept] = made.map(({ id }) => id);
    assert.ok(open !== undefined && kept !== undefined);
    await prompt(window, open, 'say: here');
    await prompt(window, kept, 'say: here');
    transcripts.hold(open);
    await transcripts.load(open);
    transcripts.hold(kept).dispose();
    await transcripts.load(kept);
    const changes: TranscriptStoreChange[] = [];
    transcripts.onDidChange((change) => changes.push(change));
    await window.connection.compare(true);
    await transcripts.load(open);
    assert.deepEqual(changes, []);

    await prompt(other, open, 'say: there');
    await prompt(other, kept, 'say: there');
    await window.connection.compare(false);
    await transcripts.load(open);
    await transcripts.load(kept);
    for (const id of [open, kept]) {
      assert.deepEqual(textsOf(id), ['say: here', 'here', 'say: there', 'there']);
    }
  });
});
