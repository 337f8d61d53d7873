import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDialects } from '../../../src/server/dialects.ts';
import { chooseDialect } from '../../../src/server/dialect/versions.ts';
import { createSessionProgram } from '../../../src/server/source/sessionProgram.ts';
import { dialectPorts } from './dialectPorts.ts';

describe('OpenCode’s program that exports a session', () => {
  let root = '';

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'program-'));
  });

  after(() => rm(root, { recursive: true, force: true }));

  /** What a program that prints this, and ends as if all were well, leaves in the file. */
  async function exportBy(printed: string): Promise<string> {
    const program = join(root, 'opencode');
    await writeFile(program, `#!/bin/sh\nprintf '%s' '${printed}'\n`);
    await chmod(program, 0o755);
    const dialect = chooseDialect(createDialects(dialectPorts()), '1.18.33', { managed: true });
    const file = join(root, 'session.json');
    await createSessionProgram({
      chooseProgram: async () => ({ program, dialect }),
      isManaged: () => true,
      environment: process.env,
      folder: root,
    }).exportSanitized('ses_1', file);
    return readFile(file, 'utf8');
  }

  it('has written all of it, whatever it says itself', async function () {
    if (process.platform === 'win32') this.skip();
    const whole = '{"info":{"id":"ses_1"},"messages":[{"info":{}}]}';
    assert.equal(await exportBy(whole), whole);
    for (const printed of [whole.slice(0, -4), '']) {
      await assert.rejects(exportBy(printed), /ended before it had written all/);
    }
  });
});
