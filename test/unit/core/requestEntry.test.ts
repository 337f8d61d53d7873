import assert from 'node:assert/strict';
import { buildRequestEntries, readPermissionDetail } from '../../../src/core/transcript/requestEntry.ts';
import { PermissionRequest } from '../../../src/protocol/records.ts';

describe('a request for permission', () => {
  it('tells the beginning of a long detail, of which the whole can be read', () => {
    const diff = `@@ -0,0 +1,9000 @@\n${'+\n'.repeat(9000)}+the end`;
    const request = PermissionRequest.parse({
      id: 'per_1',
      sessionID: 'ses_1',
      permission: 'edit',
      patterns: ['a.txt'],
      metadata: { filepath: '/w/a.txt', diff },
    });
    const { permissions } = buildRequestEntries('ses_1', [{ kind: 'permission', request }], {
      get: () => undefined,
    });
    assert.equal(permissions[0]?.detail?.clamped, diff.length);
    assert.equal(readPermissionDetail(request), diff);
  });

  it('names where a patch moves a file', () => {
    const request = PermissionRequest.parse({
      id: 'per_1',
      sessionID: 'ses_1',
      permission: 'edit',
      patterns: ['a.txt'],
      metadata: { diff: '', files: [{ filePath: '/w/a.txt', movePath: '/w/.envrc', patch: '' }] },
    });
    const { permissions } = buildRequestEntries('ses_1', [{ kind: 'permission', request }], {
      get: () => undefined,
    });
    assert.deepEqual(permissions[0]?.patterns, ['a.txt', '/w/.envrc']);
  });
});
