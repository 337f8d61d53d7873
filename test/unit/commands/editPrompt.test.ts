import assert from 'node:assert/strict';
import {
  backToComposer,
  editPromptInEditor,
  sendFromEditor,
} from '../../../src/commands/session/editPrompt.ts';
import { Problem } from '../../../src/core/errors.ts';
import { aProof, aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

function setUp(...lent: readonly string[]) {
  const done: unknown[] = [];
  const deps = {
    sessions: aStore([aSession({ id: 'ses_1' }), aSession({ id: 'ses_2' })]),
    openCode: aServer().openCode,
    currentSessionId: () => 'ses_1',
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs: aPerson().dialogs,
    showPrompt: async (sessionId: string) => void done.push(['show', sessionId]),
    lendPrompt: async (sessionId: string) => void done.push(['lend', sessionId]),
    focusPrompt: (sessionId: string) => void done.push(['focus', sessionId]),
    sendTyped: async (sessionId: string, draft: unknown) => void done.push(['send', sessionId, draft]),
    lent: {
      find: (document: unknown) => (document === 'shown' ? 'ses_2' : undefined),
      has: (sessionId: string) => lent.includes(sessionId),
      takeBack: async (sessionId: string) => void done.push(['back', sessionId]),
      send: async (sessionId: string, send: (draft: { text: string }) => Promise<unknown>) =>
        void (await send({ text: `of ${sessionId}` })),
    },
  };
  return { deps, done };
}

describe('a prompt that is written in an editor', () => {
  it('is that of the session that is looked at, or of one that is named; of one that is gone it is shown', async () => {
    const { deps, done } = setUp();
    assert.equal(await editPromptInEditor(deps)(), 'ses_1');
    assert.equal(await editPromptInEditor(deps)({ sessionId: 'ses_2' }), 'ses_2');
    assert.equal(await editPromptInEditor(deps)({ sessionId: 'ses_gone' }), 'ses_gone');
    assert.deepEqual(done, [
      ['lend', 'ses_1'],
      ['lend', 'ses_2'],
      ['show', 'ses_gone'],
    ]);
  });

  it('stays in its document where its session is gone meanwhile', async () => {
    const { deps, done } = setUp('ses_gone');
    await assert.rejects(backToComposer(deps)({ sessionId: 'ses_gone' }), /not there any more/);
    assert.deepEqual(done, []);
  });

  it('goes back, and is sent, from the document that is shown or for the session that is named', async () => {
    const { deps, done } = setUp('ses_1');
    await backToComposer(deps)('shown');
    await backToComposer(deps)({ sessionId: 'ses_1' });
    await sendFromEditor(deps)('shown');
    assert.deepEqual(done, [
      ['back', 'ses_2'],
      ['focus', 'ses_2'],
      ['back', 'ses_1'],
      ['focus', 'ses_1'],
      ['send', 'ses_2', { text: 'of ses_2' }],
      ['focus', 'ses_2'],
    ]);
  });

  it('is not there where no document has it, which is said', async () => {
    const { deps, done } = setUp();
    for (const argument of [undefined, { sessionId: 'ses_1' }, 'ses_1', { path: '/a.md' }])
      await assert.rejects(backToComposer(deps)(argument), Problem);
    assert.deepEqual(done, []);
  });
});
