import assert from 'node:assert/strict';
import type { Prompt } from '../../../src/core/ports/openCode.ts';
import { typedAsText } from '../../../src/core/prompts/typedText.ts';
import type { Attachment } from '../../../src/protocol/page/composer.ts';
import type { SlashCommand } from '../../../src/protocol/records.ts';
import type { Outgoing } from '../../../src/flows/prompting/outgoing.ts';
import type { PromptDoor } from '../../../src/flows/prompting/promptDoor.ts';
import { PromptSender } from '../../../src/flows/prompting/promptSender.ts';
import { aServer } from '../commands/commands.ts';
import { aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';

/** A door that takes everything. */
function aDoor() {
  const sent: Outgoing[] = [];
  const send: PromptDoor['send'] = (_, outgoing) => {
    sent.push(outgoing);
    const answering = Promise.resolve(undefined);
    return Promise.resolve({ messageId: 'msg_1', answering, ended: Promise.resolve({ kind: 'superseded' }) });
  };
  return { door: { send }, sent };
}

function aSender(commands: readonly SlashCommand[]) {
  const { openCode, offers } = aServer({
    listCommands: () => commands,
    listMessages: () => ({ messages: [] }),
  });
  const { door, sent } = aDoor();
  const sender = new PromptSender({
    sessions: aStore([aSession({ id: 'ses_1', directory: '/work' })]),
    offers,
    openCode,
    door,
    findKind: () => Promise.resolve('file'),
  });
  return { sender, sent };
}

async function send(text: string, attachments: readonly Attachment[]): Promise<Prompt['parts']> {
  const { sender, sent } = aSender([]);
  await sender.send(await sender.prepare('ses_1', { text, attachments }), 'msg_1', 'typed');
  return sent.flatMap((outgoing) => (outgoing.kind === 'prompt' ? outgoing.prompt.parts : []));
}

describe('a prompt that mentions a session', () => {
  it('names it by title and id in its text, and reads no file of that name', async () => {
    const { sender, sent } = aSender([{ name: 'tidy', template: '' }]);
    const mentions = [{ kind: 'session', word: '@"Cart"', label: 'Cart', sessionId: 'ses_9' }] as const;
    for (const text of ['See @"Cart" and @a.ts', '/tidy like @"Cart"'])
      await sender.send(await sender.prepare('ses_1', { text, mentions }), 'msg_1', 'typed');
    const [prompt, command] = sent;
    assert.deepEqual(prompt?.kind === 'prompt' && prompt.prompt.parts, [
      { type: 'text', text: 'See “Cart” (ses_9) and @a.ts' },
      { type: 'file', mime: 'text/plain', filename: 'a.ts', url: 'file:///work/a.ts' },
    ]);
    assert.equal(command?.kind === 'command' && command.command.arguments, 'like “Cart” (ses_9)');
  });
});

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
  const sendCommand = async (text: string, attachments: readonly Attachment[] = []): Promise<Outgoing[]> => {
    const { sender, sent } = aSender(commands);
    await sender.send(await sender.prepare('ses_1', { text, attachments }), 'msg_1', 'typed');
    return sent;
  };

  it('takes files and pictures along', async () => {
    const [sent] = await sendCommand('/tidy it', [picture, { kind: 'file', path: 'src/a.ts' }]);
    assert.ok(sent?.kind === 'command');
    const { name, files } = sent.command;
    assert.equal(name, 'tidy');
    assert.deepEqual(files, [
      { type: 'file', mime: 'image/png', filename: 'a.png', url: 'data:image/png,A' },
      { type: 'file', mime: 'text/plain', filename: 'a.ts', url: 'file:///work/src/a.ts' },
    ]);
  });

  it('is not sent with attachments that would not arrive', async () => {
    await assert.rejects(sendCommand('/inspect it', [picture]), /takes no attachments/);
    await assert.rejects(sendCommand('!ls', [picture]), /takes no attachments/);
  });

  it('leaves the next prompt with who answered before, where it brought an agent or a model of its own', async () => {
    const { sender } = aSender(commands);
    const prepared = await sender.prepare('ses_1', { text: '/commit all' });
    assert.deepEqual(sender.targetAfter(prepared), prepared.target);
    for (const text of ['/tidy it', '/inspect it', '!ls', 'Commit it']) {
      assert.equal(sender.targetAfter(await sender.prepare('ses_1', { text })), undefined, text);
    }
  });

  it('is none behind a blank, which is not sent', async () => {
    const { sender, sent } = aSender(commands);
    for (const text of ['!rm -rf build', '/tidy it ']) {
      const prepared = await sender.prepare('ses_1', { text: typedAsText(text) });
      assert.equal(sender.isCommand(prepared), false);
      await sender.send(prepared, 'msg_1', 'typed');
    }
    assert.deepEqual(
      sent.map((outgoing) => outgoing.kind === 'prompt' && outgoing.prompt.parts),
      [[{ type: 'text', text: '!rm -rf build' }], [{ type: 'text', text: '/tidy it ' }]],
    );
  });

  it('of the shell is sent under a message id of our own', async () => {
    const [sent] = await sendCommand('!ls');
    assert.ok(sent?.kind === 'shell');
    assert.deepEqual([sent.shell.command, sent.shell.messageId], ['ls', 'msg_1']);
  });
});
