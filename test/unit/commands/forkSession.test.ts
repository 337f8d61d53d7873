import assert from 'node:assert/strict';
import { forkSession, type ForkSessionDeps } from '../../../src/commands/forkSession.ts';
import { NotFoundProblem } from '../../../src/core/errors.ts';
import type { OpenCode } from '../../../src/core/openCode.ts';
import { parseLineage, withLineage } from '../../../src/protocol/lineage.ts';
import type { MessageWithParts } from '../../../src/protocol/records.ts';
import { anAnswer, aSession, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

const inherited = withLineage({ others: 1 }, { kind: 'fork', from: 'grandfather', time: 1 });
const rule = { permission: 'edit', pattern: '*', action: 'ask' } as const;

function setUp(given: { messages?: MessageWithParts[]; busy?: boolean; pages?: MessageWithParts[][] } = {}) {
  const source = aSession({ id: 'source', title: 'Parser', metadata: inherited, permission: [rule] });
  const sibling = aSession({ id: 'sibling', title: 'Parser (fork #1)' });
  const pages = given.pages ?? [given.messages ?? []];
  const server = aServer({
    forkSession: () => aSession({ id: 'fork', title: 'Parser (fork #1)', metadata: inherited }),
    updateSession: () => source,
    promptSession: () => undefined,
    // Newest page first; the cursor is the number of the page before.
    listMessages: (_: string, { before }: { before?: string }) => {
      const number = Number(before ?? 0);
      const next = number + 1 < pages.length ? { before: String(number + 1) } : {};
      return { messages: pages[number] ?? [], ...next };
    },
  });
  const { dialogs, asked } = aPerson({ inform: () => undefined });
  const opened: string[] = [];
  const deps: ForkSessionDeps = {
    sessions: aStore(
      [source, sibling],
      given.busy === true ? { statuses: { source: { type: 'busy' } } } : {},
    ),
    openCode: server.openCode,
    currentSessionId: () => undefined,
    selectedSessionIds: () => [],
    dialogs,
    openTranscript: (id) => opened.push(id),
    now: () => 99,
  };
  const before = () => server.calls.find(([name]) => name === 'forkSession')?.[2];
  const update = () =>
    server.calls.find(([name]) => name === 'updateSession')?.[2] as Parameters<OpenCode['updateSession']>[1];
  const lineage = () => parseLineage(update());
  return { run: forkSession(deps), server, opened, asked, before, update, lineage };
}

const u1 = aUserMessage('u1');
const a1 = anAnswer('a1', 'u1');
const u2 = aUserMessage('u2');
const a2 = anAnswer('a2', 'u2');

describe('forking a session', () => {
  it('copies all of an idle session, opens the fork and returns its id', async () => {
    const { run, before, opened } = setUp();
    assert.equal(await run('source'), 'fork');
    assert.equal(before(), undefined);
    assert.deepEqual(opened, ['fork']);
  });

  it('ends with the message that is named', async () => {
    const { run, before, lineage } = setUp({ messages: [u1, a1, u2, a2] });
    await run({ sessionId: 'source', messageId: 'a1' });
    assert.equal(before(), 'u2');
    assert.deepEqual(lineage(), { kind: 'fork', from: 'source', at: 'a1', time: 99 });
  });

  it('finds a message that stands pages before the end', async () => {
    const { run, before } = setUp({
      pages: [
        [u2, a2],
        [u1, a1],
      ],
    });
    await run({ sessionId: 'source', messageId: 'u1' });
    assert.equal(before(), 'a1');
  });

  it('forks nothing at a message that the session does not have', async () => {
    const { run, server } = setUp({ messages: [u1, a1] });
    await assert.rejects(run({ sessionId: 'source', messageId: 'gone' }), NotFoundProblem);
    assert.deepEqual(server.changes(), []);
  });

  it('writes its own origin over the inherited one and leaves what others keep there', async () => {
    const { run, update, lineage } = setUp();
    await run('source');
    assert.deepEqual(lineage(), { kind: 'fork', from: 'source', time: 99 });
    assert.equal(update().metadata?.['others'], 1);
  });

  it('takes a title that no sibling has, and the permission rules along', async () => {
    const { run, update } = setUp();
    await run('source');
    assert.equal(update().title, 'Parser (fork #2)');
    assert.deepEqual(update().permission, [rule]);
  });

  it('takes the title that it is given', async () => {
    const { run, update } = setUp();
    await run({ sessionId: 'source', title: 'Mine' });
    assert.equal(update().title, 'Mine');
  });

  it('ends with the last finished turn of a session that is working, and says so', async () => {
    const running = anAnswer('a2', 'u2', { running: true });
    const { run, before, asked } = setUp({ messages: [u1, a1, u2, running], busy: true });
    await run('source');
    assert.equal(before(), 'u2');
    assert.match(String(asked[0]?.[1]), /is working/);
  });

  it('does not go past the last finished turn for a message of the running one', async () => {
    const running = anAnswer('a2', 'u2', { running: true });
    const { run, before, asked } = setUp({ messages: [u1, a1, u2, running], busy: true });
    await run({ sessionId: 'source', messageId: 'a2' });
    assert.equal(before(), 'u2');
    assert.equal(asked.length, 1);
  });

  it('takes an early message of a working session as it is', async () => {
    const running = anAnswer('a2', 'u2', { running: true });
    const { run, before, asked } = setUp({ messages: [u1, a1, u2, running], busy: true });
    await run({ sessionId: 'source', messageId: 'u1' });
    assert.equal(before(), 'a1');
    assert.deepEqual(asked, []);
  });

  it('sends the first prompt with the agent and the model of the source', async () => {
    const { run, server } = setUp();
    await run({ sessionId: 'source', text: 'Try it otherwise' });
    const prompt = server.calls.find(([name]) => name === 'promptSession');
    assert.deepEqual(prompt?.slice(1), [
      'fork',
      {
        agent: 'build',
        model: { providerID: 'local', modelID: 'echo' },
        parts: [{ type: 'text', text: 'Try it otherwise' }],
      },
    ]);
  });

  it('forks nothing for an agent that there is not', async () => {
    const { run, server } = setUp();
    await assert.rejects(run({ sessionId: 'source', text: 'Go', agent: 'nope' }), NotFoundProblem);
    assert.deepEqual(server.changes(), []);
  });
});
