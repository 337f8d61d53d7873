import assert from 'node:assert/strict';
import { retrySession, retryWithModel } from '../../../src/commands/session/retrySession.ts';
import { BusyProblem } from '../../../src/core/errors.ts';
import type { Choice } from '../../../src/core/ports/dialogs.ts';
import { readTypedPrompt } from '../../../src/core/prompts/promptText.ts';
import type { ComposerDraft } from '../../../src/protocol/page/composer.ts';
import type { MessageWithParts, Session, SessionStatus } from '../../../src/protocol/records.ts';
import { aProof, aSession, anAnswer, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer, portsOf } from './commands.ts';

const used = { providerID: 'local', modelID: 'echo' };

function setUp(
  messages: readonly MessageWithParts[],
  given: {
    readonly session?: Partial<Session>;
    readonly busy?: boolean;
    readonly typed?: Readonly<Record<string, ComposerDraft>>;
    readonly pick?: (choices: readonly Choice<unknown>[]) => unknown;
    readonly connected?: unknown;
    readonly onSendAgain?: () => void;
    /** It waits to try again; stopped, it becomes free at the next word of the server. */
    readonly retries?: boolean;
  } = {},
) {
  const session = aSession({ id: 'ses_1', title: 'Parser', ...given.session });
  const sessions = aStore([session]);
  const setStatus = (status: SessionStatus): void =>
    sessions.apply({ type: 'session.status', properties: { sessionID: 'ses_1', status } });
  if (given.retries === true) setStatus({ type: 'retry', attempt: 2, message: 'Overloaded', next: 1 });
  const server = aServer({
    getSession: () => session,
    listMessages: () => ({ messages: [...messages] }),
    abortSession: () => void setImmediate(() => setStatus({ type: 'idle' })),
  });
  const sent: ComposerDraft[] = [];
  const person = aPerson({
    pickOne: (_: string, choices: readonly Choice<unknown>[]) => given.pick?.(choices),
  });
  const deps = {
    ...portsOf(server),
    sessions,
    currentSessionId: () => 'ses_1',
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs: person.dialogs,
    typedCommand: (messageId: string) => given.typed?.[messageId],
    isFree: () => given.busy !== true && sessions.status('ses_1').type === 'idle',
    onMayBeFree: sessions.onDidChange,
    timer: () => ({ dispose: () => undefined }),
    sendAgain: async (_: Session, _repeated: string, findDraft: () => Promise<ComposerDraft>) => {
      given.onSendAgain?.();
      sent.push(await findDraft());
    },
    connectProvider: async () => given.connected,
  };
  return {
    retry: retrySession(deps),
    withModel: retryWithModel(deps),
    sent,
    person,
    server,
    sessions,
    setStatus,
  };
}

const failed = (text: string, parts?: Record<string, unknown>[]) => [
  aUserMessage('msg_1', { text: 'The first' }),
  anAnswer('msg_2', 'msg_1'),
  aUserMessage('msg_3', { agent: 'plan', ...(parts === undefined ? { text } : { parts }) }),
  anAnswer('msg_4', 'msg_3', { error: 'APIError' }),
];

describe('retrying', () => {
  it('sends the prompt that failed once more, to the same agent and model', async () => {
    const { retry, sent } = setUp(failed('Do it'));
    assert.equal(await retry(), 'ses_1');
    assert.deepEqual(sent, [{ text: 'Do it', agent: 'plan', model: used }]);
  });

  it('sends its files with it, and no text that nobody typed', async () => {
    const { retry, sent } = setUp(
      failed('', [
        { type: 'text', text: 'Look at this' },
        { type: 'text', text: 'Called the Read tool', synthetic: true },
        { type: 'file', mime: 'text/plain', filename: 'a.ts', url: 'file:///work/parser/a.ts' },
        { type: 'file', mime: 'image/png', filename: 'b.png', url: 'data:image/png;base64,AAAA' },
      ]),
    );
    await retry({ sessionId: 'ses_1' });
    assert.deepEqual(sent, [
      {
        text: 'Look at this',
        agent: 'plan',
        model: used,
        attachments: [
          { kind: 'file', path: '/work/parser/a.ts' },
          { kind: 'data', mime: 'image/png', filename: 'b.png', url: 'data:image/png;base64,AAAA' },
        ],
      },
    ]);
  });

  it('sends a command as it was typed, not what the server made of it', async () => {
    const { retry, sent } = setUp(failed('say: Tidied all'), { typed: { msg_3: { text: '/tidy all' } } });
    await retry();
    assert.equal(sent[0]?.text, '/tidy all');
  });

  it('sends a command to whom it was given, whatever agent and model it has of its own', async () => {
    const model = { providerID: 'local', modelID: 'small' };
    const typed = { msg_3: { text: '/tidy all', agent: 'build', model } };
    const { retry, sent } = setUp(failed('say: Tidied all'), { typed });
    await retry();
    assert.deepEqual(sent, [{ text: '/tidy all', agent: 'build', model }]);
  });

  it('sends a text that only looks like a command as the prompt that it was, letter by letter', async () => {
    for (const text of [' !rm -rf build', '!rm -rf build', '/tidy all\n', '\tindented']) {
      const { retry, sent } = setUp(failed(text), { typed: { msg_1: { text: '/tidy all' } } });
      await retry();
      const read = readTypedPrompt(sent[0]?.text ?? '', [{ name: 'tidy' }]);
      assert.deepEqual(read, { kind: 'prompt', text });
    }
  });

  it('takes the agent and the model that are named', async () => {
    const { retry, sent } = setUp(failed('Do it'));
    await retry({ sessionId: 'ses_1', model: 'other/one', agent: 'build' });
    assert.deepEqual(sent, [
      { text: 'Do it', agent: 'build', model: { providerID: 'other', modelID: 'one' } },
    ]);
  });

  it('goes past what the server says itself, and past what was taken back', async () => {
    const compaction = aUserMessage('msg_5', { parts: [{ type: 'compaction', auto: true }] });
    const overflown = setUp([
      ...failed('Do it'),
      compaction,
      anAnswer('msg_6', 'msg_5', { error: 'X', summary: true }),
    ]);
    await overflown.retry();
    assert.equal(overflown.sent[0]?.text, 'Do it');
    const reverted = setUp(failed('Do it'), { session: { revert: { messageID: 'msg_3' } } });
    await assert.rejects(reverted.retry(), /was answered/);
  });

  it('retries also what was stopped or never begun', async () => {
    for (const end of [[], [anAnswer('msg_2', 'msg_1', { error: 'MessageAbortedError' })]]) {
      const { retry, sent } = setUp([aUserMessage('msg_1', { text: 'Do it' }), ...end]);
      await retry();
      assert.equal(sent[0]?.text, 'Do it');
    }
  });

  it('refuses in a sentence where nothing failed, nothing was asked, or it works', async () => {
    const answered = [aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1')];
    await assert.rejects(setUp(answered).retry(), /was answered, so there is nothing to retry/);
    await assert.rejects(setUp([]).retry(), /Nothing was asked/);
    const busy = setUp(failed('Do it'), { busy: true });
    await assert.rejects(busy.retry(), BusyProblem);
    assert.deepEqual(busy.sent, []);
  });

  it('names a session that is not named yet by its first prompt', async () => {
    const answered = [aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1')];
    const title = 'New session - 2026-11-20T10:00:00.000Z';
    const { retry, sessions } = setUp(answered, { session: { title } });
    await assert.rejects(retry(), /The last prompt in “New session” was answered/);
    sessions.learnPrompt('ses_1', 'Count the cents');
    await assert.rejects(retry(), /The last prompt in “Count the cents” was answered/);
  });

  it('refuses a prompt that was answered, also where what ran after it failed or was stopped', async () => {
    const answered = [aUserMessage('msg_1', { text: 'Do it' }), anAnswer('msg_2', 'msg_1')];
    const compaction = aUserMessage('msg_3', { parts: [{ type: 'compaction', auto: false }] });
    const shell = aUserMessage('msg_3', { parts: [{ type: 'text', text: 'A tool ran', synthetic: true }] });
    const ends = [
      [compaction, anAnswer('msg_4', 'msg_3', { error: 'APIError', summary: true })],
      [shell, anAnswer('msg_4', 'msg_3', { error: 'MessageAbortedError' })],
      [shell, anAnswer('msg_4', 'msg_3', { running: true })],
    ];
    for (const end of ends) {
      const { retry, sent } = setUp([...answered, ...end]);
      await assert.rejects(retry(), /was answered, so there is nothing to retry/);
      assert.deepEqual(sent, []);
    }
  });

  it('refuses a prompt that was answered after a compaction in its midst', async () => {
    const goOn = {
      type: 'text',
      text: 'Continue',
      synthetic: true,
      metadata: { compaction_continue: true },
    };
    const { retry } = setUp([
      aUserMessage('msg_1', { text: 'Do it' }),
      anAnswer('msg_2', 'msg_1', { finish: 'tool-calls' }),
      aUserMessage('msg_3', { parts: [{ type: 'compaction', auto: true }] }),
      anAnswer('msg_4', 'msg_3', { summary: true }),
      aUserMessage('msg_5', { parts: [goOn] }),
      anAnswer('msg_6', 'msg_5'),
      aUserMessage('msg_7', { parts: [{ type: 'text', text: 'A tool ran', synthetic: true }] }),
      anAnswer('msg_8', 'msg_7', { error: 'MessageAbortedError' }),
    ]);
    await assert.rejects(retry(), /was answered/);
  });

  it('retries what was stopped while it waited to try again', async () => {
    const { info, parts } = anAnswer('msg_2', 'msg_1', { running: true, parts: [] });
    const { created } = info.time;
    const stopped = { info: { ...info, time: { created, completed: created + 1 } }, parts };
    const { retry, sent } = setUp([aUserMessage('msg_1', { text: 'Do it' }), stopped]);
    await retry();
    assert.equal(sent[0]?.text, 'Do it');
  });

  it('stops a run that waits to try again, and sends once nothing is under way', async () => {
    const open = [aUserMessage('msg_1', { text: 'Do it' }), anAnswer('msg_2', 'msg_1', { running: true })];
    const { retry, sent, server } = setUp(open, { retries: true });
    assert.equal(await retry({ sessionId: 'ses_1' }), 'ses_1');
    assert.deepEqual(
      sent.map(({ text }) => text),
      ['Do it'],
    );
    assert.deepEqual(server.changes(), [['abortSession', 'ses_1']]);
  });

  it('stops it for another model only once one is picked', async () => {
    const open = [aUserMessage('msg_1', { text: 'Do it' }), anAnswer('msg_2', 'msg_1', { running: true })];
    const left = setUp(open, { retries: true, pick: () => undefined });
    assert.equal(await left.withModel(), undefined);
    assert.deepEqual([left.sent, left.server.changes()], [[], []]);
    const picked = setUp(open, { retries: true, pick: (choices) => choices[0]?.value });
    await picked.withModel();
    assert.deepEqual([picked.sent[0]?.model, picked.server.changes().length], [used, 1]);
  });

  it('stops nothing where the prompt cannot be sent again, or the run went on by itself meanwhile', async () => {
    const elsewhere = [{ type: 'subtask', agent: 'helper', description: 'Tidy', prompt: 'Tidy it' }];
    const lost = setUp([aUserMessage('msg_1', { parts: elsewhere })], { retries: true });
    await assert.rejects(lost.retry(), /typed elsewhere/);
    const open = [aUserMessage('msg_1', { text: 'Do it' }), anAnswer('msg_2', 'msg_1', { running: true })];
    const goesOn: ReturnType<typeof setUp> = setUp(open, {
      retries: true,
      onSendAgain: () => goesOn.setStatus({ type: 'busy' }),
    });
    await assert.rejects(goesOn.retry(), BusyProblem);
    for (const { sent, server } of [lost, goesOn]) assert.deepEqual([sent, server.changes()], [[], []]);
  });

  it('retries what was answered with nothing, and not what was answered with a call or after which something ran', async () => {
    const asked = aUserMessage('msg_1', { text: 'Do it' });
    const answer = (parts: Record<string, unknown>[]) => [asked, anAnswer('msg_2', 'msg_1', { parts })];
    const nothing = setUp(answer([{ type: 'reasoning', text: 'Hm', time: { start: 1, end: 2 } }]));
    await nothing.retry();
    assert.equal(nothing.sent[0]?.text, 'Do it');
    const words = setUp(answer([{ type: 'text', text: 'Yes' }]));
    await assert.rejects(words.retry(), /was answered/);
    const note = aUserMessage('msg_3', { parts: [{ type: 'text', text: 'A tool ran', synthetic: true }] });
    await assert.rejects(setUp([...answer([]), note]).retry(), /was answered/);
  });

  it('refuses in a sentence where a newer prompt came meanwhile, e.g. that of an earlier click', async () => {
    for (const name of ['retry', 'withModel'] as const) {
      const messages = failed('Do it');
      const { [name]: act, sent } = setUp(messages, {
        pick: (choices) => choices[0]?.value,
        onSendAgain: () => messages.push(aUserMessage('msg_5', { text: 'Do it' })),
      });
      await assert.rejects(act(), /has a newer prompt by now/);
      assert.deepEqual(sent, []);
    }
  });

  it('refuses a command that was typed elsewhere and left no text', async () => {
    const parts = [{ type: 'subtask', agent: 'helper', description: 'Tidy', prompt: 'Tidy it' }];
    const { retry } = setUp(failed('', parts));
    await assert.rejects(retry(), /typed elsewhere/);
  });

  it('refuses a prompt that came with what cannot be sent from here, and names it', async () => {
    const source = { type: 'resource', clientName: 'wiki', uri: 'wiki://start' };
    const text = { type: 'text', text: 'Look at @start and @a.ts' };
    const file = { type: 'file', mime: 'text/plain', filename: 'a.ts', url: 'file:///work/parser/a.ts' };
    const parts = [
      { type: 'file', mime: 'text/plain', filename: 'start', url: 'wiki://start', source },
      { type: 'file', mime: 'text/plain', filename: 'start', url: 'file:///work/parser/start', source },
      { type: 'file', mime: 'text/plain', filename: 'start', url: 'data:text/plain,A', source },
      { type: 'file', mime: 'text/plain', filename: 'start', url: 'https://example.org/start' },
      { type: 'agent', name: 'start/helper' },
    ];
    for (const part of parts) {
      const { retry, withModel, sent } = setUp(failed('', [text, file, part]));
      await assert.rejects(retry(), /came with “@?start[^]*nothing was sent/);
      await assert.rejects(withModel(), /nothing was sent/);
      assert.deepEqual(sent, []);
    }
  });

  it('sends again what its text mentions, as that is found there once more', async () => {
    const { retry, sent } = setUp(
      failed('', [
        { type: 'text', text: 'Ask @helper about @a.ts' },
        { type: 'agent', name: 'helper' },
        { type: 'file', mime: 'text/plain', filename: 'a.ts', url: 'file:///work/parser/a.ts' },
      ]),
    );
    await retry();
    assert.equal(sent[0]?.attachments, undefined);
  });

  it('asks for the other model, and sends to it', async () => {
    const { withModel, sent } = setUp(failed('Do it'), {
      pick: (choices) => choices.find(({ label }) => label === 'Echo')?.value,
    });
    assert.equal(await withModel(), 'ses_1');
    assert.deepEqual(sent[0]?.model, used);
    const left = setUp(failed('Do it'), { pick: () => undefined });
    assert.equal(await left.withModel(), undefined);
    assert.deepEqual(left.sent, []);
    const answered = setUp([aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1')]);
    await assert.rejects(answered.withModel(), /was answered/);
    assert.deepEqual(answered.person.asked, []);
  });

  it('connects a provider from the last row, and offers its models then', async () => {
    const asked: string[][] = [];
    const pick = (choices: readonly Choice<unknown>[]) => {
      asked.push(choices.map(({ label }) => label));
      return asked.length === 1 ? choices.at(-1)?.value : choices[0]?.value;
    };
    const { withModel, sent, server } = setUp(failed('Do it'), { pick, connected: 'local' });
    await withModel();
    assert.deepEqual(asked, [
      ['Echo', 'Connect a Provider…'],
      ['Echo', 'Connect a Provider…'],
    ]);
    assert.equal(server.calls.filter(([name]) => name === 'listProviders').length, 2);
    assert.equal(sent.length, 1);
    const left = setUp(failed('Do it'), { pick: (choices) => choices.at(-1)?.value });
    assert.equal(await left.withModel(), undefined);
  });
});
