import assert from 'node:assert/strict';
import { withLineage } from '../../../src/protocol/lineage.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { model, type Room, say, type Window } from '../continuation/room.ts';
import { answersOf, call, forkOf, useCompanionRoom } from './companionRoom.ts';

describe('an agent with the tool read_session', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  useCompanionRoom((opened) => ({ room, window } = opened));

  /** What the tool answers in a session, to each of these calls. */
  async function read(session: Session, ...given: Record<string, unknown>[]): Promise<string[]> {
    const before = (await answersOf(window, session, 'read_session')).length;
    await say(
      window,
      session,
      [...given.map((each) => call('read_session', each)), 'say: done'].join(' ;; '),
    );
    return (await answersOf(window, session, 'read_session')).slice(before);
  }

  const idsIn = (answer: string): string[] =>
    [...answer.matchAll(/^\[.* · (msg_\w+)\]$/gm)].map(([, id = '']) => id);

  it('reads the session that its own came from: texts, calls and what came of them', async () => {
    const source = await room.newSession(window, { title: 'Parser' });
    await say(
      window,
      source,
      'think: hidden ;; say: Looking. ;; tool: read {"filePath":"README.md"} ;; say: It is a workspace.',
    );
    await window.openCode.tellSession(source.id, {
      agent: 'build',
      model,
      parts: [{ type: 'text', text: 'only for the model', synthetic: true }],
    });
    const fork = await forkOf(window, source, 'Try');
    const [answer = ''] = await read(fork, {});
    assert.match(answer, new RegExp(`^Session "Parser" \\(${source.id}\\), \\d messages, oldest first`));
    assert.match(answer, /\[user · msg_\w+\]\nthink: hidden/);
    assert.match(answer, /\[build · msg_\w+\]\nLooking\.\n- read "README.md": done → .*# A workspace/);
    assert.match(answer, /\[build · msg_\w+\]\nIt is a workspace\.$/);
    assert.doesNotMatch(answer, /only for the model/);
    const created = { directory: room.server.workspace, title: 'Next', agent: 'build', model };
    const successor = await window.openCode.createSession({
      ...created,
      metadata: withLineage(undefined, { kind: 'handoff', from: source.id, time: Date.now() }),
    });
    assert.match((await read(successor, {}))[0] ?? '', /^Session "Parser"/);
    const child = await window.openCode.createSession({ ...created, parentID: source.id });
    assert.match((await read(child, {}))[0] ?? '', /^Session "Parser"/);
  });

  it('reads back page by page, without what was reverted', async () => {
    const source = await room.newSession(window);
    for (const word of ['one', 'two', 'three', 'four']) await say(window, source, `say: ${word}`);
    const { messages } = await window.openCode.listMessages(source.id, { limit: 100 });
    const ids = messages.map(({ info }) => info.id);
    await window.openCode.revertSession(source.id, ids[6] ?? '');
    const reader = await room.newSession(window);
    const [latest = ''] = await read(reader, { sessionID: source.id, limit: 4 });
    assert.deepEqual(idsIn(latest), ids.slice(2, 6));
    assert.match(
      latest,
      new RegExp(`call read_session with "sessionID": "${source.id}" and "before": "${ids[2]}"`),
    );
    const [earlier = ''] = await read(reader, { sessionID: source.id, limit: 4, before: ids[2] });
    assert.deepEqual(idsIn(earlier), ids.slice(0, 2));
    assert.doesNotMatch(earlier, /call read_session/);
    const [none = ''] = await read(reader, { sessionID: source.id, before: ids[0] });
    assert.match(none, /there are no messages before that one/);
  });

  it('says how much it cut of a long message, and how much it left out of many', async () => {
    const source = await room.newSession(window);
    await say(window, source, 'repeat: 1000 ten more..');
    const long = `say: ${'x'.repeat(4000)}`;
    for (let count = 0; count < 6; count += 1) await say(window, source, long);
    const reader = await room.newSession(window);
    const [answer = ''] = await read(reader, { sessionID: source.id });
    assert.ok(answer.length < 41_000, `${answer.length} characters`);
    assert.match(answer, /\d more that you asked for are left out, \d+ characters/);
    const left = Number(/(\d+) more that you asked for/.exec(answer)?.[1]);
    assert.equal(idsIn(answer).length + left, 14);
    const { messages } = await window.openCode.listMessages(source.id, { limit: 100 });
    const [cut = ''] = await read(reader, { sessionID: source.id, before: messages[2]?.info.id });
    assert.match(cut, /\n\[… 6499 characters left out …\]\n/);
  });

  it('refuses its own session, one that there is not, one of another project, and where it came from none', async () => {
    const session = await room.newSession(window);
    const other = await room.server.addWorkspace('other');
    const foreign = await window.openCode.createSession({
      directory: other,
      title: 'Elsewhere',
      agent: 'build',
      model,
    });
    const [own = '', none = '', wrong = '', away = '', rootless = '', limit = '', before = ''] = await read(
      session,
      { sessionID: session.id },
      { sessionID: 'ses_nothing' },
      { sessionID: 'nonsense' },
      { sessionID: foreign.id },
      {},
      { limit: 1000 },
      { sessionID: (await room.newSession(window)).id, before: 'msg_nothing' },
    );
    assert.match(own, /is this very session/);
    assert.match(none, /no session "ses_nothing".*session_list/);
    assert.match(wrong, /no session "nonsense".*session_list/);
    assert.match(away, /belongs to another project/);
    assert.match(rootless, /came from no other one.*session_list/);
    assert.match(limit, /"limit"/);
    assert.match(before, /no message "msg_nothing"/);
  });
});
