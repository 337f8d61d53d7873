import assert from 'node:assert/strict';
import { aMessage, aView } from '../builders.ts';
import { sampleSession } from '../sampleSession.ts';
import { usePage } from '../usePage.ts';

describe('The transcript page with code', () => {
  const { shown, part } = usePage();

  it('gives the code of a block to the host as it is', async () => {
    await shown.send({ type: 'show', view: sampleSession() });
    await part('prt_20').locator('[data-highlighted]').waitFor();
    await part('prt_20').locator('[data-code-action=insert]').click();
    assert.match((await shown.posted('insertAtCursor')).text, /^export function total[\s\S]*\}\n$/);
    await part('prt_20').locator('[data-code-action=open]').click();
    assert.equal((await shown.posted('openAsFile')).language, 'ts');
  });

  it('colours code once, also where its answer ends later', async () => {
    const streaming = aMessage(1, { id: 'prt_1', type: 'text', text: '' });
    await shown.send({ type: 'show', view: aView({ entries: [streaming] }) });
    const address = { messageId: streaming.id, partId: 'prt_1' } as const;
    const text = '~~~ts\nconst one = 1;\n~~~\n\nAnd so\non';
    await shown.send({
      type: 'changes',
      sessionId: 'ses_1',
      changes: [{ kind: 'append', ...address, text }],
    });
    const word = await part('prt_1').locator('[data-highlighted] .hl-keyword').elementHandle();
    await shown.send({
      type: 'changes',
      sessionId: 'ses_1',
      changes: [
        { kind: 'append', ...address, text: ' on.\n\n~~~ts\nconst two = 2;\n~~~' },
        { kind: 'ended', ...address },
      ],
    });
    // The queue is worked through in its order.
    await part('prt_1').locator('[data-highlighted]').nth(1).waitFor();
    assert.equal(await word?.evaluate((node) => node.isConnected), true);
  });
});
