import assert from 'node:assert/strict';
import { model, type Room, say, type Window } from '../continuation/room.ts';
import { waitFor } from '../../workbench/waitFor.ts';
import { answersOf, call, forkOf, openCompanionRoom } from './companionRoom.ts';

describe('an agent with the tool session_list', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  beforeEach(async () => {
    room = await openCompanionRoom();
    window = await room.openWindow();
  });
  afterEach(() => room.close());

  /** The answers of a fresh session to these calls, each by its lines. */
  async function list(...given: Record<string, unknown>[]): Promise<string[][]> {
    const session = await room.newSession(window, { title: 'Asking' });
    await say(
      window,
      session,
      [...given.map((each) => call('session_list', each)), 'say: done'].join(' ;; '),
    );
    return (await answersOf(window, session, 'session_list')).map((answer) => answer.split('\n'));
  }

  const titlesOf = (lines: readonly string[] = []): string[] =>
    lines.flatMap((line) => /^- ses_\w+ "([^"]*)"/.exec(line)?.[1] ?? []);

  it('says of each what it does, as the server says it, the last used first', async () => {
    const idle = await room.newSession(window, { title: 'Idle' });
    await say(window, idle, 'say: done');
    const failed = await room.newSession(window, { title: 'Failed', agent: 'reviewer' });
    await say(window, failed, 'fail: 400 no such thing', 'reviewer');
    const waiting = await room.newSession(window, { title: 'Waiting' });
    void say(window, waiting, 'tool: bash {"command":"true","description":"Wait"}');
    const working = await room.newSession(window, { title: 'Working' });
    void say(window, working, 'hold: work ;; say: done');
    await room.model.reached('work');
    await waitFor(async () => (await window.openCode.listPermissions(room.server.workspace)).length > 0, {
      what: 'the question',
    });
    const fork = await forkOf(window, idle, 'Forked');
    const [all = [], works = [], waits = [], rests = [], fails = []] = await list(
      {},
      { state: 'working' },
      { state: 'waiting' },
      { state: 'idle' },
      { state: 'failed' },
    );
    assert.equal(all[0], '6 sessions, the last used first:');
    const lineOf = (id: string): string =>
      all.find((line) => line.startsWith(`- ${id}`))?.replace(/(?:just now|\d+ min ago)/, 'AGE') ?? '';
    assert.equal(lineOf(idle.id), `- ${idle.id} "Idle" · idle · build · AGE`);
    assert.equal(lineOf(failed.id), `- ${failed.id} "Failed" · failed · reviewer · AGE`);
    assert.equal(lineOf(waiting.id), `- ${waiting.id} "Waiting" · waiting for the user · build · AGE`);
    assert.equal(lineOf(working.id), `- ${working.id} "Working" · working · build · AGE`);
    assert.match(lineOf(fork.id), new RegExp(`"Forked" · idle · AGE · fork of ${idle.id}$`));
    assert.match(all[1] ?? '', /"Asking" \(this session\) · working/);
    assert.deepEqual(titlesOf(works).toSorted(), ['Asking', 'Working']);
    assert.deepEqual(titlesOf(waits), ['Waiting']);
    assert.deepEqual(titlesOf(rests).toSorted(), ['Forked', 'Idle']);
    assert.deepEqual(titlesOf(fails), ['Failed']);
    room.model.releaseAll();
  });

  it('lists those with a word in them, and archived ones and subagents where they are asked for', async () => {
    const parent = await room.newSession(window, { title: 'Lexer' });
    const archived = await room.newSession(window, { title: 'Old lexer' });
    await window.openCode.updateSession(archived.id, { archived: Date.now() });
    const made = { directory: room.server.workspace, agent: 'build', model };
    await window.openCode.createSession({ ...made, title: 'Lexer child', parentID: parent.id });
    const foreign = { ...made, directory: await room.server.addWorkspace('other') };
    await window.openCode.createSession({ ...foreign, title: 'Lexer elsewhere' });
    const [some, more, below, none, wrong] = await list(
      { query: 'LEXER' },
      { query: 'lexer', archived: true },
      { query: 'lexer', subagents: true },
      { query: 'there is none of that name' },
      { state: 'asleep' },
    );
    assert.deepEqual(titlesOf(some), ['Lexer']);
    assert.deepEqual(titlesOf(more).toSorted(), ['Lexer', 'Old lexer']);
    assert.match((more ?? []).join('\n'), /"Old lexer".* · archived$/m);
    assert.deepEqual(titlesOf(below).toSorted(), ['Lexer', 'Lexer child']);
    assert.match((below ?? []).join('\n'), new RegExp(`"Lexer child".* · subagent of ${parent.id}$`, 'm'));
    assert.deepEqual(none, ['There is no such session in this project.']);
    assert.match(wrong?.join('\n') ?? '', /"state"/);
  });

  it('is bounded, and says how many more there are', async () => {
    for (let count = 0; count < 33; count += 1) await room.newSession(window, { title: `Many ${count}` });
    const [many = []] = await list({ query: 'many' });
    assert.equal(titlesOf(many).length, 30);
    assert.match(many.at(-1) ?? '', /^3 more are not listed/);
  });
});
