import assert from 'node:assert/strict';
import { connectProvider, findKeyFault } from '../../../src/commands/provider/connectProvider.ts';
import { CancelledError } from '../../../src/core/cancellation.ts';
import { Problem, UnavailableProblem } from '../../../src/core/errors.ts';
import type { Choice, Dialogs, TextQuestion } from '../../../src/core/ports/dialogs.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import type { RunWithProgress } from '../../../src/core/ports/progress.ts';
import type { KnownProvider, SignInWay } from '../../../src/core/ports/signIn.ts';
import type { Provider } from '../../../src/protocol/records.ts';
import { aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

const key = 'sk-of-a-person';

const aKey: SignInWay = { kind: 'key', label: '', prompts: [] };
const aPage = (given: Partial<SignInWay> = {}): SignInWay => ({
  method: 1,
  kind: 'browser',
  label: 'Subscription',
  prompts: [],
  ...given,
});

const aProvider = (given: Partial<KnownProvider> & { id: string }): KnownProvider => ({
  name: given.id,
  isConnected: false,
  modelCount: 2,
  env: [],
  ways: [aKey],
  ...given,
});

const withModels = (id: string, names: readonly string[]): Provider => ({
  id,
  name: id,
  models: Object.fromEntries(
    names.map((name) => [name, { id: name, providerID: id, name, limit: { context: 1000, output: 100 } }]),
  ),
});

type Answers = { readonly [Name in keyof Dialogs]?: (...args: never[]) => unknown };

/** Picks the choice of that label from each list that has it. */
const picking =
  (...labels: readonly string[]) =>
  (_: string, choices: readonly Choice<unknown>[]): unknown =>
    choices.find(({ label }) => labels.some((wanted) => label.startsWith(wanted)))?.value;

function setUp(given: {
  readonly known?: readonly KnownProvider[];
  readonly person?: Answers;
  readonly server?: Parameters<typeof aServer>[0];
  readonly waiting?: readonly string[];
  readonly failed?: ReadonlyMap<string, unknown>;
  readonly serverUrl?: string;
  readonly offered?: readonly Provider[];
  readonly runWithProgress?: RunWithProgress;
  readonly opens?: boolean;
  readonly directories?: readonly string[];
}) {
  const server = aServer({
    listKnownProviders: () => given.known ?? [aProvider({ id: 'made' })],
    listProviders: () => ({ providers: given.offered ?? [withModels('made', ['One', 'Two'])], default: {} }),
    setProviderKey: () => undefined,
    completeSignIn: () => undefined,
    ...given.server,
  });
  const notices: Notice[] = [];
  const opened: string[] = [];
  const copied: string[] = [];
  const reloaded: string[] = [];
  const titles: string[] = [];
  const person = aPerson({
    inform: (message: string) => void notices.push({ message, actions: [] }),
    ...given.person,
  });
  const run = connectProvider({
    openCode: server.openCode,
    sessions: aStore([aSession({ id: 'ses_1', directory: '/other' })]),
    directories: () => given.directories ?? ['/work'],
    serverUrl: () => given.serverUrl,
    providerReload: {
      reload: async (directories) => {
        reloaded.push(...directories);
        return { waiting: given.waiting ?? [], failed: given.failed ?? new Map() };
      },
    },
    dialogs: person.dialogs,
    notify: (notice) => notices.push(notice),
    runWithProgress:
      given.runWithProgress ??
      ((title, act) => {
        titles.push(title);
        const never = {
          isCancellationRequested: false,
          onCancellationRequested: () => ({ dispose: () => undefined }),
        };
        return act(never, (step) => titles.push(step));
      }),
    openWebPage: async (url) => {
      opened.push(url);
      return given.opens ?? true;
    },
    copy: async (text) => void copied.push(text),
  });
  return { run, server, person, notices, opened, copied, reloaded, titles };
}

describe('connecting a provider', () => {
  it('gives the key to the server alone, and says which models are there now', async () => {
    const { run, server, notices, reloaded, titles } = setUp({
      person: { pickOne: picking('made'), askText: () => `  ${key} ` },
    });
    assert.equal(await run(), 'made');
    assert.deepEqual(server.changes(), [['setProviderKey', 'made', key, {}]]);
    assert.deepEqual(reloaded, ['/work']);
    assert.deepEqual(
      notices.map(({ message, actions }) => [message, actions.map(({ command }) => command)]),
      [['made is connected: One, Two.', ['opencodeSessions.session.new']]],
    );
    assert.ok(!JSON.stringify([notices, titles]).includes(key));
  });

  it('hides what is typed, and says where it goes', async () => {
    const { run, person } = setUp({ person: { pickOne: picking('made'), askText: () => undefined } });
    assert.equal(await run(), undefined);
    const question = person.asked.at(-1)?.[1] as TextQuestion;
    assert.equal(question.secret, true);
    assert.match(question.prompt ?? '', /auth\.json/);
  });

  it('lists the popular first, with what each needs, and who is connected', async () => {
    const { run, person } = setUp({
      known: [
        aProvider({ id: 'zeta', env: ['ZETA_KEY'] }),
        aProvider({ id: 'alpha', isConnected: true, modelCount: 1 }),
        aProvider({ id: 'anthropic', name: 'Anthropic', ways: [aKey, aPage()] }),
      ],
      person: { pickOne: () => undefined },
    });
    await run();
    const [, , choices] = person.asked[0] ?? assert.fail();
    assert.deepEqual(
      (choices as Choice<unknown>[]).map(({ label, description, detail, icon }) => [
        label,
        description,
        detail,
        icon,
      ]),
      [
        ['Anthropic', '2 models', 'Sign in with the browser, or with an API key.', 'globe'],
        ['alpha', 'connected · 1 model', 'API key.', 'check'],
        ['zeta', '2 models', 'API key. Or in OpenCode’s environment: ZETA_KEY.', 'key'],
        ['Look Again', 'You signed in elsewhere, as with “opencode auth login”', undefined, 'refresh'],
      ],
    );
  });

  it('asks again, with what was typed and why, where the server does not take it', async () => {
    const typed: (string | undefined)[] = [];
    let refusals = 1;
    const { run, server } = setUp({
      person: {
        pickOne: picking('made'),
        askText: ({ value, prompt }: TextQuestion) => {
          typed.push(value, prompt);
          return key;
        },
      },
      server: {
        setProviderKey: () => {
          if (refusals-- > 0) throw new UnavailableProblem('The server is away.');
        },
      },
    });
    assert.equal(await run(), 'made');
    assert.deepEqual(typed.slice(2), [key, 'The server is away.']);
    assert.equal(server.changes().length, 2);
  });

  it('asks what the way asks for, where that fits what was said before', async () => {
    const prompts = [
      {
        key: 'kind',
        message: 'Which kind?',
        options: [
          { label: 'Public', value: 'public' },
          { label: 'Own', value: 'own', hint: 'A server of yours' },
        ],
      },
      { key: 'url', message: 'Where?', when: { key: 'kind', op: 'eq' as const, value: 'own' } },
      { key: 'team', message: 'Which team?', when: { key: 'kind', op: 'neq' as const, value: 'own' } },
    ];
    const { run, server, person } = setUp({
      known: [aProvider({ id: 'made', ways: [{ ...aKey, prompts }] })],
      person: {
        pickOne: picking('Own'),
        askText: ({ prompt }: TextQuestion) => (prompt === 'Where?' ? ' https://own.example ' : key),
      },
    });
    assert.equal(await run({ providerId: 'made' }), 'made');
    assert.deepEqual(server.changes(), [
      ['setProviderKey', 'made', key, { kind: 'own', url: 'https://own.example' }],
    ]);
    assert.deepEqual(
      person.asked.map(([name]) => name),
      ['pickOne', 'askText', 'askText'],
    );
  });

  it('brings back the code of a page, as often as it takes', async () => {
    const { run, server, opened } = setUp({
      known: [aProvider({ id: 'made', ways: [aKey, aPage()] })],
      person: {
        pickOne: picking('Subscription', 'Open'),
        askText: ({ value }: TextQuestion) => (value === undefined ? 'wrong' : 'right'),
      },
      server: {
        beginSignIn: () => ({
          url: 'https://made.example/in?a=b%20c',
          kind: 'code',
          instructions: 'Paste it.',
        }),
        completeSignIn: (_: string, __: string, ___: number, code: string) => {
          if (code !== 'right') throw new Problem('The provider did not accept the sign-in.');
        },
      },
    });
    assert.equal(await run({ providerId: 'made' }), 'made');
    assert.deepEqual(opened, ['https://made.example/in?a=b%20c']);
    assert.deepEqual(
      server.changes().map((call) => call.slice(0, 5)),
      [
        ['beginSignIn', '/work', 'made', 1, {}],
        ['completeSignIn', '/work', 'made', 1, 'wrong'],
        ['completeSignIn', '/work', 'made', 1, 'right'],
      ],
    );
  });

  it('shows the code that a page asks for while it waits, and copies it', async () => {
    const { run, copied, titles } = setUp({
      known: [aProvider({ id: 'made', ways: [aPage()] })],
      person: { pickOne: picking('Copy ABCD-1234') },
      server: {
        beginSignIn: () => ({
          url: 'https://made.example/',
          kind: 'wait',
          instructions: 'Enter code: ABCD-1234',
        }),
      },
    });
    assert.equal(await run({ providerId: 'made' }), 'made');
    assert.deepEqual(copied, ['ABCD-1234']);
    assert.deepEqual(titles, ['Waiting until you have signed in to made', 'Enter code: ABCD-1234']);
  });

  it('puts the address into the clipboard where no browser opens', async () => {
    const { run, copied, notices } = setUp({
      known: [aProvider({ id: 'made', ways: [aPage()] })],
      person: { pickOne: picking('Open') },
      opens: false,
      server: { beginSignIn: () => ({ url: 'https://made.example/x', kind: 'wait', instructions: '' }) },
    });
    await run({ providerId: 'made' });
    assert.deepEqual(copied, ['https://made.example/x']);
    assert.match(notices[0]?.message ?? '', /in the clipboard/);
  });

  for (const url of ['file:///etc/passwd', 'command:workbench.action.quit', 'vscode://x', 'nothing']) {
    it(`opens no ${url}`, async () => {
      const { run, opened } = setUp({
        known: [aProvider({ id: 'made', ways: [aPage()] })],
        person: { pickOne: picking('Open') },
        server: { beginSignIn: () => ({ url, kind: 'wait', instructions: '' }) },
      });
      await assert.rejects(run({ providerId: 'made' }), /nothing was opened/);
      assert.deepEqual(opened, []);
    });
  }

  it('says in a sentence that a sign-in was not waited for, and changes nothing', async () => {
    const { run, notices, reloaded } = setUp({
      known: [aProvider({ id: 'made', ways: [aPage()] })],
      person: { pickOne: picking('Open') },
      runWithProgress: () => Promise.reject(new CancelledError()),
      server: { beginSignIn: () => ({ url: 'https://made.example/', kind: 'wait', instructions: '' }) },
    });
    assert.equal(await run({ providerId: 'made' }), undefined);
    assert.match(notices[0]?.message ?? '', /not waited for any longer/);
    assert.deepEqual(reloaded, []);
  });

  it('offers to sign in again where a page comes to nothing', async () => {
    const { run } = setUp({
      known: [aProvider({ id: 'made', ways: [aPage()] })],
      person: { pickOne: picking('Open') },
      server: {
        beginSignIn: () => ({ url: 'https://made.example/', kind: 'wait', instructions: '' }),
        completeSignIn: () => {
          throw new Problem('It took too long.');
        },
      },
    });
    await assert.rejects(run({ providerId: 'made' }), (error) => {
      assert.ok(error instanceof Problem);
      assert.match(error.message, /not signed in to made, and nothing was changed\. It took too long\./);
      assert.deepEqual(error.remedy, {
        title: 'Sign In Again…',
        command: 'opencodeSessions.provider.connect',
        arguments: [{ providerId: 'made' }],
      });
      return true;
    });
  });

  it('does not say that nothing was changed where that is not known, and offers to look', async () => {
    for (const problem of [new UnavailableProblem('The connection broke.'), new Error('odd')]) {
      const { run } = setUp({
        known: [aProvider({ id: 'made', ways: [aPage()] })],
        person: { pickOne: picking('Open') },
        server: {
          beginSignIn: () => ({ url: 'https://made.example/', kind: 'wait', instructions: '' }),
          completeSignIn: () => {
            throw problem;
          },
        },
      });
      await assert.rejects(run({ providerId: 'made', sessionId: 'ses_1' }), (error) => {
        assert.ok(error instanceof Problem);
        assert.equal(error.mayHaveArrived, true);
        assert.match(error.message, /not known whether you are signed in to made/);
        assert.doesNotMatch(error.message, /nothing was changed/);
        assert.deepEqual(error.remedy, {
          title: 'Look Again',
          command: 'opencodeSessions.provider.connect',
          arguments: [{ directory: '/other', lookAgain: true }],
        });
        return true;
      });
    }
    const { run, notices, reloaded } = setUp({});
    assert.equal(await run({ directory: '/other', lookAgain: true }), undefined);
    assert.deepEqual(reloaded, ['/other', '/work']);
    assert.deepEqual(
      notices.map(({ message }) => message),
      ['Connected: made.'],
    );
  });

  describe('of a server that is asked over plain http on another machine', () => {
    const serverUrl = 'http://far.example:4096';
    const prompts = [{ key: 'team', message: 'Which team?' }];
    const code = { url: 'https://made.example/', kind: 'code', instructions: '' };
    const wait = { ...code, kind: 'wait' };

    function asking(sure: boolean, way: SignInWay, page: unknown = code, url = serverUrl) {
      const asked: string[] = [];
      const { run, server } = setUp({
        known: [aProvider({ id: 'made', ways: [way] })],
        serverUrl: url,
        person: {
          pickOne: picking('Open'),
          confirm: ({ message }: { readonly message: string }) => (asked.push(message), sure),
          askText: ({ title }: TextQuestion) => (asked.push(title), key),
        },
        server: { beginSignIn: () => page },
      });
      return { run: () => run({ providerId: 'made' }), server, asked };
    }

    it('sends no key, answer or code unless the person says so, which is asked before they type', async () => {
      for (const way of [aKey, { ...aKey, prompts }, aPage({ prompts })]) {
        const { run, server, asked } = asking(false, way);
        assert.equal(await run(), undefined);
        assert.deepEqual(server.changes(), []);
        assert.equal(asked.length, 1);
        assert.match(asked[0] ?? '', /to http:\/\/far\.example:4096 without encryption/);
      }
      const { run, server, asked } = asking(false, aPage());
      assert.equal(await run(), undefined);
      assert.deepEqual(
        server.changes().map(([name]) => name),
        ['beginSignIn'],
      );
      assert.equal(asked.length, 1);
    });

    it('asks once', async () => {
      for (const way of [{ ...aKey, prompts }, aPage({ prompts }), aPage()]) {
        const { run, asked } = asking(true, way);
        assert.equal(await run(), 'made');
        assert.equal(asked.filter((text) => text.includes('without encryption')).length, 1);
      }
    });

    it('does not ask where nothing that is typed is sent, nor where nobody stands between', async () => {
      for (const [way, page, url] of [
        [aPage(), wait, serverUrl],
        [aKey, code, 'https://far.example'],
        [aKey, code, 'http://127.0.0.1:4096'],
      ] as const) {
        const { run, asked } = asking(false, way, page, url);
        assert.equal(await run(), 'made');
        assert.deepEqual(
          asked.filter((text) => text.includes('without encryption')),
          [],
        );
      }
    });
  });

  it('says that a key is there although the folder could not be read anew', async () => {
    const person = { pickOne: picking('made'), askText: () => key };
    const failed = new Map([['/work', new UnavailableProblem('The server is away.')]]);
    const { run, notices } = setUp({ person, failed });
    assert.equal(await run(), 'made');
    assert.match(
      notices[0]?.message ?? '',
      /^made is connected, .*tried again by itself\. The server is away\.$/,
    );
    const other = setUp({ person, failed: new Map([['/second', new Error('away')]]) });
    await other.run();
    assert.equal(other.notices[0]?.message, 'made is connected: One, Two.');
    const looking = setUp({ person: { pickOne: picking('Look Again') }, failed });
    await assert.rejects(looking.run(), /The server is away/);
  });

  it('says that it is connected although its models could not be read', async () => {
    const { run, notices } = setUp({
      server: {
        listProviders: () => {
          throw new Problem('No answer.');
        },
      },
      person: { askText: () => 'sk-made' },
    });
    assert.equal(await run({ providerId: 'made' }), 'made');
    assert.match(notices[0]?.message ?? '', /is connected, but its models could not be read\. No answer\.$/);
  });

  it('says so where the models have to wait for sessions at work, and where there are none', async () => {
    const person = { pickOne: picking('made'), askText: () => key };
    const waiting = setUp({ person, waiting: ['/work'] });
    await waiting.run();
    assert.match(waiting.notices[0]?.message ?? '', /as soon as no session works in this folder/);
    const none = setUp({ person, offered: [] });
    await none.run();
    assert.match(none.notices[0]?.message ?? '', /has no model of it in this folder/);
    assert.equal(none.notices[0]?.actions[0]?.command, 'opencodeSessions.provider.connect');
  });

  it('looks again for what was signed in to elsewhere', async () => {
    const { run, notices, reloaded } = setUp({
      directories: ['/work', '/second'],
      person: { pickOne: picking('Look Again') },
    });
    assert.equal(await run({ sessionId: 'ses_1' }), undefined);
    assert.deepEqual(reloaded, ['/other', '/work', '/second']);
    assert.deepEqual(
      notices.map(({ message }) => message),
      ['Connected: made.'],
    );
  });

  it('fails in a sentence without a folder, without a list, and with an empty one', async () => {
    await assert.rejects(setUp({ directories: [] }).run(), /Open a folder first/);
    await assert.rejects(setUp({ known: [] }).run(), /knows no provider here/);
    const away = () => {
      throw new UnavailableProblem('The server is away.');
    };
    await assert.rejects(setUp({ server: { listKnownProviders: away } }).run(), /The server is away/);
  });

  it('takes whatever argument for what it says', async () => {
    for (const argument of [null, 'made', 7, { providerId: 3 }, { providerId: 'nobody' }]) {
      const { run, person } = setUp({ person: { pickOne: () => undefined } });
      assert.equal(await run(argument), undefined);
      assert.equal(person.asked[0]?.[0], 'pickOne');
    }
  });

  it('takes no key that cannot be one', () => {
    assert.match(findKeyFault('  ') ?? '', /Paste the key/);
    assert.match(findKeyFault('sk one') ?? '', /no spaces/);
    assert.match(findKeyFault('sk\none') ?? '', /one line/);
    assert.equal(findKeyFault(' sk-one\n'), undefined);
  });
});
