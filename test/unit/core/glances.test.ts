import assert from 'node:assert/strict';
import { ContextUses } from '../../../src/core/sessions/contextUses.ts';
import { Glances } from '../../../src/core/rows/glances.ts';
import { TodoStore } from '../../../src/core/todos/todoStore.ts';
import type { MessageWithParts } from '../../../src/protocol/records.ts';
import { aServer } from '../commands/commands.ts';
import { aHistory, anAnswer, aSession, aTodo, aUserMessage } from './builders.ts';
import { aStore } from './stores.ts';

function setUp(messages: MessageWithParts[]) {
  const sessions = aStore([aSession({ id: 'ses_1' })]);
  const history = aHistory(() => messages);
  const server = aServer({ ...history, listTodos: () => [aTodo('Count')] });
  const todos = new TodoStore();
  const glances = new Glances({
    sessions,
    contextUses: new ContextUses(),
    offers: server.offers,
    todos,
    openCode: server.openCode,
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const reads = () => server.calls.filter(([name]) => /Message/.test(name)).length;
  return { sessions, glances, todos, reads };
}

const prompt = aUserMessage('msg_1', { text: 'Count' });
const steps = Array.from({ length: 9 }, (_, at) =>
  anAnswer(`msg_2${at}`, 'msg_1', at === 8 ? { text: 'Counted.' } : { text: '', finish: 'tool-calls' }),
);

describe('a glance at a session', () => {
  it('finds the last prompt and answer, however long the turn was', async () => {
    const { glances, todos } = setUp([aUserMessage('msg_0', { text: 'Before' }), prompt, ...steps]);
    await glances.load('ses_1');
    const { began, ended, ...words } = glances.get('ses_1') ?? {};
    assert.deepEqual(words, { prompt: 'Count', answer: 'Counted.', isStopped: false });
    assert.equal(began, prompt.info.time.created);
    assert.ok((ended ?? 0) > (began ?? 0));
    assert.equal(todos.get('ses_1')?.length, 1);
  });

  it('asks the server once, until something happens in the session', async () => {
    const { sessions, glances, reads } = setUp([prompt, ...steps]);
    await glances.load('ses_1');
    const once = reads();
    await glances.load('ses_1');
    assert.equal(reads(), once);
    const info = aSession({ id: 'ses_1', time: { created: 1, updated: 99 } });
    sessions.apply({ type: 'session.updated', properties: { info } });
    await glances.load('ses_1');
    assert.ok(reads() > once);
  });

  it('tells that a turn was stopped, and goes without what is gone', async () => {
    const { glances } = setUp([
      anAnswer('msg_2', 'msg_gone', { error: 'MessageAbortedError', text: 'Half' }),
    ]);
    await glances.load('ses_1');
    const { prompt: asked, answer, isStopped } = glances.get('ses_1') ?? {};
    assert.deepEqual([asked, answer, isStopped], [undefined, 'Half', true]);
  });

  it('asks for nothing of a session in another folder', async () => {
    const { glances, reads } = setUp([prompt]);
    await glances.load('elsewhere');
    assert.equal(glances.get('elsewhere'), undefined);
    assert.equal(reads(), 0);
  });
});
