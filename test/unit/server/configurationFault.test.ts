import assert from 'node:assert/strict';
import {
  readConfigurationOutput,
  readConfigurationRefusal,
  withoutQuotedFile,
} from '../../../src/server/openCode118/configurationFault.ts';

// Recorded from OpenCode 1.18.33.
const quoted = `
--- JSONC Input ---
{ "apiKey": "sk-secret",

--- Errors ---
PropertyNameExpected at line 2, column 1
CloseBraceExpected at line 2, column 1
--- End ---`;
const file = '/work/opencode.json';

describe('What OpenCode says of a configuration that it cannot read', () => {
  it('is the file and the first error, from an answer about a file that is no JSON', () => {
    const problem = readConfigurationRefusal({
      name: 'ConfigJsonError',
      data: { path: file, message: quoted },
    });
    assert.equal(problem?.file, file);
    assert.match(problem.message, /opencode\.json: PropertyNameExpected at line 2, column 1\. /);
    assert.equal(problem.remedy?.title, 'Open opencode.json');
    assert.equal(String(problem.remedy.arguments?.[0]), 'file:///work/opencode.json');
  });

  it('is the field, from an answer about a file that says what is not known', () => {
    const issues = [{ path: ['agent', 'plan'], message: 'Expected object, got 5' }];
    const problem = readConfigurationRefusal({ name: 'ConfigInvalidError', data: { path: file, issues } });
    assert.match(problem?.message ?? '', /opencode\.json: agent\.plan: Expected object, got 5\. /);
  });

  it('has no text of the file in what goes into the log', () => {
    const refused = readConfigurationRefusal({
      name: 'ConfigJsonError',
      data: { path: file, message: quoted },
    });
    const printed = readConfigurationOutput(`Config file at ${file} is not valid JSON(C): ${quoted}`);
    for (const problem of [refused, printed]) {
      assert.match(String(problem?.cause), /CloseBraceExpected/);
      assert.doesNotMatch(`${problem?.message} ${String(problem?.cause)}`, /secret/);
    }
    assert.doesNotMatch(withoutQuotedFile('--- JSONC Input ---\n"sk-secret'), /secret/);
  });

  it('is nothing in an answer about something else', () => {
    assert.equal(readConfigurationRefusal({ name: 'UnknownError', data: { message: 'no' } }), undefined);
    assert.equal(readConfigurationRefusal(undefined), undefined);
  });

  for (const [what, said, reason] of [
    ['no JSON', `Config file at ${file} is not valid JSON(C): ${quoted}`, /PropertyNameExpected at line 2/],
    ['invalid', `Configuration is invalid at ${file}\n↳ Expected string, got 5 model`, /got 5 model/],
  ] as const) {
    it(`is the file and the reason in what a server printed before it ended, when it is ${what}`, () => {
      const problem = readConfigurationOutput(
        `Warning: something\n\u001b[91m\u001b[1mError: \u001b[0m${said}`,
      );
      assert.equal(problem?.file, file);
      assert.match(problem.message, reason);
    });
  }

  it('is nothing in other output', () => {
    assert.equal(readConfigurationOutput('Error: the database is locked'), undefined);
  });
});
