import assert from 'node:assert/strict';
import { parseJsonc } from '../../../../src/core/theme/parseJsonc.ts';

describe('JSON as people write it', () => {
  it('may hold comments and commas behind the last', () => {
    const text = `\uFEFF{
      // the name
      "name": "Night", /* and
      its rules */ "rules": [1, 2, // two
      ],
    }`;
    assert.deepEqual(parseJsonc(text), { name: 'Night', rules: [1, 2] });
  });

  it('keeps in its texts what looks like either', () => {
    const value = { url: 'https://example.com', star: '/* no comment */', list: ',]', quote: '\\" // ,}' };
    assert.deepEqual(parseJsonc(JSON.stringify(value)), value);
  });

  it('is refused where it is broken', () => {
    assert.throws(() => parseJsonc('{ "name": '), SyntaxError);
    assert.throws(() => parseJsonc('{ "name" "Night" }'), SyntaxError);
  });
});
