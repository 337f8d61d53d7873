import assert from 'node:assert/strict';
import { ChangesSearch } from '../../../src/core/rows/changesSearch.ts';
import type { MessagePage } from '../../../src/core/ports/openCode.ts';
import { anAnswer, aSession, aUserMessage } from './builders.ts';

function setUp(...pages: MessagePage[]) {
  const asked: string[] = [];
  let next = 0;
  const search = new ChangesSearch({
    openCode: {
      listMessages: async (id) => {
        asked.push(id);
        return pages[next++ % pages.length] ?? { messages: [] };
      },
    },
    log: { debug: () => undefined },
  });
  return { search, asked };
}

describe('the search for what sessions changed', () => {
  const changing = aSession({ id: 'a', summary: { files: 1, additions: 1, deletions: 0 } });

  it('reads sessions that changed something, once as long as nothing happens in them', async () => {
    const { search, asked } = setUp({ messages: [aUserMessage('msg_1')], before: 'msg_1' });
    await search.search([changing, aSession({ id: 'b' })]);
    await search.search([changing]);
    assert.deepEqual(asked, ['a']);
    await search.search([{ ...changing, time: { created: 1, updated: 2 } }]);
    assert.deepEqual(asked, ['a', 'a']);
  });

  it('reads back to the prompt that holds what its long turn changed', async () => {
    const { search, asked } = setUp(
      { messages: [anAnswer('msg_2', 'msg_1')], before: 'msg_2' },
      { messages: [aUserMessage('msg_1')], before: 'msg_1' },
    );
    await search.search([changing]);
    assert.deepEqual(asked, ['a', 'a']);
  });
});
