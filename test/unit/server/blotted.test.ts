import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { blotBytes, blotText } from '../../../src/server/http/blotted.ts';
import { authorizationHeader } from '../../../src/server/http/endpoint.ts';

describe('The password of a server, in what the server says', () => {
  const endpoint = { url: '', username: 'opencode', password: 'jKqk-kcHXRw7fQ-cpXqiw7WyEJWI5_U1' };
  const blotted = (text: string, password = endpoint.password): string => {
    const bytes = Buffer.from(text);
    blotBytes(bytes, { ...endpoint, password });
    assert.equal(bytes.toString(), blotText(text, { password }));
    return bytes.toString();
  };

  it('is written over wherever it stands', () => {
    const { password } = endpoint;
    assert.equal(blotted(`{"ü":"${password}${password}\\n"}`), `{"ü":"${'*'.repeat(64)}\\n"}`);
    assert.equal(blotted('nothing of it'), 'nothing of it');
  });

  it('stays where it may be a word like any other', () => {
    assert.equal(blotted('{"type":"text"}', 'text'), '{"type":"text"}');
    assert.equal(blotted('{"type":"text"}', ''), '{"type":"text"}');
    assert.equal(
      blotted('"a sentence as a password"', 'a sentence as a password'),
      '"a sentence as a password"',
    );
  });

  // What a person can name a user by, and what else stands around it, moves it within the groups of base64.
  for (const user of ['opencode', 'me', 'a', 'ab', 'abc', 'üser', '']) {
    it(`is written over in the header that lets "${user}" in, also within an address`, () => {
      const { authorization = '' } = authorizationHeader({ ...endpoint, username: user });
      for (const header of [authorization, encodeURIComponent(authorization), `x${authorization}\n`]) {
        const left = blotted(header);
        assert.equal(left.length, header.length);
        assert.match(left, /(?<!\*)\*{41,42}(?!\*)/);
      }
    });
  }

  it('is written over in the base64 of a whole environment, also in that of addresses', () => {
    const environment = `PATH=/bin>?\nOPENCODE_SERVER_PASSWORD=${endpoint.password}\nHOME=/~>?`;
    for (const before of ['', '1', '12']) {
      for (const encoding of ['base64', 'base64url'] as const) {
        const left = blotted(Buffer.from(`${before}${environment}`).toString(encoding));
        assert.match(left, /^[\w+/-]+\*{41,42}[\w+/=-]+$/);
      }
    }
  });

  it('is written over in base64 whatever signs it has', () => {
    const signs = fc.string({
      unit: fc.constantFrom('-', '_', '0', '9', 'a', 'z', 'A', 'Z'),
      minLength: 24,
      maxLength: 60,
    });
    fc.assert(
      fc.property(signs, fc.string(), fc.string(), (password, before, after) => {
        const left = blotted(Buffer.from(`${before}${password}${after}`).toString('base64'), password);
        assert.ok(left.includes('*'.repeat(Math.floor((password.length * 8) / 6) - 1)), left);
      }),
    );
  });

  it('has no sign in base64 that an address would write otherwise', () => {
    const all = '-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
    for (const first of all) {
      for (const second of all) {
        const text = `${first}${second}`.repeat(6);
        for (const moved of [text, text.slice(1), `a${text}`]) {
          assert.match(Buffer.from(moved).toString('base64'), /^\w+=*$/);
        }
      }
    }
  });
});
