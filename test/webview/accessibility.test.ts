import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { SessionView } from '../../src/protocol/page.ts';
import { sampleSession } from './sampleSession.ts';
import { themeKinds } from './themes.ts';
import { PageBench } from './transcriptPage.ts';

interface Axe {
  run(context: { readonly exclude: readonly (readonly string[])[] }): Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
    }[];
  }>;
}

const permission = {
  id: 'per_1',
  sessionId: 'ses_1',
  permission: 'bash',
  patterns: ['ls'],
  always: ['ls *'],
  detail: { text: 'ls -la' },
};
const question = {
  question: 'Which currency?',
  header: 'Currency',
  multiple: true,
  custom: true,
  options: [{ label: 'EUR', description: 'Euro' }],
};

/** The session with the messages before its compaction folded away. */
function foldedSession(): SessionView {
  const session = sampleSession();
  const entries = session.entries.map((entry) =>
    entry.summary === true ? { ...entry, parentID: 'msg_000002' } : entry,
  );
  return { ...session, header: { ...session.header, revertedFrom: 'msg_000006' }, entries };
}

describe('The transcript page is accessible', function () {
  let bench: PageBench;
  let axe: string;

  before(async () => {
    bench = await PageBench.start();
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  });

  after(() => bench.stop());

  for (const theme of themeKinds) {
    it(`under ${theme}`, async () => {
      const shown = await bench.open({ theme, height: 2400 });
      const questions = [{ id: 'que_1', sessionId: 'ses_1', questions: [question] }];
      await shown.send(
        { type: 'show', view: { ...foldedSession(), permissions: [permission], questions } },
        { type: 'connection', banner: { kind: 'stale', message: 'What is shown may be old.' } },
      );
      await shown.page.evaluate(() => {
        for (const button of document.querySelectorAll<HTMLElement>(
          '.disclosure-button[aria-expanded=false]',
        ))
          button.click();
      });
      await shown.page.getByTestId('find').click();
      await shown.page.getByTestId('outline').click();
      await shown.page.evaluate(axe);
      // The colours of code and of terminals are the theme's own, and so is their contrast.
      const exclude = [['[class^=ansi-]'], ['[class^=hl-]']];
      const { violations } = await shown.page.evaluate(
        (excluded) => (globalThis as unknown as { axe: Axe }).axe.run({ exclude: excluded }),
        exclude,
      );
      const summary = violations.map(({ id, nodes }) => [
        id,
        nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`),
      ]);
      assert.deepEqual(summary, []);
      await shown.close();
    });
  }

  it('keeps everything in view at 300 pixels', async () => {
    const shown = await bench.open({ width: 300 });
    await shown.send({ type: 'show', view: sampleSession() });
    const width = await shown.page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 300);
    for (const control of ['send', 'stop', 'outline', 'find', 'context-meter']) {
      const box = await shown.page.getByTestId(control).boundingBox();
      assert.ok(box && box.x >= 0 && box.x + box.width <= 300, control);
    }
    await shown.close();
  });
});
