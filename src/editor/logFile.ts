import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of its end. */
const most = 64 * 1024;

/** The end of the newest log in that folder, from a whole line on; empty where there is none. */
export async function readLogEnd(folder: string): Promise<string> {
  const names = await readdir(folder).catch((): string[] => []);
  const files = names.filter((name) => name.endsWith('.log')).map((name) => join(folder, name));
  const dated = await Promise.all(files.map(async (file) => ({ file, changed: (await stat(file)).mtimeMs })));
  const [newest] = dated.toSorted((one, other) => other.changed - one.changed);
  return newest === undefined ? '' : readEnd(newest.file);
}

async function readEnd(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - most);
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(size - start), position: start });
    const text = buffer.toString('utf8', 0, bytesRead);
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await handle.close();
  }
}
