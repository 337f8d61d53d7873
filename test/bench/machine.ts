import { readFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { repository } from '../workbench/extensionCopy.ts';

/** On what, with what and when the figures were taken. */
export interface Machine {
  readonly date: string;
  readonly cores: number;
  readonly processor: string;
  /** Gigabytes. */
  readonly memory: number;
  readonly platform: string;
  /** Processes that waited for a core on average in the minute before the run and at its end. */
  readonly load: readonly [before: number, after: number];
  readonly chromium: string;
  readonly node: string;
  readonly openCode: string;
  /** Fewer rounds and smaller sessions than the figures are meant for. */
  readonly quick: boolean;
}

export async function describeMachine(
  options: Pick<Machine, 'chromium' | 'quick'> & { readonly loadBefore: number },
): Promise<Machine> {
  const { chromium, quick, loadBefore } = options;
  return {
    date: new Date().toISOString(),
    cores: cpus().length,
    processor: cpus()[0]?.model.trim() ?? '',
    memory: Math.round(totalmem() / 1e9),
    platform: `${process.platform} ${process.arch}`,
    load: [loadBefore, loadNow()],
    chromium,
    node: process.versions.node,
    openCode: await versionOf('opencode-ai'),
    quick,
  };
}

export function loadNow(): number {
  return Number((loadavg()[0] ?? 0).toFixed(2));
}

async function versionOf(name: string): Promise<string> {
  const file = join(repository, 'node_modules', name, 'package.json');
  return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version;
}
