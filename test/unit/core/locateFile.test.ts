import assert from 'node:assert/strict';
import { type FileLocation, locateFile } from '../../../src/core/locateFile.ts';

/** A disk: what leads to each path in the end; what is not named is not there. */
const locate = (path: string, folders: readonly string[], disk: Readonly<Record<string, string>>) =>
  locateFile(path, folders, (asked) => Promise.resolve(disk[asked]));

describe('Where a file lies that a text names', () => {
  const cases: readonly [
    what: string,
    path: string,
    folders: readonly string[],
    disk: Record<string, string>,
    location: FileLocation,
  ][] = [
    [
      'inside of a folder that was opened by another name (macOS)',
      '/tmp/w/a.ts',
      ['/tmp/w'],
      { '/tmp/w': '/private/tmp/w', '/tmp/w/a.ts': '/private/tmp/w/a.ts' },
      'inside',
    ],
    [
      'missing there',
      '/var/folders/T/a.ts',
      ['/var/folders/T'],
      { '/var/folders/T': '/private/var/folders/T' },
      'missing',
    ],
    [
      'outside by a link',
      '/tmp/w/a.ts',
      ['/tmp/w'],
      { '/tmp/w': '/private/tmp/w', '/tmp/w/a.ts': '/private/etc/passwd' },
      'outside',
    ],
    [
      'inside of a drive’s folder',
      'C:\\w\\a.ts',
      ['C:\\w'],
      { 'C:\\w': 'C:\\w', 'C:\\w\\a.ts': 'C:\\w\\a.ts' },
      'inside',
    ],
    [
      'inside, however the drive and the folder are written',
      'c:\\W\\a.ts',
      ['C:\\w'],
      { 'C:\\w': 'C:\\w', 'c:\\W\\a.ts': 'C:\\w\\a.ts' },
      'inside',
    ],
    ['outside of a drive’s folder of a longer name', 'C:\\wood\\a.ts', ['C:\\w'], {}, 'outside'],
    ['outside on another drive', 'D:\\w\\a.ts', ['C:\\w'], {}, 'outside'],
    ['inside of a whole drive', 'C:\\a.ts', ['C:\\'], { 'C:\\': 'C:\\', 'C:\\a.ts': 'C:\\a.ts' }, 'inside'],
    [
      'inside of a share, also where a drive stands for it',
      'Z:\\a.ts',
      ['Z:\\'],
      { 'Z:\\': '\\\\server\\share\\', 'Z:\\a.ts': '\\\\server\\share\\a.ts' },
      'inside',
    ],
    [
      'outside of a share, by a link of the folder',
      '\\\\server\\share\\a.ts',
      ['\\\\server\\share'],
      { '\\\\server\\share': '\\\\server\\share', '\\\\server\\share\\a.ts': 'C:\\Users\\me\\key' },
      'outside',
    ],
    [
      'outside where letters tell folders apart',
      '/W/a.ts',
      ['/w'],
      { '/w': '/w', '/W/a.ts': '/W/a.ts' },
      'outside',
    ],
  ];
  for (const [what, path, folders, disk, location] of cases) {
    it(`is ${what}: ${path}`, async () => {
      assert.equal(await locate(path, folders, disk), location);
    });
  }
});
