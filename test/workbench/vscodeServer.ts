import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cachedFolder } from './cacheFolder.ts';
import { runProgram, startProcess, stopTree } from './childProcess.ts';

/** The npm package that carries a VS Code server and its workbench (VS Code 1.139). */
const release = '4.139.1';

export type Progress = (line: string) => void;

/** The folder of a VS Code server, installed from npm into the cache on first use. */
export async function ensureVscodeServer(progress: Progress): Promise<string> {
  const folder = await cachedFolder(`vscode-server-${release}`, async (draft) => {
    progress(`Installing the VS Code server ${release} (once, about 600 MB) …`);
    await writeFile(join(draft, 'package.json'), '{ "private": true }');
    await npmInstall(draft, [`code-server@${release}`, '--save-exact']);
    const vscode = vscodeFolder(draft);
    progress('Installing its packages …');
    await npmInstall(vscode, ['--omit=dev']);
    progress('Installing the packages of its built-in extensions …');
    await npmInstall(join(vscode, 'extensions'), ['--omit=dev']);
    progress('Building its log writer …');
    await buildLogWriter(draft).catch(() => {
      progress(
        'There is no compiler to build it with: output channels stay empty in this VS Code, all else works.',
      );
    });
  });
  return vscodeFolder(folder);
}

function vscodeFolder(cache: string): string {
  return join(cache, 'node_modules', 'code-server', 'lib', 'vscode');
}

// Install scripts are left out: the package's own one refuses other versions of Node and builds more than is needed.
async function npmInstall(folder: string, args: readonly string[]): Promise<void> {
  await npm(folder, ['install', ...args, '--ignore-scripts', '--no-audit', '--no-fund']);
}

/** The one native module that is missed: without it the text of output channels goes nowhere (VS Code 1.139). */
async function buildLogWriter(cache: string): Promise<void> {
  const { platform, arch, versions } = process;
  // This package holds the headers of Node, which node-gyp would download from elsewhere.
  const node = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
  await npmInstall(cache, [`${node}@${versions.node}`, '--no-save']);
  await npm(vscodeFolder(cache), ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog'], {
    npm_config_nodedir: join(cache, 'node_modules', node),
  });
}

async function npm(
  folder: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<void> {
  await runProgram('npm', [...args, '--loglevel=error'], {
    cwd: folder,
    env: { ...withoutNpmOfCaller(process.env), ...environment },
    shell: process.platform === 'win32',
  });
}

/** Inside `npm run`, npm hands its own options down as environment, `npm_config_prefix` of the project among them. */
function withoutNpmOfCaller(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const inherited = new Set(['npm_config_local_prefix', 'npm_config_prefix', 'npm_config_omit']);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !inherited.has(name)));
}

export interface VscodeServerOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** The user's settings in VS Code. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Of workspace trust: true asks as a person's own VS Code would. */
  readonly asksForTrust?: boolean;
  /** Seconds until the extension host of a closed window ends. */
  readonly reconnectionGrace?: number;
  /** A .vsix that is installed before the server starts. */
  readonly install?: string;
  readonly progress?: Progress;
}

export interface WindowOptions {
  /** A folder, or a `.code-workspace` file that names several. */
  readonly folder: string;
  /** The folder of an extension that is loaded as it stands. */
  readonly extension?: string;
  /** A CommonJS file that exports `run(): Promise<void>`; the window then runs it and reports. */
  readonly tests?: string;
}

/** One running VS Code server on loopback; its windows are pages of a browser. */
export class VscodeServer {
  readonly #child;
  readonly #port: number;
  readonly #token: string;
  /** Holds its data, settings and log; removed when it is stopped. */
  readonly folder: string;

  constructor(child: ReturnType<typeof startProcess>, port: number, token: string, folder: string) {
    this.#child = child;
    this.#port = port;
    this.#token = token;
    this.folder = folder;
  }

  /** Resolves when it ends, by itself or stopped. */
  get ended(): Promise<unknown> {
    return once(this.#child, 'exit');
  }

  /** The address of a window. */
  url({ folder, extension, tests }: WindowOptions): string {
    const remote = (path: string): string => `vscode-remote://127.0.0.1:${this.#port}${path}`;
    const payload = [['skipWelcome', 'true']];
    if (extension) payload.push(['extensionDevelopmentPath', remote(extension)]);
    if (tests) payload.push(['extensionTestsPath', remote(tests)]);
    const url = new URL(`http://127.0.0.1:${this.#port}/`);
    url.searchParams.set('tkn', this.#token);
    url.searchParams.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', folder);
    url.searchParams.set('payload', JSON.stringify(payload));
    return url.href;
  }

  /** Holds a folder for each extension that was installed. */
  get extensionsFolder(): string {
    return extensionsFolder(this.folder);
  }

  /** What the extension wrote into its output channel, in all windows so far. */
  async extensionLog(): Promise<string> {
    const files: string[] = [];
    const pattern = 'data/logs/**/opencode-sessions.opencode-sessions/*.log';
    for await (const file of glob(pattern, { cwd: this.folder })) files.push(file);
    const texts = await Promise.all(files.sort().map((file) => readFile(join(this.folder, file), 'utf8')));
    return texts.join('\n');
  }

  async stop(): Promise<void> {
    await stopTree(this.#child);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What keeps a window calm: nothing that opens by itself, moves, or asks the network. */
const calmSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  // A terminal is drawn in the page's own nodes, where tests can read it.
  'terminal.integrated.gpuAcceleration': 'off',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.commandCenter': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Starts a VS Code server on a free loopback port, with a secret of its own in its address. */
export async function startVscodeServer(options: VscodeServerOptions = {}): Promise<VscodeServer> {
  const home = await ensureVscodeServer(options.progress ?? (() => undefined));
  const folder = await mkdtemp(join(tmpdir(), 'vscode-server-'));
  const token = randomBytes(16).toString('hex');
  await mkdir(dirname(settingsFile(folder)), { recursive: true });
  await writeFile(settingsFile(folder), JSON.stringify({ ...calmSettings, ...options.settings }, null, 2));
  const main = join(home, 'out', 'server-main.js');
  const args = serverArguments(folder, token, options);
  if (options.install) {
    const directories = args.filter((argument) => /^--(server-data|extensions)-dir=/.test(argument));
    await runProgram(process.execPath, [main, `--install-extension=${options.install}`, ...directories]);
  }
  const child = startProcess(process.execPath, [main, ...args], {
    // With VSCODE_CLI it takes this environment as it is and asks no login shell for another (VS Code 1.139).
    env: { ...process.env, ...options.environment, VSCODE_CLI: '1' },
    logFile: join(folder, 'server.log'),
  });
  try {
    return new VscodeServer(child, await listeningPort(child), token, folder);
  } catch (error) {
    await stopTree(child);
    throw error;
  }
}

/** The user's settings, which this server keeps beside its own data. */
function settingsFile(folder: string): string {
  return join(folder, 'data', 'User', 'settings.json');
}

function extensionsFolder(folder: string): string {
  return join(folder, 'extensions');
}

function serverArguments(folder: string, token: string, options: VscodeServerOptions): string[] {
  return [
    '--host=127.0.0.1',
    '--port=0',
    `--connection-token=${token}`,
    `--server-data-dir=${folder}`,
    `--extensions-dir=${extensionsFolder(folder)}`,
    `--reconnection-grace-time=${options.reconnectionGrace ?? 1}`,
    '--telemetry-level=off',
    '--accept-server-license-terms',
    // The development keys in a window's address are honoured only with the driver enabled (VS Code 1.139).
    '--enable-smoke-test-driver',
    ...(options.asksForTrust ? [] : ['--disable-workspace-trust']),
  ];
}

async function listeningPort(child: ReturnType<typeof startProcess>): Promise<number> {
  let output = '';
  const announced = new Promise<number>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (port) resolve(Number(port));
    });
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The VS Code server ended before it listened:\n${output.slice(-4000)}`);
  });
  const silent = delay(60_000, undefined, { ref: false }).then(() => {
    throw new Error(`The VS Code server did not listen within a minute:\n${output.slice(-4000)}`);
  });
  return Promise.race([announced, ended, silent]);
}
