import assert from 'node:assert/strict';
import { Emitter } from '../../../src/core/event.ts';
import type { WaitingPrompts } from '../../../src/core/prompts/prompting.ts';
import type { QueuedPrompt } from '../../../src/protocol/page/composer.ts';
import { editQueued } from '../../../src/views/transcript/editQueued.ts';
import { aServer } from '../commands/commands.ts';
import { aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';

function setUp(queued: Partial<QueuedPrompt> = {}) {
  const { offers } = aServer({ listCommands: () => [{ name: 'tidy', template: '' }] });
  const edited: string[] = [];
  const waiting: WaitingPrompts = {
    onDidChange: new Emitter<never>().event,
    remove: () => assert.fail('Nobody removes it.'),
    sendNow: () => assert.fail('Nobody sends it.'),
    of: () => [{ id: 'msg_1', text: 'Before', agent: 'build', ...queued }],
    edit: async (_session, _id, text) => void edited.push(text),
  };
  const sessions = aStore([aSession({ id: 'ses_1', directory: '/work' })]);
  const edit = (text: string) =>
    editQueued({ sessions, offers, prompting: { waiting } }, { sessionId: 'ses_1', id: 'msg_1', text });
  return { edit, edited };
}

describe('a prompt that waits', () => {
  it('is changed to another prompt, a path, a shell command or a command of the server', async () => {
    const { edit, edited } = setUp();
    const texts = ['After', '/usr/lib is full', '!ls', '/tidy it', ' /compact'];
    for (const text of texts) await edit(text);
    assert.deepEqual(edited, texts);
  });

  it('is left as it is where it would become a verb of ours, or a command that there is not', async () => {
    const { edit, edited } = setUp();
    for (const text of ['/compact', '/tidi it']) await assert.rejects(edit(text), /cannot wait in the queue/);
    assert.deepEqual(edited, []);
  });

  it('may be a relay of any text, which is no command', async () => {
    const { edit, edited } = setUp({ relay: {} });
    await edit('/compact');
    assert.deepEqual(edited, ['/compact']);
  });
});
