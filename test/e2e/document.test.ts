import assert from 'node:assert/strict';
import { waitFor } from '../workbench/waitFor.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

describe('a session as a document, in the editor', () => {
  let workbench: Workbench;

  before(async () => {
    const bench = await sharedBench();
    workbench = await openShop(await bench.shop.addFolder());
  });

  after(() => closeWindow(workbench));

  /** The lines that can be seen, from the top on. */
  const seen = (): Promise<string[]> =>
    workbench.page
      .locator('.editor-instance .monaco-editor')
      .first()
      .evaluate((editor) => {
        const { top } = editor.getBoundingClientRect();
        return [...editor.querySelectorAll('.view-line')]
          .map((line) => ({ at: line.getBoundingClientRect().top, text: line.textContent }))
          .filter(({ at }) => at >= top - 1)
          .toSorted((a, b) => a.at - b.at)
          .map(({ text }) => text.replaceAll('\u{a0}', ' '));
      });
  const untilSeen = (text: string): Promise<boolean> =>
    waitFor(async () => (await seen()).some((line) => line.includes(text)), { what: `a line “${text}”` });
  const goTo = async (line: number): Promise<void> => {
    await workbench.runCommand('Go to Line/Column...');
    await workbench.answerInput(`:${line}`);
  };

  it('stays where its reader is while the session works, is searched, and is there again after a reload', async () => {
    const { shop } = await sharedBench();
    const paragraphs = Array.from({ length: 80 }, (_, index) => `Paragraph ${index + 1}.`).join('\\n\\n');
    await workbench.startSession(
      [`say: ${paragraphs}\\n\\n`, 'hold: reading', 'repeat: 40 And more.\\n\\n', 'say: The needle.'].join(
        ' ;; ',
      ),
    );
    await shop.model.reached('reading');
    await workbench.runCommand('OpenCode: Open as Document');
    await untilSeen('## You: say: Paragraph 1');
    await workbench.screenshot('test-results/document-top.png');
    await goTo(100);
    await waitFor(async () => (await seen()).some((line) => line.startsWith('Paragraph 4')), {
      what: 'the middle',
    });
    const before = await seen();
    const slider = workbench.page.locator(
      '.editor-instance .editor-scrollable > .scrollbar.vertical > .slider',
    );
    const height = await slider.evaluate((bar) => bar.getBoundingClientRect().height);

    shop.model.release('reading');
    await waitFor(
      async () => (await slider.evaluate((bar) => bar.getBoundingClientRect().height)) < height * 0.8,
      {
        what: 'the document to grow',
      },
    );
    assert.deepEqual(await seen(), before);
    await workbench.untilRowSays('Paragraph 1', /^(?!.*working)/);
    assert.deepEqual(await seen(), before);

    await workbench.runCommand('Find');
    const find = workbench.page.locator('.find-widget .find-part textarea').first();
    await waitFor(
      async () => {
        await find.fill('The needle');
        // It stands in the prompt as well.
        const count = await workbench.page.locator('.find-widget .matchesCount').innerText();
        return count.endsWith('of 2');
      },
      { what: 'what came meanwhile to be found' },
    );
    await workbench.screenshot('test-results/document-found.png');
    await workbench.page.keyboard.press('Escape');

    await workbench.reload('Paragraph 1. n nPa');
    await untilSeen('Paragraph');
    await workbench.runCommand('Go to Symbol in Editor...');
    await workbench.pick('build');
    await untilSeen('### build');
  });
});
