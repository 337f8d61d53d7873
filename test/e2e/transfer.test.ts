import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { demoTitles } from '../workbench/demoSessions.ts';
import { exportSession } from '../workbench/exporting.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { closeWindow, openShop, seededFolder, sharedBench } from './sharedBench.ts';

/** Where pictures of what is exported go, for who wants to look at them. */
const pictures = process.env['EXPORT_PICTURES'];

describe('sessions that go out and come in', () => {
  let workbench: Workbench;
  let folder: string;

  before(async () => {
    folder = await seededFolder();
    workbench = await openShop(folder);
  });

  after(() => closeWindow(workbench));

  const picture = async (name: string): Promise<void> => {
    if (pictures !== undefined) await workbench.screenshot(join(pictures, `${name}.png`));
  };

  async function exportAs(title: string, file: string, ...choices: readonly string[]): Promise<void> {
    await rm(file, { force: true });
    await exportSession(workbench, { title, file, choices, onOptions: () => picture('options') });
    await picture('exported');
  }

  it('is a page that every browser reads, light and dark, without a word to the net', async () => {
    const file = join(folder, 'session.html');
    await exportAs(demoTitles.rateLimit, file, 'Web Page (HTML)', 'With Its Subagents');
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.includes('.part')),
      [],
    );
    const browser = await (await sharedBench()).browser();
    const page = await browser.newPage({ javaScriptEnabled: false, colorScheme: 'light' });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    const { href } = pathToFileURL(file);
    assert.deepEqual([asked, await page.title()], [[href], demoTitles.rateLimit]);
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor).catch(() => '');
    await page.locator('h1').getByText(demoTitles.rateLimit).waitFor();
    assert.ok((await page.locator('.prompt').count()) > 0);
    await page.locator('footer').getByText('Redacted:').waitFor();
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, 'light.png'), fullPage: true });
    const light = await ground();
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.notEqual(await ground(), light === '' ? undefined : light);
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, 'dark.png'), fullPage: true });
    await page.close();
  });

  it('comes back as a session that is shown, once', async () => {
    const file = join(folder, 'exported.json');
    await exportAs(demoTitles.rounding, file, 'JSON', 'This Session', 'As It Is');
    // Of another server, where nothing has its ids: here the same session is there already.
    const other = (await readFile(file, 'utf8')).replaceAll(/\b(ses|msg|prt)_(\w{10})\w{4}/g, '$1_$2Back');
    const named = other.replace(JSON.stringify(demoTitles.rounding), JSON.stringify('Came back from a file'));
    await writeFile(file, named);
    const importFile = async (): Promise<void> => {
      await workbench.runCommand('Import Session…');
      await workbench.answerInput(file);
    };
    await importFile();
    await workbench.row('Came back from a file').waitFor();
    await (await workbench.notification('Imported: “Came back from a file”.')).first().waitFor();
    await importFile();
    await (await workbench.notification('is on this server already')).first().waitFor();
    await writeFile(file, 'no session');
    await importFile();
    await (await workbench.notification('is no JSON')).first().waitFor();
  });
});
