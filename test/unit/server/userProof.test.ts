import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUserProof } from '../../../src/server/userProof.ts';

describe('the proof of a user', () => {
  const lines: string[] = [];
  const keep = (message: string): void => void lines.push(message);
  const log = { debug: keep, info: keep, warn: keep, error: keep };
  let storage: string;

  beforeEach(async () => {
    storage = join(await mkdtemp(join(tmpdir(), 'user-proof-')), 'not', 'there');
    lines.length = 0;
  });
  afterEach(() => rm(join(storage, '..', '..'), { recursive: true, force: true }));

  it('holds in all windows that share the storage, and for nobody else', () => {
    const made = createUserProof(storage, log).make(['relay', 'ses_1', { text: 'é' }]);
    const other = createUserProof(storage, log);
    assert.ok(other.holds(['relay', 'ses_1', { text: 'é' }], made));
    assert.ok(!other.holds(['relay', 'ses_2', { text: 'é' }], made));
    assert.ok(!other.holds(['relay', 'ses_1', { text: 'e' }], made));
    assert.ok(!other.holds(['relay', 'ses_1', { text: 'é' }], ''));
    assert.ok(!other.holds(['relay', 'ses_1', { text: 'é' }], undefined));
    const stranger = createUserProof(join(storage, 'elsewhere'), log);
    assert.ok(!stranger.holds(['relay', 'ses_1', { text: 'é' }], made));
  });

  it('is by a key that nobody else can read, with nothing left beside it', async function () {
    createUserProof(storage, log);
    assert.deepEqual(await readdir(storage), ['proof.key']);
    // Windows keeps files apart by who owns their folder.
    if (process.platform === 'win32') this.skip();
    assert.equal((await stat(join(storage, 'proof.key'))).mode & 0o777, 0o600);
  });

  it('goes on with another key where the file is no key', async () => {
    const before = createUserProof(storage, log).make([1]);
    await writeFile(join(storage, 'proof.key'), 'cut');
    const proof = createUserProof(storage, log);
    assert.ok(!proof.holds([1], before));
    assert.ok(createUserProof(storage, log).holds([1], proof.make([1])));
  });

  it('holds for this window alone where nothing can be kept, and says so', async () => {
    await rm(join(storage, '..', '..'), { recursive: true, force: true });
    await writeFile(join(storage, '..', '..'), 'a file, where the folder should be');
    const proof = createUserProof(storage, log);
    assert.ok(proof.holds([1], proof.make([1])));
    assert.ok(!createUserProof(storage, log).holds([1], proof.make([1])));
    assert.match(lines.join(), /cannot be kept/);
  });
});
