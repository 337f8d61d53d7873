import assert from 'node:assert/strict';
import type { Notice } from '../../../src/core/ports/notify.ts';
import { TerminalWishes } from '../../../src/views/told/terminalWishes.ts';
import { aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';

describe('what is asked of the terminal’s own client', () => {
  function open(current?: string) {
    const did: unknown[][] = [];
    const notices: Notice[] = [];
    const wishes = new TerminalWishes({
      sessions: aStore([
        aSession({ id: 'a', title: 'Parser', directory: '/work' }),
        aSession({ id: 'b', title: 'Lexer', directory: '/work' }),
      ]),
      currentSession: { id: current },
      append: (...given) => did.push(['append', ...given]),
      showSessions: () => did.push(['showSessions']),
      notify: (notice) => notices.push(notice),
    });
    return { wishes, did, notices };
  }
  const select = (sessionID: string) => ({ type: 'tui.session.select', properties: { sessionID } }) as const;
  const write = (text: string, directory: string | undefined = '/work') =>
    ({ type: 'tui.prompt.append', properties: { text, directory } }) as const;
  const run = (command: string) => ({ type: 'tui.command.execute', properties: { command } }) as const;

  it('is offered where it is to go to a session, which is not in view and is known', () => {
    const { wishes, notices } = open('a');
    for (const id of ['a', 'unknown', 'b']) wishes.apply(select(id));
    assert.deepEqual(notices, [
      {
        message: 'OpenCode was asked to go to “Lexer”.',
        actions: [
          {
            title: 'Go to Session',
            command: 'opencodeSessions.session.open',
            arguments: [{ sessionId: 'b' }],
          },
        ],
      },
    ]);
  });

  it('shows the list of sessions, and does no other command, nor takes a sign of ours for one', () => {
    const { wishes, did, notices } = open('a');
    for (const command of ['prompt.submit', 'prompt.clear', 'opencode-sessions.1f0e'])
      wishes.apply(run(command));
    assert.deepEqual([did, notices], [[], []]);
    wishes.apply(run('session.list'));
    assert.deepEqual(did, [['showSessions']]);
  });

  it('writes behind what stands in the composer of the folder’s session in view, never a command', () => {
    const { wishes, did } = open('a');
    wishes.apply(write('Look at this.'));
    wishes.apply(write('/share'));
    wishes.apply(write('  '));
    assert.deepEqual(did, [
      ['append', 'a', 'Look at this.'],
      ['append', 'a', ' /share'],
    ]);
  });

  it('says so where no session of that folder is in view', () => {
    for (const [current, directory] of [
      [undefined, '/work'],
      ['a', '/other'],
    ] as const) {
      const { wishes, did, notices } = open(current);
      wishes.apply(write('Look at this.', directory));
      assert.deepEqual(did, []);
      assert.match(notices[0]?.message ?? '', /no session of that folder is in view: Look at this\.$/);
    }
  });
});
