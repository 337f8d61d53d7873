import assert from 'node:assert/strict';
import { aHeader, aView, askingFor } from '../builders.ts';
import { usePage, type Shown } from '../usePage.ts';

describe('The cards of requests', () => {
  const { shown, open } = usePage();

  it('keeps what was typed into a question while another session is shown', async () => {
    const question = { question: 'Which?', header: 'Currency', options: [], multiple: false, custom: true };
    const questions = [{ id: 'que_9', sessionId: 'ses_1', questions: [question] }];
    await shown.send({ type: 'show', view: aView({ questions }) });
    await shown.page.getByTestId('question').getByRole('textbox').fill('Half-typed');
    await shown.send({ type: 'show', view: aView({ header: aHeader({ sessionId: 'ses_2' }) }) });
    await shown.page.getByTestId('question').waitFor({ state: 'detached' });
    await shown.send({ type: 'show', view: aView({ questions }) });
    assert.equal(await shown.page.getByTestId('question').getByRole('textbox').inputValue(), 'Half-typed');
  });

  it('shows a question and what is said of its answers as Markdown', async () => {
    const options = [{ label: 'Small', description: 'As in `base.ts`, *light*' }];
    const text = 'Which **base**?\n\n1. Small\n2. Big\n\n```ts\nconst a = 1;\n```';
    const question = { question: text, header: 'Base', options, multiple: false, custom: true };
    const questions = [{ id: 'que_9', sessionId: 'ses_1', questions: [question] }];
    await shown.send({ type: 'show', view: aView({ questions }) });
    const card = shown.page.getByTestId('question');
    assert.equal(await card.locator('legend strong').innerText(), 'base');
    assert.deepEqual(await card.locator('legend li').allInnerTexts(), ['Small', 'Big']);
    assert.equal(await card.locator('legend pre').innerText(), 'const a = 1;\n');
    assert.equal(await card.locator('.option-description em').innerText(), 'light');
    await card.getByRole('radio', { name: 'Small' }).check();
  });

  it('keeps what was typed and ticked for an answer while the page is hidden and thrown away', async () => {
    const options = ['EUR', 'USD'].map((label) => ({ label, description: '' }));
    const question = { question: 'Which?', header: 'Currency', options, multiple: true, custom: true };
    const questions = [{ id: 'que_9', sessionId: 'ses_1', questions: [question] }];
    const asked = { sessionId: 'ses_1', ...askingFor('bash'), patterns: ['ls'], always: [] };
    const permissions = ['per_1', 'per_2'].map((id) => ({ ...asked, id }));
    const view = aView({ permissions, questions });
    await shown.send({ type: 'show', view });
    const own = ({ page }: Shown) => page.getByTestId('question-own');
    const feedback = ({ page }: Shown) => page.getByTestId('permission-feedback');
    const box = ({ page }: Shown, name: string) => page.getByRole('checkbox', { name });
    await own(shown).fill('Both, by country');
    await box(shown, 'USD').check();
    await feedback(shown).last().fill('List the folder instead');
    const state = await shown.page.evaluate(
      () => (globalThis as unknown as { testing: { state: unknown } }).testing.state,
    );
    const after = await open({ state });
    await after.send({ type: 'show', view });
    assert.equal(await own(after).inputValue(), 'Both, by country');
    assert.deepEqual(
      [await box(after, 'EUR').isChecked(), await box(after, 'USD').isChecked()],
      [false, true],
    );
    assert.equal(await feedback(after).first().inputValue(), '');
    assert.equal(await feedback(after).last().inputValue(), 'List the folder instead');
    await after.close();
  });

  it('answers permissions and questions by keyboard', async () => {
    const permission = {
      id: 'per_1',
      sessionId: 'ses_child',
      sessionTitle: 'Review',
      ...askingFor('bash'),
      patterns: ['ls'],
      always: ['ls *'],
      detail: { text: 'ls -la' },
    };
    const options = ['EUR', 'USD'].map((label) => ({ label, description: '' }));
    const question = { question: 'Which?', header: 'Currency', options, multiple: false, custom: true };
    const questions = [{ id: 'que_1', sessionId: 'ses_1', questions: [question] }];
    await shown.send({ type: 'show', view: aView({ permissions: [permission], questions }) });
    await shown.page.getByTestId('permission-always').focus();
    await shown.page.keyboard.press('Enter');
    const reply = await shown.posted('replyPermission');
    assert.deepEqual([reply.sessionId, reply.reply], ['ses_child', 'always']);
    await shown.page.getByTestId('question-answer').click();
    assert.match(await shown.page.getByTestId('question').innerText(), /Choose an answer first/);
    await shown.page.keyboard.press('ArrowDown');
    await shown.page.getByTestId('question-answer').click();
    assert.deepEqual((await shown.posted('replyQuestion')).answers, [['USD']]);
    await shown.send({ type: 'requests', sessionId: 'ses_1', permissions: [], questions: [] });
    assert.equal(await shown.page.locator('.request').count(), 0);
  });

  it('opens what was answered again when the answer was not taken, with what was typed', async () => {
    const permissions = [
      { id: 'per_1', sessionId: 'ses_1', ...askingFor('bash'), patterns: ['ls'], always: [] },
    ];
    const question = { question: 'Which?', header: 'Currency', options: [], multiple: false, custom: true };
    const questions = [{ id: 'que_1', sessionId: 'ses_1', questions: [question] }];
    await shown.send({ type: 'show', view: aView({ permissions, questions }) });
    await shown.page.getByTestId('permission-feedback').fill('Use find');
    await shown.page.getByTestId('permission-reject').click();
    await shown.page.getByTestId('question-own').fill('EUR');
    await shown.page.getByTestId('question-answer').click();
    await shown.posted('replyPermission');
    await shown.posted('replyQuestion');
    assert.equal(await shown.page.getByTestId('permission-reject').isDisabled(), true);
    assert.equal(await shown.page.getByTestId('question-own').isDisabled(), true);
    await shown.send({ type: 'requests', sessionId: 'ses_1', permissions, questions });
    await shown.page.getByTestId('permission-reject').click();
    await shown.page.getByTestId('question-answer').click();
    assert.equal((await shown.posted('replyPermission')).message, 'Use find');
    assert.deepEqual((await shown.posted('replyQuestion')).answers, [['EUR']]);
  });

  it('answers several questions by Enter in a text of one’s own', async () => {
    const question = { question: 'Which?', header: 'Which', options: [], multiple: false, custom: true };
    const questions = [{ id: 'que_1', sessionId: 'ses_1', questions: [question, question] }];
    await shown.send({ type: 'show', view: aView({ questions }) });
    const own = shown.page.getByTestId('question-own');
    await own.nth(0).fill('one');
    await own.nth(1).fill('two');
    await own.nth(1).press('Enter');
    assert.deepEqual((await shown.posted('replyQuestion')).answers, [['one'], ['two']]);
  });

  it('takes one answer to a single choice: the option or one’s own words, whichever came last', async () => {
    const options = ['EUR', 'USD'].map((label) => ({ label, description: '' }));
    const question = { question: 'Which?', header: 'Currency', options, multiple: false, custom: true };
    const questions = [{ id: 'que_1', sessionId: 'ses_1', questions: [question] }];
    await shown.send({ type: 'show', view: aView({ questions }) });
    await shown.page.getByTestId('question-own').fill('Gold');
    await shown.page.getByTestId('question-option-1').check();
    await shown.page.getByTestId('question-answer').click();
    assert.deepEqual((await shown.posted('replyQuestion')).answers, [['USD']]);
    await shown.send({ type: 'requests', sessionId: 'ses_1', permissions: [], questions });
    await shown.page.getByTestId('question-own').fill('Silver');
    await shown.page.getByTestId('question-answer').click();
    assert.deepEqual((await shown.posted('replyQuestion')).answers, [['Silver']]);
  });

  it('gives one’s own words back when the option that took their place is undone', async () => {
    const options = ['EUR', 'USD'].map((label) => ({ label, description: '' }));
    const question = {
      question: 'Which currency?',
      header: 'Currency',
      options,
      multiple: false,
      custom: true,
    };
    const questions = [{ id: 'que_1', sessionId: 'ses_1', questions: [question] }];
    await shown.send({ type: 'show', view: aView({ questions }) });
    const own = shown.page.getByTestId('question-own');
    const chosen = () => shown.page.getByTestId('question').locator('input:checked').count();
    const takes = [
      () => shown.page.getByTestId('question-option-1').check(),
      () => shown.page.keyboard.press('1'),
      () => shown.page.getByTestId('question-option-0').press('ArrowDown'),
    ];
    for (const [index, take] of takes.entries()) {
      await own.focus();
      await shown.page.keyboard.type(`Gold${index}`);
      // Where keys answer, they do once the hands have rested.
      await shown.page.locator('.request:not(.fresh)').waitFor();
      if (index === 1) await shown.page.getByTestId('question-answer').focus();
      await take();
      assert.deepEqual([await own.inputValue(), await chosen()], ['', 1], `way ${index}`);
      const isAtOption = await shown.page.evaluate(() => document.activeElement?.matches(':checked'));
      assert.equal(isAtOption, true, `way ${index}`);
      await own.focus();
      await shown.page.keyboard.press('ControlOrMeta+z');
      assert.deepEqual([await own.inputValue(), await chosen()], [`Gold${index}`, 0], `way ${index}`);
      await own.press('ControlOrMeta+a');
      await own.press('Delete');
    }
  });
});
