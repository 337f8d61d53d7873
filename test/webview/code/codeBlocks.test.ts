import assert from 'node:assert/strict';
import { aMessage, aText, aView } from '../builders.ts';
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

  it('has the language and the title of a fence, whatever else stands behind it', async () => {
    const fences = ['{.python title="cart.py"}', '12:40:src/cart.ts', 'ts:src/a.ts', 'python3', 'TypeScript'];
    const text = fences.map((info) => `\`\`\`${info}\nclass A {}\n\`\`\`\n`).join('\n');
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, aText('prt_1', text))] }) });
    await part('prt_1').locator('[data-highlighted]').nth(4).waitFor();
    assert.deepEqual(await part('prt_1').locator('.code-language').allTextContents(), [
      'python',
      'ts',
      'ts',
      'python',
      'typescript',
    ]);
    assert.deepEqual(await part('prt_1').locator('.code-title').allTextContents(), [
      'cart.py',
      'src/cart.ts:12-40',
      'src/a.ts',
    ]);
    await part('prt_1').locator('.code-title a').nth(1).click();
    const { path, line } = await shown.posted('openFile');
    assert.deepEqual([path, line], ['src/cart.ts', 12]);
    await part('prt_1').locator('[data-code-action=open]').first().click();
    assert.equal((await shown.posted('openAsFile')).language, 'python');
  });

  it('is copied as it is seen, with what stands around it', async () => {
    const text = 'Before it:\n\n```ts\nconst a = 1;\nconst b = 2;\n```\n\n- one\n- two\n\nAfter it.';
    const note = { id: 'prt_2', type: 'step-finish', reason: 'stop', cost: 0 } as const;
    const entries = [aMessage(1, aText('prt_1', text), note, aText('prt_3', 'The end.'))];
    await shown.send({ type: 'show', view: aView({ entries }) });
    await part('prt_1').locator('[data-highlighted]').waitFor();
    const copied = await shown.page.evaluate(() => {
      const [first, last] = ['prt_1', 'prt_3'].map((id) => document.querySelector(`[data-part-id=${id}]`));
      if (first && last) getSelection()?.setBaseAndExtent(first, 0, last, last.childNodes.length);
      return getSelection()?.toString();
    });
    assert.equal(
      copied?.trimEnd(),
      'Before it:\n\nconst a = 1;\nconst b = 2;\none\ntwo\nAfter it.\n\nThe end.',
    );
  });
});
