import assert from 'node:assert/strict';
import { aHeader, aMessage, aText, aView, askingFor } from '../builders.ts';
import { usePage } from '../usePage.ts';

describe('The transcript page where there is little room', () => {
  const { shown, composer } = usePage();

  /** What of `selector` is not at the top where it should be: out of the view, clipped or below something. */
  const hidden = (selector: string) =>
    shown.page.locator(selector).evaluateAll((elements) => {
      const isAt = (element: Element, x: number, y: number): boolean =>
        element.contains(document.elementFromPoint(x, y));
      if (elements.length === 0) return ['nothing is there'];
      return elements.flatMap((element) => {
        const { left, right, top, bottom, height } = element.getBoundingClientRect();
        const corners = [left + 8, right - 8].flatMap((x) =>
          [top + 8, bottom - 8].map((y) => [x, y] as const),
        );
        const isSeen = height > 16 && corners.every(([x, y]) => isAt(element, x, y));
        return isSeen ? [] : [`${element.className} ${JSON.stringify([left, top, right, bottom])}`];
      });
    });

  for (const [width, height] of [
    [300, 300],
    [300, 400],
    [1000, 300],
    [1000, 400],
    [300, 900],
  ] as const) {
    it(`shows all that opens where it can be clicked, in ${width} × ${height} pixels`, async () => {
      const many = Array.from({ length: 40 }, (_, index) => `choice-${index}`);
      const choices = {
        agents: many.map((name) => ({ name, description: 'Does this and that' })),
        commands: many.map((name) => ({ name, description: 'Does this and that' })),
        models: many.map((modelID) => ({
          providerID: 'local',
          modelID,
          name: modelID,
          provider: 'Local',
          variants: many,
          contextLimit: 200_000,
        })),
      };
      const model = { providerID: 'local', modelID: 'choice-0' };
      const header = aHeader({ agent: 'choice-0', model });
      const entries = many.map((text, index) => aMessage(2 * index, aText(`prt_${index}`, text)));
      const beside = {
        draft: {
          text: 'Another line.\n'.repeat(40),
          attachments: many.map((name) => ({ kind: 'file', path: `/work/${name}` }) as const),
        },
        queue: many.map((text) => ({ id: `que_${text}`, text, agent: 'build' })),
        permissions: many
          .slice(0, 3)
          .map((id) => ({ id, sessionId: 'ses_2', ...askingFor('bash'), patterns: [id], always: [] })),
      };
      await shown.page.setViewportSize({ width, height });
      for (const [sessionId, view] of [
        ['ses_1', {}],
        ['ses_2', beside],
      ] as const) {
        const own = { header: { ...header, sessionId }, entries };
        await shown.send({ type: 'show', view: aView({ ...own, ...view }) }, { type: 'choices', choices });
        const about = (name: string): string => `${name} of ${sessionId}`;
        assert.deepEqual(
          await hidden('[data-testid=send], .composer-box > textarea'),
          [],
          about('the composer'),
        );
        for (const name of ['agent', 'model', 'variant']) {
          await shown.page.getByTestId(`${name}-picker`).click();
          const list = '.picker-popup:not([hidden])';
          assert.deepEqual(await hidden(`${list}, ${list} .picker-filter`), [], about(name));
          await shown.page.keyboard.press('End');
          await shown.page.locator(`${list} .picker-option`).last().click();
        }
        const field = composer();
        for (const sign of ['/', '@']) {
          await field.fill('');
          await field.fill(sessionId === 'ses_1' || sign === '/' ? '' : `${beside.draft.text} `);
          await field.press('ControlOrMeta+End');
          await field.pressSequentially(sign);
          if (sign === '@') {
            const asked = (await shown.allPosted()).findLast((message) => message.type === 'complete');
            const items = many.map((label) => ({ kind: 'file', label, insert: `@${label}` }) as const);
            const token = asked?.type === 'complete' ? asked.token : '';
            await shown.send({ type: 'completions', token, items });
          }
          assert.deepEqual(await hidden('.completions:not([hidden])'), [], about(sign));
          await shown.page.locator('.completions .picker-option').last().click();
          assert.match(await field.inputValue(), /[@/]choice-\d+ $/);
        }
        await shown.page.getByTestId('find').click();
        assert.deepEqual(await hidden('.find, .find button, .find input'), [], about('find'));
        await shown.page.keyboard.press('Escape');
        await shown.page.getByTestId('outline').click();
        assert.deepEqual(
          await hidden('.outline, .outline input, .outline-head button'),
          [],
          about('the outline'),
        );
        await shown.page.locator('.outline-item').first().click();
        await shown.page.locator('.outline-head button').click();
      }
    });
  }

  it('leads by the wheel to all that waits and to the composer, in 300 × 200 pixels', async () => {
    const permission = {
      id: 'per_1',
      sessionId: 'ses_1',
      ...askingFor('bash'),
      patterns: ['ls'],
      always: [],
    };
    const queue = [{ id: 'que_1', text: 'Then this.', agent: 'build' }];
    const attachments = [{ kind: 'file', path: '/work/a.ts' } as const];
    const view = aView({ permissions: [permission], queue, draft: { text: 'Look.', attachments } });
    await shown.page.setViewportSize({ width: 300, height: 200 });
    await shown.send({ type: 'show', view });
    assert.deepEqual(await hidden('.request-title'), []);
    await shown.page.mouse.move(20, 190);
    await shown.page.mouse.wheel(0, 1000);
    await shown.page.waitForFunction(() => (document.querySelector('.dock')?.scrollTop ?? 0) > 0);
    await shown.send();
    assert.deepEqual(await hidden('[data-testid=send]'), []);
  });
});
