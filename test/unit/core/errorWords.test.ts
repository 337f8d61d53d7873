import assert from 'node:assert/strict';
import { Emitter } from '../../../src/core/event.ts';
import { describeBarrier } from '../../../src/core/turns/outcomeText.ts';
import type { RunEnd } from '../../../src/core/sessions/lastEnds.ts';
import { describeRefusal } from '../../../src/flows/prompting/refusal.ts';
import { notifyOfFinished } from '../../../src/views/finishedNotifications.ts';
import { aSession } from './builders.ts';
import { aStore } from './stores.ts';
import { assertLinear } from '../growth.ts';
import { errorWords } from '../../../src/core/errorWords.ts';
import { clampRunError, describeRunError } from '../../../src/core/entries/runErrorText.ts';

describe('What a provider said', () => {
  it('is the message of its body, however deep that stands', () => {
    const bodies: Readonly<Record<string, string>> = {
      '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}': 'Overloaded',
      '[{"error":{"code":400,"message":"API key not valid."}}]': 'API key not valid.',
      '{"error":"invalid_grant","error_description":"Token expired"}': 'invalid_grant',
      '{"detail":[{"loc":["body"],"msg":"field required"}]}': 'field required',
      '{"message":"{\\"error\\":{\\"message\\":\\"Inner\\"}}"}': 'Inner',
      'Bad Request: {"error":{"message":"No such model"}}': 'Bad Request: No such model',
      '400 {"error":{"message":"No such model"}}': 'No such model',
      '{"error":{"message":"Too long: 9': 'Too long: 9',
      'Expected { here': 'Expected { here',
      '{"a":1}': '{"a":1}',
      '<html>502</html>': '<html>502</html>',
      Overloaded: 'Overloaded',
      '': '',
    };
    for (const [body, words] of Object.entries(bodies)) assert.equal(errorWords(body), words, body);
  });

  it('stands in the sentence with one full stop, and none behind a bracket of code', () => {
    const describe = (message: string): string =>
      describeRunError({ name: 'APIError', data: { message, statusCode: 400 } });
    const behind = ' Send the prompt again, or choose another model.';
    assert.equal(describe('{"error":{"message":"No such model"}}'), `No such model.${behind}`);
    assert.equal(describe('{"error":{"message":"No."}}'), `No.${behind}`);
    assert.equal(describe('{"a":1}'), `{"a":1}${behind}`);
    const long = JSON.stringify({ error: { message: 'x'.repeat(300) } });
    const { text } = clampRunError({ name: 'APIError', data: { message: long, statusCode: 400 } }, 100);
    assert.equal(text, `${'x'.repeat(100)}…${behind}`);
  });

  it('is what every sentence about a failed run says, not the body that it stood in', () => {
    const data = { message: JSON.stringify({ error: { message: 'No such model' } }) };
    const outcome = { kind: 'failed', error: { name: 'APIError', data } } as const;
    const sessions = aStore([aSession({ id: 'ses_1' })]);
    const didMark = new Emitter<readonly RunEnd[]>();
    const told: string[] = [];
    notifyOfFinished({
      sessions,
      unread: { onDidMark: didMark.event },
      isWanted: () => true,
      results: { soon: () => Promise.resolve('Done.') },
      notify: ({ message }) => void told.push(message),
    });
    didMark.fire([{ sessionId: 'ses_1', outcome }]);
    const sentences = [...told, describeBarrier(outcome), describeRefusal(outcome.error).message];
    assert.equal(sentences.length, 3);
    for (const sentence of sentences) assert.match(sentence, /: No such model$/);
    assert.match(describeRefusal({ name: 'UnknownError', data: {} }).message, /: UnknownError$/);
  });

  it('takes the time of its length, whatever it is', () => {
    for (const piece of ['{', '[', '{"message":"', '{"message":"\\', '"']) {
      assertLinear(piece, 50_000, (text) => void errorWords(text));
    }
  });
});
