import assert from 'node:assert/strict';
import { Problem, UnavailableProblem } from '../../../src/core/errors.ts';
import type { DirectorySnapshot, Look } from '../../../src/core/ports/serverSink.ts';
import type { ServerEvent } from '../../../src/protocol/events.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { Sync } from '../../../src/server/sync.ts';
import { aSession } from '../core/builders.ts';

const idle = (sessionID: string): ServerEvent => ({ type: 'session.idle', properties: { sessionID } });
const disposed: ServerEvent = { type: 'server.instance.disposed', properties: {} };

describe('The order in which stores hear of the server', () => {
  let heard: string[];
  let problems: unknown[];
  let unreadable: string[];
  let current: boolean;
  /** The listings that were asked for and wait for their answer. */
  let asked: PromiseWithResolvers<Session[]>[];
  let since: (number | undefined)[];
  let looks: Look[];
  let sync: Sync;

  beforeEach(() => {
    heard = [];
    problems = [];
    unreadable = [];
    current = true;
    asked = [];
    since = [];
    looks = [];
    sync = new Sync({
      openCode: {
        listProject: async (_, from) => {
          since.push(from);
          const answer = Promise.withResolvers<Session[]>();
          asked.push(answer);
          return { here: await answer.promise, elsewhere: [] };
        },
        listStatuses: async () => ({}),
        listPermissions: async () => [],
        listQuestions: async () => [],
      },
      sinks: [
        {
          reset: (snapshot: readonly DirectorySnapshot[]) =>
            void heard.push(`reset ${snapshot.map(({ directory }) => directory).join(' ')}`),
          compare: (look) => void looks.push(look),
          apply: (event) =>
            void heard.push(
              'sessionID' in event.properties ? String(event.properties.sessionID) : event.type,
            ),
        },
      ],
      isCurrent: () => current,
      onProblem: (problem) => void problems.push(problem),
      onUnreadable: (found) => void (unreadable = found.map(({ directory }) => directory)),
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    });
  });

  it('applies what came meanwhile after the snapshot, in its order', async () => {
    sync.take(idle('early'));
    const loading = sync.load(['/a', '/b']);
    sync.take(idle('late'));
    for (const answer of asked) answer.resolve([]);
    await loading;
    sync.take(idle('after'));
    assert.deepEqual(heard, ['reset /a /b', 'early', 'late', 'after']);
  });

  it('drops a snapshot and its events when another connection took over', async () => {
    const loading = sync.load(['/a']);
    sync.take(idle('late'));
    current = false;
    asked[0]?.resolve([]);
    await loading;
    sync.take(idle('after'));
    assert.deepEqual(heard, []);
  });

  it('loads again when the server threw an instance away, and once for several', async () => {
    const loading = sync.load(['/a']);
    asked[0]?.resolve([]);
    await loading;
    sync.take(disposed);
    sync.take(disposed);
    sync.take(idle('late'));
    assert.equal(asked.length, 2);
    const again = sync.load(['/a']);
    asked[1]?.resolve([]);
    while (asked.length < 3) await Promise.resolve();
    asked[2]?.resolve([]);
    await again;
    assert.deepEqual(heard, ['reset /a', 'reset /a', disposed.type, disposed.type, 'late']);
  });

  it('hears the stream without a pause while it is compared, and is told what that said', async () => {
    const loading = sync.load(['/a']);
    asked[0]?.resolve([aSession({ id: 'ses_1', time: { created: 1, updated: 100_000 } })]);
    await loading;
    const looking = sync.compare(true);
    sync.take({ type: 'session.status', properties: { sessionID: 'ses_1', status: { type: 'busy' } } });
    sync.take(idle('during'));
    assert.deepEqual(heard.slice(1), ['ses_1', 'during']);
    asked[1]?.resolve([]);
    await looking;
    const [look] = looks;
    assert.deepEqual(look?.complete, true);
    assert.deepEqual([...(look?.told.statuses ?? [])], ['ses_1']);
    assert.deepEqual([...(look?.told.records ?? [])], []);
  });

  it('is asked only for what was touched lately, with some time to spare, where that is enough', async () => {
    const loading = sync.load(['/a']);
    asked[0]?.resolve([aSession({ id: 'ses_1', time: { created: 1, updated: 100_000 } })]);
    await loading;
    void sync.compare(false);
    assert.deepEqual(since, [undefined, 40_000]);
  });

  it('takes no comparison that is older than what was loaded meanwhile', async () => {
    const loading = sync.load(['/a']);
    asked[0]?.resolve([]);
    await loading;
    const looking = sync.compare(true);
    const again = sync.load(['/a']);
    asked[2]?.resolve([]);
    await again;
    asked[1]?.resolve([]);
    await looking;
    assert.deepEqual(looks, []);
  });

  it('is compared once for all who ask at the same time', async () => {
    const loading = sync.load(['/a']);
    asked[0]?.resolve([]);
    await loading;
    const all = Promise.all([sync.compare(true), sync.compare(false), sync.compare(true)]);
    asked[1]?.resolve([]);
    await all;
    assert.equal(asked.length, 2);
    assert.equal(looks.length, 1);
  });

  it('loads the folders again that could not be loaded, when somebody looks', async () => {
    const loading = sync.load(['/broken', '/a']);
    asked[0]?.reject(new Problem('broken'));
    asked[1]?.resolve([]);
    await loading;
    const looking = sync.compare(true);
    asked[2]?.resolve([]);
    asked[3]?.resolve([]);
    await looking;
    assert.deepEqual(heard, ['reset /a', 'reset /broken /a']);
    assert.deepEqual(unreadable, []);
  });

  it('keeps the folders that could be loaded', async () => {
    const loading = sync.load(['/broken', '/a']);
    asked[0]?.reject(new Problem('broken'));
    asked[1]?.resolve([]);
    await loading;
    assert.deepEqual(heard, ['reset /a']);
    assert.deepEqual(unreadable, ['/broken']);
  });

  it('fails when the server went away, and when no folder could be loaded', async () => {
    const away = sync.load(['/a', '/b']);
    asked[0]?.reject(new UnavailableProblem('gone'));
    asked[1]?.resolve([]);
    await assert.rejects(away, UnavailableProblem);
    assert.deepEqual(heard, []);
  });

  it('tells a failure of its own loading to whoever holds the connection', async () => {
    const loading = sync.load(['/a']);
    asked[0]?.resolve([]);
    await loading;
    sync.take(disposed);
    asked[1]?.reject(new UnavailableProblem('gone'));
    await assert.rejects(sync.load(['/a']), UnavailableProblem);
    assert.equal(problems.length, 1);
  });
});
