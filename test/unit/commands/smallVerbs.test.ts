import assert from 'node:assert/strict';
import { abortSession } from '../../../src/commands/session/abortSession.ts';
import { archiveSession } from '../../../src/commands/archive/archiveSession.ts';
import { connectServer } from '../../../src/commands/server/connectServer.ts';
import { clearFilter, filterSessions } from '../../../src/commands/session/filterSessions.ts';
import { openSession } from '../../../src/commands/session/openSession.ts';
import type { OpenHow } from '../../../src/core/sessions/openHow.ts';
import { refreshSessions } from '../../../src/commands/session/refreshSessions.ts';
import { renameSession } from '../../../src/commands/session/renameSession.ts';
import { restartServer } from '../../../src/commands/server/restartServer.ts';
import { unarchiveSession } from '../../../src/commands/archive/unarchiveSession.ts';
import type { ServerUse } from '../../../src/core/serverUse.ts';
import type { ConnectionState } from '../../../src/core/state/connectionState.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import type { Dialogs, TextQuestion } from '../../../src/core/ports/dialogs.ts';
import { DoubleClick } from '../../../src/core/doubleClick.ts';
import { Problem, UnauthorizedProblem } from '../../../src/core/errors.ts';
import { parseUrl } from '../../../src/server/source/attachedServer.ts';
import { aProof, aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { allAbilities, aPerson, aServer } from './commands.ts';

function someDeps(person: { readonly [Name in keyof Dialogs]?: (...args: never[]) => unknown } = {}) {
  const server = aServer({ abortSession: () => undefined, updateSession: () => undefined });
  const notices: Notice[] = [];
  const deps = {
    sessions: aStore(
      [
        aSession({ id: 'idle' }),
        aSession({ id: 'busy' }),
        aSession({ id: 'away', time: { created: 1, updated: 1, archived: 5 } }),
      ],
      { statuses: { busy: { type: 'busy' } } },
    ),
    openCode: server.openCode,
    currentSessionId: () => undefined,
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs: aPerson(person).dialogs,
    now: () => 99,
    notify: (notice: Notice) => void notices.push(notice),
  };
  return { deps, server, notices };
}

const rows = ['idle', 'busy', 'away'].map((sessionId) => ({ kind: 'session', sessionId }));

describe('stopping', () => {
  it('stops every selected session', async () => {
    const { deps, server } = someDeps();
    await abortSession(deps)(rows[0], rows.slice(0, 2));
    assert.deepEqual(server.calls, [
      ['abortSession', 'idle'],
      ['abortSession', 'busy'],
    ]);
  });

  it('offers only sessions that work', async () => {
    const offered: string[][] = [];
    const { deps } = someDeps({
      pickSession: (_: string, sessions: { id: string }[]) => {
        offered.push(sessions.map(({ id }) => id));
        return 'busy';
      },
    });
    assert.equal(await abortSession(deps)(), 'busy');
    assert.deepEqual(offered, [['busy']]);
  });
});

describe('the archive', () => {
  it('takes in what is not in it, and gives back what is', async () => {
    const away = someDeps();
    await archiveSession(away.deps)(rows[0], rows);
    assert.deepEqual(away.server.calls, [
      ['updateSession', 'idle', { archived: 99 }],
      ['updateSession', 'busy', { archived: 99 }],
    ]);
    const [notice] = away.notices;
    assert.equal(notice?.message, 'Archived 2 sessions: “Parser”, “Parser”.');
    const [undo] = notice.actions;
    assert.equal(undo?.command, 'opencodeSessions.session.unarchive');
    assert.deepEqual(undo.arguments, [undefined, [{ sessionId: 'idle' }, { sessionId: 'busy' }]]);
    const back = someDeps();
    await unarchiveSession(back.deps)(rows[0], rows);
    assert.deepEqual(back.server.calls, [['updateSession', 'away', { archived: 0 }]]);
  });

  it('is not asked of a server that has none', async () => {
    const { deps } = someDeps();
    const { openCode, calls } = aServer({}, { ...allAbilities, archive: false });
    for (const verb of [archiveSession, unarchiveSession]) {
      await assert.rejects(verb({ ...deps, openCode })(rows[0], rows), /has no archive/);
    }
    assert.deepEqual(calls, []);
  });
});

describe('renaming', () => {
  it('takes the title that it is given, trimmed, else asks for one', async () => {
    const given = someDeps();
    await renameSession(given.deps)({ sessionId: 'idle', title: ' Mine ' });
    assert.deepEqual(given.server.calls, [['updateSession', 'idle', { title: 'Mine' }]]);
    const asked = someDeps({ askText: ({ value }: TextQuestion) => `${value} 2` });
    await renameSession(asked.deps)('idle');
    assert.deepEqual(asked.server.calls, [['updateSession', 'idle', { title: 'Parser 2' }]]);
  });

  it('offers the whole title as the server has it, and writes nothing where that is left as it is', async () => {
    const title = `Read \u202etxt.exe ${'number '.repeat(60)}and strings`;
    const offered: (string | undefined)[] = [];
    for (const [change, expected] of [
      ['', []],
      [' too', [['updateSession', 'long', { title: `${title} too` }]]],
    ] as const) {
      const { openCode, calls } = aServer({ updateSession: () => undefined });
      const { deps } = someDeps({
        askText: ({ value = '' }: TextQuestion) => {
          offered.push(value);
          return `${value}${change}`;
        },
      });
      const sessions = aStore([aSession({ id: 'long', title })]);
      await renameSession({ ...deps, sessions, openCode })('long');
      assert.deepEqual(calls, expected);
    }
    assert.deepEqual(offered, [title, title]);
  });

  it('refuses an empty title', async () => {
    const { deps, server } = someDeps();
    await assert.rejects(renameSession(deps)({ sessionId: 'idle', title: ' ' }), Problem);
    assert.deepEqual(server.calls, []);
  });
});

describe('opening', () => {
  it('shows a preview on a click, and keeps it on the second quick one', async () => {
    const opened: [string, OpenHow][] = [];
    const run = openSession({
      ...someDeps().deps,
      doubleClick: new DoubleClick(() => 0),
      openTranscript: (id, how) => opened.push([id, how]),
    });
    await run({ sessionId: 'idle', clicked: true });
    await run({ sessionId: 'idle', clicked: true });
    await run('idle');
    assert.deepEqual(opened, [
      ['idle', 'preview'],
      ['idle', 'pinned'],
      ['idle', 'preview'],
    ]);
  });
});

describe('filtering', () => {
  function aFilter(text: string) {
    const shown: string[] = [];
    const filter = {
      text,
      set: (to: string) => {
        filter.text = to;
        shown.push(to);
      },
    };
    return { filter, shown };
  }

  it('takes the words that it is given, and none', async () => {
    const { filter } = aFilter('old');
    await filterSessions({ filter, dialogs: aPerson().dialogs })({ text: ' given ' });
    assert.equal(filter.text, 'given');
    await clearFilter({ filter })();
    assert.equal(filter.text, '');
  });

  it('shows what is typed while it is typed, and says what is wrong with it', async () => {
    const { filter, shown } = aFilter('old');
    const { dialogs } = aPerson({
      askText: ({ value, onChange }: TextQuestion) => {
        assert.equal(value, 'old');
        assert.equal(onChange?.('is:busy'), undefined);
        assert.match(onChange?.('is:bsy') ?? '', /no “is:bsy”/);
        return ' is:busy ';
      },
    });
    await filterSessions({ filter, dialogs })();
    assert.deepEqual(shown, ['is:busy', 'is:bsy', 'is:busy']);
  });

  it('shows what it was before to a person who leaves', async () => {
    const { filter } = aFilter('old');
    const { dialogs } = aPerson({
      askText: ({ onChange, onLeave }: TextQuestion) => {
        onChange?.('new');
        onLeave?.('new');
        return undefined;
      },
    });
    await filterSessions({ filter, dialogs })();
    assert.equal(filter.text, 'old');
  });
});

describe('refreshing', () => {
  it('looks at the server where it is there, else connects', async () => {
    const done: string[] = [];
    const refresh = (state: ConnectionState) =>
      refreshSessions({
        server: { state, connect: async () => void done.push('connect') },
        looks: { refresh: async () => void done.push('look') },
      })();
    await refresh({ kind: 'live', url: 'http://127.0.0.1:1', version: '1.18.33', managed: true });
    await refresh({ kind: 'reconnecting', since: 1, attempt: 1, reason: 'gone' });
    assert.deepEqual(done, ['look', 'connect']);
  });
});

describe('restarting the server', () => {
  const live = { kind: 'live', url: 'http://127.0.0.1:1', version: '1.18.33' } as const;

  let details: string[] = [];

  async function restarts(
    state: ConnectionState,
    sure: boolean,
    use?: ServerUse,
    sessions = someDeps().deps.sessions,
  ): Promise<boolean> {
    let restarted = false;
    const server = {
      state,
      use: async () => use,
      restart: async () => {
        restarted = true;
      },
    };
    const person = aPerson({ confirm: () => sure });
    await restartServer({ sessions, server, dialogs: person.dialogs })();
    details = person.asked.map(([, question]) => (question as { detail: string }).detail);
    return restarted;
  }

  it('asks before it stops work, and only where it does', async () => {
    assert.equal(await restarts({ ...live, managed: true }, false), false);
    assert.equal(await restarts({ ...live, managed: true }, true), true);
    assert.equal(await restarts({ ...live, managed: false }, false), true);
    assert.equal(await restarts({ kind: 'failed', message: 'No.', needsRestart: true }, false), false);
  });

  it('names by their first prompts those that are not named yet', async () => {
    const title = 'New session - 2026-11-20T10:00:00.000Z';
    const other = 'New session - 2026-11-21T10:00:00.000Z';
    const sessions = aStore([aSession({ id: 'ses_1', title })], { statuses: { ses_1: { type: 'busy' } } });
    sessions.learnPrompt('ses_1', 'Count the cents');
    const use = { working: [title, other], windows: 0, clients: [] };
    await restarts({ ...live, managed: true }, false, use, sessions);
    assert.match(details[0] ?? '', /^Sessions that are working: “Count the cents”, “New session”\./);
    await restarts({ ...live, managed: true }, false, undefined, sessions);
    assert.match(details[0] ?? '', /^Sessions that are working: “Count the cents”\./);
  });

  it('names the sessions of all folders that work, and who else is connected', async () => {
    const managed = { ...live, managed: true };
    const use = {
      working: ['Parser', 'A very\nlong one'],
      windows: 2,
      clients: ['opencode', 'opencode', ''],
    };
    assert.equal(await restarts(managed, false, use), false);
    assert.deepEqual(details, [
      'Sessions that are working: “Parser”, “A very long one”. They are stopped, in all windows.\n' +
        'Also connected: other windows (2), opencode, another program. They lose the connection for a moment.',
    ]);
  });

  it('does not ask where nobody else uses the server and nothing works', async () => {
    const managed = { ...live, managed: true };
    assert.equal(await restarts(managed, false, { working: [], windows: 0, clients: [] }), true);
    assert.deepEqual(details, []);
  });

  it('says what cannot be known, and asks', async () => {
    const managed = { ...live, managed: true };
    assert.equal(await restarts(managed, false, { windows: 0 }), false);
    assert.match(details[0] ?? '', /Whether other programs are connected to the server is not known/);
  });
});

describe('connecting to a server', () => {
  function setUp(how: string, texts: string[], current?: string, ...refusals: Error[]) {
    const done: unknown[][] = [];
    const questions: string[] = [];
    const faults: (string | undefined)[] = [];
    const prompts: (string | undefined)[] = [];
    const { dialogs } = aPerson({
      pickOne: () => how,
      confirm: ({ message }: { readonly message: string }) => {
        questions.push(message);
        return texts.shift() === 'sure';
      },
      askText: ({ prompt, validate }: TextQuestion) => {
        const text = texts.shift();
        faults.push(validate?.(text ?? ''));
        prompts.push(prompt);
        return text;
      },
    });
    const run = connectServer({
      server: {
        connect: async () => {
          done.push(['connect']);
          const problem = refusals.shift();
          if (problem !== undefined) throw problem;
        },
        restart: async () => void done.push(['restart']),
      },
      nameServer: parseUrl,
      settings: { url: () => current, setUrl: async (url) => void done.push(['url', url]) },
      secrets: {
        find: async () => undefined,
        store: async (...args) => void done.push(['store', ...args]),
        forget: async (url) => void done.push(['forget', url]),
      },
      dialogs,
    });
    return { run, done, faults, prompts, questions };
  }

  it('keeps the password as a secret, never with the address', async () => {
    const { run, done } = setUp('attached', ['http://127.0.0.1:4096/', 'me', 'secret']);
    await run();
    assert.deepEqual(done, [
      ['store', 'http://127.0.0.1:4096', { username: 'me', password: 'secret' }],
      ['url', 'http://127.0.0.1:4096'],
      ['connect'],
    ]);
  });

  it('keeps the password under the form of the address by which it is looked for', async () => {
    for (const [typed, kept] of [
      ['HTTP://LocalHost:4096/', 'http://localhost:4096'],
      [' http://127.0.0.1:80', 'http://127.0.0.1'],
      ['https://[0:0::1]:443/Code//', 'https://[::1]/Code'],
    ]) {
      const { run, done } = setUp('attached', [typed ?? '', 'me', 'secret']);
      await run();
      assert.deepEqual(
        done.map(([, url]) => url),
        [kept, kept, undefined],
      );
    }
  });

  it('asks for no password of what is no address', async () => {
    const { run, done, prompts } = setUp('unasked', []);
    await assert.rejects(async () => run({ url: 'nonsense' }), /is not the address of a server/);
    assert.deepEqual([done, prompts], [[], []]);
  });

  it('connects again to the same address, for which no setting changes', async () => {
    const url = 'http://127.0.0.1:4096';
    const { run, done } = setUp('attached', [url, 'me', ''], url);
    await run();
    assert.deepEqual(done, [['forget', url], ['restart']]);
  });

  it('asks only for the password where the address is given', async () => {
    const { run, done } = setUp('unasked', ['me', 'secret']);
    await run({ url: 'http://127.0.0.1:4096' });
    assert.deepEqual(done.at(0), ['store', 'http://127.0.0.1:4096', { username: 'me', password: 'secret' }]);
  });

  it('asks once more for a password that is refused, says so, and then no more', async () => {
    const refused = new UnauthorizedProblem('It did not accept this.');
    const answers = ['http://127.0.0.1:4096', 'me', 'wrong', 'me', 'wrong again', 'me', 'unasked'];
    const { run, done, prompts } = setUp('attached', answers, undefined, refused, refused);
    await assert.rejects(async () => run(), refused);
    assert.deepEqual(
      done.flatMap(([verb, , credentials]) => (verb === 'store' ? [credentials] : [])),
      [
        { username: 'me', password: 'wrong' },
        { username: 'me', password: 'wrong again' },
      ],
    );
    assert.deepEqual(prompts.slice(-2), [refused.message, refused.message]);
  });

  for (const url of [
    'http://server.example:4096',
    'http://192.168.1.7',
    'http://127.0.0.1.example',
    'http://0.0.0.0',
  ]) {
    it(`asks before a password goes to ${url} in the clear, and keeps none that does not go`, async () => {
      const unsure = setUp('attached', [url, 'me', 'secret', 'not sure']);
      await unsure.run();
      assert.deepEqual(unsure.done, []);
      const { run, done, questions } = setUp('attached', [url, 'me', 'secret', 'sure']);
      await run();
      assert.deepEqual(questions, [`Send the password to ${url} without encryption?`]);
      assert.deepEqual(done.at(-1), ['connect']);
      const without = setUp('attached', [url, 'me', '']);
      await without.run();
      assert.deepEqual(without.questions, []);
    });
  }

  for (const url of [
    'https://server.example',
    'http://localhost:4096',
    'http://127.0.0.1',
    'http://[::1]:1',
  ]) {
    it(`does not ask before a password goes to ${url}`, async () => {
      const { run, done, questions } = setUp('attached', [url, 'me', 'secret']);
      await run();
      assert.deepEqual(questions, []);
      assert.deepEqual(done.at(-1), ['connect']);
    });
  }

  it('asks about another password as about the first', async () => {
    const url = 'http://server.example';
    const refused = new UnauthorizedProblem('It did not accept this.');
    const answers = [url, 'me', 'wrong', 'sure', 'me', 'right', 'not sure'];
    const { run, done } = setUp('attached', answers, undefined, refused);
    await run();
    assert.equal(done.filter(([verb]) => verb === 'store').length, 1);
  });

  it('leaves a server of the editor that runs as it is', async () => {
    const { run, done } = setUp('managed', []);
    await run();
    assert.deepEqual(done, [['connect']]);
  });

  it('goes back to the server of the editor', async () => {
    const { run, done } = setUp('managed', [], 'http://127.0.0.1:4096');
    await run();
    assert.deepEqual(done, [['url', undefined], ['connect']]);
  });

  it('changes nothing when the person leaves before the end', async () => {
    const { run, done } = setUp('attached', ['http://127.0.0.1:4096', 'me']);
    await run();
    assert.deepEqual(done, []);
  });

  it('says what is wrong with an address', async () => {
    for (const url of ['nonsense', 'ftp://x', 'http://me:secret@host']) {
      const { run, faults } = setUp('attached', [url]);
      await assert.rejects(async () => run(), /is not the address of a server/);
      assert.equal(typeof faults[0], 'string');
    }
  });
});
