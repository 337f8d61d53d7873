import assert from 'node:assert/strict';
import { aMessage, aText, aView } from './builders.ts';
import { findForbidden, findInEach, hostileViews } from './hostileLook.ts';
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
    // What comes late is there afterwards.
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, aText('prt_1', 'A'))] }) });
    await shown.page.evaluate(`globalThis.findForbidden = ${findForbidden.toString()}`);
    assert.deepEqual(await shown.page.evaluate(findInEach, hostileViews()), []);
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
