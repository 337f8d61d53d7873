import assert from 'node:assert/strict';
import { aMessage, aText, aView } from '../builders.ts';
import { sampleSession } from '../sampleSession.ts';
import { usePage } from '../usePage.ts';

describe('The transcript page with Markdown', () => {
  const { shown, part, address } = usePage();

  it('shows a text of more pieces than a call takes arguments', async () => {
    const text = 'a\\\n'.repeat(66_000);
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, aText('prt_1', text))] }) });
    assert.equal(await part('prt_1').locator('br').count(), 65_999);
  });

  it('opens files at their line and links in the browser, and never goes anywhere itself', async () => {
    await shown.send({ type: 'show', view: sampleSession() });
    await part('prt_20').getByText('src/cart.ts:12').click();
    const { path, line } = await shown.posted('openFile');
    assert.deepEqual({ path, line }, { path: 'src/cart.ts', line: 12 });
    await part('prt_20').getByText('the docs').click();
    assert.equal((await shown.posted('openLink')).url, 'https://example.com/cart');
    assert.equal(shown.page.url(), address('vscode-dark'));
  });

  it('acts on each link once, whatever it is followed with, and lets no link reach the editor around it', async () => {
    const text =
      '[web](https://a.example/?q=%2Fb%3F&c=%26#d%2Fe), [file](src/cart.ts#L3), [top](#transcript)';
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, aText('prt_1', text))] }) });
    await shown.page.evaluate(() => {
      const reached: string[] = [];
      Object.assign(globalThis, { reached });
      for (const type of ['click', 'auxclick'] as const) {
        window.addEventListener(type, (event) => {
          if (event.composedPath().some((one) => one instanceof HTMLAnchorElement)) reached.push(type);
        });
      }
    });
    const web = part('prt_1').getByRole('link', { name: 'web' });
    const file = part('prt_1').getByRole('link', { name: 'file' });
    const ways: readonly (() => Promise<void>)[] = [
      () => web.click(),
      () => web.click({ modifiers: ['ControlOrMeta'] }),
      () => web.click({ modifiers: ['Shift'] }),
      () => web.click({ button: 'middle' }),
      () => web.dblclick(),
      () => web.press('Enter'),
      () => file.click(),
      () => file.click({ button: 'middle' }),
      () => file.press('Enter'),
    ];
    for (const [at, follow] of ways.entries()) {
      await follow();
      // Nothing is opened by it: what comes first tells whether the way before opened more than one.
      await web.click({ button: 'right' });
      const expected = at < 6 ? 'openLink' : 'openFile';
      const posted = (await shown.allPosted()).filter(({ type }) => type.startsWith('open'));
      assert.deepEqual(
        posted.map(({ type }) => type),
        [expected],
        `way ${at}`,
      );
      const one = expected === 'openLink' ? await shown.posted('openLink') : await shown.posted('openFile');
      if (one.type === 'openLink') assert.equal(one.url, 'https://a.example/?q=%2Fb%3F&c=%26#d%2Fe');
      else assert.deepEqual([one.path, one.line], ['src/cart.ts', 3]);
    }
    assert.deepEqual(await shown.page.evaluate(() => (globalThis as { reached?: unknown }).reached), []);
    assert.equal(await part('prt_1').getByRole('link').count(), 2);
  });

  it('lets text grow as it comes, and settles it', async () => {
    const streaming = aMessage(1, { id: 'prt_1', type: 'text', text: 'Hello' });
    await shown.send({
      type: 'show',
      view: aView({ entries: [aMessage(0, aText('prt_0', 'Hi')), streaming] }),
    });
    const append = (text: string) =>
      ({ kind: 'append', messageId: streaming.id, partId: 'prt_1', text }) as const;
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes: [append(' **wor'), append('ld**')] });
    assert.equal(await part('prt_1').locator('strong').innerText(), 'world');
    await shown.send({
      type: 'changes',
      sessionId: 'ses_1',
      changes: [
        append(' [a]\n\n[a]: https://a.example'),
        { kind: 'ended', messageId: streaming.id, partId: 'prt_1' },
      ],
    });
    assert.equal(await part('prt_1').locator('a').getAttribute('href'), 'https://a.example');
  });

  it('links to the host that was written, in the letters of the wire', async () => {
    const hosts = ['müller.example', 'xn--mller-kva.example', 'A.example', '2130706433', '0x7f.1'];
    const text = hosts.map((host) => `<http://${host}/>`).join(' ');
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, aText('prt_1', text))] }) });
    const links = await part('prt_1')
      .locator('a')
      .evaluateAll((all) => all.map((link) => [link.getAttribute('href'), link.textContent]));
    assert.deepEqual(links, [
      ['http://xn--mller-kva.example/', 'http://müller.example/'],
      ['http://xn--mller-kva.example/', 'http://xn--mller-kva.example/'],
      ['http://A.example/', 'http://A.example/'],
      ['http://2130706433/', 'http://2130706433/'],
      ['http://0x7f.1/', 'http://0x7f.1/'],
    ]);
  });

  it('links a whole path at its line, or nothing, and shows the text of a link that may lead nowhere', async () => {
    const text =
      '`src/cart.ts:10-20` [cart](src/cart.ts:3-9) [cart.ts:3](cart.ts:3) [drive](C:\\code\\a.ts:3) app/[id]/edit/page.tsx:12 ' +
      'app/__tests__/shop/a.ts [run](command:x) <command:x> ![alt](javascript:1) 请看https://example.com/docs，然后';
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, aText('prt_1', text))] }) });
    const links = await part('prt_1')
      .locator('a')
      .evaluateAll((all) =>
        all.map((link) => {
          const { path = link.getAttribute('href'), line } = (link as HTMLElement).dataset;
          return [link.textContent, path, line ?? ''];
        }),
      );
    assert.deepEqual(links, [
      ['src/cart.ts:10-20', 'src/cart.ts', '10'],
      ['cart', 'src/cart.ts', '3'],
      ['cart.ts:3', 'cart.ts', '3'],
      ['drive', 'C:\\code\\a.ts', '3'],
      ['app/[id]/edit/page.tsx:12', 'app/[id]/edit/page.tsx', '12'],
      ['https://example.com/docs', 'https://example.com/docs', ''],
    ]);
    assert.match((await part('prt_1').textContent()) ?? '', / run <command:x> alt 请看/);
  });

  it('makes elements of a few tags of HTML, and leaves all others as they were written', async () => {
    const text = [
      '| a |\n|---|\n| one<br>two |',
      'Press <kbd>Ctrl</kbd>, H<sub>2</sub>O, <sub>open, </sup> <b onclick="x">no</b> <!-- unseen --> <span>a</span>',
      '<details>\n<summary>More **of** it</summary>\n\n- one\n\n```html\n</details>\n```\n\n</details>',
      '<details><summary>Short</summary>In a line</details>',
      'After.',
    ].join('\n\n');
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, aText('prt_1', text))] }) });
    const made = await part('prt_1')
      .locator('td br, kbd, sub, sup, b, details, summary, summary strong, details li')
      .evaluateAll((all) => all.map((one) => one.tagName));
    assert.deepEqual(made, ['BR', 'KBD', 'SUB', 'DETAILS', 'SUMMARY', 'STRONG', 'LI', 'DETAILS', 'SUMMARY']);
    const words = (await part('prt_1').locator('p').first().textContent()) ?? '';
    assert.equal(words, 'Press Ctrl, H2O, <sub>open, </sup> <b onclick="x">no</b>  <span>a</span>');
    await part('prt_1').getByText('More of it').click();
    await part('prt_1').getByText('</details>').waitFor();
    assert.equal(await part('prt_1').getByText('After.').isVisible(), true);
  });
});
