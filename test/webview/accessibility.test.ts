import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { SessionPicture } from '../../src/protocol/page/toPage.ts';
import { aHeader, aMessage, aText, aTool, aView, askingFor } from './builders.ts';
import { sampleSession } from './sampleSession.ts';
import { themeKinds } from './themes.ts';
import { PageBench, type TranscriptPage } from './transcriptPage.ts';

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
  ...askingFor('bash'),
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
function foldedSession(): SessionPicture {
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

  /** What axe finds wrong with the page as it stands. */
  async function violations({ page }: TranscriptPage): Promise<unknown[]> {
    await page.evaluate(axe);
    // The colours of code and of terminals are the theme's own, and so is their contrast.
    const exclude = [['[class^=ansi-]'], ['[class^=hl-]']];
    const found = await page.evaluate(
      (excluded) => (globalThis as unknown as { axe: Axe }).axe.run({ exclude: excluded }),
      exclude,
    );
    return found.violations.map(({ id, nodes }) => [
      id,
      nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`),
    ]);
  }

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
      assert.deepEqual(await violations(shown), []);
      await shown.close();
    });
  }

  for (const theme of themeKinds) {
    it(`with files that are opened or loaded, and long errors, under ${theme}`, async () => {
      const shown = await bench.open({ theme });
      const file = { mime: 'image/png', filename: 'logo.png', size: 2_140_000, isLoadable: true };
      const retry = {
        id: 'prt_2',
        type: 'retry',
        attempt: 1,
        message: 'Bad…',
        clamped: 9000,
        created: 0,
      } as const;
      const answer = aMessage(1, aTool({ tool: 'read', files: [file] }), retry);
      const error = { name: 'APIError', message: 'Bad Gateway…', clamped: 9000 };
      const entries = [aMessage(0, { id: 'prt_0', type: 'file', ...file }), { ...answer, error }];
      await shown.send({ type: 'show', view: aView({ entries }) });
      await shown.page.locator('.disclosure-button').click();
      assert.deepEqual(await violations(shown), []);
      await shown.close();
    });
  }

  for (const theme of themeKinds) {
    it(`with a list open above the composer, and a prompt of the queue that is edited, under ${theme}`, async () => {
      const shown = await bench.open({ theme });
      const model = { providerID: 'local', modelID: 'echo', name: 'Echo', provider: 'Local', variants: [] };
      await shown.send(
        {
          type: 'show',
          view: { ...sampleSession(), queue: [{ id: 'msg_9', text: 'Next', agent: 'build' }] },
        },
        {
          type: 'choices',
          choices: {
            agents: ['build', 'plan'].map((name) => ({ name, description: 'Does things' })),
            models: [{ ...model, contextLimit: 200_000 }],
            commands: [{ name: 'init', description: 'Set up' }],
          },
        },
      );
      await shown.page.getByTestId('queue').getByRole('button', { name: 'Edit' }).click();
      assert.deepEqual(await violations(shown), []);
      await shown.page.getByTestId('agent-picker').click();
      await shown.page.getByRole('option', { name: 'plan' }).waitFor();
      assert.deepEqual(await violations(shown), []);
      await shown.page.keyboard.press('Escape');
      const field = shown.page.getByLabel('Prompt', { exact: true });
      await field.pressSequentially('/n');
      await shown.page.getByRole('option', { name: '/init' }).waitFor();
      assert.deepEqual(await violations(shown), []);
      await shown.close();
    });
  }

  for (const theme of themeKinds) {
    it(`with errors and what helps, no model, and what changed, under ${theme}`, async () => {
      const shown = await bench.open({ theme });
      const connect = { title: 'Connect a Provider…', command: 'opencodeSessions.provider.connect' };
      const remedies = [connect, { title: 'Retry', command: 'opencodeSessions.session.retry' }];
      const changes = { files: 9, additions: 62, deletions: 4, isPartial: true } as const;
      const error = { name: 'ProviderAuthError', message: 'The provider refused the key.', remedies };
      const entries = [
        { ...aMessage(0, aText('prt_0', 'Go')), changes },
        { ...aMessage(1), error },
        aMessage(2, aText('prt_2', 'Again')),
      ];
      const { header } = sampleSession();
      const failed = { lastError: 'There is no such model.', lastRemedies: remedies };
      const noModel = { message: 'There is no model to answer with.', action: connect };
      const model = { providerID: 'local', modelID: 'echo', name: 'Echo', provider: 'Local', variants: [] };
      const choices = {
        agents: [],
        models: [{ ...model, contextLimit: 200_000 }],
        commands: [],
        connect,
        noModel,
      };
      const view = aView({ header: { ...header, ...failed, changes, status: { type: 'idle' } }, entries });
      await shown.send({ type: 'show', view }, { type: 'choices', choices });
      assert.equal(await shown.page.locator('.run-error').count(), 2);
      assert.deepEqual(await violations(shown), []);
      await shown.page.getByTestId('model-picker').click();
      await shown.page.getByRole('option', { name: connect.title }).waitFor();
      assert.deepEqual(await violations(shown), []);
      await shown.page.keyboard.press('Escape');
      const unsent = { draft: { text: 'Go' }, problem: 'It was not taken.', action: connect };
      await shown.send({ type: 'unsent', sessionId: 'ses_1', ...unsent });
      assert.deepEqual(await violations(shown), []);
      await shown.close();
    });
  }

  it('with all that can stand above the composer in a short panel, and files beside the prompt', async () => {
    for (const [theme, height] of [
      ['vscode-dark', 260],
      ['vscode-high-contrast-light', 600],
    ] as const) {
      const shown = await bench.open({ theme, width: 300, height });
      const url = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';
      const attachments = [
        { kind: 'file', path: '/work/a.ts', startLine: 3, endLine: 9 } as const,
        { kind: 'data', mime: 'image/gif', filename: 'a.gif', url } as const,
      ];
      const queue = [
        { id: 'que_1', text: 'Next', agent: 'build', sending: true },
        { id: 'que_2', text: 'Then', agent: 'plan', relay: { held: 'The run was stopped.' } },
      ];
      const questions = [{ id: 'que_1', sessionId: 'ses_1', questions: [question] }];
      const view = aView({
        permissions: [permission],
        questions,
        queue,
        draft: { text: '!ls', attachments },
      });
      await shown.send(
        { type: 'show', view },
        { type: 'unsent', sessionId: 'ses_1', draft: { text: 'Again' }, problem: 'It was not taken.' },
      );
      assert.deepEqual(await violations(shown), [], theme);
      await shown.close();
    }
  });

  it('with lists and texts that are longer than their boxes', async () => {
    const shown = await bench.open({ width: 300, height: 260 });
    const many = Array.from({ length: 60 }, (_, index) => `Number ${index}`);
    const why = `It is not known whether it arrived. ${'The server is gone. '.repeat(20)}`;
    const todos = many.map((content) => ({ content, status: 'pending', priority: 'low' }) as const);
    const output = { text: many.join('\n\n') };
    const error = { name: 'APIError', message: 'Bad gateway. '.repeat(30) };
    const entries = [
      aMessage(0, aText('prt_0', 'Go')),
      { ...aMessage(1, aTool({ id: 'prt_1', tool: 'task', output })), error },
    ];
    const queue = [{ id: 'que_1', text: 'Next', agent: 'build', sending: true, why }];
    await shown.send({ type: 'show', view: aView({ header: aHeader({ todos }), entries, queue }) });
    const { page } = shown;
    assert.deepEqual(await violations(shown), []);
    await page.locator('.disclosure-button').last().click();
    await page.locator('.disclosure-body .output.prose').first().waitFor();
    assert.deepEqual(await violations(shown), []);
    await page.getByTestId('header-more').click();
    await page.getByTestId('header-todos').click();
    await page.locator('.header-details .todo').last().waitFor();
    assert.deepEqual(await violations(shown), []);
    await page.getByLabel('Prompt', { exact: true }).pressSequentially('@N');
    const asked = (await shown.allPosted()).findLast(({ type }) => type === 'complete');
    const token = asked?.type === 'complete' ? asked.token : '';
    const items = many.map((label) => ({ kind: 'file', label, insert: `@${label}` }) as const);
    await shown.send({ type: 'completions', token, items });
    await page.getByRole('option', { name: 'Number 59' }).waitFor();
    assert.deepEqual(await violations(shown), []);
    const overflowing = ['.queue', '.output.prose', '.header-details', '.completions', '.run-error-words'];
    for (const box of overflowing) {
      const isScrolled = await page
        .locator(box)
        .last()
        .evaluate((one) => one.scrollHeight > one.clientHeight);
      assert.ok(isScrolled, box);
    }
    await shown.close();
  });

  it('stands still for those who want less motion', async () => {
    const shown = await bench.open();
    await shown.send({ type: 'show', view: sampleSession() });
    const moving = () =>
      shown.page.evaluate(() => document.getAnimations().filter((one) => one.playState === 'running').length);
    await shown.page.waitForFunction(() => document.getAnimations().length > 0);
    await shown.page.emulateMedia({ reducedMotion: 'reduce' });
    assert.equal(await moving(), 0);
    await shown.page.emulateMedia({ reducedMotion: 'no-preference' });
    await shown.page.waitForFunction(() => document.getAnimations().length > 0);
    await shown.page.evaluate(() => document.body.classList.add('vscode-reduce-motion'));
    assert.equal(await moving(), 0);
    await shown.close();
  });

  it('keeps everything in view at 300 pixels', async () => {
    const shown = await bench.open({ width: 300 });
    await shown.send({ type: 'show', view: sampleSession() });
    await shown.page.getByTestId('header-more').click();
    assert.deepEqual(await violations(shown), []);
    const width = await shown.page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 300);
    for (const control of ['send', 'stop', 'outline', 'find', 'context-meter']) {
      const box = await shown.page.getByTestId(control).boundingBox();
      assert.ok(box && box.x >= 0 && box.x + box.width <= 300, control);
    }
    await shown.close();
  });
});
