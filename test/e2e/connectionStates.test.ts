import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { candidateFolders } from '../../src/server/source/findOpenCode.ts';
import type { Bench } from '../workbench/bench.ts';
import { runProgram } from '../workbench/childProcess.ts';
import { copyExtension } from '../workbench/extensionCopy.ts';
import { openCodeBinary, type RunningOpenCode, startOpenCode } from '../workbench/openCodeServer.ts';
import { startVscodeServer, type VscodeServer } from '../workbench/vscodeServer.ts';
import { Workbench } from '../workbench/workbench.ts';
import { closeWindow, sharedBench, watch } from './sharedBench.ts';

// One window, from its first moment on a machine without OpenCode: each state follows from the one before.
describe('the state of the connection', () => {
  let bench: Bench;
  let folder: string;
  let vscode: VscodeServer;
  let workbench: Workbench;
  let server: RunningOpenCode;
  let webServer: Server;
  let isInstalled: boolean;
  /** The folder of programs into which the button installs OpenCode. */
  let installed: string;
  const closers: (() => Promise<unknown>)[] = [];

  before(async () => {
    bench = await sharedBench();
    const { shop } = bench;
    folder = await shop.addFolder();
    // A workspace is not asked which program to run or which server to talk to.
    await mkdir(join(folder, '.vscode'));
    await writeFile(
      join(folder, '.vscode', 'settings.json'),
      JSON.stringify({ 'opencodeSessions.server.path': openCodeBinary }),
    );
    const home = shop.environment['HOME'] ?? '';
    installed = join(home, '.npm-global', 'bin');
    const environment: NodeJS.ProcessEnv = {
      ...shop.environment,
      PATH: withoutOpenCode(shop.environment['PATH'] ?? ''),
      // Where "npm i -g" installs, and from: what was downloaded for these tests need not be downloaded again.
      npm_config_prefix: dirname(installed),
      // What is installed here may have to come from afar.
      npm_config_offline: 'false',
      npm_config_fetch_retries: '2',
      npm_config_cache: (await runProgram('npm', ['config', 'get', 'cache', '--loglevel=error'])).trim(),
    };
    isInstalled = candidateFolders({ environment, home }).some(holdsOpenCode);
    server = await startOpenCode({
      modelUrl: shop.model.url,
      workspace: folder,
      environment: shop.mark.environment,
    });
    closers.push(() => server.stop());
    webServer = createServer((_, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Hello</title>');
    }).listen(0, '127.0.0.1');
    await once(webServer, 'listening');
    closers.push(async () => webServer.close());
    const extension = await copyExtension();
    closers.push(() => extension.remove());
    vscode = await startVscodeServer({ environment, asksForTrust: true });
    closers.push(() => vscode.stop());
    workbench = await Workbench.open(bench.browser, vscode.url({ folder, extension: extension.folder }));
    watch(workbench, { ...bench, vscode });
    await workbench.openSessionsView();
  });

  after(async () => {
    await closeWindow(workbench);
    for (const close of closers.toReversed()) await close();
  });

  const view = () => workbench.view('Sessions');
  const says = (words: string | RegExp) => view().getByText(words).first().waitFor();
  /** Runs "Connect to Server…" and answers what it asks. */
  const attach = async (url: string, password: string): Promise<void> => {
    await workbench.runCommand('OpenCode: Connect to Server…');
    await workbench.pick('Attach to a Running Server…');
    await answer('Address of the Server', url);
    await identify(password);
  };
  const identify = async (password: string): Promise<void> => {
    await answer('User Name', server.username);
    await answer('Password', password);
  };
  /** Answers the input box of that title: the one before it may still stand there. */
  const answer = async (title: string, text: string): Promise<void> => {
    await workbench.page.locator('.quick-input-title').filter({ hasText: title }).waitFor();
    await workbench.answerInput(text);
  };
  const dispose = async (): Promise<void> => {
    const authorization = `Basic ${btoa(`${server.username}:${server.password}`)}`;
    await fetch(`${server.url}/global/dispose`, { method: 'POST', headers: { authorization } });
  };

  it('is that nothing runs, in a folder that is not trusted', async () => {
    await says(/do not trust/);
    await workbench.statusBarItem('OpenCode: not trusted').waitFor();
    assert.deepEqual(await bench.shop.mark.find(`--folder=${vscode.folder}`), []);
  });

  it('is that OpenCode is not installed, with a button that installs it', async function () {
    await view().getByText('Manage Workspace Trust').click();
    await workbench.page
      .locator('.workspace-trust-editor')
      .getByRole('button', { name: /^Trust/ })
      .first()
      .click();
    await workbench.closeEditors();
    if (isInstalled) this.skip();
    await says(/OpenCode is not installed/);
    await view().getByRole('button', { name: 'Install OpenCode in a Terminal' }).waitFor();
    await workbench.statusBarItem('OpenCode: not installed').waitFor();
  });

  it('is live as soon as the button has installed it, in a terminal', async function () {
    if (isInstalled) this.skip();
    await view().getByRole('button', { name: 'Install OpenCode in a Terminal' }).click();
    await workbench.page.locator('.terminal-wrapper.active').waitFor();
    await view()
      .getByText(/no sessions in this folder yet/)
      .first()
      .waitFor({ timeout: 240_000 });
    await workbench.statusBarItem(/OpenCode$/).waitFor();
    assert.ok((await vscode.extensionLog()).includes(`OpenCode program found ${installed}`));
    await workbench.runCommand('View: Hide Panel');
  });

  it('is that an attached server is not there, and is tried again and again until it is', async () => {
    await server.kill();
    await attach(server.url, server.password);
    await says(/Nothing answers at .* tried again and again/);
    await workbench.row('Try Again').waitFor();
    await workbench.statusBarItem('OpenCode: not there').waitFor();
    await server.restart();
    await says(/no sessions in this folder yet/);
    await workbench.statusBarItem(/OpenCode$/).waitFor();
  });

  it('is that the password is refused: it is asked once more, then not by itself', async () => {
    await attach(server.url, 'wrong');
    await workbench.quickInput.waitFor();
    await workbench.page.getByText('did not accept this user name and password').first().waitFor();
    await workbench.page.keyboard.press('Escape');
    await says(/did not accept this user name and password/);
    await workbench.statusBarItem('OpenCode: password').waitFor();
  });

  it('is live when the right password is entered behind its row', async () => {
    await workbench.row('Enter Password…').click();
    await identify(server.password);
    await says(/no sessions in this folder yet/);
  });

  it('is that the configuration cannot be read, with a row that opens it, until a server has read it mended', async () => {
    const file = join(folder, 'opencode.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('{', '{{'));
    await dispose();
    await says(/cannot read its configuration .*opencode\.json: /);
    await workbench.row('Open opencode.json').click();
    await workbench.page.locator('.tab').filter({ hasText: 'opencode.json' }).waitFor();
    await writeFile(file, text);
    await server.restart();
    await says(/no sessions in this folder yet/);
  });

  it('is that the connection is lost since when, and the sessions as they were', async () => {
    await workbench.startSession('Kept work ;; say: done');
    await workbench.row('Kept work').waitFor();
    await server.kill('SIGKILL');
    await says(/Connection lost at/);
    await workbench.row('Kept work').waitFor();
    await workbench.statusBarItem('OpenCode: reconnecting').waitFor();
    await server.restart();
    await workbench.statusBarItem(/OpenCode$/).waitFor();
    await view()
      .getByText(/Connection lost at/)
      .waitFor({ state: 'hidden' });
  });

  it('is that what answers is no OpenCode server', async () => {
    const { port } = webServer.address() as AddressInfo;
    await attach(`http://127.0.0.1:${port}`, '');
    await says(/answers with a web page/);
    await workbench.row('Connect to Another Server…').waitFor();
    assert.equal(await workbench.row('Kept work').count(), 0);
    await workbench.statusBarItem('OpenCode: failed').waitFor();
  });
});

/** A PATH on which no OpenCode is found. */
function withoutOpenCode(path: string): string {
  return path
    .split(delimiter)
    .filter((folder) => !holdsOpenCode(folder))
    .join(delimiter);
}

function holdsOpenCode(folder: string): boolean {
  return existsSync(join(folder, 'opencode'));
}
