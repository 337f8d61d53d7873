import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { buildPages } from '../bench/builtExtension.ts';
import type { FromFloor, ToFloor } from '../bench/floorProtocol.ts';
import { MeasuredPage } from '../bench/measuredPage.ts';
import { PageServer } from '../bench/pageLink.ts';
import { launchBrowser } from '../workbench/browser.ts';

const dist = join(import.meta.dirname, '..', '..', 'dist');
const text = '```ts\nconst cart = new Cart();\n```\n\nAnd so on.';
/** Code is coloured once what stands behind it is settled, too. */
const more = '\n\nIt **ends here**.';

// The benchmark itself takes an hour; what it measures against is seen here, where changes of the product's page are seen.
describe('The floor that the benchmark measures against', function () {
  let folder: string;
  let browser: Browser;
  let server: PageServer;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-floor-'));
    const pages = await buildPages(join(folder, 'pages'));
    server = new PageServer([dist, pages], 'floor.js', (link) => {
      link.onAsk((asked) => {
        if ((asked as FromFloor).type !== 'ready') return;
        const parts = [{ id: 'prt_1', type: 'text', text }];
        const shown: ToFloor = { type: 'show', messages: [{ id: 'msg_1', role: 'assistant', parts }] };
        const append = { kind: 'append' as const, messageId: 'msg_1', partId: 'prt_1', text: more };
        const appended: ToFloor = { type: 'changes', changes: [append] };
        for (const message of [shown, appended]) link.post(message);
      });
    });
    browser = await launchBrowser();
  });

  after(async () => {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('shows and colours what a session says by its own scripts alone, without an error', async () => {
    const measured = await MeasuredPage.open(browser, join(folder, 'pages', 'probe.js'));
    const errors: string[] = [];
    const scripts: string[] = [];
    measured.page.on('pageerror', ({ message }) => errors.push(message));
    measured.page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.endsWith('.js')) scripts.push(pathname);
    });
    await measured.goto(`${await server.listen()}/?session=ses_1&page=1`, 'ends here');
    await measured.page.locator('[data-highlighted]').waitFor();
    await measured.close();
    assert.deepEqual(errors, []);
    assert.deepEqual(
      scripts.filter((script) => !/^\/(bridge|bridgeWorker|floor|floorHighlight)\.js$/.test(script)),
      [],
      'a script of the product runs in the page',
    );
  });
});
