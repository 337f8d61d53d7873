import assert from 'node:assert/strict';
import { gatherSession } from '../../../src/flows/preparing/gatherSession.ts';
import { allAbilities, aServer } from '../commands/commands.ts';
import { anAnswer, aSession, aTodo, aUserMessage } from '../core/builders.ts';

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
    const ports = { openCode: server.openCode, git: async () => undefined, findMissing: async () => [] };
    const { todos } = await gatherSession(ports, 'ses_1');
    return { todos: todos.map(({ content }) => content), asked: server.calls.map(([name]) => name) };
  };

  it('are the todos that the server keeps', async () => {
    assert.deepEqual((await gather(allAbilities)).todos, ['Kept']);
  });

  it('are the todos that the agent wrote, where the server keeps none and is not asked', async () => {
    const { todos, asked } = await gather({ ...allAbilities, todos: false });
    assert.deepEqual(todos, ['Written']);
    assert.ok(!asked.includes('listTodos'));
  });
});
