import assert from 'node:assert/strict';
import { findBlanks } from '../../../../src/core/continuation/drafts/blanks.ts';
import { parseDraft, printDraft } from '../../../../src/core/continuation/drafts/draft.ts';
import type { DraftOrder } from '../../../../src/core/continuation/drafts/draftOrder.ts';
import { sendKeys, sendSentence } from '../../../../src/core/continuation/drafts/draftOutline.ts';
import { expandTodos, goingTodos } from '../../../../src/core/continuation/drafts/goingTodos.ts';
import { checkOrder } from '../../../../src/core/continuation/drafts/orderCheck.ts';
import { parseChain, printChain } from '../../../../src/core/continuation/drafts/relayChain.ts';
import { parseChains } from '../../../../src/core/continuation/drafts/savedChains.ts';
import { sentText } from '../../../../src/core/continuation/drafts/sentDraft.ts';
import { buildTodoInstruction } from '../../../../src/core/continuation/todoInstruction.ts';
import { relayOrder } from '../../../../src/core/continuation/relayOrder.ts';
import { Agent } from '../../../../src/protocol/records.ts';
import { someProviders } from '../../commands/commands.ts';
import { aTodo } from '../builders.ts';

const base = { sessionId: 'ses_1', sessionTitle: 'Parser', directory: '/work' };

describe('the line above a draft', () => {
  const handOff = { verb: 'handOff', ...base, goal: '', form: 'short', todos: [] } as const;
  const say = (order: DraftOrder, body: string, agent?: string) =>
    sendSentence(order, { body, ...(agent === undefined ? {} : { agent }) }, 'Ctrl+Enter');

  it('says in words what the key does, for each verb', () => {
    assert.equal(
      say({ ...handOff, todos: [] }, 'Go.', 'build'),
      'Ctrl+Enter sends to build in a new session',
    );
    assert.equal(say({ verb: 'relay', ...base }, 'Go.', 'plan'), 'Ctrl+Enter sends to plan in “Parser”');
    assert.equal(
      say({ verb: 'chain', ...base }, '## plan\n\nA\n\n## build (local/echo)\n\nB'),
      'Ctrl+Enter sends to plan → build in “Parser”',
    );
    assert.equal(
      say({ verb: 'fork', ...base }, 'Go.', 'build'),
      'Ctrl+Enter forks “Parser” and sends to build',
    );
    assert.equal(
      say({ verb: 'forkMany', ...base }, '## A\n\nx\n\n## B\n\ny', 'build'),
      'Ctrl+Enter starts 2 forks of “Parser” and sends to build',
    );
    const compact = { verb: 'compact', ...base, preflight: '' } as const;
    assert.equal(say(compact, 'Go on.', 'build'), 'Ctrl+Enter compacts “Parser”, then sends to build');
    assert.equal(
      say(compact, '# Guidance for the summary\n\nKeep it.'),
      'Ctrl+Enter compacts “Parser” and sends nothing',
    );
  });

  it('fits beside its buttons however long a title is', () => {
    const order = { verb: 'fork', ...base, sessionTitle: 'A title that goes on and on '.repeat(9) } as const;
    assert.ok(say(order, 'Go.', 'build').length < 80);
    const unnamed = { ...order, sessionTitle: 'New session - 2026-11-20T10:11:12.345Z' };
    assert.match(say(unnamed, 'Go.'), /“untitled session”/);
  });

  it('names the keys of the person, and both where those are unknown', () => {
    assert.equal(sendKeys('linux', false), 'Ctrl+Enter');
    assert.equal(sendKeys('win32', false), 'Ctrl+Enter');
    assert.equal(sendKeys('darwin', false), 'Cmd+Enter');
    assert.equal(sendKeys('linux', true), 'Ctrl/Cmd+Enter');
  });
});

describe('the line for the todos that go along', () => {
  const todos = [
    aTodo('Read $& strings'),
    aTodo('Done', 'completed'),
    aTodo('Write\nthe lexer', 'in_progress'),
  ];
  const going = goingTodos(todos);

  it('names the open ones, and counts the others', () => {
    assert.equal(going?.line, '[2 todos go along: Read $& strings · Write the lexer]');
    assert.equal(goingTodos([aTodo('One')])?.line, '[1 todo goes along: One]');
    assert.equal(goingTodos([aTodo('Done', 'completed')]), undefined);
    const many = goingTodos(Array.from({ length: 9 }, (_, index) => aTodo(`T${index}`)))?.line;
    assert.equal(many, '[9 todos go along: T0 · T1 · T2 · 6 more]');
  });

  it('is the todos themselves when it is sent, and nothing where it was deleted', () => {
    assert.ok(going);
    const sent = expandTodos(`${going.line}\n\nGo on.`, going);
    assert.equal(sent, `${buildTodoInstruction(todos)}\n\nGo on.`);
    assert.equal(expandTodos('Go on.', going), 'Go on.');
  });
});

describe('a question in the place of what is to be written', () => {
  const blanks = ['What is to be tried here?'];

  it('is found wherever it still stands in the body', () => {
    const document = `---\ntitle: ${blanks[0]}\n---\n\n## A\n\n${blanks[0]}\n\n## B\n\nFirst: ${blanks[0]}\n`;
    assert.deepEqual(findBlanks(document, blanks, 3), [
      { line: 6, start: 0, end: 25 },
      { line: 10, start: 7, end: 32 },
    ]);
    assert.deepEqual(findBlanks(document, undefined, 3), []);
  });

  it('keeps the draft from being sent until it is filled in, but for the goal of a hand off', () => {
    const order: DraftOrder = { verb: 'handOff', ...base, goal: '', form: 'short', todos: [], blanks };
    const world = { agents: [], providers: someProviders, missingFiles: new Set<string>() };
    const check = (body: string) => {
      const document = printDraft({ body });
      return checkOrder(order, parseDraft(document), document, world);
    };
    assert.deepEqual(
      check(`Do:\n\n${blanks[0]}`).map(({ range, severity, isUnfinished }) => [
        range.line,
        severity,
        isUnfinished,
      ]),
      [[5, 'error', true]],
    );
    const goal = `## Session Handoff\n\n**Goal:** ${blanks[0]}\n\nParsed.`;
    assert.deepEqual(check(goal), []);
    assert.equal(sentText(order, goal), '## Session Handoff\n\nParsed.');
    assert.equal(check(`**Goal:** Strings. ${blanks[0]}`).length, 1);
  });
});

describe('what a relay asks for', () => {
  it('stands behind the line of what was done last, which is not asked for', () => {
    const context = 'The build agent finished: "Parsed." Files: src/parser.ts.';
    assert.equal(relayOrder(`${context}\n\nCheck it.\n\nAll of it.`), 'Check it.\n\nAll of it.');
    for (const text of [context, 'Check it.', 'The build agent finished last. Check it.\nNow.']) {
      assert.equal(relayOrder(text), text);
    }
  });
});

describe('the heading of a leg', () => {
  it('may name a model of its own', () => {
    const model = { providerID: 'local', modelID: 'a/b' };
    const legs = [
      { agent: 'build', model, prompt: 'A' },
      { agent: 'plan (careful)', prompt: 'B' },
    ];
    assert.deepEqual(
      parseChain(printChain(legs)),
      legs.map((leg, index) => ({ ...leg, line: index * 4 })),
    );
  });

  it('is judged where it stands: agent, model, and that there are two', () => {
    const agents = [Agent.parse({ name: 'build', mode: 'primary' })];
    const world = { agents, providers: someProviders, missingFiles: new Set<string>() };
    const check = (body: string) => {
      const document = `---\n---\n${body}`;
      const notes = checkOrder({ verb: 'chain', ...base }, parseDraft(document), document, world);
      return notes.map(({ message, range }) => [range.line, message]);
    };
    assert.deepEqual(check('## build (local/nope)\nA\n## ghost\nB'), [
      [2, 'Local has no model "nope".'],
      [4, 'There is no agent “ghost” to talk to. Choose among: build.'],
    ]);
    assert.match(String(check('## build\nA')[0]?.[1]), /at least two agents/);
  });
});

describe('the setting of saved chains', () => {
  const faultOf = (value: unknown): string | undefined => parseChains({ mine: value })[0]?.fault;

  it('says what is wrong with a chain, and where', () => {
    const build = { agent: 'build' };
    assert.match(faultOf('build') ?? '', /“mine” is to be a list of at least two legs/);
    assert.match(faultOf([build]) ?? '', /at least two legs/);
    assert.equal(faultOf([build, { prompt: 'A' }]), 'Leg 2 of the chain “mine” names no agent.');
    assert.equal(
      faultOf([build, 'plan']),
      'Leg 2 of the chain “mine” is to be an object that names its agent.',
    );
    assert.match(
      faultOf([{ agent: 'build', model: 'echo' }, build]) ?? '',
      /model of leg 1 .+ provider\/model/,
    );
    assert.match(faultOf([build, { agent: 'build', template: '../x' }]) ?? '', /template of leg 2/);
    assert.match(faultOf([build, { agent: 'build', prompt: 7 }]) ?? '', /prompt of leg 2/);
    assert.equal(faultOf([build, build]), undefined);
  });

  it('is no chain at all where it is no object', () => {
    for (const setting of [undefined, null, 'x', []]) assert.deepEqual(parseChains(setting), []);
  });
});
