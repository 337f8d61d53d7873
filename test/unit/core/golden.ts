import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'golden');

/** Compares with `test/unit/golden/<name>.md` exactly; `UPDATE_GOLDEN=1` writes the file instead. */
export function assertGolden(name: string, actual: string): void {
  const path = join(folder, `${name}.md`);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, `${actual}\n`);
  assert.equal(`${actual}\n`, readFileSync(path, 'utf8'));
}
