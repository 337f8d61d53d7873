import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { OpencodeClient } from '@opencode-ai/sdk/v2/client';
import { Problem } from '../../../src/core/errors.ts';
import { SignIn118 } from '../../../src/server/openCode118/signIn118.ts';

const key = 'sk-of-a-person';

/** A client whose every call is answered so. */
const answering = (data: unknown, status = 200) => {
  const answer = async () =>
    status < 400
      ? { data, response: Response.json(null, { status }) }
      : { error: data, response: Response.json(null, { status }) };
  const calls = { list: answer, auth: answer, set: answer, oauth: { authorize: answer, callback: answer } };
  return new SignIn118({ provider: calls, auth: calls } as unknown as OpencodeClient);
};

describe('Signing in through 1.18', () => {
  for (const [what, body] of [
    ['its sentence', { message: `"${key}" is no key` }],
    ['what lies beneath', { name: 'BadRequest', data: { field: 'key' }, body: { key } }],
  ] as const) {
    it(`has no key in what went wrong, also where the server quotes it in ${what}`, async () => {
      const server = answering(body, 400);
      for (const act of [
        () => server.setProviderKey('made', key, {}),
        () => server.completeSignIn('/work', 'made', 0, key),
      ]) {
        await assert.rejects(act(), (error) => {
          assert.ok(error instanceof Problem);
          assert.ok(!inspect(error, { depth: 9 }).includes(key));
          return true;
        });
      }
    });
  }

  it('keeps what lies beneath where no key is in it', async () => {
    await assert.rejects(answering({ message: 'No.' }, 400).setProviderKey('made', key, {}), (error) => {
      assert.ok(error instanceof Problem);
      assert.deepEqual(
        [error.message, error.cause],
        ['The OpenCode server refused: No.', { message: 'No.' }],
      );
      return true;
    });
  });

  it('reads no key of what the server tells of its providers', async () => {
    const list = { all: [{ id: 'made', name: 'Made', key, options: { apiKey: key } }], connected: ['made'] };
    const methods = {
      made: [
        { type: 'passkey', label: 'Nobody knows this' },
        { type: 'oauth', label: 'Page' },
      ],
    };
    const server = new SignIn118({
      provider: {
        list: async () => ({ data: list, response: new Response() }),
        auth: async () => ({ data: methods, response: new Response() }),
      },
    } as unknown as OpencodeClient);
    const known = await server.listKnownProviders('/work');
    assert.ok(!inspect(known, { depth: 9 }).includes(key));
    assert.deepEqual(known, [
      {
        id: 'made',
        name: 'Made',
        env: [],
        isConnected: true,
        modelCount: 0,
        // The number is that of the server's own list.
        ways: [{ method: 1, kind: 'browser', label: 'Page', prompts: [] }],
      },
    ]);
  });

  it('reads of lists what can be read, and offers a key where it is not known how one signs in', async () => {
    const wayOf = async (auth: () => Promise<unknown>) => {
      const list = { all: [{ id: 'bad' }, { id: 'made', name: 'Made' }, 7], connected: [3, 'made'] };
      const server = new SignIn118({
        provider: { list: async () => ({ data: list, response: new Response() }), auth },
      } as unknown as OpencodeClient);
      const known = await server.listKnownProviders('/work');
      assert.deepEqual(
        known.map(({ id, isConnected }) => [id, isConnected]),
        [['made', true]],
      );
      return known[0]?.ways;
    };
    const methods = { other: 'none', made: [{ label: 5 }, { type: 'oauth', label: 'Page' }] };
    assert.deepEqual(await wayOf(async () => ({ data: methods, response: new Response() })), [
      { method: 1, kind: 'browser', label: 'Page', prompts: [] },
    ]);
    const plain = [{ kind: 'key', label: '', prompts: [] }];
    assert.deepEqual(await wayOf(async () => ({ data: 'none', response: new Response() })), plain);
    const refused = async () => ({ error: {}, response: Response.json(null, { status: 500 }) });
    assert.deepEqual(await wayOf(refused), plain);
  });

  for (const [name, sentence] of [
    ['ProviderAuthOauthCallbackFailed', /did not accept the sign-in/],
    ['ProviderAuthOauthCodeMissing', /wants the code/],
    ['ProviderAuthOauthMissing', /Begin again/],
    ['ProviderAuthValidationFailed', /cannot be used to sign in: Not there/],
  ] as const) {
    it(`says ${name} in a sentence`, async () => {
      const server = answering({ name, data: { message: 'Not there' } }, 400);
      await assert.rejects(server.completeSignIn('/work', 'made', 0, 'code'), sentence);
    });
  }
});
