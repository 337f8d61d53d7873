import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Frame, Page } from 'playwright-core';
import type { Bench } from '../workbench/bench.ts';
import { demoTitles } from '../workbench/demoSessions.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { answersIn, type Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop, sharedBench } from './sharedBench.ts';

describe('the transcript', () => {
  let bench: Bench;
  let workbench: Workbench;

  before(async () => {
    bench = await sharedBench();
    workbench = await openShop();
  });

  after(() => closeWindow(workbench));

  async function openTranscript(): Promise<Frame> {
    await workbench.openRow(demoTitles.rateLimit);
    return workbench.transcript('I will look at the route first');
  }

  const todos = async (): Promise<string> =>
    (await workbench.rows('Todos')).map(({ text }) => text).join(' · ');

  it('opens when its row is clicked, with tools, code and a table', async () => {
    const frame = await openTranscript();
    await frame.locator('[data-testid=call-group]').first().click();
    await frame.locator('[data-part-type=tool]').first().waitFor();
    await frame.locator('[data-part-type=text] pre').first().waitFor();
    await frame.locator('[data-part-type=text] table').first().waitFor();
    assert.ok((await frame.locator('[data-message-id][data-role=assistant]').count()) > 0);
  });

  it('shows code in the colours of the theme, and in those of the next', async () => {
    const frame = await openTranscript();
    const colours = () =>
      frame.locator('.code[data-highlighted] code').evaluate((code) => {
        const words = ['class', 'return', 'allows', '/** True if this address may try once more. */', '5'];
        const marked = [...code.querySelectorAll('[class^=hl-]')];
        return words.map((word) => {
          const found = marked.find(({ textContent }) => textContent === word);
          return found && getComputedStyle(found).color;
        });
      });
    const themes = {
      light: ['0, 0, 255', '175, 0, 219', '121, 94, 38', '0, 128, 0', '9, 134, 88'],
      dark: ['86, 156, 214', '197, 134, 192', '220, 220, 170', '106, 153, 85', '181, 206, 168'],
    } as const;
    for (const theme of ['light', 'dark'] as const) {
      await workbench.useTheme(theme);
      const expected = themes[theme].map((colour) => `rgb(${colour})`);
      await waitFor(async () => isDeepStrictEqual(await colours(), expected), {
        what: `the colours ${expected.join()} in place of ${(await colours()).join()}`,
      });
    }
  });

  it('comes with the todos of the session in the Todos view', async () => {
    await openTranscript();
    const expected = 'Read the sign-in route · Find its callers · Write the limiter · Test the limits';
    await waitFor(async () => (await todos()) === expected, { what: 'the todos of the session' });
  });

  it('shows an answer while it is written', async () => {
    const frame = await workbench.startSession(
      'say: The first half ;; hold: stream ;; say:  and the second.',
    );
    await answersIn(frame, 'The first half').waitFor();
    assert.equal(await answersIn(frame, 'and the second').count(), 0);
    bench.shop.model.release('stream');
    await answersIn(frame, 'The first half and the second.').waitFor();
  });

  it('fills the todos as the agent writes them', async () => {
    const frame = await workbench.startSession(
      'tool: todowrite {"todos":[{"content":"Boil water","status":"in_progress","priority":"high"}]} ;; hold: tea ;; tool: todowrite {"todos":[{"content":"Boil water","status":"completed","priority":"high"},{"content":"Pour tea","status":"pending","priority":"low"}]} ;; say: Tea is next.',
    );
    await waitFor(async () => (await todos()) === 'Boil water', { what: 'the first todo' });
    bench.shop.model.release('tea');
    await waitFor(async () => (await todos()) === 'Boil water · Pour tea', { what: 'both todos' });
    await answersIn(frame, 'Tea is next.').waitFor();
  });

  it('folds its turns to a line each, and shows them again', async () => {
    const frame = await workbench.startSession('say: The cents are whole now.');
    await answersIn(frame, 'The cents are whole now.').waitFor();
    await frame.locator('[data-testid=stop]').waitFor({ state: 'hidden' });
    await workbench.runCommand('OpenCode: Collapse All Turns');
    await frame.locator('[data-testid=turn-line]').getByText('→ The cents are whole now.').waitFor();
    await workbench.runCommand('OpenCode: Expand All Turns');
    await answersIn(frame, 'The cents are whole now.').waitFor();
  });

  it('lets the person allow a command that the agent asks for', async () => {
    const frame = await workbench.startSession(
      'tool: bash {"command":"echo permitted-$((40+2))","description":"Say it"} ;; say: It ran.',
    );
    await frame.locator('[data-testid=permission-once]').click();
    await answersIn(frame, 'It ran.').waitFor();
    await frame.locator('[data-testid=permission]').waitFor({ state: 'detached' });
    const seen = bench.shop.model.requests.flatMap(({ messages }) => messages.map(({ text }) => text));
    assert.ok(seen.some((text) => text.includes('permitted-42')));
  });

  it('lets the person answer a question of the agent', async () => {
    const frame = await workbench.startSession('Ask me a question, please.');
    await frame.locator('[data-testid=question]').getByText('SQLite').click();
    await frame.locator('[data-testid=question-answer]').click();
    await answersIn(frame, 'Good, I will take that.').waitFor();
    const seen = bench.shop.model.requests.flatMap(({ messages }) => messages.map(({ text }) => text));
    assert.ok(seen.some((text) => text.includes('"SQLite"')));
  });

  it('opens a web link once, at the very address that was written', async () => {
    const addresses = [
      'https://example.com/login?next=%2Fhome%3Fa%3D1&y=%26',
      'https://example.com/a%20b+c/%E4%BD%A0?q=1+1%2B1&r=%3Cx%3E#frag%2Fment?x=%23',
      'https://xn--mller-kva.example/%2e%25/?u=https%3A%2F%2Fa.example%2F%3Fb%3D%2526',
    ];
    const context = workbench.page.context();
    const opened: string[] = [];
    await context.route(/^https:/, (route) => route.fulfill({ body: 'here' }));
    const lookAt = async (page: Page): Promise<void> => {
      await page.waitForURL(/^https:/);
      opened.push(page.url());
      await page.close();
    };
    context.on('page', (page) => void lookAt(page));
    const written = addresses.map((address, at) => `[way ${at}](${address})`).join(', ');
    await workbench.startNamed('Addresses', `say: See ${written}.`);
    const frame = await workbench.transcript('way 2');
    const link = (at: number) => answersIn(frame, 'See').getByRole('link', { name: `way ${at}` });
    const ways = [
      () => link(0).click(),
      () => link(1).press('Enter'),
      () => link(2).click({ button: 'middle' }),
    ];
    for (const [at, follow] of ways.entries()) {
      await follow();
      await workbench.dialog.getByRole('button', { name: 'Open', exact: true }).click();
      await waitFor(() => opened.length > at, { what: `a page for link ${at}` });
    }
    assert.deepEqual(opened, addresses);
    assert.equal(await workbench.dialog.count(), 0);
    await context.unroute(/^https:/);
  });

  it('stops a run', async () => {
    const frame = await workbench.startSession('say: Counting begins ;; hold: never ;; say: to end.');
    await answersIn(frame, 'Counting begins').waitFor();
    await frame.locator('[data-testid=stop]').click();
    await frame.locator('[data-testid=stop]').waitFor({ state: 'hidden' });
    bench.shop.model.release('never');
    await workbench.say('say: Still here.');
    await answersIn(frame, 'Still here.').waitFor();
    assert.equal(await answersIn(frame, 'to end.').count(), 0);
  });
});
