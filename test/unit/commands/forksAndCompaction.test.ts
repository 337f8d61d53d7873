import assert from 'node:assert/strict';
import { compactSession, type CompactSessionDeps } from '../../../src/commands/compact/compactSession.ts';
import { sendCompact } from '../../../src/commands/compact/sendCompact.ts';
import { forkMany, type ForkManyDeps } from '../../../src/commands/fork/forkMany.ts';
import { forkWithPrompt, type ForkWithPromptDeps } from '../../../src/commands/fork/forkWithPrompt.ts';
import { sendApproaches } from '../../../src/commands/fork/sendFork.ts';
import type { InsertIntoComposer } from '../../../src/commands/session/addSelection.ts';
import { sentDraft } from '../../../src/core/continuation/drafts/sentDraft.ts';
import { buildTodoInstruction } from '../../../src/core/continuation/todoInstruction.ts';
import { toGathered } from '../../../src/core/continuation/gathered.ts';
import { Problem, UncertainProblem, UndeliveredProblem } from '../../../src/core/errors.ts';
import type { Notice } from '../../../src/core/ports/notify.ts';
import { aProof, aSession, aTodo } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer, portsOf } from './commands.ts';
import { someDrafts } from './drafts.ts';

const source = aSession({ id: 'ses_1', title: 'Parser' });
const todos = [aTodo('Read strings')];
const base = { sessionId: 'ses_1', sessionTitle: 'Parser', directory: '/work/parser' };
const model = { providerID: 'local', modelID: 'echo' };

interface Given {
  /** Whether the person sends to a session that may work elsewhere. */
  readonly maySend?: boolean;
  /** Forks that fail, by their titles. */
  readonly failing?: Readonly<Record<string, Problem>>;
  readonly review?: 'never';
  readonly lost?: string;
  readonly template?: string;
}

function setUp(given: Given = {}) {
  const kept = someDrafts();
  const notices: Notice[] = [];
  const opened: string[] = [];
  const forked: unknown[][] = [];
  const compacted: unknown[] = [];
  const wishes: unknown[] = [];
  const composed: Parameters<InsertIntoComposer>[] = [];
  const gathered = toGathered({
    session: source,
    messages: [],
    todos,
    toolIds: [],
    git: undefined,
    missingFiles: [],
  });
  const deps: ForkWithPromptDeps & CompactSessionDeps & ForkManyDeps = {
    sessions: aStore([source, aSession({ id: 'ses_0', title: 'Parser: By hand' })]),
    ...portsOf(aServer({ listMessages: () => ({ messages: [] }) })),
    currentSessionId: () => 'ses_1',
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs: aPerson({ inform: () => undefined }).dialogs,
    drafts: kept.drafts,
    review: () => given.review ?? 'always',
    gather: (_: string, wish?: unknown) => {
      wishes.push(wish);
      return Promise.resolve(gathered);
    },
    template: () => Promise.resolve(given.template),
    insertIntoComposer: (...given) => composed.push(given),
    findForkPoint: (_, messageId) =>
      Promise.resolve({ point: { before: undefined, at: messageId }, shortened: false }),
    fork: (...fork) => {
      forked.push(fork);
      return Promise.resolve(
        fork[2].map((request, index) => {
          const error = given.failing?.[request.title];
          return error === undefined
            ? { session: aSession({ id: `fork_${index}`, title: request.title }) }
            : { request, error };
        }),
      );
    },
    openTranscript: (id) => opened.push(id),
    compact: (request) => {
      compacted.push(request);
      const files = given.lost === undefined ? [] : [given.lost];
      return Promise.resolve({ loss: { todos: [], files } });
    },
    exports: () => true,
    maySendTo: () => Promise.resolve(given.maySend ?? true),
    runWithProgress: (_, act) =>
      act(
        { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) },
        () => undefined,
      ),
    notify: (notice) => notices.push(notice),
  };
  return { deps, kept, notices, opened, forked, compacted, composed, wishes };
}

describe('forking with a prompt', () => {
  it('forks, and lets the prompt be written in the composer of the fork, with the open todos beside it', async () => {
    const { deps, kept, forked, composed, wishes } = setUp();
    assert.equal(await forkWithPrompt(deps)({ sessionId: 'ses_1', messageId: 'msg_2' }), 'fork_0');
    assert.deepEqual(wishes, [{ upTo: 'msg_2', latest: false }], 'the todos are those of that moment');
    assert.deepEqual(forked[0]?.[2], [{ title: 'Parser (fork #1)' }], 'nothing is sent');
    assert.deepEqual(kept.opened, []);
    const [[forkId, text, attachments = []] = assert.fail('nothing composed')] = composed;
    assert.deepEqual([forkId, text], ['fork_0', '']);
    const [todo] = attachments;
    assert.ok(todo?.kind === 'data');
    assert.equal(todo.filename, '1 open todo');
    const { url } = todo;
    assert.equal(await (await fetch(url)).text(), buildTodoInstruction(todos));
  });

  it('makes a todo the prompt when it starts from one, to be sent from there', async () => {
    const { deps, composed } = setUp();
    await forkWithPrompt(deps)({ sessionId: 'ses_1', index: 0, todo: aTodo('Write the lexer') });
    assert.equal(composed[0]?.[1], 'Write the lexer');
  });

  it('drafts a prompt that was given, with a line for the open todos, under a title that no sibling has', async () => {
    const { deps, kept, wishes } = setUp();
    await forkWithPrompt(deps)({ sessionId: 'ses_1', messageId: 'msg_2', text: 'Read strings.' });
    assert.deepEqual(wishes, [{ upTo: 'msg_2', latest: false, git: false }]);
    const [{ order, draft } = assert.fail('no draft')] = kept.opened;
    assert.ok(order.verb === 'fork');
    assert.equal(order.messageId, 'msg_2');
    assert.equal(draft.title, 'Parser (fork #1)');
    assert.equal(draft.body, '[1 todo goes along: Read strings]\n\nRead strings.');
    const sent = sentDraft(order, draft).body;
    assert.match(sent, /^First call `todowrite`[\s\S]+"Read strings"[\s\S]+Read strings\.$/);
  });

  it('drafts where a template makes the text, and asks there for what is to be done', async () => {
    const { deps, kept } = setUp({ template: 'Try this: {{prompt}}' });
    await forkWithPrompt(deps)({ sessionId: 'ses_1' });
    assert.equal(kept.opened[0]?.draft.body, 'Try this: What should the fork do?');
    assert.deepEqual(kept.opened[0]?.order.blanks, ['What should the fork do?']);
  });

  it('forks at once where it is not to be reviewed, and sends the todos in full', async () => {
    const { deps, forked, opened } = setUp({ review: 'never' });
    assert.equal(await forkWithPrompt(deps)({ sessionId: 'ses_1', text: 'Go.' }), 'fork_0');
    const [request] = (forked[0]?.[2] ?? []) as { prompt?: { text: string } }[];
    assert.match(request?.prompt?.text ?? '', /^First call `todowrite`[\s\S]+Go\.$/);
    assert.deepEqual(opened, ['fork_0']);
  });
});

describe('forking into approaches', () => {
  const order = { verb: 'forkMany', ...base } as const;

  it('opens a draft with a question below each of two headings, and the open todos for both', async () => {
    const { deps, kept, forked } = setUp();
    await forkMany(deps)();
    const [{ order: drafted, draft } = assert.fail('no draft')] = kept.opened;
    assert.ok(drafted.verb === 'forkMany');
    const question = 'What is to be tried here?';
    assert.equal(
      draft.body,
      `[1 todo goes along: Read strings]\n\n## Approach A\n\n${question}\n\n## Approach B\n\n${question}`,
    );
    assert.deepEqual(drafted.blanks, [question]);
    await sendApproaches(deps, source, drafted, { ...draft, body: draft.body.replaceAll(question, 'Try.') });
    const requests = forked[0]?.[2] as { prompt: { text: string } }[];
    const text = `${buildTodoInstruction(todos)}\n\nTry.`;
    assert.deepEqual(
      requests.map(({ prompt }) => prompt.text),
      [text, text],
    );
  });

  it('takes no todos along whose line was deleted', async () => {
    const { deps, kept, forked } = setUp();
    await forkMany(deps)();
    const [{ order: drafted } = assert.fail('no draft')] = kept.opened;
    assert.ok(drafted.verb === 'forkMany');
    await sendApproaches(deps, source, drafted, { body: '## A\n\nOne.\n\n## B\n\nTwo.' });
    const requests = forked[0]?.[2] as { prompt: { text: string } }[];
    assert.deepEqual(
      requests.map(({ prompt }) => prompt.text),
      ['One.', 'Two.'],
    );
  });

  it('puts a text without headings in front, for all of them, and takes one with headings as it is', async () => {
    const { deps, kept } = setUp();
    await forkMany(deps)({ sessionId: 'ses_1', text: 'Make it faster.' });
    assert.match(
      kept.opened[0]?.draft.body ?? '',
      /^Make it faster\.\n\n\[1 todo goes along: .+\]\n\n## Approach A\n\n.+\n\n## Approach B\n\n.+$/,
    );
    await forkMany(deps)({ sessionId: 'ses_1', text: '## One\n\nLeft.\n\n## Two\n\nRight.' });
    assert.equal(kept.opened[1]?.draft.body, '## One\n\nLeft.\n\n## Two\n\nRight.');
  });

  it('starts one fork for each, named apart from what is there', async () => {
    const { deps, forked, opened } = setUp();
    await sendApproaches(deps, source, order, {
      body: '## By hand\n\nWrite it.\n\n## By table\n\nGenerate it.',
    });
    assert.deepEqual(forked[0]?.[2], [
      {
        title: 'Parser: By hand (fork #1)',
        name: 'Parser: By hand',
        prompt: { agent: 'build', model, text: 'Write it.' },
      },
      {
        title: 'Parser: By table',
        name: 'Parser: By table',
        prompt: { agent: 'build', model, text: 'Generate it.' },
      },
    ]);
    assert.deepEqual(opened, ['fork_0']);
  });

  it('keeps in a draft what could not be started, and says why', async () => {
    const { deps, kept, notices } = setUp({ failing: { 'Parser: By table': new Problem('No room.') } });
    const body = '## By hand\n\nWrite it.\n\n## By table\n\nGenerate it.';
    assert.equal(await sendApproaches(deps, source, order, { agent: 'build', body }), 'fork_0');
    assert.deepEqual(
      kept.opened,
      [
        {
          order: { ...order, verb: 'fork' },
          draft: { agent: 'build', title: 'Parser: By table', body: 'Generate it.' },
          hasOwnWords: true,
        },
      ],
      'one alone is a fork with a prompt',
    );
    assert.equal(notices[0]?.message, '1 of 2 forks of “Parser” did not begin: Parser: By table. No room.');
  });

  it('says of each that was made without its prompt that it is there, and why others are not', async () => {
    const { deps, notices } = setUp({
      failing: {
        'Parser: One': new UndeliveredProblem('“One” was made.'),
        'Parser: Two': new UndeliveredProblem('“Two” was made.'),
        'Parser: Four': new Problem('No room.'),
        'Parser: Five': new Problem('No room.'),
      },
    });
    const body = ['One', 'Two', 'Three', 'Four', 'Five'].map((name) => `## ${name}\n\nGo.`).join('\n\n');
    await sendApproaches(deps, source, order, { body });
    assert.equal(
      notices[0]?.message,
      '4 of 5 forks of “Parser” did not begin: Parser: One, Parser: Two, Parser: Four, Parser: Five. “One” was made. “Two” was made. No room.',
    );
  });

  it('does not say that one did not begin of which that is not known', async () => {
    const open = new UncertainProblem('It is not known of “Table”.');
    const failing = { 'Parser: By table': open, 'Parser: By guess': new Problem('No room.') };
    const some = setUp({ failing });
    const body = '## By hand\n\nWrite it.\n\n## By table\n\nGenerate it.\n\n## By guess\n\nGuess it.';
    await sendApproaches(some.deps, source, order, { body });
    assert.equal(
      some.notices[0]?.message,
      '1 of 3 forks of “Parser” did not begin: Parser: By guess. Of these forks of “Parser” it is not known yet whether they began: Parser: By table. It is not known of “Table”. No room.',
    );
    const { deps } = setUp({ failing });
    await assert.rejects(
      sendApproaches(deps, source, order, { body: '## By table\n\nGenerate it.' }),
      (error) => {
        assert.ok(error instanceof UncertainProblem);
        assert.doesNotMatch(error.message, /did not begin/);
        return true;
      },
    );
  });

  it('keeps the draft as it is when none could be started', async () => {
    const { deps, kept } = setUp({ failing: { 'Parser: By table': new Problem('No room.') } });
    await assert.rejects(
      sendApproaches(deps, source, order, { body: '## By table\n\nGenerate it.' }),
      /1 of 1 forks of “Parser” did not begin/,
    );
    assert.deepEqual(kept.opened, []);
  });
});

describe('compacting', () => {
  it('shows first what it will do, with the guidance and what comes after it', async () => {
    const { deps, kept, compacted } = setUp();
    await compactSession(deps)({ sessionId: 'ses_1', text: 'Go on.' });
    const [{ order, draft } = assert.fail('no draft')] = kept.opened;
    assert.deepEqual(compacted, []);
    assert.ok(order.verb === 'compact');
    assert.match(order.preflight, /A copy of the whole session is kept first\./);
    assert.match(
      draft.body,
      /^# Guidance for the summary\n\n\[Compacting session - build agent will respond after completion\][\s\S]+Read strings[\s\S]+# Message after the compaction\n\nGo on\.$/,
    );
  });

  it('tells the summary the guidance and sends the message to the agent that was named', async () => {
    const { deps, compacted } = setUp();
    const body = '# Guidance for the summary\n\nKeep the plan.\n\n# Message after the compaction\n\nGo on.';
    await sendCompact(deps, source, { verb: 'compact', ...base, preflight: '' }, { agent: 'plan', body });
    assert.deepEqual(compacted, [
      {
        session: source,
        model,
        guidance: 'Keep the plan.',
        continuation: { agent: 'plan', model, text: 'Go on.' },
      },
    ]);
  });

  it('shows the session from the beginning on, so that nothing else is looked at when the draft closes', async () => {
    const { deps, opened } = setUp();
    const compact: CompactSessionDeps['compact'] = (...given) => {
      assert.deepEqual(opened, ['ses_1']);
      return deps.compact(...given);
    };
    await sendCompact(
      { ...deps, compact },
      source,
      { verb: 'compact', ...base, preflight: '' },
      { body: 'Go on.' },
    );
    assert.deepEqual(opened, ['ses_1']);
  });

  it('compacts nothing that works elsewhere where the person thinks better of it', async () => {
    const { deps, compacted } = setUp({ maySend: false });
    const order = { verb: 'compact', ...base, preflight: '' } as const;
    assert.equal(await sendCompact(deps, source, order, { body: 'Go on.' }), undefined);
    assert.deepEqual(compacted, []);
  });

  it('sends nothing after it where there is nothing to say', async () => {
    const { deps, compacted } = setUp();
    const body = '# Guidance for the summary\n\nKeep the plan.\n\n# Message after the compaction';
    await sendCompact(deps, source, { verb: 'compact', ...base, preflight: '' }, { body });
    assert.deepEqual(compacted, [{ session: source, model, guidance: 'Keep the plan.' }]);
  });

  it('says what the summary leaves out, with one click to send it', async () => {
    const { deps, notices } = setUp({ lost: 'src/lexer.ts' });
    await sendCompact(deps, source, { verb: 'compact', ...base, preflight: '' }, { body: 'Go on.' });
    assert.match(notices[0]?.message ?? '', /The summary of “Parser” leaves out: src\/lexer\.ts/);
    const [argument] = notices[0]?.actions[0]?.arguments ?? [];
    assert.match(JSON.stringify(argument), /"text":"The summary left these out[^"]+src\/lexer\.ts"/);
  });
});
