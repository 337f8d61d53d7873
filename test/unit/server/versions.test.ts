import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseDialect, IncompatibleProblem, newestBefore } from '../../../src/server/dialect/versions.ts';
import { createDialects } from '../../../src/server/dialects.ts';
import { dialectPorts } from './dialectPorts.ts';

const dialects = createDialects(dialectPorts());
const [first, second] = dialects;
const { installCommand } = first;

const refusal = (version: string, managed = true): IncompatibleProblem => {
  try {
    chooseDialect(dialects, version, { managed });
  } catch (error) {
    assert.ok(error instanceof IncompatibleProblem);
    return error;
  }
  return assert.fail(`${version} is not refused`);
};

describe('The version of OpenCode', () => {
  for (const version of [
    '1.18.0',
    '1.18.33',
    '1.18.40-beta.1',
    '1.19.0',
    'v1.19.1',
    '1.19.0-beta.2',
    '1.19',
    ' 1.19.4\n',
  ]) {
    it(`is spoken with as ${JSON.stringify(version)}, without a word`, () => {
      const dialect = chooseDialect(dialects, version, { managed: true });
      assert.equal(newestBefore(dialect, version), undefined);
    });
  }

  for (const version of ['1.20.0', 'v1.20.3', '1.20.0-rc.1', '1.180.0', '1.99.1+build']) {
    it(`is spoken with as ${version}, and known to be newer`, () => {
      const dialect = chooseDialect(dialects, version, { managed: true });
      assert.equal(newestBefore(dialect, version), '1.19');
    });
  }

  for (const [version, name, words] of [
    ['3.0.0', 'OpenCode 3.0.0', /generation/],
    ['v3.0.0-beta.1', 'OpenCode 3.0.0-beta.1', /generation/],
    ['3.x', 'OpenCode 3.x', /generation/],
    ['10.0.0', 'OpenCode 10.0.0', /generation/],
    ['1.17.9', 'OpenCode 1.17.9', /too old/],
    ['1.1.18', 'OpenCode 1.1.18', /too old/],
    ['0.1.18', 'OpenCode 0.1.18', /too old/],
    ['local', '“local”', /does not tell/],
    ['0.0.0-dev-202611280930', '“0.0.0-dev-202611280930”', /does not tell/],
    ['', '“”', /does not tell/],
    ['119.0', 'OpenCode 119.0', /generation/],
    ['1.x', '“1.x”', /does not tell/],
    ['1', '“1”', /does not tell/],
    ['latest', '“latest”', /does not tell/],
  ] as const) {
    it(`is refused by its name as ${JSON.stringify(version)}, with what to do`, () => {
      const here = refusal(version);
      assert.equal(here.version, version);
      assert.ok(here.message.includes(name), here.message);
      assert.match(here.message, words);
      assert.match(here.message, /1\.18, 1\.19 and 2\.0 from 2\.0\.5 on/);
      assert.ok(here.message.includes(installCommand));
      assert.equal(here.remedy?.command, 'workbench.action.openSettings');
      const there = refusal(version, false);
      assert.match(there.message, /Start one of these there/);
      assert.equal(there.remedy?.command, 'opencodeSessions.server.connect');
    });
  }

  it('is short in a sentence, however long a server makes it', () => {
    assert.ok(refusal(`3.0.0-${'x'.repeat(5_000)}`).message.length < 420);
  });

  it('is one of 2.x that keeps metadata with sessions, else it is told how the newest is installed', () => {
    assert.ok(second !== undefined);
    assert.equal(chooseDialect(dialects, '2.0.5', { managed: true }), second);
    const { message } = refusal('2.0.4');
    assert.match(message, /OpenCode 2\.0\.4 is too old/);
    assert.ok(message.includes(second.installCommand), message);
  });

  it('is installed as the newest of the generation that is spoken with, also where the view tells how', () => {
    assert.equal(installCommand, 'npm install -g opencode-ai@1');
    const { contributes } = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', '..', '..', 'package.json'), 'utf8'),
    ) as { contributes: { viewsWelcome: { contents: string }[] } };
    const [welcome, ...others] = contributes.viewsWelcome.filter(({ contents }) => contents.includes('npm '));
    assert.ok(welcome?.contents.includes(`\n${installCommand}\n`));
    assert.equal(others.length, 0);
  });

  it('is tried up to the one that is named where a later one is used', () => {
    assert.equal(newestBefore(first, '1.19.99'), undefined);
  });
});
