import assert from 'node:assert/strict';
import { waitFor } from '../../workbench/waitFor.ts';
import { newSession } from '../../../src/commands/session/newSession.ts';
import { Offers } from '../../../src/core/state/offers.ts';
import { UncertainProblem } from '../../../src/core/errors.ts';
import { extractHandoff } from '../../../src/flows/extractHandoff.ts';
import { Attempts } from '../../../src/flows/prompting/attempts.ts';
import { Memory } from '../../unit/views/memory.ts';
import { forkApproaches, forkWithPrompt } from '../../../src/flows/forkApproaches.ts';
import { startBrief } from '../../../src/flows/startBrief.ts';
import { handOff } from '../../../src/flows/handOff.ts';
import { parseLineage, parseMark } from '../../../src/protocol/lineage.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { FaultProxy, type When } from '../../workbench/faultProxy.ts';
import { conversation, model, openRoom, type Room, say, type Window } from './room.ts';

const whole = { before: undefined, at: undefined };

describe('a session whose making nobody saw the end of', function () {
  this.timeout(180_000);
  let room: Room;
  let proxy: FaultProxy;
  let window: Window;
  let source: Session;

  before(async () => {
    room = await openRoom();
    proxy = await FaultProxy.to(room.server.url);
    window = await room.openWindow({ url: proxy.url });
  });
  beforeEach(async () => {
    const { id } = await room.newSession(window, { title: 'Parser' });
    // What a fork inherits is another's: it is written over, or it tells of a copy.
    source = await window.openCode.updateSession(id, { metadata: { others: id } });
    await say(window, source, 'say: one');
  });
  after(async () => {
    await room.close();
    await proxy.close();
  });

  function lose(path: RegExp, when: When, method = 'POST'): void {
    proxy.add({ method, path }, { kind: 'cut', when });
  }

  async function made(act: () => Promise<unknown>): Promise<readonly Session[]> {
    const list = () => window.openCode.listSessions(room.server.workspace);
    const before = new Set((await list()).map(({ id }) => id));
    await act();
    return (await list()).filter(({ id }) => !before.has(id));
  }

  const request = () => ({
    source,
    title: 'Handoff: Parser',
    agent: 'plan',
    model,
    text: 'say: two',
    todos: [],
  });
  const forking = (title: string) => ({ title, prompt: { agent: 'plan', model, text: `say: ${title}` } });

  it('is found and gone on with, where it was for a hand off', async () => {
    lose(/^(?:\/api)?\/session$/, 'after');
    const [session, ...others] = await made(async () => {
      const { delivery } = await handOff(window, request());
      await delivery.ended;
    });
    assert.ok(session !== undefined && others.length === 0);
    assert.equal(parseLineage(session)?.of, session.id);
    assert.equal(parseMark(session), undefined);
    assert.deepEqual(await conversation(window, session.id), ['user(plan): say: two', 'plan: two']);
  });

  it('is found, shown and prompted, where it was a new one', async () => {
    lose(/^(?:\/api)?\/session$/, 'after');
    const sent: string[] = [];
    const opened: string[] = [];
    const run = newSession({
      ...window,
      offers: new Offers(window.openCode),
      making: window,
      directories: () => [room.server.workspace],
      followFolder: async () => undefined,
      directoryName: (directory) => directory,
      unsent: { get: () => undefined, set: () => undefined },
      dialogs: {
        pickOne: () => Promise.reject(new Error('asked')),
        askText: () => Promise.reject(new Error('asked')),
      },
      focusPrompt: (id) => void opened.push(id),
      pickedModel: () => undefined,
      sendText: async ({ id }, { text }) => void sent.push(`${id} ${text}`),
    });
    const [session, ...others] = await made(() => run({ text: 'say: new', title: 'New one' }));
    assert.ok(session !== undefined && others.length === 0);
    assert.equal(session.title, 'New one');
    assert.deepEqual(opened, [session.id]);
    assert.deepEqual(sent, [`${session.id} say: new`]);
  });

  it('is found and gone on with, where a brief began it in a folder of its own', async () => {
    lose(/^(?:\/api)?\/session$/, 'after');
    const directory = room.server.workspace;
    const brief = { directory, title: 'Orders', agent: 'plan', model, text: 'say: built' };
    const ports = { ...window, followFolder: async () => undefined };
    let begun: Session | undefined;
    const [session, ...others] = await made(async () => {
      begun = await startBrief(ports, brief);
      // It goes on while its turn begins.
      const { id } = begun;
      await waitFor(async () => (await conversation(window, id)).includes('plan: built'), {
        what: 'the answer',
      });
    });
    assert.ok(session !== undefined && others.length === 0);
    assert.equal(begun?.id, session.id);
    assert.deepEqual(await conversation(window, session.id), ['user(plan): say: built', 'plan: built']);
  });

  it('is not made again blindly where it may come yet, and is made once it is asked for again', async () => {
    lose(/^(?:\/api)?\/session$/, 'before');
    const [session, ...others] = await made(async () => {
      await assert.rejects(handOff(window, request()), UncertainProblem);
      const { delivery } = await handOff(window, request());
      await delivery.ended;
    });
    assert.ok(session !== undefined && others.length === 0);
  });

  it('is found and made whole, where it was a fork', async () => {
    lose(/\/fork$/, 'after');
    lose(/^(?:\/api)?\/session\/ses_\w+$/, 'after', 'PATCH');
    const [session, ...others] = await made(() => forkWithPrompt(window, source, whole, forking('Mine')));
    assert.ok(session !== undefined && others.length === 0);
    assert.equal(session.title, 'Mine');
    assert.deepEqual(
      { ...parseLineage(session), time: 0 },
      {
        of: session.id,
        kind: 'fork',
        from: source.id,
        time: 0,
      },
    );
    await window.turns.whenSettled(session.id);
  });

  it('is no other than its own, where several approaches were forked', async () => {
    lose(/\/fork$/, 'after');
    proxy.add({ method: 'POST', path: /\/fork$/ }, { kind: 'cut', when: 'after' }, { after: 1 });
    const requests = ['First', 'Second', 'Third'].map(forking);
    const sessions = await made(async () => {
      const approaches = await forkApproaches(window, source, whole, requests);
      for (const approach of approaches) assert.ok('session' in approach, 'each is there');
    });
    assert.deepEqual(sessions.map(({ title }) => title).toSorted(), ['First', 'Second', 'Third']);
    for (const { id, title } of sessions) {
      await window.turns.whenSettled(id);
      assert.deepEqual((await conversation(window, id)).slice(2, 3), [`user(plan): say: ${title}`]);
    }
  });

  it('is not taken for one that somebody else forked meanwhile', async () => {
    const before = window.sessions.all();
    const sessions = await made(async () => {
      await window.openCode.forkSession(source.id);
      lose(/\/fork$/, 'after');
      // The other one came while the answer was waited for.
      const ports = {
        ...window,
        sessions: { all: () => before, title: window.sessions.title.bind(window.sessions) },
      };
      await assert.rejects(forkWithPrompt(ports, source, whole, forking('Mine')), UncertainProblem);
    });
    assert.equal(sessions.length, 2);
    for (const { title, metadata } of sessions) {
      assert.equal(title, 'Parser (fork #1)');
      assert.deepEqual(metadata, { others: source.id }, 'nothing was written over');
    }
  });

  it('is found although our clock is ahead of the server’s', async () => {
    lose(/\/fork$/, 'after');
    const ids = { now: () => Date.now() + 600_000, random: Math.random };
    const ahead = { ...window, ids, attempts: new Attempts(ids, new Memory(), String) };
    const [session, ...others] = await made(() => forkWithPrompt(ahead, source, whole, forking('Ahead')));
    assert.deepEqual([session?.title, others], ['Ahead', []]);
    await window.turns.whenSettled(session?.id ?? '');
  });

  it('is looked for by nobody where it was to be thrown away, so that nothing of somebody else is', async () => {
    const before = window.sessions.all();
    const [other, ...rest] = await made(async () => {
      await window.openCode.forkSession(source.id);
      lose(/\/fork$/, 'before');
      const ports = { ...window, sessions: { all: () => before } };
      const wanted = { source, point: whole, agent: 'build', model, goal: '' };
      await assert.rejects(extractHandoff(ports, wanted), UncertainProblem);
    });
    assert.deepEqual([other?.title, other?.permission, rest], ['Parser (fork #1)', undefined, []]);
  });
});
