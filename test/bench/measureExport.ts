import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ExportFormat } from '../../src/flows/transfer/exportRequest.ts';
import type { ExportUse } from './exportProcess.ts';

const run = promisify(execFile);

/** What an export of a session of so many parts takes, in a process of its own. */
export async function measureExport(format: ExportFormat, parts: number): Promise<ExportUse> {
  const program = join(import.meta.dirname, 'exportProcess.ts');
  const { stdout } = await run(process.execPath, ['--expose-gc', program, format, String(parts)]);
  return JSON.parse(stdout) as ExportUse;
}
