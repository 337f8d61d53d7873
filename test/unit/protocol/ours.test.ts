import assert from 'node:assert/strict';
import * as z from 'zod';
import { metadataKey, oncePerRecord, withOurs } from '../../../src/protocol/ours.ts';

describe('What we keep with a session', () => {
  const read = oncePerRecord(z.object({ mark: z.string() }));

  it('is parsed once for each record', () => {
    const session = { metadata: { [metadataKey]: { mark: 'a' } } };
    const first = read(session);
    assert.deepEqual(first, { mark: 'a' });
    assert.equal(read(session), first);
    assert.deepEqual(read({ metadata: withOurs(session.metadata, { mark: 'b' }) }), { mark: 'b' });
  });

  it('is nothing where it cannot be read, however often it is asked for', () => {
    for (const kept of [undefined, null, 7, 'mark', [], { mark: 7 }]) {
      const session = { metadata: { [metadataKey]: kept } };
      assert.equal(read(session), undefined);
      assert.equal(read(session), undefined);
    }
    assert.equal(read({}), undefined);
  });

  it('leaves all else where something is added', () => {
    const metadata = { theirs: 1, [metadataKey]: { mark: 'a', more: 2 } };
    assert.deepEqual(withOurs(metadata, { mark: 'b' }), {
      theirs: 1,
      [metadataKey]: { mark: 'b', more: 2 },
    });
    assert.deepEqual(withOurs(undefined, { mark: 'b' }), { [metadataKey]: { mark: 'b' } });
  });
});
