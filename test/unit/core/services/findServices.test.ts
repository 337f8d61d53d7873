import assert from 'node:assert/strict';
import { findServices, serviceLimits } from '../../../../src/core/services/findServices.ts';
import { ServiceMap } from '../../../../src/core/services/serviceFolders.ts';
import { parseServiceGlobs } from '../../../../src/core/services/serviceGlobs.ts';

/** A tree of files, by their paths. */
function lister(files: readonly string[]) {
  const looked: string[] = [];
  const list = async (path: string) => {
    looked.push(path);
    const below = files.filter((file) => path === '' || file.startsWith(`${path}/`));
    const rests = below.map((file) => (path === '' ? file : file.slice(path.length + 1)));
    const names = new Map(rests.map((rest) => [rest.split('/')[0] ?? '', rest.includes('/')]));
    return [...names].map(([name, isFolder]) => ({ name, isFolder }));
  };
  return { list, looked };
}

const nothing = () => false;

describe('the services of a folder', () => {
  it('are its folders with a marker file, and what lies in one of them is its own part', async () => {
    const { list, looked } = lister([
      'package.json',
      'services/api/go.mod',
      'services/api/client/package.json',
      'services/web/Dockerfile',
      'services/web/node_modules/x/package.json',
      'docs/readme.md',
      '.hidden/package.json',
      'node_modules/y/package.json',
      'secret/package.json',
      'a/b/c/d/e/package.json',
      'a/b/c/f/Cargo.toml',
    ]);
    const found = await findServices({ list, isExcluded: (path) => path === 'secret' });
    assert.deepEqual(found, { paths: ['a/b/c/f', 'services/api', 'services/web'], isPartial: false });
    assert.ok(!looked.includes('node_modules') && !looked.includes('secret') && !looked.includes('.hidden'));
  });

  it('are those that a person named, also one in another and without a marker', async () => {
    const { list } = lister(['services/api/x.ts', 'services/api/admin/y.ts', 'tools/package.json']);
    const isNamed = (path: string) => ['services/api', 'services/api/admin'].includes(path);
    const { paths } = await findServices({ list, isNamed, isExcluded: nothing });
    assert.deepEqual(paths, ['services/api', 'services/api/admin']);
    const map = new ServiceMap(paths.map((name) => ({ name, directory: `/work/${name}`, root: '/work' })));
    assert.equal(map.of('/work/services/api/admin/src')?.name, 'services/api/admin', 'the deepest one');
    assert.equal(map.of('/work/services/api')?.name, 'services/api');
    assert.equal(map.of('/work/services/api2'), undefined, 'a name that only begins so is another folder');
  });

  it('are looked for in so many folders, and not without end', async () => {
    const many = Array.from({ length: serviceLimits.services + 20 }, (_, at) => `s${at}/go.mod`);
    const found = await findServices({ ...lister(many), isExcluded: nothing });
    assert.equal(found.paths.length, serviceLimits.services);
    assert.equal(found.isPartial, true);
    let looks = 0;
    const endless = async () => {
      looks += 1;
      return Array.from({ length: 100 }, (_, at) => ({ name: `f${at}`, isFolder: true }));
    };
    assert.equal((await findServices({ list: endless, isExcluded: nothing })).isPartial, true);
    assert.equal(looks, serviceLimits.looks);
  });
});

describe('the setting that names services', () => {
  it('says nothing where it is empty or absent, and takes globs as people write them', () => {
    assert.deepEqual(parseServiceGlobs(undefined), { faults: [] });
    assert.deepEqual(parseServiceGlobs([]), { faults: [] });
    assert.deepEqual(parseServiceGlobs(['./services/*/', 'apps/{web,api}']), {
      globs: ['services/*', 'apps/{web,api}'],
      faults: [],
    });
  });

  it('says of each entry what is wrong with it, and goes by the others', () => {
    const { globs, faults } = parseServiceGlobs([
      'services/*',
      7,
      ' ',
      '/etc',
      'C:/work',
      '../other/*',
      'a\\b',
      'apps/[web',
      'x'.repeat(400),
      `${'*a'.repeat(8)}b`,
      `${'**/a/'.repeat(6)}b`,
    ]);
    assert.deepEqual(globs, ['services/*']);
    const ends = [
      'no text',
      'no folder',
      'from the workspace',
      'from the workspace',
      'leads out',
      'slashes',
      'no end',
      'too long',
      'too many stars',
      'too many stars',
    ];
    assert.equal(faults.length, ends.length);
    for (const [index, end] of ends.entries()) assert.ok(faults[index]?.includes(end), faults[index]);
    assert.deepEqual(parseServiceGlobs(['**/services/*/*/pkg-*/*']).faults, []);
    assert.match(parseServiceGlobs('services/*').faults.join(), /is a list of globs/);
  });
});
