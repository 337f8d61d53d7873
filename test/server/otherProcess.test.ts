import assert from 'node:assert/strict';
import { startTimer } from '../../src/editor/timer.ts';
import { LastEnds } from '../../src/core/sessions/lastEnds.ts';
import { SettledTurns } from '../../src/core/turns/settledTurn.ts';
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
  let turns: SettledTurns;
  let ends: LastEnds;

  before(async () => {
    scripted = await startScriptedModel();
    server = await startOpenCode({ modelUrl: scripted.url });
    transcripts = new TranscriptStore({
      listMessages: (...asked) => window.connection.openCode.listMessages(...asked),
      getMessage: (...asked) => window.connection.openCode.getMessage(...asked),
    });
    turns = new SettledTurns();
    window = openWindow(server, {
      settings: () => ({ url: server.url }),
      credentials: async () => server,
      sinks: [
        transcripts,
        turns,
        {
          reset: (all) => ends.reset(all),
          compare: (look) => ends.compare(look),
          apply: (event) => ends.apply(event),
        },
      ],
    });
    ends = new LastEnds({
      turns,
      sessions: window.sessions,
      readMessages: async (id, limit) =>
        (await window.connection.openCode.listMessages(id, { limit })).messages,
      startTimer,
      log: { debug: () => undefined },
    });
    other = openWindow(server);
    await Promise.all([window.connection.connect(), other.connection.connect()]);
  });

  after(async () => {
    ends.dispose();
    window.close();
    other.close();
    await server.stop();
    await scripted.close();
  });

  const prompt = async (at: ConnectedWindow, sessionId: string, text: string): Promise<void> => {
    const parts = [{ type: 'text' as const, text }];
    const ended = Promise.withResolvers<void>();
    let began = false;
    // A short run is over before anybody could look a second time.
    const subscription = at.sessions.onDidChange(({ sessionIds }) => {
      if (!sessionIds.has(sessionId)) return;
      const { type } = at.sessions.status(sessionId);
      if (began && type === 'idle') ended.resolve();
      began ||= type === 'busy';
    });
    await at.connection.openCode.promptSession(sessionId, { agent: 'build', model, parts });
    await ended.promise;
    subscription.dispose();
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
    transcripts.onDidChange((change) => {
      // What an earlier try left open changes, too.
      if (change.sessionId === open || change.sessionId === kept) changes.push(change);
    });
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

  it('is known to go on there, until it has ended', async () => {
    const { openCode } = window.connection;
    const { id } = await openCode.createSession({ directory: server.workspace, title: 'Both' });
    await prompt(window, id, 'say: here');
    assert.equal(await ends.mayWorkElsewhere(id), false);
    const parts = [{ type: 'text' as const, text: 'say: there\nhold: there' }];
    await other.connection.openCode.promptSession(id, { agent: 'build', model, parts });
    await scripted.reached('there');
    await window.connection.compare(false);
    await ends.catchUp();
    assert.equal(window.sessions.status(id).type, 'idle');
    assert.deepEqual(ends.elsewhere, [id]);
    assert.equal(await ends.mayWorkElsewhere(id), true);
    scripted.release('there');
    await waitFor(() => other.sessions.status(id).type === 'idle', { what: 'the end of the run' });
    await waitFor(
      async () => {
        await window.connection.compare(false);
        await ends.catchUp();
        return ends.elsewhere.length === 0;
      },
      { what: 'the end to be seen' },
    );
    assert.equal(ends.of(id)?.kind, 'settled');
    assert.equal(await ends.mayWorkElsewhere(id), false);
  });

  it('is noticed at the prompt also where nobody looked since', async () => {
    const { openCode } = window.connection;
    const { id } = await openCode.createSession({ directory: server.workspace, title: 'At once' });
    await prompt(window, id, 'say: here');
    const parts = [{ type: 'text' as const, text: 'hold: unseen' }];
    await other.connection.openCode.promptSession(id, { agent: 'build', model, parts });
    await scripted.reached('unseen');
    assert.equal(await ends.mayWorkElsewhere(id), true);
    scripted.release('unseen');
  });
});
