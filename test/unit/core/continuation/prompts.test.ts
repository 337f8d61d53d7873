import assert from 'node:assert/strict';
import { parseApproaches, printApproaches } from '../../../../src/core/continuation/drafts/approaches.ts';
import { gainsRights, mayEdit } from '../../../../src/core/continuation/agentRights.ts';
import { buildCompactGuidance } from '../../../../src/core/continuation/compactGuidance.ts';
import {
  buildLossReminder,
  compareAfterCompaction,
  isLossless,
} from '../../../../src/core/continuation/compactionCheck.ts';
import { relayedMetadata } from '../../../../src/protocol/relayed.ts';
import { lastConclusion, lastSummary, userRequests } from '../../../../src/core/continuation/conversation.ts';
import {
  buildExtractionPrompt,
  Extraction,
  extractionSchema,
} from '../../../../src/core/continuation/extraction.ts';
import { filesTouched, toRelative } from '../../../../src/core/continuation/filesTouched.ts';
import { writtenTodos } from '../../../../src/core/continuation/writtenTodos.ts';
import { buildForkPrompt } from '../../../../src/core/continuation/forkPrompt.ts';
import { type Gathered, toGathered } from '../../../../src/core/continuation/gathered.ts';
import { buildHandoff } from '../../../../src/core/continuation/handoff.ts';
import { handoffTitle } from '../../../../src/core/continuation/handoffTitle.ts';
import {
  buildDiffContext,
  buildFileContext,
  buildProblemsContext,
  buildTerminalContext,
} from '../../../../src/core/continuation/toldText.ts';
import { expandTodos, goingTodos } from '../../../../src/core/continuation/drafts/goingTodos.ts';
import { handOffBody } from '../../../../src/core/continuation/drafts/draftBody.ts';
import { printChain } from '../../../../src/core/continuation/drafts/relayChain.ts';
import { printCompactDraft } from '../../../../src/core/continuation/drafts/compactDraft.ts';
import { fillTemplate } from '../../../../src/core/continuation/drafts/promptTemplate.ts';
import { buildRelayContext } from '../../../../src/core/continuation/relayContext.ts';
import { summarizeTodos } from '../../../../src/core/continuation/todoDigest.ts';
import { buildTodoInstruction, missingTodos } from '../../../../src/core/continuation/todoInstruction.ts';
import { estimateTokens } from '../../../../src/core/continuation/digest/tokenEstimate.ts';
import { Agent, type Part } from '../../../../src/protocol/records.ts';
import { anAnswer, aSession, aTodo, aUserMessage } from '../builders.ts';
import { assertGolden } from '../golden.ts';

const todos = [
  aTodo('Write the tokenizer', 'completed'),
  aTodo('Write the parser', 'completed'),
  aTodo('Recover from errors', 'in_progress'),
  aTodo('Fuzz it'),
  aTodo('Write the docs'),
  aTodo('Support tabs', 'cancelled'),
];

const messages = [
  aUserMessage('u1', { text: 'Write a parser for the config format.\nNo dependencies, please.' }),
  anAnswer('a1', 'u1', {
    parts: [
      { type: 'text', text: 'The tokenizer and the parser work; `a = 1` round-trips.' },
      { type: 'patch', hash: 'h1', files: ['/work/parser/src/tokenizer.ts', '/work/parser/src/parser.ts'] },
    ],
  }),
  aUserMessage('u2', { text: 'Now recover from errors.' }),
  aUserMessage('u3', { parts: [{ type: 'text', text: 'Continue if you have next steps', synthetic: true }] }),
  anAnswer('a2', 'u2', {
    parts: [
      {
        type: 'text',
        text: 'A bad line is reported with its number and skipped. Nested lists are not done.',
      },
      { type: 'patch', hash: 'h2', files: ['/work/parser/src/parser.ts', '/elsewhere/notes.md'] },
    ],
  }),
];

const gathered: Gathered = toGathered({
  session: aSession({ id: 'ses_source', title: 'Config parser' }),
  messages,
  todos,
  toolIds: ['bash', 'read_session'],
  git: { branch: 'parser', diffStat: '2 files changed, 120 insertions(+), 4 deletions(-)' },
  missingFiles: ['src/tokenizer.ts'],
});

const nothing: Gathered = {
  ...gathered,
  todos: [],
  files: [],
  changes: [],
  missingFiles: [],
  turns: [],
  requests: [],
  conclusion: undefined,
  lastTurn: { agent: undefined, files: [] },
  git: undefined,
  readSession: false,
};

const extraction: Extraction = {
  summary: 'The config parser reads everything but nested lists. Bad lines are reported and skipped.',
  goal: 'Finish nested lists and fuzz the parser.',
  decisions: [
    { decision: 'Hand-written recursive descent', reason: 'no dependencies are wanted' },
    { decision: 'Skip a bad line', reason: '' },
  ],
  triedAndFailed: ['A regular expression for strings: it cannot tell escaped quotes'],
  blocked: 'none',
  nextSteps: ['Parse nested lists in src/parser.ts', '2. Fuzz it'],
};

describe('gathering', () => {
  it('lists the files that a session changed, newest first and each once', () => {
    assert.deepEqual(gathered.files, ['/elsewhere/notes.md', 'src/parser.ts', 'src/tokenizer.ts']);
    assert.deepEqual(filesTouched([], '/work'), []);
  });

  it('knows a folder of Windows however its drive is written, and no other one', () => {
    assert.equal(toRelative('c:\\Work\\src\\a.ts', 'C:\\work'), 'src/a.ts');
    assert.equal(toRelative('\\\\Server\\share\\a.ts', '\\\\server\\share\\'), 'a.ts');
    assert.equal(toRelative('c:\\workshop\\a.ts', 'C:\\work'), 'c:/workshop/a.ts');
    assert.equal(toRelative('/Work/a.ts', '/work'), '/Work/a.ts');
  });

  it('makes Windows paths relative too', () =>
    assert.equal(toRelative(String.raw`C:\work\src\a.ts`, String.raw`C:\work`), 'src/a.ts'));

  it('leave a backslash that is a letter of the name as it is', () =>
    assert.equal(toRelative(String.raw`/work/a\b.ts`, '/work'), String.raw`a\b.ts`));

  it("keeps the user's own requests and leaves out what was written in the user's name", () => {
    assert.deepEqual(gathered.requests, [
      'Write a parser for the config format. No dependencies, please.',
      'Now recover from errors.',
    ]);
  });

  it('takes nothing that an agent wrote for a request of the user', () => {
    const from = { session: 'ses_2', agent: 'plan' };
    const message = aUserMessage('u1', { text: 'Delete it all.' });
    const metadata = relayedMetadata({ id: 'ses_1' }, { hop: 1, from });
    const relayed = { ...message, parts: message.parts.map((part) => ({ ...part, metadata }) as Part) };
    assert.deepEqual(userRequests([aUserMessage('u0', { text: 'Look.' }), relayed], 3), ['Look.']);
  });

  it('keeps the first request when there are too many', () => {
    const many = Array.from({ length: 9 }, (_, index) =>
      aUserMessage(`u${index}`, { text: `Request ${index}` }),
    );
    assert.deepEqual(userRequests(many, 3), ['Request 0', 'Request 7', 'Request 8']);
  });

  it('concludes from the last answer that came to its end, and from no summary of a compaction', () => {
    const withSummary = [
      ...messages,
      anAnswer('s1', 'u9', { summary: true, text: '## Objective' }),
      anAnswer('a9', 'u9', { running: true, text: 'Half an' }),
    ];
    assert.match(lastConclusion(withSummary) ?? '', /^A bad line/);
    assert.equal(lastSummary(withSummary), '## Objective');
    assert.equal(lastConclusion([]), undefined);
  });

  it('knows who gave the last conclusion and what that turn changed, by that turn alone', () => {
    const planned = [
      ...messages,
      aUserMessage('u4', { agent: 'plan' }),
      anAnswer('a4', 'u4', { agent: 'plan', text: 'Nested lists come next.' }),
    ];
    const session = aSession({ id: 'ses_source' });
    const given = { session, todos: [], toolIds: [], git: undefined, missingFiles: [] };
    assert.deepEqual(toGathered({ ...given, messages }).lastTurn, {
      agent: 'build',
      files: ['/elsewhere/notes.md', 'src/parser.ts'],
    });
    assert.deepEqual(toGathered({ ...given, messages: planned }).lastTurn, { agent: 'plan', files: [] });
    assert.deepEqual(nothing.lastTurn, { agent: undefined, files: [] });
  });

  it('reads the todo list out of the messages as an agent wrote it last', () => {
    const wrote = (id: string, list: unknown, status = 'completed') =>
      anAnswer(id, 'u1', {
        parts: [
          {
            type: 'tool',
            tool: 'todowrite',
            callID: id,
            state: {
              status,
              input: { todos: list },
              output: '',
              error: 'refused',
              time: { start: 1, end: 2 },
            },
          },
        ],
      });
    const first = [aTodo('Fuzz it')];
    const second = [aTodo('Fuzz it', 'completed'), aTodo('Ship it')];
    assert.deepEqual(writtenTodos([wrote('a1', first), wrote('a2', second)]), second);
    assert.deepEqual(writtenTodos([wrote('a1', first), wrote('a2', second, 'error')]), first);
    assert.deepEqual(writtenTodos([wrote('a1', 'nonsense')]), []);
    assert.deepEqual(writtenTodos(messages), []);
  });

  it('counts cancelled todos neither as done nor as open', () => {
    const { done, total, cancelled, inProgress, pending } = summarizeTodos(todos);
    assert.deepEqual({ done, total, cancelled }, { done: 2, total: 5, cancelled: 1 });
    assert.deepEqual(inProgress, ['Recover from errors']);
    assert.deepEqual(pending, ['Fuzz it', 'Write the docs']);
  });

  it('goes on with the agent and model of the record, without a variant that only says default', () => {
    const model = { id: 'echo', providerID: 'local', variant: 'default' };
    const { agent, model: found } = toGathered({
      messages,
      todos: [],
      toolIds: [],
      git: undefined,
      missingFiles: [],
      session: aSession({ id: 'ses_1', agent: 'plan', model }),
    });
    assert.equal(agent, 'plan');
    assert.deepEqual(found, { providerID: 'local', modelID: 'echo' });
  });
});

describe('the prompt of a hand off', () => {
  it('has every section that the model filled', () =>
    assertGolden('handoff-extracted', buildHandoff(gathered, extraction, { form: 'short' })));

  it('stands without a model', () =>
    assertGolden('handoff-deterministic', buildHandoff(gathered, undefined, { form: 'short' })));

  it("puts the user's goal before the model's", () =>
    assertGolden(
      'handoff-goal-blocked',
      buildHandoff(
        gathered,
        { ...extraction, blocked: 'CI is down' },
        { form: 'short', goal: ' Publish it. ' },
      ),
    ));

  it('quotes the user and the state of git in its longer form', () =>
    assertGolden('handoff-long', buildHandoff(gathered, extraction, { form: 'long' })));

  it('leaves out every section that is empty', () =>
    assertGolden('handoff-empty', buildHandoff(nothing, undefined, { form: 'short' })));

  it('lists each open todo word for word, and gives them as data where there are too many', () => {
    const open = [aTodo('Fuzz, then ship', 'in_progress'), aTodo('Write\nthe docs')];
    const listed = buildHandoff({ ...nothing, todos: open }, undefined, { form: 'short' });
    assert.match(listed, /- In progress: Fuzz, then ship\n- Pending: Write the docs\n/);
    const many = Array.from({ length: 31 }, (_, index) => aTodo(`Thing ${index}`));
    const body = handOffBody(
      { ...nothing, todos: many },
      undefined,
      { form: 'short', agent: 'build' },
      undefined,
    );
    assert.match(body, /\n\[31 todos go along: Thing 0 · Thing 1 · Thing 2 · 28 more\]\n/);
    assert.match(expandTodos(body, goingTodos(many)), /"content": "Thing 30"/);
  });

  it('takes about 100 to 200 tokens', () => {
    const tokens = estimateTokens(buildHandoff(gathered, extraction, { form: 'short' }));
    assert.ok(tokens >= 100 && tokens <= 200, `${tokens} tokens`);
  });

  it('stays short for a session with hundreds of files and long answers', () => {
    const changes = Array.from({ length: 400 }, (_, index) => ({
      file: `src/module${index}/index.ts`,
      added: 400 - index,
      removed: 0,
    }));
    const turns = gathered.turns.map((turn) => ({ ...turn, conclusion: 'word '.repeat(5000) }));
    const listed = buildHandoff({ ...nothing, changes, turns }, undefined, { form: 'short' });
    assert.ok(estimateTokens(listed) <= 200);
    assert.match(listed, /src\/module0\/index\.ts[^\n]*, \d+ more/);
    const long = buildHandoff({ ...nothing, changes, turns }, undefined, { form: 'long' });
    assert.match(long, /src\/module19\/index\.ts \+381 −0, 380 more/);
  });
});

describe('the title of a hand off', () => {
  it('names the source', () => assert.equal(handoffTitle('Config parser', ''), 'Handoff: Config parser'));
  it('counts a second hop and does not repeat the prefix', () => {
    assert.equal(handoffTitle('Handoff: Config parser', ''), 'Handoff 2: Config parser');
    assert.equal(handoffTitle('Handoff 2: Config parser', ''), 'Handoff 3: Config parser');
  });
  it('takes the first words of the summary for an untitled session', () => {
    const untitled = 'New session - 2026-11-20T10:11:12.345Z';
    assert.equal(handoffTitle(untitled, '**The parser** works.'), 'Handoff: The parser works.');
    assert.equal(handoffTitle(`Handoff: ${untitled}`, ''), 'Handoff 2: untitled session');
  });
});

describe('the other prompts', () => {
  it('tell the next agent in one line what was finished', () => {
    assertGolden('relay-context', buildRelayContext(gathered));
    assert.equal(buildRelayContext(nothing), '');
    assert.ok(!buildRelayContext(gathered).includes('\n'));
  });

  it('carry the todos into a fork', () => {
    const going = goingTodos(todos);
    const prompt = buildForkPrompt('Try it with a generated parser.\n', going?.line ?? '');
    assertGolden('fork-prompt', expandTodos(prompt, going));
    assert.equal(buildForkPrompt('Try it.', ''), 'Try it.');
  });

  it('tell the summary who goes on and what must survive', () =>
    assertGolden(
      'compact-guidance',
      buildCompactGuidance({
        agent: 'plan',
        todos,
        files: gathered.files,
        guidance: 'Keep the error texts.',
      }),
    ));

  it('tell the summary nothing but who goes on when there is nothing else', () =>
    assert.equal(
      buildCompactGuidance({ agent: 'build', todos: [], files: [], guidance: ' ' }),
      '[Compacting session - build agent will respond after completion]',
    ));

  it('ask a model for what the successor must know', () => {
    assertGolden('extraction-prompt', buildExtractionPrompt('Publish it.'));
    assertGolden('extraction-schema', JSON.stringify(extractionSchema(), undefined, 2));
    assert.ok(!buildExtractionPrompt(' ').includes('goal'));
  });

  it('tell a session what the editor holds, each saying where it comes from', () => {
    const problem = { path: 'src/parser.ts', line: 7, message: "';' expected.", source: 'ts' };
    const told = [
      buildFileContext({ path: 'src/parser.ts', language: 'typescript', text: 'parse();\n' }),
      buildFileContext({ path: 'README.md', lines: '3-5', language: 'markdown', text: '```sh\nnpm ci\n```' }),
      buildProblemsContext([
        { ...problem, severity: 'error' },
        { ...problem, line: 9, severity: 'warning', source: undefined },
      ]),
      buildDiffContext('-a\n+b\n'),
      buildTerminalContext('1 failing'),
    ];
    assertGolden('told-contexts', told.join('\n\n'));
  });

  it('have a document for a chain and for a compaction as well', () => {
    assertGolden(
      'chain-draft',
      printChain([
        { agent: 'build', prompt: 'Write it.' },
        { agent: 'plan', prompt: 'Review it.' },
        { agent: 'build', prompt: '' },
      ]),
    );
    assertGolden('compact-draft', printCompactDraft({ guidance: 'Keep the plan.', message: 'Go on.' }));
  });

  it('take what a model answered only when it is whole', () => {
    assert.deepEqual(Extraction.parse(extraction), extraction);
    assert.equal(Extraction.safeParse({ summary: 'x' }).success, false);
  });
});

describe('the todos of a successor', () => {
  it('are compared by their words', () => {
    const arrived = [aTodo('recover  from errors'), aTodo('Fuzz it')];
    assert.deepEqual(
      missingTodos(todos, arrived).map(({ content }) => content),
      ['Write the docs'],
    );
  });
  it('are asked for only when some are open', () =>
    assert.equal(buildTodoInstruction([aTodo('Done', 'completed'), aTodo('Gone', 'cancelled')]), ''));
});

describe('the check after a compaction', () => {
  const before = { todos, files: ['src/parser.ts', 'src/error.ts'] };

  it('names what the summary lost', () => {
    const loss = compareAfterCompaction(
      before,
      'Active: recover from parse errors in parser.ts. Next: fuzz it.',
    );
    assert.deepEqual(
      loss.todos.map(({ content }) => content),
      ['Write the docs'],
    );
    assert.deepEqual(loss.files, ['src/error.ts']);
    assert.equal(isLossless(loss), false);
    assertGolden('loss-reminder', buildLossReminder(loss));
  });

  it('does not take a longer name for the file', () =>
    assert.deepEqual(compareAfterCompaction({ todos: [], files: ['a/error.ts'] }, 'see myerror.ts').files, [
      'a/error.ts',
    ]));

  it('is content with a summary that has it all', () =>
    assert.ok(isLossless(compareAfterCompaction({ todos: [], files: ['src/a.ts'] }, 'Files: a.ts.'))));
});

describe('templates', () => {
  it('leave out a line whose placeholders are all empty', () =>
    assert.equal(
      fillTemplate('# {{title}}\n\n**Goal:** {{goal}}\n\n{{files}}', { title: 'T', files: 'a.ts' }),
      '# T\n\na.ts',
    ));
  it('keep an unknown placeholder as it is written, so that it is seen', () =>
    assert.equal(fillTemplate('{{ nonsense }} {{title}}', { title: 'T' }), '{{ nonsense }} T'));
});

describe('a document of approaches', () => {
  const document = [
    'Keep the API.',
    '',
    '## By hand',
    '',
    'Recursive descent.',
    '### Not an approach',
    '',
    '```md',
    '## Neither',
    '```',
    '## Generated',
    'Use a grammar.',
    '## Empty',
  ].join('\n');

  it('is read as one prompt for each heading, with what stands before for all', () => {
    const approaches = parseApproaches(document);
    assert.deepEqual(
      approaches.map(({ title, line }) => [title, line]),
      [
        ['By hand', 2],
        ['Generated', 10],
        ['Empty', 12],
      ],
    );
    assert.match(approaches[0]?.prompt ?? '', /^Keep the API\.\n\nRecursive descent\.[\s\S]*## Neither/);
    assert.equal(approaches[2]?.prompt, '');
  });

  it('is read back as it was printed', () => {
    const approaches = [
      { title: 'A', prompt: 'One\n\nTwo' },
      { title: 'B', prompt: 'Three' },
    ];
    const read = parseApproaches(printApproaches(approaches));
    assert.deepEqual(
      read.map(({ title, prompt }) => ({ title, prompt })),
      approaches,
    );
  });

  it('has no approaches without a heading', () => assert.deepEqual(parseApproaches('just text'), []));
});

describe('the rights of an agent', () => {
  const agent = (name: string, permission: unknown[]) => Agent.parse({ name, mode: 'primary', permission });
  const plan = agent('plan', [
    { permission: '*', pattern: '*', action: 'allow' },
    { permission: 'edit', pattern: '*', action: 'deny' },
    { permission: 'edit', pattern: '.opencode/plans/*.md', action: 'allow' },
  ]);
  const build = agent('build', [{ permission: '*', pattern: '*', action: 'allow' }]);

  it('tell who may change files, exceptions apart', () => {
    assert.equal(mayEdit(plan), false);
    assert.equal(mayEdit(build), true);
    assert.equal(mayEdit(agent('free', [])), true);
  });

  it('grow when a reader passes to a writer only', () => {
    assert.equal(gainsRights(plan, build), true);
    assert.equal(gainsRights(build, plan), false);
    assert.equal(gainsRights(undefined, build), false);
  });
});
