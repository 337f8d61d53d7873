import assert from 'node:assert/strict';
import { DirectoryFacts } from '../../../src/core/directoryFacts.ts';
import type { Prompt } from '../../../src/core/openCode.ts';
import { TranscriptStore } from '../../../src/core/transcript/transcriptStore.ts';
import type { Attachment } from '../../../src/protocol/page.ts';
import type { MessageWithParts } from '../../../src/protocol/records.ts';
import { PromptSender } from '../../../src/flows/prompting/promptSender.ts';
import { aServer } from '../commands/commands.ts';
import { aHistory, anAnswer, aSession, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';

async function send(text: string, attachments: readonly Attachment[]): Promise<Prompt['parts']> {
  const { openCode } = aServer({ listCommands: () => [] });
  const delivered: Prompt[] = [];
  const sender = new PromptSender({
    sessions: aStore([aSession({ id: 'ses_1', directory: '/work' })]),
    facts: new DirectoryFacts(openCode),
    transcripts: new TranscriptStore(aHistory(() => [])),
    openCode,
    deliver: async (_, prompt) => void delivered.push(prompt),
    findKind: async () => 'file',
    ids: { now: () => 0, random: () => 0 },
    report: assert.ifError,
  });
  await sender.send(await sender.prepare('ses_1', { text, attachments }), 'msg_1');
  return delivered.flatMap(({ parts }) => parts);
}

describe('a prompt with attachments', () => {
  it('names the lines of a file in its address, wherever it lies', async () => {
    const parts = await send('Explain', [
      { kind: 'file', path: '/work/src/a.ts', startLine: 3, endLine: 9 },
      { kind: 'file', path: '/elsewhere/b.ts', startLine: 5, endLine: 5 },
    ]);
    assert.deepEqual(parts, [
      { type: 'text', text: 'Explain' },
      { type: 'file', mime: 'text/plain', filename: 'a.ts', url: 'file:///work/src/a.ts?start=3&end=9' },
      { type: 'file', mime: 'text/plain', filename: 'b.ts', url: 'file:///elsewhere/b.ts?start=5&end=5' },
    ]);
  });

  it('needs no text, and names lines once that are mentioned, too', async () => {
    const lines = { kind: 'file', path: '/work/src/a.ts', startLine: 3, endLine: 9 } as const;
    assert.equal((await send('', [lines])).length, 1);
    assert.equal((await send('See @src/a.ts#3-9', [lines])).length, 2);
  });
});

describe('a command', () => {
  const picture = { kind: 'data', mime: 'image/png', filename: 'a.png', url: 'data:image/png,A' } as const;
  const commands = [
    { name: 'tidy', template: '' },
    { name: 'commit', template: '', model: 'local/small' },
    { name: 'inspect', template: '', subtask: true, model: 'local/small' },
  ];
  const ran: unknown[] = [];
  const makeSender = (): PromptSender => {
    const { openCode } = aServer({
      listCommands: () => commands,
      runCommand: (...call) => void ran.push(call),
      runShell: (...call) => void ran.push(call),
    });
    return new PromptSender({
      sessions: aStore([aSession({ id: 'ses_1', directory: '/work' })]),
      facts: new DirectoryFacts(openCode),
      transcripts: new TranscriptStore(aHistory(() => [])),
      openCode,
      deliver: () => Promise.reject(new Error('This is no prompt.')),
      findKind: () => Promise.resolve('file'),
      ids: { now: () => 0, random: () => 0 },
      report: assert.ifError,
    });
  };
  const sendCommand = async (text: string, attachments: readonly Attachment[] = []): Promise<void> => {
    const sender = makeSender();
    await sender.send(await sender.prepare('ses_1', { text, attachments }), 'msg_1');
  };

  beforeEach(() => ran.splice(0));

  it('takes files and pictures along', async () => {
    await sendCommand('/tidy it', [picture, { kind: 'file', path: 'src/a.ts' }]);
    const [[, { name, files }]] = ran as [[string, { name: string; files: unknown }]];
    assert.equal(name, 'tidy');
    assert.deepEqual(files, [
      { type: 'file', mime: 'image/png', filename: 'a.png', url: 'data:image/png,A' },
      { type: 'file', mime: 'text/plain', filename: 'a.ts', url: 'file:///work/src/a.ts' },
    ]);
  });

  it('is not sent with attachments that would not arrive', async () => {
    await assert.rejects(sendCommand('/inspect it', [picture]), /takes no attachments/);
    await assert.rejects(sendCommand('!ls', [picture]), /takes no attachments/);
    assert.deepEqual(ran, []);
  });

  it('leaves the next prompt with who answered before, where it brought an agent or a model of its own', async () => {
    const sender = makeSender();
    const prepared = await sender.prepare('ses_1', { text: '/commit all' });
    assert.deepEqual(sender.targetAfter(prepared), prepared.target);
    for (const text of ['/tidy it', '/inspect it', '!ls', 'Commit it']) {
      assert.equal(sender.targetAfter(await sender.prepare('ses_1', { text })), undefined, text);
    }
  });

  it('of the shell is sent under a message id of our own', async () => {
    await sendCommand('!ls');
    const [[, { command, messageId }]] = ran as [[string, { command: string; messageId: string }]];
    assert.deepEqual([command, messageId], ['ls', 'msg_1']);
  });
});

describe('a command that waited in the queue', () => {
  it('is taken when its own message is there, whatever comes late of the turn before', async () => {
    const before = [aUserMessage('msg_4'), anAnswer('msg_5', 'msg_4')];
    const transcripts = new TranscriptStore(aHistory(() => before));
    const { openCode } = aServer({
      listCommands: () => [{ name: 'tidy', description: '' }],
      runCommand: () => new Promise(() => undefined),
    });
    const sender = new PromptSender({
      sessions: aStore([aSession({ id: 'ses_1', directory: '/work' })]),
      facts: new DirectoryFacts(openCode),
      transcripts,
      openCode,
      deliver: () => Promise.reject(new Error('This is no prompt.')),
      findKind: () => Promise.resolve(undefined),
      ids: { now: () => 0, random: () => 0 },
      report: assert.ifError,
    });
    let isTaken = false;
    const hold = transcripts.hold('ses_1');
    const sent = sender.send(await sender.prepare('ses_1', { text: '/tidy' }), 'msg_3').then(() => {
      isTaken = true;
      return undefined;
    });
    const tell = async (info: MessageWithParts['info']) => {
      transcripts.apply({ type: 'message.updated', properties: { info } });
      await new Promise((resolve) => setImmediate(resolve));
    };
    for (const { info } of before) await tell(info);
    assert.equal(isTaken, false);
    await tell(aUserMessage('msg_3').info);
    assert.equal(isTaken, true);
    await sent;
    hold.dispose();
  });
});
