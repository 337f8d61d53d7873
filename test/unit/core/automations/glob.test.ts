import assert from 'node:assert/strict';
import { type Glob, matchesPath, matchesText, parseGlob } from '../../../../src/core/automations/glob.ts';

function glob(text: string): Glob {
  const parsed = parseGlob(text);
  assert.ok(typeof parsed !== 'string', text);
  return parsed;
}

const meansPath = (pattern: string, path: string): boolean => matchesPath(glob(pattern), path);

describe('a pattern of an automation', () => {
  it('means the end of a path unless it begins at its root', () => {
    assert.ok(meansPath('services/*', '/work/shop/services/api'));
    assert.ok(!meansPath('services/*', '/work/shop/services'));
    assert.ok(!meansPath('services/*', '/work/shop/services/api/src'));
    assert.ok(!meansPath('services/*', '/work/shop/myservices/api'));
    assert.ok(meansPath('/work/**', '/work/shop/services/api'));
    assert.ok(!meansPath('/shop/**', '/work/shop/services/api'));
    assert.ok(meansPath(String.raw`C:\work\*`, String.raw`C:\work\shop`));
    assert.ok(meansPath(String.raw`C:\work\*`, String.raw`c:\work\shop`));
    assert.ok(meansPath('./services/*', '/work/shop/services/api'));
  });

  it('knows stars, folders, marks, classes and alternatives', () => {
    assert.ok(meansPath('services/**', '/work/services/api/src/index.ts'));
    assert.ok(meansPath('**', '/work/a.ts'));
    assert.ok(meansPath('src/**/*.{ts,tsx}', '/work/src/a.ts'));
    assert.ok(meansPath('src/**/*.{ts,tsx}', '/work/src/a/b.tsx'));
    assert.ok(!meansPath('src/**/*.{ts,tsx}', '/work/src/a/b.js'));
    assert.ok(meansPath('a?.[jt]s', '/x/ab.ts'));
    assert.ok(!meansPath('a?.[!j]s', '/x/ab.js'));
    assert.ok(meansPath('*.ts', '/x/a.b.ts'));
  });

  it('means names and titles in any letters', () => {
    assert.ok(matchesText(glob('Release *'), 'release 1.2/rc'));
    assert.ok(!matchesText(glob('plan'), 'planner'));
  });

  it('says what is wrong with it', () => {
    for (const wrong of [
      '',
      '../services/*',
      'services/../*',
      'services/./*',
      '.',
      'a{b',
      'a}b',
      'a{b{c}}',
      '[abc',
      'x'.repeat(400),
      '{a,b,c,d}{a,b,c,d}{a,b,c,d}',
    ]) {
      assert.equal(typeof parseGlob(wrong), 'string', wrong);
    }
  });

  it('is matched in no time that grows with more than its length and that of the path, however it is written', function () {
    // Tried in all ways, either would take longer than anybody waits.
    this.timeout(60_000);
    assert.ok(!meansPath(`${'*a'.repeat(60)}b`, `/${'a'.repeat(500)}`));
    assert.ok(!meansPath(`${'**/a/'.repeat(30)}b`, '/a'.repeat(300)));
  });
});
