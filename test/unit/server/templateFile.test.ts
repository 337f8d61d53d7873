import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../../../src/core/errors.ts';
import { listTemplateFiles, readTemplateFile } from '../../../src/server/templateFile.ts';

describe('A template in the folder', () => {
  let root = '';
  let folder = '';
  let prompts = '';
  let template = '';

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'template-'));
    folder = join(root, 'shop');
    prompts = join(folder, '.opencode', 'prompts');
    template = join(prompts, 'handoff.md');
    await mkdir(prompts, { recursive: true });
    await writeFile(join(root, 'key'), 'a key of the person');
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  const read = (): Promise<string | undefined> => readTemplateFile(folder, 'handoff');
  const refusal = (words: RegExp) => (error: unknown) =>
    error instanceof Problem && words.test(error.message);

  it('is read, also where the folder was opened by a link or the template is one within it', async () => {
    await writeFile(join(folder, 'shared.md'), 'Go on with {{goal}}');
    await symlink(join('..', '..', 'shared.md'), template);
    assert.equal(await read(), 'Go on with {{goal}}');
    await symlink(folder, join(root, 'link'));
    assert.equal(await readTemplateFile(join(root, 'link'), 'handoff'), 'Go on with {{goal}}');
    assert.equal(await readTemplateFile(`${folder}/`, 'handoff'), 'Go on with {{goal}}');
  });

  it('is listed with the others that begin so; what is no text is refused', async () => {
    assert.deepEqual(await listTemplateFiles(root, 'brief'), []);
    for (const name of ['brief.md', 'brief-endpoint.md', 'brief.txt', 'other.md']) {
      await writeFile(join(prompts, name), name === 'brief.md' ? 'a\0b' : 'text');
    }
    assert.deepEqual(await listTemplateFiles(folder, 'brief'), ['brief', 'brief-endpoint']);
    await assert.rejects(readTemplateFile(folder, 'brief'), refusal(/is no text/));
  });

  it('need not be there', async () => {
    assert.equal(await read(), undefined);
    await symlink(join(root, 'nowhere'), template);
    assert.equal(await read(), undefined);
    assert.equal(await readTemplateFile(root, 'handoff'), undefined);
  });

  it('is not read out of the folder, whatever of it is a link', async () => {
    await symlink(join(root, 'key'), template);
    await assert.rejects(read(), refusal(/leads out of the folder/));
    await rm(join(folder, '.opencode'), { recursive: true });
    await mkdir(join(root, 'prompts'));
    await writeFile(join(root, 'prompts', 'handoff.md'), 'from elsewhere');
    await symlink(root, join(folder, '.opencode'));
    await assert.rejects(read(), refusal(/leads out of the folder/));
    await rm(join(folder, '.opencode'));
    await mkdir(join(folder, '.opencode'));
    await symlink(join(root, 'prompts'), prompts);
    await assert.rejects(read(), refusal(/leads out of the folder/));
  });

  it('is not read out of a folder of a longer name', async () => {
    await mkdir(join(root, 'shop-keys'));
    await writeFile(join(root, 'shop-keys', 'key'), 'a key of the person');
    await symlink(join(root, 'shop-keys', 'key'), template);
    await assert.rejects(read(), refusal(/leads out of the folder/));
  });

  it('is a file, and none without an end', async () => {
    await mkdir(template);
    await assert.rejects(read(), refusal(/no file that can be read/));
    await rm(template, { recursive: true });
    if (process.platform === 'win32') return;
    execFileSync('mkfifo', [template]);
    await assert.rejects(read(), refusal(/no file that can be read/));
    await rm(template);
    await symlink('/dev/zero', template);
    await assert.rejects(read(), refusal(/leads out of the folder/));
  });

  it('has one megabyte at most', async () => {
    await writeFile(template, 'x'.repeat(1024 * 1024));
    assert.equal((await read())?.length, 1024 * 1024);
    await writeFile(template, 'x'.repeat(1024 * 1024 + 1));
    await assert.rejects(read(), refusal(/longer than 1 MB/));
  });
});
