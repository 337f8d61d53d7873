import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { Problem } from '../../../src/core/errors.ts';
import { dialectPorts } from './dialectPorts.ts';
import { Compactions } from '../../../src/server/openCode118/compactions.ts';
import { createClient, OpenCode118 } from '../../../src/server/openCode118/openCode118.ts';

const model = { providerID: 'local', modelID: 'steady' };
const [session, message] = ['ses_1', 'msg_1'];
const place = { agent: 'build', model };

const waiting = (id: string) => ({ id, sessionID: session });

/** A compaction is several of them; the sign is told of by `listening.test.ts`. */
type Request = Exclude<
  keyof OpenCode118,
  'abilities' | 'compactSession' | 'brokenCompactions' | 'clearUpCompaction' | 'showToast'
>;

/** Each request of the port; those that are asked within a directory are asked within this one. */
const requests = (directory: string) =>
  ({
    listSessions: (port) => port.listSessions(directory),
    listProject: (port) => port.listProject(directory),
    getSession: (port) => port.getSession(session),
    createSession: (port) => port.createSession({ directory, title: directory }),
    forkSession: (port) => port.forkSession(session),
    updateSession: (port) => port.updateSession(session, { title: directory }),
    deleteSession: (port) => port.deleteSession(session),
    abortSession: (port) => port.abortSession(session),
    promptSession: (port) => port.promptSession(session, { ...place, parts: [] }),
    tellSession: (port) => port.tellSession(session, { ...place, parts: [] }),
    extractFromSession: (port) => port.extractFromSession(session, { ...place, parts: [] }, {}),
    runCommand: (port) => port.runCommand(session, { ...place, name: 'tidy', arguments: '' }),
    runShell: (port) => port.runShell(session, { ...place, command: 'ls' }),
    summarizeSession: (port) => port.summarizeSession(session, model),
    revertSession: (port) => port.revertSession(session, message),
    unrevertSession: (port) => port.unrevertSession(session),
    listMessages: (port) => port.listMessages(session, { limit: 1, before: 'a+b/c=' }),
    getMessage: (port) => port.getMessage(session, message),
    getStored: (port) => port.getStored(session),
    listStored: (port) => port.listStored(session, { limit: 1, before: 'a+b/c=' }),
    deleteMessage: (port) => port.deleteMessage(session, message),
    addHiddenText: (port) => port.addHiddenText(session, message, { id: 'prt_1', text: directory }),
    deletePart: (port) => port.deletePart(session, message, 'prt_1'),
    listTodos: (port) => port.listTodos(session),
    diffMessage: (port) => port.diffMessage(session, message),
    listStatuses: (port) => port.listStatuses(directory),
    listPermissions: (port) => port.listPermissions(directory),
    listQuestions: (port) => port.listQuestions(directory),
    replyPermission: (port) => port.replyPermission(directory, waiting('per_1'), 'once', directory),
    replyQuestion: (port) => port.replyQuestion(directory, waiting('que_1'), [[directory]]),
    rejectQuestion: (port) => port.rejectQuestion(directory, waiting('que_1')),
    listAgents: (port) => port.listAgents(directory),
    listProviders: (port) => port.listProviders(directory),
    listKnownProviders: (port) => port.listKnownProviders(directory),
    setProviderKey: (port) => port.setProviderKey('made', 'key', {}),
    beginSignIn: (port) => port.beginSignIn(directory, 'made', 0, {}),
    completeSignIn: (port) => port.completeSignIn(directory, 'made', 0, 'code'),
    reloadProviders: (port) => port.reloadProviders(directory),
    listCommands: (port) => port.listCommands(directory),
    listToolIds: (port) => port.listToolIds(directory),
    giveSign: (port) => port.giveSign(directory, 'a sign'),
    hasCompanion: (port) => port.hasCompanion(directory),
    findFiles: (port) => port.findFiles(directory, 'a b+%41'),
  }) satisfies Record<Request, (port: OpenCode118) => Promise<unknown>>;

/** Those that find their directory by the session, what is meant for all, and what asks nothing. */
const withoutDirectory =
  /Session$|Stored$|Message$|Messages$|runCommand|runShell|HiddenText|deletePart|Todos$|ProviderKey$/;

const isWithin = (what: string): boolean => what === 'createSession' || !withoutDirectory.test(what);

describe('The directory of a request', () => {
  const asked: { readonly url: URL; readonly directory: string | undefined }[] = [];
  let answer: unknown = [];
  let server: Server;
  let port: OpenCode118;

  before(async () => {
    server = createServer((request, response) => {
      const { 'x-opencode-directory': directory } = request.headers;
      asked.push({ url: new URL(request.url ?? '', 'http://server'), directory: directory?.toString() });
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/below`;
    const client = await createClient({ url, username: '', password: '' }, new AbortController().signal);
    const onDidHear = () => ({ dispose: () => undefined });
    const compactions = new Compactions({ ...dialectPorts(), server: () => port, onDidHear });
    port = new OpenCode118(client, compactions);
  });

  beforeEach(() => asked.splice(0));

  after(() => server.close());

  /** What each request was asked within, as the server is told. */
  const heads = async (directory: string): Promise<[string, (string | undefined)[]][]> => {
    const found: [string, (string | undefined)[]][] = [];
    for (const [what, ask] of Object.entries(requests(directory))) {
      // What the answers are is of no account here; most are none.
      await ask(port).catch(() => undefined);
      for (const { url } of asked) {
        assert.ok(!url.searchParams.has('directory'), what);
        assert.match(url.pathname, /^\/below\//);
      }
      found.push([what, asked.splice(0).map((request) => request.directory)]);
    }
    return found;
  };

  for (const name of [
    'a b',
    '100%',
    'a%zz%41',
    'a+b',
    'a#b?c',
    'a&directory=b',
    'end ',
    'u\u0308',
    'line\nfeed',
  ]) {
    it(`is said by every request, in the header and encoded: ${JSON.stringify(name)}`, async () => {
      const directory = `/work/${name}`;
      for (const [what, said] of await heads(directory)) {
        if (isWithin(what)) assert.deepEqual(said, [encodeURIComponent(directory)], what);
        else assert.ok(!said.includes(encodeURIComponent(directory)), what);
      }
    });
  }

  for (const name of ['a%41b', '%2e%2e', 'my%20project', 'a%2Fb', '%25', 'back\\slash']) {
    it(`is asked for by none where the server would take it for another: ${name}`, async () => {
      const directory = `/work/${name}`;
      for (const [what, said] of await heads(directory)) if (isWithin(what)) assert.deepEqual(said, [], what);
      await assert.rejects(port.createSession({ directory }), (error) => {
        assert.ok(error instanceof Problem);
        assert.ok(error.message.includes(directory));
        assert.ok(error.message.includes(decodeURIComponent(directory).replace('\\', '/')));
        return true;
      });
    });
  }

  it('is that of the session that came of it, or there is none', async () => {
    answer = { id: 'ses_2', title: '', directory: '/work/other', time: { created: 1, updated: 1 } };
    await assert.rejects(
      port.createSession({ directory: '/work/this' }),
      /takes the folder \/work\/this for \/work\/other/,
    );
    assert.deepEqual(
      asked.map(({ url }) => url.pathname),
      ['/below/session', '/below/session/ses_2'],
    );
    asked.splice(0);
    assert.equal((await port.createSession({ directory: '/work/other' })).id, 'ses_2');
    // The same place by another name.
    answer = { id: 'ses_3', title: '', directory: tmpdir(), time: { created: 1, updated: 1 } };
    assert.equal((await port.createSession({ directory: `${tmpdir()}/.` })).id, 'ses_3');
    assert.equal(asked.length, 2);
    answer = [];
  });

  it('leaves what else is asked as it was', async () => {
    await port.findFiles('/work/a b', 'a b+%41').catch(() => undefined);
    await port.listMessages(session, { limit: 1, before: 'a+b/c=' }).catch(() => undefined);
    const [find, list] = asked;
    assert.equal(find?.url.searchParams.get('query'), 'a b+%41');
    assert.equal(list?.url.searchParams.get('before'), 'a+b/c=');
  });
});
