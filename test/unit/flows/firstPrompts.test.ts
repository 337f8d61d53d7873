import assert from 'node:assert/strict';
import { FirstPrompts } from '../../../src/flows/firstPrompts.ts';
import type { MessageWithParts } from '../../../src/protocol/records.ts';
import { aHistory, anAnswer, aSession, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';

const unnamed = 'New session - 2026-11-20T10:00:00.000Z';

function setUp(ids: readonly string[], messages: Record<string, MessageWithParts[]>, title = unnamed) {
  const sessions = aStore(ids.map((id) => aSession({ id, title })));
  const asked: string[] = [];
  const history = aHistory((id) => messages[id] ?? []);
  let fault: Error | undefined;
  const search = new FirstPrompts({
    sessions,
    openCode: {
      ...history,
      listMessages: async (id, page) => {
        asked.push(id);
        if (fault !== undefined) throw fault;
        return history.listMessages(id, page);
      },
    },
    wait: () => Promise.resolve(),
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const titleOf = (id: string): string => sessions.title(sessions.get(id) ?? assert.fail(`no ${id}`));
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const fail = (error: Error | undefined): void => void (fault = error);
  return { sessions, search, asked, titleOf, settle, fail };
}

describe('a session that the server has not named', () => {
  it('is known by its first prompt, so that two can be told apart', async () => {
    const { titleOf, settle } = setUp(['a', 'b'], {
      a: [aUserMessage('msg_1', { text: 'Count the  cents\nexactly' }), anAnswer('msg_2', 'msg_1')],
      b: [aUserMessage('msg_3', { text: 'Name the limiter' }), aUserMessage('msg_4', { text: 'And then?' })],
    });
    await settle();
    assert.deepEqual(['a', 'b'].map(titleOf), ['Count the cents exactly', 'Name the limiter']);
  });

  it('goes by the name that it is given, from then on', async () => {
    const { sessions, titleOf, settle } = setUp(['a'], { a: [aUserMessage('msg_1', { text: 'Count' })] });
    await settle();
    const info = aSession({ id: 'a', title: 'Exact cents' });
    sessions.apply({ type: 'session.updated', properties: { info } });
    assert.equal(titleOf('a'), 'Exact cents');
  });

  it('is read again once something happened in it, and not before', async () => {
    const messages: Record<string, MessageWithParts[]> = { a: [] };
    const { sessions, asked, titleOf, settle } = setUp(['a'], messages);
    await settle();
    assert.equal(titleOf('a'), 'New session');
    const same = sessions.get('a') ?? assert.fail();
    sessions.apply({ type: 'session.updated', properties: { info: same } });
    await settle();
    assert.deepEqual(asked, ['a']);
    messages['a'] = [aUserMessage('msg_1', { text: 'Count' })];
    sessions.apply({
      type: 'session.status',
      properties: { sessionID: 'a', status: { type: 'busy' } },
    });
    await settle();
    assert.equal(titleOf('a'), 'Count');
  });

  it('is read again after its messages could not be read', async () => {
    const { sessions, titleOf, settle, fail } = setUp(['a'], {
      a: [aUserMessage('msg_1', { text: 'Count' })],
    });
    fail(new Error('away'));
    await settle();
    fail(undefined);
    const info = sessions.get('a') ?? assert.fail();
    sessions.apply({ type: 'session.updated', properties: { info } });
    await settle();
    assert.equal(titleOf('a'), 'Count');
  });

  it('is known by the first of many prompts, and says that it is a fork', async () => {
    const many = Array.from({ length: 40 }, (_, at) => aUserMessage(`msg_${at + 10}`, { text: `Ask ${at}` }));
    const { info } = many[0] ?? assert.fail();
    const { sessions, titleOf, settle } = setUp([], { fork: many });
    sessions.apply({
      type: 'session.created',
      properties: {
        info: aSession({
          id: 'fork',
          title: `${unnamed} (fork #2)`,
          time: { created: info.time.created - 1000, updated: info.time.created },
        }),
      },
    });
    await settle();
    await settle();
    assert.match(titleOf('fork'), /^Ask \d+ \(fork #2\)$/);
  });

  it('leaves the named ones alone until somebody looks for words', async () => {
    const messages = { a: [aUserMessage('msg_1', { text: 'Count the cents' })] };
    const { sessions, search, asked, titleOf, settle } = setUp(['a'], messages, 'Parser');
    await settle();
    assert.deepEqual(asked, []);
    search.search();
    await settle();
    assert.equal(sessions.firstPrompt('a'), 'Count the cents');
    assert.equal(titleOf('a'), 'Parser');
    search.search();
    await settle();
    assert.deepEqual(asked, ['a']);
  });

  it('is read with a hundred others at most, the newest', async () => {
    const ids = Array.from({ length: 130 }, (_, at) => `ses_${String(at).padStart(3, '0')}`);
    const { asked, settle } = setUp(ids, {});
    for (let times = 0; times < 5; times += 1) await settle();
    assert.equal(asked.length, 100);
  });
});

describe('the name by a prompt', () => {
  it('makes the words of the prompt plain, and cuts them at a word', async () => {
    const text = `[x](command:y) ${'word '.repeat(40)}`;
    const { titleOf, settle } = setUp(['a'], { a: [aUserMessage('msg_1', { text })] });
    await settle();
    assert.match(titleOf('a'), /^\[x\] \(command:y\) word.*word…$/);
    assert.ok(titleOf('a').length <= 80);
  });
});
