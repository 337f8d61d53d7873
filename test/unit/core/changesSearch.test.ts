import assert from 'node:assert/strict';
import { ChangesSearch } from '../../../src/core/rows/changesSearch.ts';
import type { MessagePage } from '../../../src/core/ports/openCode.ts';
import type { ChangesFigure } from '../../../src/protocol/page/header.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { anAnswer, aSession, aUserMessage } from './builders.ts';

function setUp(...pages: MessagePage[]) {
  const asked: string[] = [];
  const figures = new Map<string, ChangesFigure>();
  const pauses: (() => void)[] = [];
  let next = 0;
  const search = new ChangesSearch({
    openCode: {
      listMessages: async (id) => {
        asked.push(id);
        const page = pages[next++ % pages.length];
        if (page === undefined) throw new Error('The server is gone.');
        return page;
      },
    },
    changes: { figure: ({ id }) => figures.get(id) },
    wait: () => new Promise((resolve) => pauses.push(resolve)),
    log: { debug: () => undefined },
  });
  /** Lets pauses pass until nobody waits. */
  const passAll = async (): Promise<void> => {
    for (let turns = 0; turns < 50; turns++) await Promise.resolve();
    const [pass] = pauses.splice(0, 1);
    if (pass === undefined) return;
    pass();
    await passAll();
  };
  return { search, asked, figures, pauses, passAll };
}

const newest: MessagePage = { messages: [aUserMessage('msg_1')], before: 'msg_1' };

const active = (id: string, updated: number): Session => aSession({ id, time: { created: 1, updated } });

describe('the search for what sessions changed', () => {
  it('reads sessions whatever their records say, the newest first, once as long as nothing happens in them', async () => {
    const { search, asked } = setUp(newest);
    await search.search([active('a', 1), active('b', 2)]);
    await search.search([active('a', 1)]);
    assert.deepEqual(asked, ['b', 'a']);
    await search.search([active('a', 3)]);
    assert.deepEqual(asked, ['b', 'a', 'a']);
  });

  it('reads no more than the newest of very many', async () => {
    const { search, asked } = setUp(newest);
    await search.search(Array.from({ length: 1000 }, (_, at) => active(`ses_${at}`, at)));
    assert.deepEqual([asked.length, asked[0]], [30, 'ses_999']);
  });

  it('reads back to the prompt that holds what its long turn changed', async () => {
    const { search, asked } = setUp({ messages: [anAnswer('msg_2', 'msg_1')], before: 'msg_2' }, newest);
    await search.search([active('a', 1)]);
    assert.deepEqual(asked, ['a', 'a']);
  });

  it('reads for rows after a pause each, and nothing of those whose figures are whole', async () => {
    const { search, asked, figures, pauses, passAll } = setUp(newest);
    figures.set('known', { files: 1, additions: 1, deletions: 0 });
    figures.set('partial', { files: 1, additions: 1, deletions: 0, isPartial: true });
    for (const [at, id] of ['known', 'partial', 'unknown'].entries()) search.want(active(id, at));
    assert.deepEqual([asked.length, pauses.length], [0, 1]);
    await passAll();
    assert.deepEqual(asked, ['unknown', 'partial']);
    search.want(active('partial', 1));
    await passAll();
    assert.deepEqual(asked, ['unknown', 'partial']);
  });

  it('asks for rows again where the server could not be asked', async () => {
    const { search, asked, passAll } = setUp();
    search.want(active('a', 1));
    await passAll();
    search.want(active('a', 1));
    await passAll();
    assert.deepEqual(asked, ['a', 'a']);
  });

  it('reads nothing more once it is over', async () => {
    const { search, asked, passAll } = setUp(newest);
    search.want(active('a', 1));
    search.dispose();
    await passAll();
    assert.deepEqual(asked, []);
  });
});
