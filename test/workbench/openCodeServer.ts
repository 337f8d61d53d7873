import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { freePort } from '../../src/server/http/freePort.ts';
import { endKeeper } from './keeperProcesses.ts';

const run = promisify(execFile);

/** The OpenCode that the tests run: the one that comes with the development packages, or what TEST_OPENCODE names. */
export const openCodeBinary =
  process.env['TEST_OPENCODE'] ?? join(import.meta.dirname, '../../node_modules/.bin/opencode');

/** The version that it says it is. */
export async function openCodeVersion({ environment }: Pick<OpenCodeHome, 'environment'>): Promise<string> {
  const { stdout } = await run(openCodeBinary, ['--version'], { env: environment });
  return stdout.trim();
}

/** A private home for OpenCode and a workspace whose provider is the scripted model. */
export interface OpenCodeHome {
  readonly home: string;
  readonly workspace: string;
  /** What a process needs so that it, or an OpenCode that it starts, lives in this home. */
  readonly environment: NodeJS.ProcessEnv;
  /** Makes another workspace folder with the same configuration. */
  addWorkspace(name: string): Promise<string>;
  /** Ends the server that windows began in it, if any, and removes the whole folder. */
  remove(): Promise<void>;
}

export interface RestartChanges {
  /** How the running process is ended; SIGTERM unless said otherwise. */
  readonly signal?: NodeJS.Signals;
  readonly onAnotherPort?: boolean;
  readonly password?: string;
}

export interface RunningOpenCode extends OpenCodeHome {
  readonly url: string;
  readonly username: string;
  /** Empty for a server without a password. */
  readonly password: string;
  readonly pid: number;
  /** When its process was started, as `performance.now()` counts. */
  readonly begun: number;
  /** What the server wrote to stdout and stderr. */
  output(): string;
  /** Ends the process by that signal and waits until it is gone; the home stays. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /**
   * Ends the process, if it runs, and starts it again in the same home: on the same port and with the same password
   * unless others are asked for.
   */
  restart(changes?: RestartChanges): Promise<void>;
  /** Ends the process and removes the home. */
  stop(): Promise<void>;
}

/**
 * Makes a fresh folder with a home and a workspace in it, a git repository with one commit, because OpenCode
 * keeps snapshots (for revert and diff) only there. `workspace` names a folder elsewhere, which gets an
 * `opencode.json` if it has none and is left as it is otherwise.
 */
export async function makeOpenCodeHome(options: {
  readonly modelUrl: string;
  readonly workspace?: string;
}): Promise<OpenCodeHome> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'opencode-sessions-')));
  const home = join(root, 'home');
  const addWorkspace = async (name: string): Promise<string> => {
    const folder = join(root, name);
    await mkdir(folder, { recursive: true });
    await writeOpenCodeConfig(folder, options.modelUrl);
    await writeFile(join(folder, 'README.md'), '# A workspace\n');
    await commitAll(folder);
    return folder;
  };
  await mkdir(home, { recursive: true });
  if (options.workspace !== undefined) await configureOnce(options.workspace, options.modelUrl);
  return {
    home,
    workspace: options.workspace ?? (await addWorkspace('workspace')),
    environment: openCodeEnvironment(home),
    addWorkspace,
    remove: async () => {
      await endKeeper({ home });
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Starts the real binary behind a random password (`password: ''` for none) and waits until it answers. */
export async function startOpenCode(options: {
  readonly modelUrl: string;
  /** Absent: that of the tests. */
  readonly program?: string;
  readonly password?: string;
  readonly workspace?: string;
  readonly environment?: NodeJS.ProcessEnv;
}): Promise<RunningOpenCode> {
  const home = await makeOpenCodeHome(options);
  let password = options.password ?? randomBytes(18).toString('base64url');
  const environment = { ...home.environment, ...options.environment };
  const begin = (): ReturnType<typeof launch> =>
    launch(
      options.program ?? openCodeBinary,
      home.workspace,
      password === '' ? environment : { ...environment, OPENCODE_SERVER_PASSWORD: password },
      port,
    );
  let port = await freePort();
  let server = await begin();
  const kill = (signal?: NodeJS.Signals) => endProcess(server.process, signal);
  return {
    ...home,
    get url() {
      return server.url;
    },
    username: 'opencode',
    get password() {
      return password;
    },
    get pid() {
      return server.process.pid ?? 0;
    },
    get begun() {
      return server.begun;
    },
    output: () => server.output(),
    kill,
    restart: async (changes = {}) => {
      await kill(changes.signal);
      if (changes.onAnotherPort) port = await freePort();
      password = changes.password ?? password;
      server = await begin();
    },
    stop: async () => {
      await kill();
      await home.remove();
    },
  };
}

/** Ends a child process and waits until it is gone; what does not heed the signal is killed. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  // With requests under way the server puts off its end after SIGTERM, at times for ever (1.18).
  const deadline = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await ended;
  clearTimeout(deadline);
}

/** Writes `opencode.json` into a workspace folder. */
export async function writeOpenCodeConfig(folder: string, modelUrl: string): Promise<void> {
  const config = JSON.stringify(openCodeConfig(modelUrl), undefined, 2);
  await writeFile(join(folder, 'opencode.json'), `${config}\n`);
}

/** Writes `opencode.json` into a workspace folder that has none. */
export async function configureOnce(folder: string, modelUrl: string): Promise<void> {
  const configured = await access(join(folder, 'opencode.json')).then(
    () => true,
    () => false,
  );
  if (!configured) await writeOpenCodeConfig(folder, modelUrl);
}

/** Makes the folder a git repository whose one commit holds everything in it. */
export async function commitAll(folder: string, message = 'Begin'): Promise<void> {
  const person = ['-c', 'user.name=Someone', '-c', 'user.email=someone@example.com'];
  await run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: folder });
  await run('git', ['add', '--all'], { cwd: folder });
  await run('git', [...person, 'commit', '--quiet', `--message=${message}`], { cwd: folder });
}

/** What adds OpenCode's own snapshots of the files, which make reverts and lists of changed files possible. */
export const withSnapshots = { OPENCODE_CONFIG_CONTENT: JSON.stringify({ snapshot: true }) };

/**
 * The workspace's configuration: a provider of scripted models, a custom primary agent `reviewer` and a
 * subagent `helper`, and permissions that ask before `bash`. Without snapshots, which
 * make each step about a second slower.
 */
export function openCodeConfig(modelUrl: string): Record<string, unknown> {
  const limit = { context: 200_000, output: 8_000 };
  return {
    $schema: 'https://opencode.ai/config.json',
    snapshot: false,
    model: 'local/steady',
    small_model: 'local/steady',
    enabled_providers: ['local'],
    provider: {
      local: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Local',
        options: { baseURL: modelUrl, apiKey: 'none' },
        models: {
          steady: { name: 'Steady', limit, tool_call: true },
          thinker: {
            name: 'Thinker',
            limit,
            tool_call: true,
            reasoning: true,
            variants: { low: { reasoningEffort: 'low' }, high: { reasoningEffort: 'high' } },
          },
          // A context so small that a few turns overflow it and compaction begins by itself.
          brief: { name: 'Brief', limit: { context: 16_000, output: 1_000 }, tool_call: true },
          // Only models of such a name are given `apply_patch`, in place of `edit` and `write` (1.18).
          'gpt-patcher': { name: 'Patcher', limit, tool_call: true },
        },
      },
    },
    agent: {
      reviewer: {
        description: 'Reviews what another agent wrote',
        mode: 'primary',
        prompt: 'You review changes and say what is wrong with them.',
      },
      helper: {
        description: 'Looks things up for another agent',
        mode: 'subagent',
        prompt: 'You look things up and answer shortly.',
      },
    },
    command: {
      tidy: { description: 'Tidies what it is given', template: 'say: Tidied $ARGUMENTS' },
      patch: {
        description: 'Does what it is given with a model that patches',
        model: 'local/gpt-patcher',
        template: '$ARGUMENTS',
      },
    },
    permission: { bash: 'ask' },
  };
}

/** An environment in which OpenCode lives in `home` alone and asks nothing of the internet. */
export function openCodeEnvironment(home: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(OPENCODE|XDG)_/.test(name));
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    npm_config_fetch_retries: '0',
    // Where there is a plugin, the first request of a folder waits for what OpenCode has npm fetch into its configuration.
    npm_config_offline: 'true',
  };
}

async function launch(program: string, directory: string, environment: NodeJS.ProcessEnv, port: number) {
  const begun = performance.now();
  const child = spawn(program, ['serve', '--hostname', '127.0.0.1', '--port', String(port)], {
    cwd: directory,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Whatever ends this process early, its server ends with it.
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  child.once('exit', () => process.removeListener('exit', endWithUs));
  let output = '';
  const url = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      output += `${line}\n`;
      const [, found] = /listening on (http:\S+)/.exec(line) ?? [];
      if (found !== undefined) url.resolve(found);
    });
  }
  child.once('exit', () => url.reject(new Error(`opencode serve ended before it listened:\n${output}`)));
  const server = { process: child, begun, url: await url.promise, output: () => output };
  await untilAnswering(server.url);
  return server;
}

/** Requests in the first moments are never answered (1.18), so each probe has its own short patience. */
async function untilAnswering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const answered = await fetch(`${url}/global/health`, { signal: AbortSignal.timeout(1_000) }).then(
      (response) => response.status,
      () => undefined,
    );
    if (answered !== undefined) return;
  }
  throw new Error(`opencode serve does not answer at ${url}`);
}
