import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { demoFiles } from './demoFiles.ts';
import { improvise } from './demoScripts.ts';
import { ProcessMark } from './markedProcesses.ts';
import { commitAll, configureOnce, makeOpenCodeHome, openCodeBinary } from './openCodeServer.ts';
import { type ScriptedModel, startScriptedModel } from './scriptedModel.ts';

/** A small shop to work on: a fresh workspace, a private home for OpenCode, and a scripted model as its provider. */
export interface Shop {
  /** The workspace: a git repository whose `opencode.json` names the scripted model. */
  readonly folder: string;
  /** For everything that shall see this home and this workspace, and no other; its processes carry `mark`. */
  readonly environment: NodeJS.ProcessEnv;
  readonly mark: ProcessMark;
  readonly model: ScriptedModel;
  /** Makes another workspace with the same files and a history of its own, so that none of its sessions are shared. */
  addFolder(): Promise<string>;
  /** From here on the model improvises at a speed that people can read; before, as fast as it can. */
  slowDown(): void;
  /** Stops the model and removes all files; throws when a process of `environment` was left behind. */
  close(): Promise<void>;
}

export interface ShopOptions {
  /** OpenCode's own snapshots of the files: they make reverts possible and each step about a second slower. */
  readonly snapshots?: boolean;
  readonly mark?: ProcessMark;
}

/** Tokens a second: fast enough not to bore, slow enough to be watched. */
const readingSpeed = 30;

export async function startShop({
  snapshots = false,
  mark = new ProcessMark(),
}: ShopOptions = {}): Promise<Shop> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'corner-shop-')));
  let folders = 0;
  const addFolder = async (): Promise<string> => {
    const folder = join(root, String(++folders), 'corner-shop');
    await writeFiles(folder, demoFiles);
    await configureOnce(folder, model.url);
    if (snapshots) await changeConfig(folder, { snapshot: true });
    // OpenCode knows a project by its first commit: the same one would be the same project.
    await commitAll(folder, `Open shop ${folders}`);
    return folder;
  };
  let speed: number | undefined;
  const model = await startScriptedModel({ improvise: (prompt) => improvise(prompt, speed) });
  const folder = await addFolder();
  const home = await makeOpenCodeHome({ modelUrl: model.url, workspace: folder });
  const path = [dirname(openCodeBinary), process.env['PATH']].join(delimiter);
  return {
    folder,
    environment: { ...home.environment, PATH: path, ...mark.environment },
    mark,
    model,
    addFolder,
    slowDown: () => void (speed = readingSpeed),
    close: async () => {
      await model.close();
      try {
        // A session that a test left at work, or waiting for an answer, keeps its server.
        await mark.terminate('keeper.cjs');
        await mark.allGone();
      } finally {
        await mark.end();
        await home.remove();
        await rm(root, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Changes the configuration of a folder. */
export async function changeConfig(folder: string, change: Readonly<Record<string, unknown>>): Promise<void> {
  const file = join(folder, 'opencode.json');
  const config = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, `${JSON.stringify({ ...config, ...change }, null, 2)}\n`);
}
