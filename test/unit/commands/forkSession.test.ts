import assert from 'node:assert/strict';
import { findForkPoint } from '../../../src/flows/preparing/findForkPoint.ts';
import { forkAtMessage } from '../../../src/commands/message/fromMessage.ts';
import { forkSession, type ForkSessionDeps } from '../../../src/commands/fork/forkSession.ts';
import type { Choice } from '../../../src/core/ports/dialogs.ts';
import { NotFoundProblem, Problem } from '../../../src/core/errors.ts';
import type { MessageWithParts } from '../../../src/protocol/records.ts';
import { anAnswer, aProof, aSession, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

interface Given {
  readonly messages?: MessageWithParts[];
  readonly busy?: boolean;
  readonly pages?: MessageWithParts[][];
  readonly failing?: boolean;
  readonly person?: Parameters<typeof aPerson>[0];
}

function setUp(given: Given = {}) {
  const source = aSession({ id: 'source', title: 'Parser' });
  const sibling = aSession({ id: 'sibling', title: 'Parser (fork #1)' });
  const pages = given.pages ?? [given.messages ?? []];
  const { openCode, offers } = aServer({
    // Newest page first; the cursor is the number of the page before.
    listMessages: (_: string, { before }: { before?: string }) => {
      const number = Number(before ?? 0);
      const next = number + 1 < pages.length ? { before: String(number + 1) } : {};
      return { messages: pages[number] ?? [], ...next };
    },
  });
  const { dialogs, asked } = aPerson({ inform: () => undefined, ...given.person });
  const opened: string[] = [];
  const forked: Parameters<ForkSessionDeps['fork']>[] = [];
  const sessions = aStore(
    [source, sibling],
    given.busy === true ? { statuses: { source: { type: 'busy' } } } : {},
  );
  const deps: ForkSessionDeps = {
    sessions,
    openCode,
    offers,
    currentSessionId: () => undefined,
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs,
    findForkPoint: (...asking) => findForkPoint({ sessions, openCode }, ...asking),
    fork: (...fork) => {
      forked.push(fork);
      const [request] = fork[2];
      return Promise.resolve(
        given.failing === true && request !== undefined
          ? [{ request, error: new Problem('No room.') }]
          : [{ session: aSession({ id: 'fork' }) }],
      );
    },
    openTranscript: (id) => opened.push(id),
  };
  return {
    run: forkSession(deps),
    runAt: forkAtMessage({ ...deps, openCode, dialogs }),
    forked,
    opened,
    asked,
    point: () => forked[0]?.[1],
    wish: () => forked[0]?.[2][0],
  };
}

const u1 = aUserMessage('u1');
const a1 = anAnswer('a1', 'u1');
const u2 = aUserMessage('u2');
const a2 = anAnswer('a2', 'u2');

describe('forking a session', () => {
  it('copies all of an idle session, opens the fork and returns its id', async () => {
    const { run, point, opened } = setUp();
    assert.equal(await run('source'), 'fork');
    assert.deepEqual(point(), { before: undefined, at: undefined, end: 0 });
    assert.deepEqual(opened, ['fork']);
  });

  it('ends at the message that a person picks, an answer too', async () => {
    const pickOne = (_: string, choices: readonly Choice<unknown>[]) => choices[2]?.value;
    const { runAt, point } = setUp({ messages: [u1, a1, u2, a2], person: { pickOne } });
    assert.equal(await runAt('source'), 'fork');
    assert.deepEqual(point(), { before: 'u2', at: 'a1', end: a1.info.time.created });
  });

  it('ends with the message that is named', async () => {
    const { run, point } = setUp({ messages: [u1, a1, u2, a2] });
    await run({ sessionId: 'source', messageId: 'a1' });
    assert.deepEqual(point(), { before: 'u2', at: 'a1', end: a1.info.time.created });
  });

  it('finds a message that stands pages before the end', async () => {
    const { run, point } = setUp({
      pages: [
        [u2, a2],
        [u1, a1],
      ],
    });
    await run({ sessionId: 'source', messageId: 'u1' });
    assert.equal(point()?.before, 'a1');
  });

  it('forks nothing at a message that the session does not have', async () => {
    const { run, forked } = setUp({ messages: [u1, a1] });
    await assert.rejects(run({ sessionId: 'source', messageId: 'gone' }), NotFoundProblem);
    assert.deepEqual(forked, []);
  });

  it('takes a title that no sibling has', async () => {
    const { run, wish } = setUp();
    await run('source');
    assert.deepEqual(wish(), { title: 'Parser (fork #2)' });
  });

  it('takes the title that it is given', async () => {
    const { run, wish } = setUp();
    await run({ sessionId: 'source', title: 'Mine' });
    assert.equal(wish()?.title, 'Mine');
  });

  it('says why there is no fork', async () => {
    const { run, opened } = setUp({ failing: true });
    await assert.rejects(run('source'), /“Parser” was not forked\. No room\./);
    assert.deepEqual(opened, []);
  });

  it('ends with the last finished turn of a session that is working, and says so', async () => {
    const running = anAnswer('a2', 'u2', { running: true });
    const { run, point, asked } = setUp({ messages: [u1, a1, u2, running], busy: true });
    await run('source');
    assert.equal(point()?.before, 'u2');
    assert.match(String(asked[0]?.[1]), /is working/);
  });

  it('does not go past the last finished turn for a message of the running one', async () => {
    const running = anAnswer('a2', 'u2', { running: true });
    const { run, point, asked } = setUp({ messages: [u1, a1, u2, running], busy: true });
    await run({ sessionId: 'source', messageId: 'a2' });
    assert.equal(point()?.before, 'u2');
    assert.equal(asked.length, 1);
  });

  it('takes an early message of a working session as it is', async () => {
    const running = anAnswer('a2', 'u2', { running: true });
    const { run, point, asked } = setUp({ messages: [u1, a1, u2, running], busy: true });
    await run({ sessionId: 'source', messageId: 'u1' });
    assert.equal(point()?.before, 'a1');
    assert.deepEqual(asked, []);
  });

  it('sends the first prompt as it is, with the agent and the model of the source', async () => {
    const { run, wish } = setUp();
    await run({ sessionId: 'source', text: 'Try it otherwise' });
    const model = { providerID: 'local', modelID: 'echo' };
    assert.deepEqual(wish()?.prompt, { agent: 'build', model, text: 'Try it otherwise' });
  });

  it('forks nothing for an agent that there is not', async () => {
    const { run, forked } = setUp();
    await assert.rejects(run({ sessionId: 'source', text: 'Go', agent: 'nope' }), NotFoundProblem);
    assert.deepEqual(forked, []);
  });
});
