import assert from 'node:assert/strict';
import * as z from 'zod';
import { Problem, UnavailableProblem } from '../../../src/core/errors.ts';
import { readAnswer } from '../../../src/server/openCode118/answer.ts';

describe('A refused request', () => {
  const refusal = (status: number, body: unknown = ''): Problem => {
    try {
      readAnswer({ error: body, response: new Response(undefined, { status }) }, z.unknown());
    } catch (error) {
      if (error instanceof Problem) return error;
    }
    return assert.fail('it was not refused');
  };

  for (const status of [400, 401, 404, 409]) {
    it(`was not acted upon where the answer is ${status}`, () => {
      assert.equal(refusal(status).mayHaveArrived, false);
    });
  }

  for (const status of [500, 502, 503, 504]) {
    it(`may have been acted upon all the same where the answer is ${status}`, () => {
      assert.equal(refusal(status).mayHaveArrived, true);
    });
  }

  it('may have been acted upon where what came back cannot be read', () => {
    const read = () => readAnswer({ data: {}, response: new Response() }, z.array(z.string()));
    assert.throws(read, (error) => error instanceof Problem && error.mayHaveArrived);
  });

  it('is told in the words of its body, also where that is the body of somebody else', () => {
    const inner = JSON.stringify({ error: { message: 'No such thing' } });
    assert.match(
      refusal(400, { name: 'UnknownError', data: { message: inner } }).message,
      /: No such thing$/,
    );
  });

  it('has no server to go to where a gateway answers', () => {
    assert.ok(refusal(503) instanceof UnavailableProblem);
  });
});
