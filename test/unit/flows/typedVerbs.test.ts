import assert from 'node:assert/strict';
import { commandIds } from '../../../src/manifest.ts';
import { Problem } from '../../../src/core/errors.ts';
import { Emitter } from '../../../src/core/event.ts';
import type { Choice } from '../../../src/core/ports/dialogs.ts';
import { Attempts } from '../../../src/flows/prompting/attempts.ts';
import { Deliveries } from '../../../src/flows/prompting/deliveries.ts';
import { messageIdOf, wordsOf } from '../../../src/flows/prompting/outgoing.ts';
import type { PromptDoor } from '../../../src/flows/prompting/promptDoor.ts';
import { TypedPrompting } from '../../../src/flows/prompting/typedPrompting.ts';
import { TypedVerbs } from '../../../src/flows/prompting/typedVerbs.ts';
import type { ComposerDraft } from '../../../src/protocol/page/composer.ts';
import type { MessageWithParts, Session } from '../../../src/protocol/records.ts';
import { aPerson, aServer } from '../commands/commands.ts';
import { anAnswer, aSession, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { Memory } from '../views/memory.ts';
import { SwitchedHold } from '../core/switchedHold.ts';

interface Given {
  readonly session?: Partial<Session>;
  readonly messages?: readonly MessageWithParts[];
  readonly isBusy?: boolean;
  /** Which of the choices a person picks, by its label. */
  readonly picks?: string;
  /** What a command answers with: by default the session. */
  readonly made?: (command: string) => unknown;
  readonly folders?: readonly string[];
  /** The server does not say which commands there are. */
  readonly noCommands?: boolean;
}

const turn = [aUserMessage('msg_1', { text: 'Begin' }), anAnswer('msg_2', 'msg_1', { text: 'Begun' })];

/** A session with one turn, and what comes of what is typed in it. */
function setUp({ messages = turn, made = () => 'ses_1', folders = [], ...given }: Given = {}) {
  const sessions = aStore(
    [
      aSession({ id: 'ses_1', directory: '/work', title: 'Parser', ...given.session }),
      aSession({ id: 'ses_2', directory: '/work', title: 'Lexer' }),
      aSession({ id: 'ses_3', directory: '/work', title: 'Twin' }),
      aSession({ id: 'ses_4', directory: '/work', title: 'Twin' }),
    ],
    given.isBusy === true ? { statuses: { ses_1: { type: 'busy' } } } : {},
  );
  const { openCode, offers } = aServer({
    listMessages: () => ({ messages }),
    listCommands: () => {
      if (given.noCommands === true) throw new Problem('No answer.');
      return [
        { name: 'commit', template: '' },
        { name: 'copy', template: '' },
      ];
    },
  });
  const deliveries = new Deliveries(new Memory());
  const sent: string[] = [];
  const send: PromptDoor['send'] = (_, outgoing) => {
    sent.push(`${outgoing.kind}: ${wordsOf(outgoing).text}`);
    const answering = Promise.resolve(undefined);
    return Promise.resolve({ messageId: messageIdOf(outgoing), answering, ended: new Promise(() => {}) });
  };
  const typing = new TypedPrompting({
    sessions,
    openCode,
    offers,
    door: { send, hasArrived: async () => false, onDidJudge: new Emitter<never>().event },
    deliveries,
    hold: new SwitchedHold(),
    attempts: new Attempts({ now: () => 1, random: Math.random }, new Memory(), String),
    onDidSettle: new Emitter<never>().event,
    maySendTo: async () => true,
    onDidGoLive: new Emitter<void>().event,
    findKind: async () => undefined,
    startTimer: () => ({ dispose: () => undefined }),
    report: (error) => assert.fail(String(error)),
    memento: new Memory(),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const { dialogs, asked } = aPerson({
    pickOne: (_: string, choices: readonly Choice<unknown>[]) =>
      choices.find(({ label }) => label === given.picks)?.value,
  });
  const ran: unknown[][] = [];
  const verbs = new TypedVerbs({
    sessions,
    offers,
    openCode,
    typing,
    dialogs,
    savedChains: () => [
      { name: 'implement → review', legs: [] },
      { name: 'plan', legs: [] },
    ],
    findKind: async (path) => (folders.includes(path) ? 'folder' : undefined),
    executeCommand: async (id, argument) => {
      assert.ok(
        commandIds.some((known) => known === id),
        id,
      );
      ran.push([id.replace('opencodeSessions.', ''), argument]);
      return made(id);
    },
  });
  const type = (text: string, draft: Partial<ComposerDraft> = {}) =>
    verbs.send('ses_1', { text, ...draft }, 'queue');
  const stands = (): string => typing.drafts.get('ses_1').text;
  const questions = () =>
    asked.map(([, title, choices]) => [title, ...(choices as Choice<unknown>[]).map(({ label }) => label)]);
  return { type, ran, sent, stands, typing, questions };
}

const done = { kind: 'done', left: [] };
const model = { providerID: 'local', modelID: 'echo' };

describe('a verb that is typed into a composer', () => {
  const orders: readonly [text: string, command: string, argument: Record<string, unknown>][] = [
    ['/compact', 'session.compact', {}],
    ['/compact go on', 'session.compact', { text: 'go on' }],
    ['/fork', 'session.fork', {}],
    ['/fork try it', 'session.forkWithPrompt', { text: 'try it' }],
    ['/approaches', 'session.forkMany', {}],
    ['/handoff write the\ntests', 'session.handOff', { text: 'write the\ntests' }],
    ['/relay', 'session.relay', {}],
    ['/relay plan', 'session.relay', { agent: 'plan' }],
    ['/relay @Plan check it', 'session.relay', { agent: 'plan', text: 'check it' }],
    ['/relay plán', 'session.relay', { agent: 'plan' }],
    ['/relay "Implement → review" ', 'session.runChain', { title: 'implement → review' }],
    ['/relay implement → review', 'session.runChain', { title: 'implement → review' }],
    ['/relay "plan"', 'session.runChain', { title: 'plan' }],
    ['/tell it is late', 'session.tell', { text: 'it is late' }],
    ['/tell "lexer" it is late', 'session.tell', { sessionId: 'ses_2', text: 'it is late' }],
    ['/tell “Twin” (ses_4) it is late', 'session.tell', { sessionId: 'ses_4', text: 'it is late' }],
    ['/tell ses_3 it is late', 'session.tell', { sessionId: 'ses_3', text: 'it is late' }],
    ['/tell "Lexer"', 'session.tell', { sessionId: 'ses_2' }],
    ['/undo', 'message.editAndResend', { messageId: 'msg_1' }],
    ['/model', 'session.switchModel', {}],
    ['/model local/echo', 'session.switchModel', { model }],
    ['/model ECHO', 'session.switchModel', { model }],
    ['/agent plan', 'session.switchAgent', { agent: 'plan' }],
    ['/rename A title', 'session.rename', { title: 'A title' }],
    ['/session:copy', 'session.copyMarkdown', {}],
    ['/changes', 'session.changes', {}],
  ];
  for (const [text, command, argument] of orders) {
    it(`runs the command of the palette: ${JSON.stringify(text)}`, async () => {
      const { type, ran, sent, stands } = setUp();
      assert.deepEqual(await type(text), done);
      assert.deepEqual(ran, [[command, { sessionId: 'ses_1', ...argument }]]);
      assert.deepEqual([stands(), sent], ['', []]);
    });
  }

  it('is not taken for one, nor for a text, where nobody knows which commands there are', async () => {
    for (const text of ['/copy', '/commit now', '/etc/hosts is wrong']) {
      const { type, ran, sent, stands } = setUp({ noCommands: true });
      await assert.rejects(type(text), /which commands there are\. No answer\./);
      assert.deepEqual([stands(), ran, sent], [text, [], []]);
    }
    const { type, sent } = setUp({ noCommands: true });
    await type('Go on.');
    assert.deepEqual(sent, ['prompt: Go on.']);
  });

  it('goes on in what it made, in the same folder and with whom was picked', async () => {
    const { type, ran } = setUp({ made: (id) => (id.endsWith('.new') ? 'ses_9' : 'ses_1') });
    await type('/new', { agent: 'plan', model });
    assert.deepEqual(ran, [
      ['session.new', { directory: '/work', agent: 'plan', model, text: '' }],
      ['composer.focus', { sessionId: 'ses_9' }],
    ]);
  });

  it('leaves picked who was picked, since no prompt has taken it', async () => {
    const { type, typing } = setUp();
    await type('/rename A title', { agent: 'plan' });
    assert.deepEqual(typing.drafts.get('ses_1'), { text: '', agent: 'plan' });
  });

  it('is done at once while the session works, and waits in no queue', async () => {
    const { type, ran, typing } = setUp({ isBusy: true });
    await type('/relay plan check it');
    assert.deepEqual([ran.length, typing.queue.of('ses_1')], [1, []]);
    await type('And then?');
    assert.equal(typing.queue.of('ses_1').length, 1);
  });

  it('stands in the composer again, before what was typed meanwhile, where nothing was done', async () => {
    const { type, stands, typing } = setUp({
      made: () => {
        typing.drafts.set('ses_1', { text: 'half a thought' });
        return undefined;
      },
    });
    assert.deepEqual(await type('/handoff write the tests'), { kind: 'givenBack' });
    assert.equal(stands(), '/handoff write the tests\n\nhalf a thought');
  });

  const refused: readonly [text: string, why: RegExp, given?: Given][] = [
    ['/handoff it', /“\/handoff” cannot be used here\. The session has no messages yet\./, { messages: [] }],
    ['/undo', /The session is working\./, { isBusy: true }],
    ['/redo', /Nothing was taken back\./],
    ['/redo it', /Nothing can stand behind “\/redo”/],
    ['/undo', /no prompt of yours left/, { session: { revert: { messageID: 'msg_1' } } }],
    ['/session:copy', /The session has no messages yet\./, { messages: [] }],
    ['/relay paln check it', /There is no agent “paln” here\. Did you mean “plan”\?/],
    ['/relay "implement"', /No chain “implement” is saved\. Did you mean “implement → review”\?/],
    ['/relay "check twice"', /No chain “check twice” is saved\. There are: implement → review, plan\./],
    ['/relay "plan" check it', /Nothing can stand behind a chain/],
    ['/relay somebody', /There is no agent “somebody” here\. There are: build, plan\./],
    ['/agent plan and more', /There is no agent “plan and more”/],
    ['/model ecoh', /There is no model|no model “ecoh” here\. Did you mean “echo”\?/],
    ['/tell "Nobody" it is late', /No session here is called “Nobody”/],
    ['/tell "Twin" it is late', /Several sessions are called “Twin”/],
  ];
  for (const [text, why, given] of refused) {
    it(`says why nothing was done, and is kept: ${text} (${why.source})`, async () => {
      const { type, ran, stands } = setUp(given);
      await assert.rejects(type(text), (error) => error instanceof Problem && why.test(error.message));
      assert.deepEqual([ran, stands()], [[], text]);
    });
  }

  it('takes what is attached along by name where an agent reads its text', async () => {
    const attachments = [
      { kind: 'file', path: '/work/a b.ts', startLine: 3, endLine: 9 },
      { kind: 'file', path: 'c.ts', startLine: 4 },
    ] as const;
    const { type, ran } = setUp();
    assert.deepEqual(await type('/handoff write tests', { attachments }), done);
    assert.deepEqual(ran[0]?.[1], {
      sessionId: 'ses_1',
      text: 'write tests @"/work/a b.ts"#3-9 @c.ts#4-4',
    });
  });

  it('leaves what is attached for the next prompt where no text goes along', async () => {
    const attachments = [{ kind: 'file', path: 'c.ts' }] as const;
    for (const text of ['/rename A title', '/handoff', '/changes']) {
      const { type } = setUp();
      assert.deepEqual(await type(text, { attachments }), { kind: 'done', left: attachments });
    }
  });

  it('refuses a picture that it could not take along, and keeps it', async () => {
    const picture = { kind: 'data', mime: 'image/png', filename: 'shot.png', url: 'data:,' } as const;
    const { type, ran, typing } = setUp();
    await assert.rejects(
      type('/relay plan see', { attachments: [picture] }),
      /“shot\.png” is not on the disk/,
    );
    assert.deepEqual(ran, []);
    assert.deepEqual(typing.drafts.get('ses_1'), { text: '/relay plan see', attachments: [picture] });
  });
});

describe('a command that there is not', () => {
  it('is asked about, and runs what was meant', async () => {
    const { type, ran, sent, questions } = setUp({ picks: 'Run /compact' });
    assert.deepEqual(await type('/compactt and go on'), done);
    assert.deepEqual(questions(), [
      ['There is no command /compactt. Did you mean /compact?', 'Run /compact', 'Send as Text'],
    ]);
    assert.deepEqual([ran, sent], [[['session.compact', { sessionId: 'ses_1', text: 'and go on' }]], []]);
  });

  it('may be one of the server', async () => {
    const { type, ran, sent } = setUp({ picks: 'Run /commit' });
    await type('/comit  all\nof it');
    assert.deepEqual([ran, sent], [[], ['command: /commit all\nof it']]);
  });

  it('is sent as text where that is wished, letter by letter', async () => {
    const { type, sent, questions, stands } = setUp({ picks: 'Send as Text' });
    await type('/deploy it ');
    assert.deepEqual(questions(), [['There is no command /deploy here.', 'Send as Text']]);
    assert.deepEqual([sent, stands()], [['prompt: /deploy it '], '']);
  });

  it('stands in the composer again where the person leaves', async () => {
    const { type, sent, stands } = setUp();
    assert.deepEqual(await type('/compactt'), {
      kind: 'givenBack',
      why: 'Nothing was sent: /compactt is no command here.',
    });
    assert.deepEqual([sent, stands()], [[], '/compactt']);
  });

  it('is a text where it is a path, or a folder of that name stands there', async () => {
    const { type, sent, questions } = setUp({ folders: ['/srv'] });
    for (const text of ['/usr/lib is full', '/srv is full', '// later']) await type(text);
    assert.deepEqual(sent.slice(0, 1), ['prompt: /usr/lib is full']);
    assert.deepEqual(questions(), []);
  });
});

describe('a command of the server', () => {
  it('goes to it as it did, also where a verb of ours has the same name', async () => {
    const { type, ran, sent } = setUp();
    await type('/copy that');
    assert.deepEqual([ran, sent], [[], ['command: /copy that']]);
  });
});
