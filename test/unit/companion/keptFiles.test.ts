import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeptFiles } from '../../../src/companion/executor/keptFiles.ts';

const quiet = (): void => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

describe('what the companion keeps of a folder', () => {
  let storage: string;
  const open = (directory = '/a'): KeptFiles => new KeptFiles(storage, directory, log);

  beforeEach(async () => (storage = await mkdtemp(join(tmpdir(), 'kept-'))));
  afterEach(() => rm(storage, { recursive: true }));

  it('is there for the next server, and known by its names', async () => {
    const kept = open();
    assert.deepEqual(kept.keys('findings.'), []);
    await kept.update('findings.ses_1', [1]);
    await kept.update('other', 2);
    assert.deepEqual(open().keys('findings.'), ['findings.ses_1']);
    assert.deepEqual(open().get('findings.ses_1', []), [1]);
    assert.deepEqual(open('/b').keys(''), [], 'another folder keeps its own');
  });

  it('leaves nothing behind where there is nothing any more', async () => {
    const kept = open();
    await kept.update('findings.ses_1', [1]);
    await kept.update('findings.ses_1', undefined);
    assert.equal(kept.get('findings.ses_1', 'none'), 'none');
    assert.deepEqual(open().keys(''), []);
    const [folder = ''] = await readdir(join(storage, 'companion'));
    assert.deepEqual(await readdir(join(storage, 'companion', folder)), []);
  });
});
