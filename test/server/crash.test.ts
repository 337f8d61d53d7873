import assert from 'node:assert/strict';
import type { RunEnd } from '../../src/core/sessions/lastEnds.ts';
import { judgeMessages } from '../../src/core/turns/judgeMessages.ts';
import { makeMessageId } from '../../src/core/turns/messageId.ts';
import type { Session } from '../../src/protocol/records.ts';
import { type ConnectedWindow, openWindow } from '../workbench/connectedWindow.ts';
import { type RunningOpenCode, startOpenCode } from '../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { summarize } from '../workbench/compacting.ts';

const model = { providerID: 'local', modelID: 'steady' };
const bash = (command: string): string => `tool: bash ${JSON.stringify({ command, description: 'Work' })}`;
const question = { question: 'Which?', header: 'Which', options: [{ label: 'This', description: 'One' }] };

describe('A server that is killed while sessions work', () => {
  let scripted: ScriptedModel;
  let server: RunningOpenCode;
  /** It was open all the time. */
  let witness: ConnectedWindow;
  /** It was opened when all was over. */
  let latecomer: ConnectedWindow;
  const sessions = new Map<string, Session>();
  const told: RunEnd[] = [];

  const windows: ConnectedWindow[] = [];
  const open = (): ConnectedWindow => {
    const given = { settings: () => ({ url: server.url }), credentials: async () => server };
    const window = openWindow(server, given);
    windows.push(window);
    return window;
  };

  async function create(title: string): Promise<Session> {
    const { openCode } = witness.connection;
    const session = await openCode.createSession({ directory: server.workspace, title });
    sessions.set(title, session);
    return session;
  }

  async function say(title: string, text: string): Promise<void> {
    const session = sessions.get(title) ?? (await create(title));
    const parts = [{ type: 'text' as const, text }];
    const messageId = makeMessageId({ now: Date.now, random: Math.random });
    await witness.connection.openCode.promptSession(session.id, { messageId, agent: 'build', model, parts });
  }

  const idOf = (title: string): string => sessions.get(title)?.id ?? '';
  const asks = (title: string): boolean =>
    witness.sessions.permissions(idOf(title)).length + witness.sessions.questions(idOf(title)).length > 0;
  const childOf = (title: string): string =>
    witness.sessions.all().find(({ parentID }) => parentID === idOf(title))?.id ?? '';

  before(async () => {
    scripted = await startScriptedModel();
    server = await startOpenCode({ modelUrl: scripted.url });
    witness = open();
    await witness.connection.connect();
    witness.ends.onDidEnd((ends) => told.push(...ends));
    await beginAll();
    told.length = 0;
    await server.kill('SIGKILL');
    await server.restart();
    await waitFor(() => witness.connection.state.kind === 'live', { what: 'the server to be back' });
    latecomer = open();
    await latecomer.connection.connect();
    await Promise.all([witness.ends.catchUp(), latecomer.ends.catchUp()]);
  });

  after(async () => {
    for (const window of windows) window.close();
    await server.stop();
    await scripted.close();
  });

  async function beginAll(): Promise<void> {
    const { openCode } = witness.connection;
    await say('finished', 'say: Done');
    await say('cut', 'say: A very long ans\nfinish: length');
    await say('compacted', 'say: While summarizing, hold: summary');
    for (const title of ['finished', 'cut', 'compacted']) {
      await waitFor(() => witness.ends.of(idOf(title)) !== undefined, { what: `the end of "${title}"` });
    }
    await say('stream', 'say: Half of an\nhold: stream');
    await say('empty', 'hold: empty');
    await say('steered', 'say: One\nhold: steered');
    await say(
      'subagent',
      `tool: task ${JSON.stringify({ description: 'Look', prompt: 'say: I look\nhold: helper', subagent_type: 'helper' })}`,
    );
    await say('shell', bash('sleep 20'));
    await say('permission', bash('ls'));
    await say('question', `tool: question ${JSON.stringify({ questions: [question] })}`);
    await say('retry', 'fail: 503 x* overloaded');
    void summarize(server, { id: idOf('compacted') }, model).catch(() => undefined);
    for (const name of ['stream', 'empty', 'steered', 'helper', 'summary']) await scripted.reached(name);
    await say('steered', 'say: Two');
    await waitFor(() => asks('shell') && asks('permission') && asks('question'), { what: 'what is asked' });
    for (const request of witness.sessions.permissions(idOf('shell'))) {
      await openCode.replyPermission(server.workspace, request, 'once');
    }
    await waitFor(() => !asks('shell'), { what: 'the shell to run' });
    await waitFor(() => witness.sessions.status(idOf('retry')).type === 'retry', { what: 'the retry' });
    const fork = await openCode.forkSession(idOf('stream'));
    sessions.set('fork', fork);
    await waitFor(() => witness.sessions.get(fork.id) !== undefined, { what: 'the fork' });
  }

  const expected: Readonly<Record<string, string | undefined>> = {
    finished: 'settled',
    cut: 'incomplete',
    stream: 'interrupted',
    empty: 'interrupted',
    steered: 'unanswered',
    subagent: 'interrupted',
    shell: 'interrupted',
    permission: 'interrupted',
    question: 'interrupted',
    retry: 'interrupted',
    compacted: 'interrupted',
  };
  for (const [title, kind] of Object.entries(expected)) {
    it(`leaves the session "${title}" as ${kind}`, async () => {
      assert.equal(witness.ends.of(idOf(title))?.kind, kind);
      assert.equal(latecomer.ends.of(idOf(title))?.kind, kind);
      const { messages } = await witness.connection.openCode.listMessages(idOf(title), { limit: 10 });
      assert.equal(judgeMessages(messages)?.kind, kind);
    });
  }

  it('takes its subagents with it', () => {
    assert.equal(witness.ends.of(childOf('subagent'))?.kind, 'interrupted');
    assert.equal(latecomer.ends.of(childOf('subagent'))?.kind, 'interrupted');
  });

  it('takes nothing from a fork that was made in the middle of an answer', () => {
    assert.equal(witness.ends.of(idOf('fork')), undefined);
    assert.equal(latecomer.ends.of(idOf('fork')), undefined);
  });

  it('is told as the end of each run, once', () => {
    const titles = Object.keys(expected).filter((title) => title !== 'finished' && title !== 'cut');
    const ids = [...titles.map(idOf), childOf('subagent')];
    assert.deepEqual(told.map(({ sessionId }) => sessionId).toSorted(), ids.toSorted());
    assert.deepEqual(
      told.filter(({ outcome }) => outcome.kind === 'settled'),
      [],
    );
  });

  it('lets a session go on when somebody asks it to', async () => {
    await say('stream', 'say: Here is the rest');
    await waitFor(() => witness.ends.of(idOf('stream'))?.kind === 'settled', { what: 'the rest' });
  });
});
