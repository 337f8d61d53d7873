import assert from 'node:assert/strict';
import { findForkPoint } from '../../../src/flows/preparing/findForkPoint.ts';
import { compactAndContinue } from '../../../src/flows/compactAndContinue.ts';
import { makeMessageId } from '../../../src/core/turns/messageId.ts';
import { forkApproaches, forkWithPrompt } from '../../../src/flows/forkApproaches.ts';
import { gatherSession } from '../../../src/flows/preparing/gatherSession.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { textPrompt } from '../../../src/flows/prompting/outgoing.ts';
import { conversation, ids, model, type Room, say, type Window, useRoom } from './room.ts';
import { addText, summarize } from '../../workbench/compacting.ts';

describe('what goes on from a session that is not as its list of messages is', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  useRoom((opened) => ({ room, window } = opened));

  /** Forks where we would, prompts the fork and answers with what was said in it. */
  async function forkAt(source: Session, messageId?: string): Promise<string[]> {
    const record = await window.openCode.getSession(source.id);
    const { point } = await findForkPoint(window, record, messageId);
    const prompt = { agent: 'build', model, text: 'say: in the fork' };
    const { session, delivery } = await forkWithPrompt(window, record, point, { title: 'F', prompt });
    assert.equal((await delivery?.ended)?.kind, 'answered');
    return conversation(window, session.id);
  }

  it('leaves out what was reverted, in forks and in drafts', async () => {
    const { openCode } = window;
    const session = await room.newSession(window);
    await say(window, session, 'say: kept');
    const reverted = await say(window, session, 'say: taken back');
    await openCode.revertSession(session.id, reverted);
    assert.deepEqual(await forkAt(session), [
      'user(build): say: kept',
      'build: kept',
      'user(build): say: in the fork',
      'build: in the fork',
    ]);
    const ports = { ...window, git: async () => undefined, findMissing: async () => [] };
    for (const wish of [{}, { latest: true }]) {
      const gathered = await gatherSession(ports, session.id, wish);
      assert.deepEqual(gathered.requests, ['say: kept']);
      assert.equal(gathered.conclusion, 'kept');
      assert.equal(gathered.hasLater, false);
    }
    await assert.rejects(gatherSession(ports, session.id, { upTo: reverted }), /no longer in the session/);
    await assert.rejects(forkAt(session, reverted), /no longer in the session/);
    await openCode.unrevertSession(session.id);
    assert.deepEqual((await gatherSession(ports, session.id)).requests, ['say: kept', 'say: taken back']);
  });

  it('compacts what was reverted neither into the summary nor into what is said of it', async () => {
    const { openCode } = window;
    const session = await room.newSession(window);
    await say(window, session, 'say: kept');
    const write = `tool: write ${JSON.stringify({ filePath: 'gone.txt', content: 'x' })}`;
    const reverted = await say(window, session, `${write}\nsay: taken back`);
    const record = await openCode.revertSession(session.id, reverted);
    const ports = { ...window, exportSession: undefined, onProgress: () => undefined };
    const { loss } = await compactAndContinue(ports, { session: record, model, guidance: 'Keep the words.' });
    assert.deepEqual(loss.files, []);
    const asked = room.model.requests.findLast(({ kind }) => kind === 'compaction');
    assert.match(JSON.stringify(asked?.messages), /say: kept/);
    assert.match(JSON.stringify(asked?.messages), /Keep the words/);
    assert.doesNotMatch(JSON.stringify(asked?.messages), /taken back/);
  });

  it('answers the first prompt of a fork that ends at the row of a compaction', async () => {
    const session = await room.newSession(window);
    await say(window, session, 'say: before');
    const ports = { ...window, exportSession: undefined, onProgress: () => undefined };
    await compactAndContinue(ports, { session, model, guidance: '' });
    const { messages } = await window.openCode.listMessages(session.id, { limit: 20 });
    const request = messages.find(({ parts }) => parts.some(({ type }) => type === 'compaction'));
    assert.ok(request);
    const said = await forkAt(session, request.info.id);
    assert.equal(said.at(-1), 'build: in the fork');
    assert.equal(said.length, messages.length + 2, 'the summary went along');
  });

  it('answers the first prompt of a fork of a session that is being compacted, and of one whose compaction was stopped', async () => {
    const { openCode } = window;
    const session = await room.newSession(window);
    const messageId = await say(window, session, 'say: before');
    await addText(room.server, session, messageId, 'While summarizing, hold: halfway');
    const [asked, answered] = await conversation(window, session.id);
    const expected = [asked, answered, 'user(build): say: in the fork', 'build: in the fork'];
    summarize(room.server, session, model).catch(() => undefined);
    await room.model.reached('halfway');
    await waitFor(() => window.sessions.status(session.id).type !== 'idle', {
      what: 'the compaction to run',
    });
    assert.deepEqual(await forkAt(session), expected);
    await openCode.abortSession(session.id);
    await waitFor(() => window.sessions.status(session.id).type === 'idle', { what: 'its end' });
    const left = await conversation(window, session.id);
    assert.ok(left.length > 2, `the request is still there: ${left.join(' | ')}`);
    assert.deepEqual(await forkAt(session), expected);
    room.model.releaseAll();
  });

  it('leaves out a prompt that comes while it forks, which would be carried out twice', async () => {
    const { openCode } = window;
    const source = await room.newSession(window, { title: 'Moving on' });
    await say(window, source, 'say: before');
    const { point } = await findForkPoint(window, source, undefined);
    await window.door.send(
      source,
      textPrompt(makeMessageId(ids), { agent: 'build', model, text: 'hold: late\nsay: late' }),
      'typed',
    );
    await room.model.reached('late');
    const prompt = { agent: 'build', model, text: 'say: in the fork' };
    const wishes = ['One', 'Two'].map((title) => ({ title, prompt }));
    const made = await forkApproaches(window, source, point, wishes);
    for (const fork of made) {
      assert.ok('session' in fork && fork.delivery !== undefined);
      assert.equal((await fork.delivery.ended).kind, 'answered');
      assert.deepEqual(await conversation(window, fork.session.id), [
        'user(build): say: before',
        'build: before',
        'user(build): say: in the fork',
        'build: in the fork',
      ]);
    }
    const all = await openCode.listSessions(source.directory);
    assert.deepEqual(
      all.filter(({ title }) => title.startsWith('Moving on (fork')),
      [],
      'no fork of more is left',
    );
    room.model.releaseAll();
  });

  it('leaves out a turn of which the window has not heard yet', async () => {
    const source = await room.newSession(window);
    await say(window, source, 'say: before');
    await window.door.send(
      source,
      textPrompt(makeMessageId(ids), { agent: 'build', model, text: 'hold: unheard\nsay: late' }),
      'typed',
    );
    await room.model.reached('unheard');
    const deaf = { openCode: window.openCode, sessions: { status: () => ({ type: 'idle' }) as const } };
    const { point, shortened } = await findForkPoint(deaf, source, undefined);
    const { messages } = await window.openCode.listMessages(source.id, { limit: 20 });
    assert.deepEqual([point.before, point.at], [messages[2]?.info.id, messages[1]?.info.id]);
    assert.equal(shortened, true);
    room.model.releaseAll();
  });
});
