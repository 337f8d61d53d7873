import assert from 'node:assert/strict';
import { ChangedFiles } from '../../../src/core/rows/changedFiles.ts';
import type { MessageWithParts } from '../../../src/protocol/records.ts';
import { anAnswer, aSession } from './builders.ts';

const aChange = (id: string, ...files: string[]): MessageWithParts =>
  anAnswer(id, 'msg_1', { sessionID: 'a', parts: [{ type: 'patch', hash: 'h', files }] });

function setUp(messages: MessageWithParts[]) {
  const asked: string[] = [];
  const changed: string[] = [];
  const files = new ChangedFiles({
    openCode: {
      listMessages: async (id) => {
        asked.push(id);
        return { messages };
      },
    },
    log: { debug: () => undefined },
  });
  files.onDidChange(({ sessionId }) => changed.push(sessionId));
  return { files, asked, changed };
}

describe('the files that sessions changed', () => {
  const changing = aSession({ id: 'a', summary: { files: 1, additions: 1, deletions: 0 } });

  it('are told by the server as they are changed', () => {
    const { files, changed } = setUp([]);
    const [part] = aChange('msg_2', '/work/a.ts').parts;
    assert.ok(part);
    files.apply({ type: 'message.part.updated', properties: { part } });
    files.apply({ type: 'message.part.updated', properties: { part } });
    assert.deepEqual([...files.of('a')], ['/work/a.ts']);
    assert.deepEqual(changed, ['a']);
    files.apply({ type: 'session.deleted', properties: { info: changing } });
    assert.deepEqual([...files.of('a')], []);
  });

  it('are read when somebody looks for one, of sessions that changed something, once', async () => {
    const { files, asked } = setUp([aChange('msg_2', '/work/a.ts'), aChange('msg_3', '/work/b.ts')]);
    await files.search([changing, aSession({ id: 'b' })]);
    await files.search([changing]);
    assert.deepEqual(asked, ['a']);
    assert.deepEqual([...files.of('a')], ['/work/a.ts', '/work/b.ts']);
    await files.search([{ ...changing, time: { created: 1, updated: 2 } }]);
    assert.deepEqual(asked, ['a', 'a']);
  });
});
