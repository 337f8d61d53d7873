import assert from 'node:assert/strict';
import type { PermissionEntry, QuestionEntry } from '../../../src/protocol/page/requests.ts';
import { aHeader, aView, askingFor } from '../builders.ts';
import { usePage } from '../usePage.ts';

const aCommand = (id: string, command: string, more: Partial<PermissionEntry> = {}): PermissionEntry => {
  const asked = { sessionId: 'ses_1', ...askingFor('bash'), patterns: [command], always: [`${command} *`] };
  return { id, ...asked, detail: { text: command }, ...more };
};

const aQuestion = (id: string, given: Partial<QuestionEntry['questions'][number]> = {}): QuestionEntry => {
  const options = ['EUR', 'USD', 'GBP'].map((label) => ({ label, description: '' }));
  const question = {
    question: 'Which?',
    header: 'Currency',
    options,
    multiple: false,
    custom: true,
    ...given,
  };
  return { id, sessionId: 'ses_1', questions: [question] };
};

describe('Keys answer requests', () => {
  const { shown, composer } = usePage();

  const header = aHeader({ status: { type: 'busy' } });

  async function ask(permissions: PermissionEntry[], questions: QuestionEntry[] = []): Promise<void> {
    await shown.send({ type: 'show', view: aView({ header }) });
    await composer().focus();
    await shown.send({ type: 'requests', sessionId: 'ses_1', permissions, questions });
  }

  /** Waits until the hands have rested beside the cards. */
  const untilHeard = (): Promise<void> =>
    shown.page.locator('.request.fresh').first().waitFor({ state: 'detached' });

  const replies = async (): Promise<unknown[]> =>
    (await shown.allPosted()).flatMap((message) =>
      message.type === 'replyPermission' ? [[message.requestId, message.reply]] : [],
    );

  it('with Ctrl+Shift+Enter all that can be allowed together, once all of them have stood for a moment', async () => {
    await ask([aCommand('per_1', 'ls'), aCommand('per_2', 'make')]);
    const all = shown.page.getByTestId('permission-all');
    assert.equal(await all.getAttribute('aria-keyshortcuts'), 'Control+Shift+Enter');
    await shown.page.keyboard.press('Control+Shift+Enter');
    assert.deepEqual(await replies(), [], 'it has only come');
    await untilHeard();
    await shown.page.keyboard.press('Control+Shift+Enter');
    assert.deepEqual(await replies(), [
      ['per_1', 'once'],
      ['per_2', 'once'],
    ]);
  });

  it('with Ctrl+Enter and Alt+A from the empty composer, the first card', async () => {
    await ask([aCommand('per_1', 'ls'), aCommand('per_2', 'make')]);
    await untilHeard();
    await shown.page.keyboard.press('Control+Enter');
    assert.deepEqual(await replies(), [['per_1', 'once']]);
    await shown.send({
      type: 'requests',
      sessionId: 'ses_1',
      permissions: [aCommand('per_2', 'make')],
      questions: [],
    });
    await untilHeard();
    await shown.page.keyboard.press('Alt+a');
    assert.deepEqual(await replies(), [
      ['per_1', 'once'],
      ['per_2', 'always'],
    ]);
  });

  it('not while something is written, nor with a key of a field', async () => {
    await ask([aCommand('per_1', 'ls')]);
    await untilHeard();
    await composer().fill('Wait');
    await shown.page.keyboard.press('Alt+a');
    await shown.page.keyboard.press('Control+Enter');
    assert.equal((await shown.posted('send')).draft.text, 'Wait');
    await shown.page.getByTestId('permission-feedback').fill('Use pnpm');
    await shown.page.keyboard.press('Control+Enter');
    assert.deepEqual(await replies(), [['per_1', 'reject']]);
  });

  it('with the focus in a card that card, whatever is written', async () => {
    await ask([aCommand('per_1', 'ls'), aCommand('per_2', 'make')]);
    await composer().fill('Wait');
    await shown.page.locator('[data-request-id=per_2]').getByTestId('permission-reject').focus();
    await untilHeard();
    await shown.page.keyboard.press('Control+Enter');
    assert.deepEqual(await replies(), [['per_2', 'once']]);
  });

  it('never one that has just come under the hands', async () => {
    await shown.send({ type: 'show', view: aView({ header }) });
    await composer().focus();
    // The keys come with the card: no time passes between.
    await shown.page.evaluate(() => {
      const place = document.querySelector('.requests');
      const press = (init: KeyboardEventInit): void => {
        const field = document.querySelector('.composer-box > textarea');
        field?.dispatchEvent(new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true }));
      };
      new MutationObserver(() => {
        press({ key: 'Enter', ctrlKey: true });
        press({ key: 'a', altKey: true });
        press({ key: 'Enter' });
        document.body.dataset['pressed'] = '';
      }).observe(place ?? document.body, { childList: true });
    });
    const permissions = [aCommand('per_1', 'ls')];
    await shown.send({ type: 'requests', sessionId: 'ses_1', permissions, questions: [] });
    await shown.page.locator('body[data-pressed]').waitFor();
    assert.deepEqual(await replies(), []);
  });

  it('each request with a look of its own: a key that is held down, or pressed twice, answers one', async () => {
    await ask([aCommand('per_1', 'ls'), aCommand('per_2', 'make'), aCommand('per_3', 'make test')]);
    await untilHeard();
    await shown.page.keyboard.down('Control');
    await shown.page.keyboard.down('Enter');
    await shown.page.keyboard.down('Enter');
    await shown.page.keyboard.up('Enter');
    await shown.page.keyboard.up('Control');
    assert.deepEqual(await replies(), [['per_1', 'once']]);
    await untilHeard();
    await composer().evaluate((field) => {
      const key = { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true };
      for (let times = 0; times < 2; times += 1) field.dispatchEvent(new KeyboardEvent('keydown', key));
    });
    assert.deepEqual(await replies(), [
      ['per_1', 'once'],
      ['per_2', 'once'],
    ]);
  });

  it('not what is not all shown', async () => {
    await ask([aCommand('per_1', 'x'.repeat(100), { whole: 9000 })]);
    await untilHeard();
    await shown.page.keyboard.press('Control+Enter');
    await shown.page.keyboard.press('Alt+a');
    assert.deepEqual(await replies(), []);
  });

  it('with Escape lead to where one says no, and back', async () => {
    await ask([aCommand('per_1', 'ls')]);
    await shown.page.keyboard.press('Escape');
    await shown.page.keyboard.type('Use pnpm');
    await shown.page.keyboard.press('Enter');
    const { reply, message } = await shown.posted('replyPermission');
    assert.deepEqual([reply, message], ['reject', 'Use pnpm']);
    await shown.send({
      type: 'requests',
      sessionId: 'ses_1',
      permissions: [aCommand('per_1', 'ls')],
      questions: [],
    });
    await shown.page.getByTestId('permission-feedback').press('Escape');
    assert.equal(await composer().evaluate((field) => field === document.activeElement), true);
  });

  it('with numbers take an option of a question, which Enter sends', async () => {
    await ask([], [aQuestion('que_1')]);
    await untilHeard();
    await shown.page.keyboard.press('3');
    await shown.page.keyboard.press('2');
    await shown.page.keyboard.press('Enter');
    assert.deepEqual((await shown.posted('replyQuestion')).answers, [['USD']]);
    assert.equal(await composer().inputValue(), '');
  });

  it('with numbers take several options, and put them back, where several may be taken', async () => {
    await ask([], [aQuestion('que_1', { multiple: true })]);
    await untilHeard();
    for (const key of ['1', '2', '3', '2']) await shown.page.keyboard.press(key);
    await shown.page.keyboard.press('Control+Enter');
    assert.deepEqual((await shown.posted('replyQuestion')).answers, [['EUR', 'GBP']]);
  });

  it('leave numbers to a text of one’s own, and to the composer where no option has them', async () => {
    await ask([], [aQuestion('que_1')]);
    await untilHeard();
    await shown.page.keyboard.press('7');
    assert.equal(await composer().inputValue(), '7');
    await shown.page.getByTestId('question-own').pressSequentially('2 of them');
    assert.equal(await shown.page.getByTestId('question-own').inputValue(), '2 of them');
  });

  it('are named on the buttons, for those who see and those who hear', async () => {
    await ask([aCommand('per_1', 'ls')], [aQuestion('que_1')]);
    await untilHeard();
    const hint = (testId: string) =>
      shown.page.getByTestId(testId).evaluate((button) => {
        const { content, display } = getComputedStyle(button, '::after');
        return display === 'none' ? display : content;
      });
    assert.match(await hint('permission-once'), /Enter/);
    assert.match(await hint('permission-always'), /A/);
    assert.equal(await hint('question-answer'), 'none', 'keys are for the first card');
    const keys = (testId: string) => shown.page.getByTestId(testId).getAttribute('aria-keyshortcuts');
    assert.deepEqual(
      [await keys('permission-once'), await keys('permission-always'), await keys('question-option-1')],
      ['Control+Enter', 'Alt+A', '2'],
    );
    assert.equal(await shown.page.getByRole('button', { name: 'Allow Once', exact: true }).count(), 1);
    await composer().fill('Wait');
    assert.equal(await hint('permission-once'), 'none', 'it would send what is written');
  });
});

describe('Several requests', () => {
  const { shown } = usePage();

  it('say which one of how many each is, and are told apart by name', async () => {
    const permissions = [aCommand('per_1', 'ls'), aCommand('per_2', 'make clean && make')];
    await shown.send({ type: 'show', view: aView({ permissions, questions: [aQuestion('que_1')] }) });
    assert.deepEqual(await shown.page.locator('.request-number').allInnerTexts(), [
      '1 of 3',
      '2 of 3',
      '3 of 3',
    ]);
    for (const name of ['Allow this command to run? ls', 'Allow this command to run? make clean && make']) {
      assert.equal(await shown.page.getByRole('region', { name, exact: true }).count(), 1);
    }
    assert.equal(
      await shown.page.getByRole('form', { name: 'The agent asks you: Which?', exact: true }).count(),
      1,
    );
    await shown.send({
      type: 'requests',
      sessionId: 'ses_1',
      permissions: permissions.slice(1),
      questions: [],
    });
    assert.deepEqual(await shown.page.locator('.request-number:visible').count(), 0);
  });

  it('of one kind are allowed together, once each, by a button that says what it allows', async () => {
    const permissions = [aCommand('per_1', 'ls'), aCommand('per_2', 'make')];
    await shown.send({ type: 'show', view: aView({ permissions }) });
    const all = shown.page.getByRole('button', { name: 'Allow All 2' });
    assert.equal(await all.getAttribute('title'), 'Allows once, and no more: \nls\nmake');
    await all.click();
    const replies = (await shown.allPosted()).flatMap((message) =>
      message.type === 'replyPermission' ? [[message.requestId, message.reply]] : [],
    );
    assert.deepEqual(replies, [
      ['per_1', 'once'],
      ['per_2', 'once'],
    ]);
    assert.equal(await all.count(), 0);
  });

  it('are not allowed together where they differ in kind, or before all of them is shown', async () => {
    const all = shown.page.getByTestId('permission-all');
    const edit = { ...aCommand('per_3', 'a.ts'), ...askingFor('edit') };
    await shown.send({ type: 'show', view: aView({ permissions: [aCommand('per_1', 'ls'), edit] }) });
    assert.equal(await all.count(), 0);
    const lines = Array.from({ length: 402 }, () => '+x').join('\n');
    const changes = ['per_4', 'per_5'].map((id) => {
      const detail = { text: id === 'per_4' ? `@@ -0,0 +1,402 @@\n${lines}\n` : '@@ -1 +1 @@\n-a\n+b\n' };
      return { ...edit, id, detail };
    });
    await shown.send({ type: 'requests', sessionId: 'ses_1', permissions: changes, questions: [] });
    assert.equal(await all.count(), 0);
    await shown.page.getByTestId('show-lines').click();
    assert.equal(await all.count(), 1);
  });

  it('say what the agent says that a command is for', async () => {
    const permissions = [aCommand('per_1', 'make', { purpose: 'Clean and rebuild\u202e for production' })];
    await shown.send({ type: 'show', view: aView({ permissions }) });
    await shown.page
      .getByTestId('permission')
      .getByText(String.raw`In the words of the agent: “Clean and rebuild\u202e for production”`)
      .waitFor();
  });

  it('show what a question is about in a word', async () => {
    await shown.send({
      type: 'show',
      view: aView({ questions: [aQuestion('que_1'), aQuestion('que_2', { header: '' })] }),
    });
    assert.deepEqual(await shown.page.locator('.question-header').allInnerTexts(), ['Currency']);
  });
});
