import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { OriginMemory } from '../../../src/core/sessions/originMemory.ts';
import type { Origin } from '../../../src/core/sessions/sessionKind.ts';
import { provedScratch, readScratch } from '../../../src/core/sessions/scratch.ts';
import { deleteForgotten } from '../../../src/flows/extractHandoff.ts';
import { forkWithPrompt } from '../../../src/flows/forkApproaches.ts';
import { handOff } from '../../../src/flows/handOff.ts';
import { OriginSearch } from '../../../src/flows/originSearch.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { openCodeBinary } from '../../workbench/openCodeServer.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { ids, model, openRoom, type Room, say, type Window } from './room.ts';

const run = promisify(execFile);
const whole = { before: undefined, at: undefined };

describe('the lineage of what other clients make of sessions', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;
  let memory: OriginMemory & { readonly known: Map<string, Origin> };
  let search: OriginSearch;

  before(async () => {
    room = await openRoom();
    window = await room.openWindow();
    const known = new Map<string, Origin>();
    memory = { known, read: () => known, remember: (id, origin) => void known.set(id, origin) };
    search = new OriginSearch({ ...window, memory, now: Date.now });
  });
  after(async () => {
    search.dispose();
    await room.close();
  });

  /** What the window makes of the session once it says something else than that it began by itself. */
  function originOf({ id }: Pick<Session, 'id'>, { from }: { from: string }): Promise<Origin> {
    return waitFor(
      () => {
        const session = window.sessions.get(id);
        const origin = session && window.sessions.origin(session);
        return origin?.from === from ? origin : undefined;
      },
      { what: `the origin of ${id}` },
    );
  }

  async function spoken(title: string, ...texts: string[]): Promise<Session> {
    const session = await room.newSession(window, { title });
    for (const text of texts) await say(window, session, text);
    return session;
  }

  it('is inferred for a fork of a session, whole and at a message, although others have the title', async () => {
    const { openCode } = window;
    await spoken('Alpha', 'say: other');
    const source = await spoken('Alpha', 'say: one', 'say: two');
    await spoken('Alpha', 'say: another');
    const { messages } = await openCode.listMessages(source.id, { limit: 10 });
    const inferred = { kind: 'fork', from: source.id, inferred: 'messages' };
    assert.deepEqual(await originOf(await openCode.forkSession(source.id), { from: source.id }), inferred);
    const part = await openCode.forkSession(source.id, messages[2]?.info.id);
    assert.deepEqual(await originOf(part, { from: source.id }), inferred);
    const second = await openCode.forkSession(part.id);
    assert.deepEqual(await originOf(second, { from: part.id }), { ...inferred, from: part.id });
  });

  it('is inferred for a fork of our fork, of our hand off and of a throw-away session, from the copied metadata', async () => {
    const { openCode } = window;
    const source = await spoken('Beta', 'say: one');
    const { session: fork } = await forkWithPrompt(window, source, whole, { title: 'Beta (fork #1)' });
    const handed = await handOff(window, {
      source,
      title: 'Handoff: Beta',
      agent: 'plan',
      model,
      text: 'say: handed',
      todos: [],
    });
    await handed.delivery.ended;
    for (const { id } of [fork, handed.session]) {
      assert.deepEqual(await originOf(await openCode.forkSession(id), { from: id }), {
        kind: 'fork',
        from: id,
        inferred: 'metadata',
      });
      const made = window.sessions.get(id);
      assert.ok(made);
      assert.equal(window.sessions.origin(made).inferred, undefined);
    }
    const scratch = await openCode.forkSession(source.id);
    await openCode.updateSession(scratch.id, {
      metadata: provedScratch(window.proof, scratch.id, { from: source.id, time: 1 }),
    });
    const kept = await openCode.forkSession(scratch.id);
    await originOf(kept, { from: source.id });
    await deleteForgotten(window, [
      await openCode.getSession(scratch.id),
      await openCode.getSession(kept.id),
    ]);
    const left = await openCode.getSession(kept.id);
    assert.equal(readScratch(window.proof, left), undefined, 'it is shown');
    await assert.rejects(openCode.getSession(scratch.id), 'the throw-away session alone is deleted');
  });

  it('is inferred for `opencode run --fork`', async () => {
    const source = await spoken('Gamma', 'say: one');
    const { workspace, environment, url, password } = room.server;
    const before = new Set(window.sessions.all().map(({ id }) => id));
    const order = ['run', '--attach', url, '--session', source.id, '--fork', 'say: two'];
    // Not as a word of the command line: one that begins with a dash would be taken for an option.
    const env = { ...environment, OPENCODE_SERVER_PASSWORD: password };
    const running = run(openCodeBinary, order, { cwd: workspace, env });
    // It takes what is piped to it for a part of the prompt, and waits for its end.
    running.child.stdin?.end();
    await running;
    const [made, ...others] = window.sessions.all().filter(({ id }) => !before.has(id));
    assert.ok(made !== undefined && others.length === 0);
    assert.deepEqual(await originOf(made, { from: source.id }), {
      kind: 'fork',
      from: source.id,
      inferred: 'messages',
    });
  });

  it('is inferred for the hand off of a plugin from the last line of its prompt', async () => {
    const source = await spoken('Delta', 'say: one');
    const next = await room.newSession(window, { title: 'Handoff: Delta' });
    await say(
      window,
      next,
      `say: ok\n---\nPrevious: \`${source.id}\` · Use \`read_session\` if you need more context.`,
    );
    assert.deepEqual(await originOf(next, { from: source.id }), {
      kind: 'handoff',
      from: source.id,
      inferred: 'prompt',
    });
  });

  it('is left open where only the title says so, and that is remembered', async () => {
    const { openCode } = window;
    await spoken('Epsilon', 'say: one');
    const lookalike = await spoken('Epsilon (fork #1)', 'say: one');
    const unknown = await room.newSession(window, { title: 'Handoff: Epsilon' });
    await say(window, unknown, 'say: ok\nPrevious: `ses_doesnotexist`');
    const later = await room.openWindow();
    const known = new Map<string, Origin>();
    const asked: string[] = [];
    const day = 24 * 3_600_000;
    const ports = {
      ...later,
      openCode: {
        listMessages: (id: string, page: { limit: number }) => {
          asked.push(id);
          return openCode.listMessages(id, page);
        },
      },
      memory: { read: () => known, remember: (id: string, origin: Origin) => void known.set(id, origin) },
      now: () => ids.now() + day,
    };
    const first = new OriginSearch(ports);
    await waitFor(() => known.has(lookalike.id) && known.has(unknown.id), { what: 'both to be looked into' });
    first.dispose();
    for (const { id } of [lookalike, unknown]) assert.equal(known.get(id)?.kind, 'root');
    asked.length = 0;
    const again = new OriginSearch(ports);
    await spoken('Zeta', 'say: one');
    again.dispose();
    assert.ok(!asked.includes(lookalike.id) && !asked.includes(unknown.id), 'nothing is asked twice');
  });
});
