import assert from 'node:assert/strict';
import { describeRunError } from '../../../src/core/entries/runErrorText.ts';
import { classifyRunError, type RunFailure, runRemedies } from '../../../src/core/turns/runRemedies.ts';
import type { RunError } from '../../../src/protocol/records.ts';
import { commandIds } from '../../../src/manifest.ts';

const apiError = (statusCode: number, isRetryable?: boolean): RunError => ({
  name: 'APIError',
  data: { message: 'No.', statusCode, ...(isRetryable === undefined ? {} : { isRetryable }) },
});
const missing = (message: string): RunError => ({ name: 'UnknownError', data: { message } });

/** As 1.18.33 tells it, the second time with where it failed. */
const missingModels = [
  missing('Model not found: made/nope.'),
  missing('Model not found: made/nope. Did you mean: one?'),
  missing(
    'ProviderModelNotFoundError: Model not found: made/nope.\n    at <anonymous> (/$bunfs/root/a.js:1:2)',
  ),
];

const errors: readonly (readonly [RunError, RunFailure])[] = [
  [{ name: 'ProviderAuthError', data: { providerID: 'made', message: 'No key.' } }, 'auth'],
  [apiError(401), 'auth'],
  [apiError(403), 'auth'],
  [apiError(402), 'credit'],
  [apiError(404), 'model'],
  [apiError(413), 'overflow'],
  [apiError(429), 'busy'],
  [apiError(529), 'busy'],
  [apiError(400), 'other'],
  [apiError(400, true), 'busy'],
  [{ name: 'ContextOverflowError', data: {} }, 'overflow'],
  [{ name: 'MessageOutputLengthError', data: {} }, 'length'],
  [{ name: 'MessageAbortedError', data: {} }, 'stopped'],
  [{ name: 'ConfigInvalidError', data: {} }, 'configuration'],
  [{ name: 'ProviderInitError', data: {} }, 'configuration'],
  [{ name: 'NobodyKnows', data: {} }, 'other'],
  ...missingModels.map((error) => [error, 'model'] as const),
];

const remediesOf = (error: RunError, providerId?: string) =>
  runRemedies(error, { sessionId: 'ses_1', providerId });

describe('What helps after a run that failed', () => {
  for (const [error, failure] of errors) {
    it(`is found for ${error.name} ${error.data.statusCode ?? ''}: ${failure}`, () => {
      assert.equal(classifyRunError(error), failure);
      const remedies = remediesOf(error);
      assert.ok(remedies.length > 0);
      const commands = new Set<string>([...commandIds, 'workbench.action.openSettings']);
      assert.deepEqual(
        remedies.filter(({ command }) => !commands.has(command)),
        [],
      );
      assert.equal(new Set(remedies.map(({ command }) => command)).size, remedies.length);
    });
  }

  it('names the session, and whom to sign in to', () => {
    const [signIn, otherModel, retry] = remediesOf(apiError(401), 'made');
    assert.deepEqual(signIn, {
      title: 'Sign In…',
      command: 'opencodeSessions.provider.connect',
      arguments: [{ providerId: 'made' }],
    });
    assert.deepEqual(otherModel?.arguments, [{ sessionId: 'ses_1' }]);
    assert.equal(retry?.command, 'opencodeSessions.session.retry');
  });

  it('is about the provider that the error names, also by its model', () => {
    const [refused] = errors[0] ?? assert.fail();
    for (const error of [refused, ...missingModels]) {
      const connect = remediesOf(error, 'another').find(({ command }) =>
        command.endsWith('provider.connect'),
      );
      assert.deepEqual(connect?.arguments, [{ providerId: 'made' }]);
    }
  });

  it('is told in words without the insides of the server', () => {
    for (const error of missingModels) {
      assert.equal(
        describeRunError(error),
        'OpenCode has no model “made/nope”. Choose another model, or connect its provider.',
      );
    }
  });
});
