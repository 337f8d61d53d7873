import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from './workbench/extensionCopy.ts';
import { stopTree } from './workbench/childProcess.ts';
import { demoTitles, seedSessions } from './workbench/demoSessions.ts';
import { findDesktopEditor, openDesktopWindow } from './workbench/desktopEditor.ts';
import { ProcessMark } from './workbench/markedProcesses.ts';
import { startShop } from './workbench/shop.ts';
import { ensureVscodeServer, startVscodeServer } from './workbench/vscodeServer.ts';

// npm start: VS Code with the extension, on a demo that needs no key; with --folder DIR on a folder of yours.

/** What the window is opened on. */
interface Stage {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** A folder of the person's own is trusted by the person alone. */
  readonly asksForTrust: boolean;
  readonly hints: readonly string[];
}

/** An open window; `closed` resolves when it is closed, where that can be known. */
interface OpenWindow {
  readonly lines: readonly string[];
  readonly closed: Promise<unknown>;
}

// All that is started below inherits the mark, so that nothing can be left behind.
const mark = new ProcessMark();
Object.assign(process.env, mark.environment);
const closers: (() => Promise<void>)[] = [];

async function setDemoStage(): Promise<Stage> {
  say('Preparing a demo workspace with a scripted model …');
  const shop = await startShop({ snapshots: true, mark });
  closers.push(() => shop.close());
  await seedSessions(shop);
  shop.slowDown();
  return {
    ...shop,
    asksForTrust: false,
    hints: [
      `Click the OpenCode icon at the left edge, then "${demoTitles.rateLimit}".`,
      'Type "Run the tests" into the box below it, and answer when you are asked.',
      'Right-click a session and choose "Fork Session Here".',
    ],
  };
}

async function setOwnStage(name: string): Promise<Stage> {
  // npm runs this in the project's folder; what a person names is meant from where they are.
  const folder = resolve(process.env['INIT_CWD'] ?? '', name);
  if (!(await isFolder(folder))) {
    throw new Error(`There is no folder ${folder}. Name one that exists: npm start -- --folder DIR`);
  }
  // Your own `opencode` goes first; the one of this repository is there when you have none.
  const path = [pathOfCaller(), join(repository, 'node_modules', '.bin')].join(delimiter);
  return {
    folder,
    environment: { ...withoutNpm(process.env), PATH: path },
    asksForTrust: true,
    hints: [
      'VS Code asks whether you trust the folder: OpenCode is started only if you do.',
      'Click the OpenCode icon at the left edge: it shows the sessions that OpenCode has in this folder.',
      'OpenCode runs with your own configuration, providers and sessions; a prompt that you send costs what it costs there.',
    ],
  };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** The environment without what npm tells the scripts that it runs. */
function withoutNpm(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(npm_|INIT_CWD$)/i.test(name)));
}

/** The PATH without the folders that npm puts before it while it runs a script. */
function pathOfCaller(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.filter((folder) => !/node_modules[\\/](\.bin|.*node-gyp-bin)$/.test(folder)).join(delimiter);
}

async function openOnDesktop(editor: string, stage: Stage): Promise<OpenWindow> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'vscode-desktop-'));
  const window = openDesktopWindow(editor, { ...stage, extension: repository, dataFolder });
  closers.push(async () => {
    await stopTree(window);
    // The window itself is no child of the command that opened it.
    await mark.end();
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  });
  return { lines: [`A window of ${editor} opens.`], closed: once(window, 'exit') };
}

async function openInBrowser(stage: Stage): Promise<OpenWindow> {
  const { environment, asksForTrust, folder } = stage;
  // A closed tab may be opened again within the minute and finds its window as it was.
  const vscode = await startVscodeServer({
    environment,
    asksForTrust,
    settings: { 'security.workspace.trust.startupPrompt': 'once' },
    reconnectionGrace: 60,
  });
  closers.push(() => vscode.stop());
  const url = vscode.url({ folder, extension: repository });
  const opened = await openAddress(url);
  return {
    lines: [opened ? 'VS Code opens in your browser:' : 'Open this address in your browser:', '', `  ${url}`],
    closed: vscode.ended,
  };
}

/** Shows the address in the person's browser; false where there is none to ask. */
async function openAddress(url: string): Promise<boolean> {
  const { platform, env } = process;
  if (platform === 'linux' && !(env['DISPLAY'] ?? env['WAYLAND_DISPLAY'])) return false;
  const [command, args] = openers[platform] ?? openers.linux;
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  child.unref();
  return once(child, 'spawn').then(
    () => true,
    () => false,
  );
}

const openers: Readonly<Record<string, readonly [string, readonly string[]]>> & {
  readonly linux: readonly [string, readonly string[]];
} = {
  darwin: ['open', []],
  linux: ['xdg-open', []],
  win32: ['rundll32', ['url.dll,FileProtocolHandler']],
};

function say(line: string): void {
  console.log(line);
}

async function work(): Promise<void> {
  const { values } = parseArgs({ options: { folder: { type: 'string' } } });
  const editor = await findDesktopEditor(process.env);
  if (editor === undefined) await ensureVscodeServer(say);
  const stage = await (values.folder === undefined ? setDemoStage() : setOwnStage(values.folder));
  const { lines, closed } = await (editor ? openOnDesktop(editor, stage) : openInBrowser(stage));
  for (const line of ['', ...lines, '', ...stage.hints, '', 'Ctrl-C ends everything.']) say(line);
  await closed;
}

async function end(): Promise<void> {
  // An installation that was interrupted does not end by itself.
  if (closers.length === 0) await mark.end(0);
  for (const close of closers.reverse()) await close().catch(complain);
  await mark.end();
}

function complain(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const stopped = Promise.race(signals.map((signal) => once(process, signal)));
await Promise.race([stopped, work().catch(complain)]);
say('Ending …');
await end();
// What was interrupted half-way may still wait for something that was ended just now.
process.exit();
