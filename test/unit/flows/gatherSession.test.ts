import assert from 'node:assert/strict';
import { gatherSession, type GatherWish } from '../../../src/flows/preparing/gatherSession.ts';
import type { MessageWithParts, Session } from '../../../src/protocol/records.ts';
import { allAbilities, aServer } from '../commands/commands.ts';
import { anAnswer, aProof, aSession, aTodo, aUserMessage } from '../core/builders.ts';

describe('What is gathered of a session', () => {
  const written = {
    type: 'tool',
    tool: 'todowrite',
    callID: 'call_1',
    state: {
      status: 'completed',
      input: { todos: [aTodo('Written')] },
      output: '',
      title: '',
      metadata: {},
      time: { start: 1, end: 2 },
    },
  };
  const gather = async (abilities: typeof allAbilities) => {
    const answer = anAnswer('msg_2', 'msg_1');
    const part = { ...written, id: 'prt_9', messageID: 'msg_2', sessionID: 'ses_1' };
    const server = aServer(
      {
        getSession: () => aSession({ id: 'ses_1' }),
        listMessages: () => ({
          messages: [aUserMessage('msg_1'), { ...answer, parts: [...answer.parts, part] }],
        }),
        listTodos: () => [aTodo('Kept')],
        listToolIds: () => [],
      },
      abilities,
    );
    const ports = {
      openCode: server.openCode,
      proof: aProof(),
      git: async () => undefined,
      findMissing: async () => [],
    };
    const { todos } = await gatherSession(ports, 'ses_1');
    return { todos: todos.map(({ content }) => content), asked: server.calls.map(([name]) => name) };
  };

  it('are the todos that the server keeps', async () => {
    assert.deepEqual((await gather(allAbilities)).todos, ['Kept']);
  });

  const gatherOf = (messages: readonly MessageWithParts[], session: Session, wish: GatherWish) => {
    const { openCode } = aServer({
      getSession: () => session,
      listMessages: () => ({ messages }),
      listTodos: () => [],
      listToolIds: () => [],
    });
    const ports = { openCode, proof: aProof(), git: async () => undefined, findMissing: async () => [] };
    return gatherSession(ports, session.id, wish);
  };

  it('is what a running turn said so far, where its own agent asks', async () => {
    const messages = [
      aUserMessage('msg_1', { text: 'Go on' }),
      anAnswer('msg_2', 'msg_1', { text: '**Careful:** it is generated.', finish: 'tool-calls' }),
      anAnswer('msg_3', 'msg_1', { text: '**Open:** the name.', running: true }),
    ];
    const session = aSession({ id: 'ses_1' });
    const { turns } = await gatherOf(messages, session, { within: 'msg_3' });
    assert.deepEqual(
      turns.map(({ conclusion, end }) => [conclusion, end]),
      [['**Careful:** it is generated.\n**Open:** the name.', 'whole']],
    );
    assert.equal((await gatherOf(messages, session, {})).turns[0]?.conclusion, undefined);
  });

  it('is only what a fork did itself, where that is wished', async () => {
    const copied = [aUserMessage('msg_1', { text: 'Copied' }), anAnswer('msg_2', 'msg_1')];
    const session = aSession({ id: 'ses_1', time: { created: 0, updated: 0 } });
    const own = [aUserMessage('msg_3', { text: 'Own' }), anAnswer('msg_4', 'msg_3')];
    const created = own[0]?.info.time.created ?? 0;
    const fork = { ...session, time: { created, updated: created } };
    const { requests } = await gatherOf([...copied, ...own], fork, { own: true });
    assert.deepEqual(requests, ['Own']);
  });

  it('are the todos that the agent wrote, where the server keeps none and is not asked', async () => {
    const { todos, asked } = await gather({ ...allAbilities, todos: false });
    assert.deepEqual(todos, ['Written']);
    assert.ok(!asked.includes('listTodos'));
  });
});
