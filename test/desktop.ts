import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseAnnouncement } from './workbench/announcement.ts';
import { cacheFolder } from './workbench/cacheFolder.ts';
import { startProcess, stopTree } from './workbench/childProcess.ts';
import { repository } from './workbench/extensionCopy.ts';
import { buildHostSuite } from './workbench/hostSuite.ts';
import { startShop } from './workbench/shop.ts';
import type { TestResult } from './workbench/testResult.ts';

// npm run test:desktop: the host suite in a desktop VS Code, downloaded on first use.

const oldest = '1.105.0';

async function download(version: string): Promise<string> {
  try {
    return await downloadAndUnzipVSCode({ version, cachePath: join(cacheFolder(), 'vscode-desktop') });
  } catch (cause) {
    throw new Error(
      'VS Code could not be downloaded, so the host suite cannot run in the desktop. "npm run test:host" runs the same suite in the VS Code server, which comes from npm.',
      { cause },
    );
  }
}

async function runInDesktop(executable: string): Promise<TestResult> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'vscode-desktop-'));
  const shop = await startShop();
  const window = startProcess(
    executable,
    [
      shop.folder,
      `--extensionDevelopmentPath=${repository}`,
      `--extensionTestsPath=${await buildHostSuite()}`,
      `--user-data-dir=${join(dataFolder, 'user')}`,
      `--extensions-dir=${join(dataFolder, 'extensions')}`,
      '--disable-workspace-trust',
      '--disable-gpu',
      '--disable-updates',
      '--no-sandbox',
      '--skip-release-notes',
      '--skip-welcome',
    ],
    { env: { ...process.env, ...shop.environment } },
  );
  try {
    return await readCounts(window);
  } finally {
    await stopTree(window);
    await shop.close();
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Passes the suite's lines on and answers with the counts it announces. */
async function readCounts({ stdout, stderr }: ReturnType<typeof startProcess>): Promise<TestResult> {
  let counts: TestResult | undefined;
  let unasked = '';
  stderr?.on('data', (chunk: Buffer) => (unasked = (unasked + chunk.toString()).slice(-4000)));
  if (stdout === null) throw new Error('VS Code was started without an output to read.');
  for await (const line of createInterface({ input: stdout })) {
    const announced = parseAnnouncement(line);
    if (announced?.text !== undefined) console.log(announced.text);
    counts = announced?.counts ?? counts;
  }
  if (counts === undefined) throw new Error(`VS Code ended before the suite did:\n${unasked}`);
  return counts;
}

try {
  const version = process.argv.includes('--oldest') ? oldest : 'stable';
  const { passed, failed } = await runInDesktop(await download(version));
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
