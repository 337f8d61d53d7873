import assert from 'node:assert/strict';
import type { SessionView } from '../../src/protocol/page.ts';
import { aHeader, aMessage, aText, aTool, aView } from './builders.ts';
import { hostileMarkdown } from './hostileMarkdown.ts';
import { PageBench, type TranscriptPage } from './transcriptPage.ts';

describe('What a model writes', function () {
  let bench: PageBench;
  let shown: TranscriptPage;
  const requests: string[] = [];

  before(async () => {
    bench = await PageBench.start();
    shown = await bench.open({ width: 500 });
    shown.page.on('request', (request) => requests.push(request.url()));
  });

  after(async () => {
    await shown.close();
    await bench.stop();
  });

  it('is tried with at least 150 hostile texts', () => {
    assert.ok(new Set(hostileMarkdown).size >= 150, `${new Set(hostileMarkdown).size}`);
  });

  it('is looked at by a detector that notices', async () => {
    const page = await bench.open({ width: 500 });
    await page.send({ type: 'show', view: aView({ entries: [aMessage(1, aText('prt_1', 'A'))] }) });
    await page.page.evaluate(`globalThis.findForbidden = ${findForbidden.toString()}`);
    const found = await page.page.evaluate(() => {
      const holder = document.querySelector('[data-part-id=prt_1]');
      const find = (globalThis as unknown as { findForbidden: () => string[] }).findForbidden;
      return [
        '<script>1</script>',
        '<b onclick="1">a</b>',
        '<a href="javascript:1">a</a>',
        '<img src="https://attack.example/a.png">',
        '<div style="position:fixed"></div><style>a{}</style>',
        '<svg></svg>',
      ].map((html) => {
        if (holder) holder.innerHTML = html;
        return find().length;
      });
    });
    assert.ok(
      found.every((count) => count > 0),
      found.join(),
    );
    assert.ok(page.errors.some((error) => error.includes('attack.example')));
    await page.close();
  });

  it('runs nothing, loads nothing, leads nowhere forbidden and does not break the layout', async () => {
    const views = Array.from({ length: Math.ceil(hostileMarkdown.length / 10) }, (_, batch) =>
      hostileView(`ses_${batch}`, hostileMarkdown.slice(batch * 10, batch * 10 + 10)),
    );
    await shown.page.evaluate(`globalThis.findForbidden = ${findForbidden.toString()}`);
    assert.deepEqual(await shown.page.evaluate(findInEach, views), []);
    assert.equal(await shown.page.evaluate(() => 'attacked' in globalThis), false);
    assert.deepEqual(
      requests.filter((url) => !url.startsWith(bench.server.origin) && !url.startsWith('data:')),
      [],
    );
    assert.deepEqual(shown.errors, []);
  });

  it('is only followed to the web and to files, by the host', async () => {
    const entries = [
      aMessage(1, aText('prt_1', '[a](https://a.example) [b](src/b.ts#L4) [c](command:x) `src/c.ts:7`')),
    ];
    await shown.send({ type: 'show', view: aView({ entries }) });
    const links = await shown.page
      .locator('[data-part-id=prt_1] a')
      .evaluateAll((all) =>
        all.map((link) => [
          link.getAttribute('href'),
          link.getAttribute('data-path'),
          link.getAttribute('data-line'),
        ]),
      );
    assert.deepEqual(links, [
      ['https://a.example', null, null],
      ['#', 'src/b.ts', '4'],
      ['#', 'src/c.ts', '7'],
    ]);
  });
});

function hostileView(sessionId: string, texts: readonly string[]): SessionView {
  const entries = texts.flatMap((text, index) => [
    aMessage(2 * index, aText(`prt_${index}a`, text)),
    aMessage(2 * index + 1, aText(`prt_${index}b`, text), failedCall(`prt_${index}c`, text)),
  ]);
  return aView({ header: aHeader({ sessionId, title: texts[0] ?? '' }), entries });
}

const failedCall = (id: string, text: string) =>
  aTool({ id, tool: 'bash', title: text, status: 'error', input: { command: text }, error: { text } });

/** What must never be in the page, looked for in it. */
function findForbidden(): string[] {
  const root = document.querySelector('.rows');
  if (!root) return ['no rows'];
  const found: string[] = [];
  const forbidden =
    'script, style, iframe, object, embed, link, meta, base, form, svg, math, video, audio, template, details';
  for (const element of root.querySelectorAll(forbidden)) found.push(element.outerHTML.slice(0, 200));
  for (const element of root.querySelectorAll('*')) {
    for (const { name } of element.attributes)
      if (name.startsWith('on')) found.push(element.outerHTML.slice(0, 200));
  }
  for (const link of root.querySelectorAll('a')) {
    const href = link.getAttribute('href') ?? '';
    if (!/^https?:\/\//.test(href) && href !== '#') found.push(href);
  }
  for (const image of root.querySelectorAll('img'))
    if (!image.src.startsWith('data:image/')) found.push(image.src);
  if (document.documentElement.scrollWidth > window.innerWidth) found.push('wider than the window');
  const scroller = document.querySelector('.scroller');
  if (scroller && scroller.scrollWidth > scroller.clientWidth) found.push('wider than the transcript');
  return found;
}

/** Shows each view, brings each of its messages into the document and looks there. */
async function findInEach(views: readonly SessionView[]): Promise<string[]> {
  const look = (globalThis as unknown as { findForbidden: () => string[] }).findForbidden;
  const taken = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  const found: string[] = [];
  for (const view of views) {
    window.postMessage({ type: 'show', view }, '*');
    for (const { id } of view.entries) {
      window.postMessage({ type: 'reveal', messageId: id }, '*');
      await taken();
      await taken();
      if (!document.querySelector(`[data-message-id="${id}"]`)) found.push(`${id} is not shown`);
      found.push(...look());
    }
  }
  return found;
}
