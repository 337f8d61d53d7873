import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ElsewhereSessions } from '../../../src/core/sessions/elsewhereSessions.ts';
import { Offers } from '../../../src/core/state/offers.ts';
import { gatherEvidence } from '../../../src/flows/preparing/gatherEvidence.ts';
import { startBrief } from '../../../src/flows/startBrief.ts';
import { aProof } from '../../unit/core/builders.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { conversation, model, openRoom, type Room, say, type Window } from './room.ts';

describe('a brief for a folder below the window’s own', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;
  let service: string;
  const elsewhere = new ElsewhereSessions(() => [room.server.workspace], aProof());
  const followFolder = async (directory: string): Promise<void> => {
    if (elsewhere.followFolder(directory)) await window.refreshDirectories();
  };

  before(async () => {
    room = await openRoom();
    window = await room.openWindow({ followed: () => elsewhere.followed });
    service = join(room.server.workspace, 'services', 'api');
    await mkdir(service, { recursive: true });
  });
  beforeEach(() => room.model.releaseAll());
  after(() => room.close());

  const todos = '{"todos":[{"content":"Deploy","status":"pending","priority":"high"}]}';

  it('begins a session that works there, of which this window hears', async () => {
    const text = `# Orders\n\ntool: todowrite ${todos}\nsay: Built.`;
    const request = { directory: service, title: 'Orders', agent: 'build', model, text };
    const session = await startBrief({ ...window, followFolder }, request);
    assert.deepEqual([session.directory, session.title], [service, 'Orders']);
    await waitFor(async () => window.sessions.get(session.id) !== undefined, {
      what: 'the session in the window',
    });
    const said = () => conversation(window, session.id);
    await waitFor(async () => (await said()).at(-1)?.endsWith('Built.'), { what: 'the answer' });
    assert.equal((await said())[0], `user(build): ${text}`);
    // The end of it is heard, not looked for.
    await waitFor(async () => window.sessions.status(session.id).type === 'idle', { what: 'its end' });
    assert.deepEqual(elsewhere.followed, [service]);
  });

  it('is told what is known of the sessions that are there, and of none besides', async () => {
    const own = await room.newSession(window, { title: 'At the root' });
    await say(window, own, 'say: one');
    const since: [string, number][] = [];
    const ports = {
      openCode: window.openCode,
      offers: new Offers(window.openCode),
      proof: window.proof,
      changedSince: async (directory: string, time: number) => {
        since.push([directory, time]);
        return { commits: 1, files: 3 };
      },
      wait: window.wait,
      log: window.log,
    };
    const [entry, ...others] = await gatherEvidence(ports, service);
    assert.ok(entry !== undefined && others.length === 0);
    assert.equal(entry.session.title, 'Orders');
    const { evidence } = entry;
    assert.deepEqual(
      [evidence.openTodos, evidence.todos, evidence.isBusy, evidence.isEmpty],
      [1, 1, false, false],
    );
    assert.equal(typeof evidence.percentFull, 'number');
    assert.deepEqual(since, [[service, entry.session.time.updated]]);
    const ofRoot = await gatherEvidence(ports, room.server.workspace);
    assert.deepEqual(ofRoot.map(({ session }) => session.title).toSorted(), ['At the root', 'Orders']);
  });

  it('leaves nothing behind where it is refused', async () => {
    const list = async () => (await window.openCode.listSessions(service)).map(({ id }) => id);
    const before = await list();
    const request = { directory: service, title: 'X', agent: 'build', model, text: 'say: no' };
    const refusing = {
      ...window,
      door: { send: () => Promise.reject(new Error('The server says no.')) },
      followFolder,
    };
    await assert.rejects(startBrief(refusing, request), /The brief could not be sent/);
    assert.deepEqual(await list(), before);
  });
});
