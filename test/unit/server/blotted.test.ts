import assert from 'node:assert/strict';
import { blotBytes, blotText } from '../../../src/server/http/blotted.ts';

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
});
