import assert from 'node:assert/strict';
import { handOffSession, type HandOffSessionDeps } from '../../../src/commands/handOff/handOffSession.ts';
import { sendHandOff } from '../../../src/commands/handOff/sendHandOff.ts';
import { summarizeDraft, type SummarizeDraftDeps } from '../../../src/commands/handOff/summarizeDraft.ts';
import type { DraftOrder } from '../../../src/core/continuation/drafts/draftOrder.ts';
import { sentDraft } from '../../../src/core/continuation/drafts/sentDraft.ts';
import { toGathered } from '../../../src/core/continuation/gathered.ts';
import type { TextQuestion } from '../../../src/core/ports/dialogs.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import type { Todo } from '../../../src/protocol/records.ts';
import { anAnswer, aProof, aSession, aTodo, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer, portsOf } from './commands.ts';
import { aWritten, someDrafts } from './drafts.ts';

type Tail<Given extends unknown[]> = Given extends [unknown, ...infer Rest] ? Rest : never;

const source = aSession({ id: 'ses_1', title: 'Parser' });
const todos = [aTodo('Read strings', 'in_progress'), aTodo('Read numbers', 'completed')];

const extraction = {
  summary: 'Numbers are read.',
  goal: 'Read strings',
  decisions: [{ decision: 'One pass', reason: 'speed' }],
  triedAndFailed: ['Regular expressions'],
  blocked: '',
  nextSteps: ['Write the lexer'],
};

const runWithProgress: HandOffSessionDeps['runWithProgress'] = (_, act) =>
  act(
    { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) },
    () => undefined,
  );

const wishes: unknown[] = [];

function gather(_: string, wish?: { upTo?: string | undefined }) {
  wishes.push(wish);
  const messages = [
    aUserMessage('msg_1', { text: 'Parse.' }),
    anAnswer('msg_2', 'msg_1', { text: 'Parsed.' }),
  ];
  return Promise.resolve(
    toGathered({
      session: source,
      messages,
      todos,
      toolIds: [],
      git: undefined,
      missingFiles: [],
      hasLater: wish?.upTo !== undefined,
    }),
  );
}

interface Given {
  readonly review?: 'never';
  readonly template?: string;
  readonly missing?: Todo[];
  readonly goal?: string;
  readonly unreadable?: boolean;
  /** What a model is asked for without being told to. */
  readonly extract?: HandOffSessionDeps['extract'];
}

function setUp(given: Given = {}) {
  const kept = someDrafts();
  const questions: TextQuestion[] = [];
  const { dialogs } = aPerson({
    askText: (question: TextQuestion) => {
      questions.push(question);
      return given.goal;
    },
  });
  const requests: unknown[] = [];
  const opened: string[] = [];
  const notices: Notice[] = [];
  const summarized: string[] = [];
  const deps: HandOffSessionDeps = {
    sessions: aStore([source]),
    ...portsOf(aServer({ listMessages: () => ({ messages: [] }) })),
    currentSessionId: () => 'ses_1',
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs,
    drafts: kept.drafts,
    review: () => given.review ?? 'always',
    gather: given.unreadable === true ? () => Promise.reject(new Error('The server is away.')) : gather,
    template: () => Promise.resolve(given.template),
    form: () => 'short',
    summarizes: () => given.extract !== undefined,
    summarizeDraft: (id) => Promise.resolve(summarized.push(id)),
    findForkPoint: (_, at) => Promise.resolve({ point: { before: undefined, at } }),
    extract: given.extract ?? (() => assert.fail('no summary was wished')),
    runWithProgress,
    handOff: (request) => {
      requests.push(request);
      const session = aSession({ id: 'ses_2', title: request.title });
      return Promise.resolve({ session, missingTodos: Promise.resolve(given.missing ?? []) });
    },
    openTranscript: (id) => opened.push(id),
    notify: (notice) => notices.push(notice),
  };
  const send = (...sent: Tail<Parameters<typeof sendHandOff>>) => sendHandOff(deps, ...sent);
  return { run: handOffSession(deps), send, kept, questions, requests, opened, notices, summarized };
}

describe('handing a session off', () => {
  it('drafts at once what matters, with the goal and the open todos', async () => {
    const { run, kept } = setUp({ goal: 'Read strings too' });
    assert.equal(await run(), 'ses_1');
    const [{ order, draft } = assert.fail('no draft')] = kept.opened;
    assert.equal(draft.title, 'Handoff: Parser');
    assert.equal(draft.agent, 'build');
    assert.deepEqual(draft.model, { providerID: 'local', modelID: 'echo' });
    assert.match(
      draft.body,
      /^## Session Handoff: Parser\n\n\*\*Goal:\*\* Read strings too\n\n\*\*So far:\*\*\n- Parse → Parsed\./,
    );
    assert.match(draft.body, /- In progress: Read strings\n[\s\S]+\*\*First:\*\* call `todowrite`/);
    assert.ok(order.verb === 'handOff');
    assert.deepEqual(order.todos, [todos[0]]);
  });

  it('asks in the draft for a goal that was not said, and sends none', async () => {
    const { run, kept, questions } = setUp({ goal: '' });
    await run();
    const [{ order, draft } = assert.fail('no draft')] = kept.opened;
    assert.match(
      draft.body,
      /^## Session Handoff: Parser\n\n\*\*Goal:\*\* What is the next session to reach\?\n\n/,
    );
    assert.deepEqual(order.blanks, [questions[0]?.placeholder]);
    const sent = sentDraft(order, draft).body;
    assert.match(sent, /^## Session Handoff: Parser\n\n\*\*So far:\*\*/);
    const filled = draft.body.replace('What is the next session to reach?', 'Read strings');
    assert.equal(sentDraft(order, { ...draft, body: filled }).body, filled);
  });

  it('ends with the message that was chosen, and says what is left out', async () => {
    const { run, kept } = setUp({ goal: '' });
    await run({ sessionId: 'ses_1', messageId: 'msg_2' });
    assert.deepEqual(wishes.at(-1), { upTo: 'msg_2', latest: false, git: false });
    const [{ order } = assert.fail('no draft')] = kept.opened;
    assert.ok(order.verb === 'handOff');
    assert.equal(order.messageId, 'msg_2');
    assert.equal(order.note, 'Ends with the chosen message; what came after it is left out.');
  });

  it('suggests as goal the first open todo', async () => {
    const { run, questions } = setUp({ goal: '' });
    await run();
    assert.equal(await questions[0]?.suggestion, 'Read strings');
  });

  it('suggests nothing where the session cannot be read, and says so when the goal is there', async () => {
    const { run, questions } = setUp({ goal: '', unreadable: true });
    await assert.rejects(async () => run(), /away/);
    assert.equal(await questions[0]?.suggestion, '');
  });

  it('knows for words of a person a goal that was said or typed, and not one that was suggested', async () => {
    for (const [goal, given, expected] of [
      ['Read hex', undefined, true],
      ['Read strings', undefined, undefined],
      ['', undefined, undefined],
      ['', { text: 'Read hex' }, true],
      ['', { text: '' }, undefined],
    ] as const) {
      const { run, kept } = setUp({ goal });
      await run(given);
      assert.equal(kept.opened[0]?.hasOwnWords, expected, `${goal} ${given?.text ?? ''}`);
    }
  });

  it('drafts nothing when the person leaves', async () => {
    const { run, kept } = setUp();
    assert.equal(await run(), undefined);
    assert.deepEqual(kept.opened, []);
  });

  it('takes the template of the folder', async () => {
    const { run, kept } = setUp({ template: 'From {{title}} to {{agent}}: {{goal}}' });
    await run({ text: 'Strings' });
    assert.equal(kept.opened[0]?.draft.body, 'From Parser to build: Strings');
    assert.deepEqual(wishes.at(-1), { upTo: undefined, latest: false, git: false });
    await setUp({ template: 'On {{ git }}' }).run({ text: '' });
    assert.deepEqual(
      wishes.at(-1),
      { upTo: undefined, latest: false, git: true },
      'git is asked where it is told',
    );
  });

  it('sends at once where it is not to be reviewed, opens the session and offers to undo', async () => {
    const { run, requests, opened, notices } = setUp({ review: 'never' });
    assert.equal(await run({ text: '' }), 'ses_2');
    assert.equal(requests.length, 1);
    assert.deepEqual(opened, ['ses_2']);
    assert.deepEqual(notices[0]?.actions[0]?.arguments, ['ses_2']);
  });

  it('misses no todos that a person took out of the draft', async () => {
    const { requests, send } = setUp();
    const order = {
      verb: 'handOff',
      sessionId: 'ses_1',
      sessionTitle: 'Parser',
      directory: '/work/parser',
    } as const;
    const whole = { ...order, goal: '', form: 'short', todos: [aTodo('Read strings')] } as const;
    await send(source, { ...whole, todos: [...whole.todos] }, { body: 'Go on.' });
    await send(
      source,
      { ...whole, todos: [...whole.todos] },
      { body: 'First call `todowrite`, then go on.' },
    );
    assert.deepEqual(
      requests.map((request) => (request as { todos: unknown[] }).todos.length),
      [0, 1],
    );
  });

  it('says which todos did not arrive', async () => {
    const { run, notices } = setUp({ review: 'never', missing: [aTodo('Read strings')] });
    await run({ text: '' });
    await Promise.resolve();
    assert.match(notices[1]?.message ?? '', /1 of the todos did not arrive .*: Read strings/);
  });
});

describe('a summary by the model', () => {
  function summarize(extract: SummarizeDraftDeps['extract'], body = 'Parsed.') {
    const base = { sessionId: 'ses_1', sessionTitle: 'Parser', directory: '/work/parser' };
    const messageId = 'msg_2';
    const order: DraftOrder = { verb: 'handOff', ...base, goal: '', form: 'short', todos: [], messageId };
    const points: unknown[] = [];
    const kept = someDrafts(aWritten(order, { title: 'Handoff: Parser', body }));
    const run = summarizeDraft({
      sessions: aStore([source]),
      ...portsOf(aServer({ listMessages: () => ({ messages: [] }) })),
      drafts: kept.drafts,
      gather,
      template: () => Promise.resolve(undefined),
      findForkPoint: (_, at) => {
        points.push(at);
        return Promise.resolve({ point: { before: undefined, at } });
      },
      extract,
      runWithProgress,
    });
    return { run, kept, points };
  }

  it('reads no more of the session than the draft does', async () => {
    const { run, points } = summarize(() => Promise.resolve(extraction));
    await run();
    assert.deepEqual(points, ['msg_2']);
    assert.deepEqual(wishes.at(-1), { upTo: 'msg_2', latest: false, git: false });
  });

  it('takes the place of what was drafted', async () => {
    const { run, kept } = summarize(() => Promise.resolve(extraction));
    assert.equal(await run(), 'ses_1');
    assert.match(kept.revised[0]?.body ?? '', /Numbers are read\.[\s\S]+\*\*Decided:\*\* One pass \(speed\)/);
  });

  it('is asked for when the draft stands, where the setting wishes it', async () => {
    const { run, kept, summarized, requests } = setUp({ extract: () => Promise.resolve(extraction) });
    await run({ text: '' });
    assert.equal(kept.opened.length, 1);
    assert.equal(summarized.length, 1);
    assert.deepEqual(requests, []);
  });

  it('has the goal that was written into the draft', async () => {
    const body = '## Session Handoff\n\n**Goal:** Read hex numbers\n\nParsed.';
    const { run, kept } = summarize(() => Promise.resolve(extraction), body);
    await run();
    assert.match(kept.revised[0]?.body ?? '', /\*\*Goal:\*\* Read hex numbers\n/);
  });

  it('is in what is sent without a review', async () => {
    const { run, kept, requests } = setUp({ review: 'never', extract: () => Promise.resolve(extraction) });
    assert.equal(await run({ text: '' }), 'ses_2');
    assert.match(
      (requests[0] as { text: string }).text,
      /^## Session Handoff: Parser\n\n\*\*Goal:\*\* Read strings\n\nNumbers are read\./,
    );
    assert.deepEqual(kept.opened, []);
  });

  it('leaves a draft to decide on, and sends nothing, when it fails and nobody reviews', async () => {
    const extract = () => Promise.reject(new Error('no answer'));
    const { run, kept, requests } = setUp({ review: 'never', extract });
    await assert.rejects(run({ text: '' }), /no answer/);
    assert.deepEqual(requests, []);
    assert.match(kept.opened[0]?.draft.body ?? '', /Parsed\./);
  });

  it('leaves the draft as it is when the model fails', async () => {
    const { run, kept } = summarize(() => Promise.reject(new Error('no answer')));
    await assert.rejects(run(), /no answer/);
    assert.deepEqual(kept.revised, []);
  });
});
