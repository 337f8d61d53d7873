import assert from 'node:assert/strict';
import { judgeMessages } from '../../src/core/turns/judgeMessages.ts';
import { makeMessageId } from '../../src/core/turns/messageId.ts';
import type { OpenCode, Prompt } from '../../src/core/ports/openCode.ts';
import type { Outcome } from '../../src/core/turns/outcome.ts';
import type { Session } from '../../src/protocol/records.ts';
import { type ConnectedWindow, openWindow } from '../workbench/connectedWindow.ts';
import { type RunningOpenCode, startOpenCode } from '../workbench/openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from '../workbench/scriptedModel.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { summarize } from '../workbench/compacting.ts';

const model = { providerID: 'local', modelID: 'steady' };
const call = 'tool: bash {"command":"ls","description":"List"}';
const question = { question: 'Which?', header: 'Which', options: [{ label: 'This', description: 'One' }] };

describe('The end of a run, by its events and by its messages', () => {
  let scripted: ScriptedModel;
  let server: RunningOpenCode;
  let window: ConnectedWindow;
  let openCode: OpenCode;
  let session: Session;

  before(async () => {
    scripted = await startScriptedModel();
    server = await startOpenCode({ modelUrl: scripted.url });
    window = openWindow(server, { settings: () => ({ url: server.url }), credentials: async () => server });
    await window.connection.connect();
    ({ openCode } = window.connection);
  });
  after(async () => {
    window.close();
    await server.stop();
    await scripted.close();
  });
  beforeEach(async () => {
    session = await openCode.createSession({ directory: server.workspace, title: 'Ends' });
  });

  async function say(text: string, rest: Partial<Prompt> = {}): Promise<string> {
    const messageId = makeMessageId({ now: Date.now, random: Math.random });
    const parts = [{ type: 'text' as const, text }];
    await openCode.promptSession(session.id, { messageId, agent: 'build', model, parts, ...rest });
    return messageId;
  }

  const status = (): string => window.sessions.status(session.id).type;
  const until = (what: string, probe: () => boolean): Promise<boolean> => waitFor(probe, { what });

  async function ends(kind: Outcome['kind'], read: Outcome['kind'] | undefined = kind): Promise<void> {
    await until(`the end "${kind}"`, () => status() === 'idle' && window.ends.of(session.id)?.kind === kind);
    const judge = async (): Promise<string | undefined> => {
      const [{ messages }, { revert }] = await Promise.all([
        openCode.listMessages(session.id, { limit: 10 }),
        openCode.getSession(session.id),
      ]);
      return judgeMessages(messages, revert)?.kind;
    };
    // Events follow the end (1.18): so does what they tell of.
    await waitFor(async () => (await judge()) === read, {
      what: `messages that say "${read}"`,
      timeout: 10_000,
    });
  }

  for (const [script, kind] of [
    ['say: Done', 'settled'],
    [
      `${call.replace('bash', 'read').replace('"command":"ls","description":"List"', '"filePath":"README.md"')}\nsay: Done`,
      'settled',
    ],
    ['say: A very long ans\nfinish: length', 'incomplete'],
    ['think: A very long thou\nfinish: length', 'incomplete'],
    ['finish: length', 'incomplete'],
    ['say: Bad\nfinish: content_filter', 'failed'],
    ['fail: 400 x* refused', 'failed'],
  ] as const) {
    it(`is ${kind} after “${script.replaceAll('\n', ' / ')}”`, async () => {
      await say(script);
      await ends(kind);
    });
  }

  it('is aborted where somebody stops an answer, a retry or a request', async () => {
    for (const [script, isThere] of [
      ['say: Half\nhold: stopped', () => scripted.reached('stopped').then(() => true)],
      ['fail: 503 x* overloaded', () => until('a retry', () => status() === 'retry')],
      [call, () => until('a request', () => window.sessions.permissions(session.id).length > 0)],
    ] as const) {
      session = await openCode.createSession({ directory: server.workspace, title: 'Ends' });
      await say(script);
      await isThere();
      await openCode.abortSession(session.id);
      await ends('aborted');
    }
  });

  it('is rejected where a permission or a question is', async () => {
    await say(call);
    await until('a request', () => window.sessions.permissions(session.id).length > 0);
    const [permission] = window.sessions.permissions(session.id);
    await openCode.replyPermission(server.workspace, permission ?? assert.fail(), 'reject');
    await ends('rejected');
    session = await openCode.createSession({ directory: server.workspace, title: 'Ends' });
    await say(`tool: question ${JSON.stringify({ questions: [question] })}`);
    await until('a question', () => window.sessions.questions(session.id).length > 0);
    const [asked] = window.sessions.questions(session.id);
    await openCode.rejectQuestion(server.workspace, asked ?? assert.fail());
    await ends('rejected');
  });

  it('is that of the last prompt where one was steered in', async () => {
    await say('say: One\nhold: steering');
    await scripted.reached('steering');
    await say('say: Two');
    scripted.release('steering');
    await ends('settled');
  });

  it('is aborted by its events, and unanswered by its messages, where a prompt was steered into a run that is stopped', async () => {
    await say('say: One\nhold: stopping');
    await scripted.reached('stopping');
    await say('say: Two');
    await openCode.abortSession(session.id);
    await ends('aborted', 'unanswered');
  });

  it('is that of the turn before where something was only told, and of a command in the shell', async () => {
    await say('say: A very long ans\nfinish: length');
    await ends('incomplete');
    await openCode.tellSession(session.id, {
      agent: 'build',
      model,
      parts: [{ type: 'text', text: 'Problems: none', synthetic: true }],
    });
    const { messages } = await openCode.listMessages(session.id, { limit: 10 });
    assert.equal(messages.at(-1)?.info.role, 'user');
    await ends('incomplete');
    await openCode.runShell(session.id, { command: 'echo hello', agent: 'build', model });
    await ends('settled');
  });

  it('is that of what is left where the last turn is taken back', async () => {
    await say('say: Done');
    await ends('settled');
    const failed = await say('fail: 400 x* refused');
    await ends('failed');
    await openCode.revertSession(session.id, failed);
    await ends('failed', 'settled');
  });

  it('is that of a compaction, which is no answer to a prompt', async () => {
    await say('say: Done');
    await ends('settled');
    await summarize(server, session, model);
    await ends('settled');
  });

  it('is failed by its events, and unanswered by its messages, where the model does not exist', async () => {
    await say('say: Done', { model: { providerID: 'local', modelID: 'ghost' } });
    await ends('failed', 'unanswered');
  });
});
