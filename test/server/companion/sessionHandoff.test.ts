import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseLineage } from '../../../src/protocol/lineage.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { type Room, say, untilQuiet, type Window } from '../continuation/room.ts';
import { allow, answersOf, call, useCompanionRoom } from './companionRoom.ts';

describe('an agent with the tool session_handoff', function () {
  this.timeout(180_000);
  let room: Room;
  let window: Window;

  useCompanionRoom((opened) => ({ room, window } = opened));

  /** The session that came of a hand off, once its first turn is over, and the prompt that it began with. */
  async function handedOff({ id }: Session): Promise<{ session: Session; prompt: string }> {
    const all = await window.openCode.listSessions(room.server.workspace);
    const [session, ...others] = all.filter((each) => parseLineage(each)?.from === id);
    assert.ok(session);
    assert.deepEqual(others, []);
    await untilQuiet(window, session);
    const { messages } = await window.openCode.listMessages(session.id, { limit: 100 });
    const prompt = messages[0]?.parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join('');
    return { session, prompt: prompt ?? '' };
  }

  it('hands its session off with what it says, what it did so far and the open todos', async () => {
    const session = await room.newSession(window, { title: 'Parser' });
    const todo = { content: 'Write the tests', status: 'pending', priority: 'high' };
    const script = [
      call('todowrite', { todos: [todo, { ...todo, content: 'Read', status: 'completed' }] }),
      'say: **Careful:** the lexer is generated.',
      call('session_handoff', {
        summary: 'The grammar stands.',
        goal: 'Parse numbers.',
        next: ['Write the lexer', 'Run it'],
        decisions: ['Recursive descent, since it is small'],
        files: ['src/grammar.ts'],
        blocked: 'The fixtures are missing.',
      }),
      'say: handed off',
    ];
    await say(window, session, script.join(' ;; '));
    const [answer = ''] = await answersOf(window, session, 'session_handoff');
    const made = await handedOff(session);
    assert.match(answer, new RegExp(`${made.session.id}, "Handoff: Parser"`));
    assert.equal(made.session.title, 'Handoff: Parser');
    assert.equal(made.session.agent, 'build');
    assert.deepEqual(made.session.model, { providerID: 'local', id: 'steady' });
    assert.equal(
      made.prompt,
      [
        '## Session Handoff: Parser',
        '**Goal:** Parse numbers.',
        'The grammar stands.',
        [
          '**Blocked:** The fixtures are missing.',
          '**Decided:** Recursive descent, since it is small',
          '**Next:** 1. Write the lexer; 2. Run it',
          '**Careful:** the lexer is generated.',
        ].join('\n'),
        '**Files:** src/grammar.ts',
        '**Todos:** 1/2 done\n- Pending: Write the tests',
        '**First:** call `todowrite` with the open todos above, word for word.',
        `---\nPrevious: \`${session.id}\` · Use \`read_session\` for more.`,
      ].join('\n\n'),
    );
  });

  it("takes the folder's own template, as a person's hand off does", async () => {
    const folder = join(room.server.workspace, '.opencode', 'prompts');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'handoff.md'), 'Go on with: {{goal}}\n{{summary}} For {{agent}}.');
    try {
      const session = await room.newSession(window, { title: 'Templates' });
      const given = { summary: 'It stands.', goal: 'Parse.' };
      await say(window, session, `${call('session_handoff', given)} ;; say: done`);
      assert.equal((await handedOff(session)).prompt, 'Go on with: Parse.\nIt stands. For build.');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('names the hop in the title, and the agent that goes on', async () => {
    const session = await room.newSession(window, { title: 'Handoff: Parser' });
    const given = { summary: 'It stands.', agent: 'reviewer' };
    await say(window, session, `${call('session_handoff', given)} ;; say: done`);
    const made = await handedOff(session);
    assert.equal(made.session.title, 'Handoff 2: Parser');
    assert.equal(made.session.agent, 'reviewer');
  });

  it('asks the user where who goes on may edit and the caller may not', async () => {
    const session = await room.newSession(window, { agent: 'plan', title: 'Plan' });
    const given = { summary: 'The plan stands.', agent: 'build' };
    const running = say(window, session, `${call('session_handoff', given)} ;; say: done`, 'plan');
    const asked = await allow(window, session, 'handoff');
    await running;
    assert.equal(asked.metadata['title'], 'Handoff: Plan');
    const made = await handedOff(session);
    assert.equal(asked.metadata['text'], made.prompt);
  });

  it('refuses without a summary, for an agent that there is not, and in subagents', async () => {
    const session = await room.newSession(window);
    const script = [
      call('session_handoff', { goal: 'Go on' }),
      call('session_handoff', { summary: '  ' }),
      call('session_handoff', { summary: 'It stands.', agent: 'ghost' }),
      call('session_handoff', { summary: 'It stands.', next: 'Write' }),
      'say: done',
    ];
    await say(window, session, script.join(' ;; '));
    const [none = '', empty = '', ghost = '', list = ''] = await answersOf(
      window,
      session,
      'session_handoff',
    );
    assert.match(none, /Nothing was done.*"summary"/);
    assert.match(empty, /"summary": is empty/);
    assert.match(ghost, /no agent "ghost".*build, plan, reviewer/);
    assert.match(list, /"next"/);
    const child = await window.openCode.createSession({
      directory: room.server.workspace,
      title: 'Child',
      agent: 'build',
      parentID: session.id,
    });
    await say(window, child, `${call('session_handoff', { summary: 'It stands.' })} ;; say: done`);
    const [refused = ''] = await answersOf(window, child, 'session_handoff');
    assert.match(refused, /a subagent cannot pass its turn on/);
    const all = await window.openCode.listSessions(room.server.workspace);
    assert.ok(!all.some((each) => [session.id, child.id].includes(parseLineage(each)?.from ?? '')));
  });
});
