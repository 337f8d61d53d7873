import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const repository = join(import.meta.dirname, '..', '..');

/** The extension as it was built at this moment, so that a build that goes on meanwhile cannot pull it away. */
export interface ExtensionCopy {
  readonly folder: string;
  remove(): Promise<void>;
}

export async function copyExtension(): Promise<ExtensionCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'extension-copy-'));
  for (const part of ['package.json', 'dist', 'media']) {
    await cp(join(repository, part), join(folder, part), { recursive: true });
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
