import assert from 'node:assert/strict';
import { type DraftSenders, sendDraft } from '../../../src/commands/draft/sendDraft.ts';
import { CancelledError } from '../../../src/core/cancellation.ts';
import type { Draft } from '../../../src/core/continuation/drafts/draft.ts';
import type { DraftOrder } from '../../../src/core/continuation/drafts/draftOrder.ts';
import { looksSecret } from '../../../src/core/continuation/drafts/looksSecret.ts';
import { goingTodos } from '../../../src/core/continuation/drafts/goingTodos.ts';
import type { Choice } from '../../../src/core/ports/dialogs.ts';
import { NotFoundProblem, Problem, UncertainProblem } from '../../../src/core/errors.ts';
import { Agent, type Session } from '../../../src/protocol/records.ts';
import { aSession, aTodo } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer, someProviders } from './commands.ts';
import { aWritten, someDrafts } from './drafts.ts';

const order = { verb: 'relay', sessionId: 'ses_1', sessionTitle: 'Parser', directory: '/work' } as const;
const draft: Draft = { agent: 'build', model: { providerID: 'local', modelID: 'echo' }, body: 'Go on.' };
const agents = [Agent.parse({ name: 'build', mode: 'primary' })];

interface Given {
  readonly draft?: Draft;
  readonly text?: string;
  readonly none?: boolean;
  readonly order?: DraftOrder;
  /** The session of the draft was deleted: the row that the person picks then, if any. */
  readonly gone?: string;
  /** So it is, and nobody has told this window. */
  readonly isUntold?: boolean;
  /** A session that only the server knows. */
  readonly outside?: Session;
  readonly brief?: DraftSenders['brief'];
  /** Whether the person sends what looks like a secret. */
  readonly isSure?: boolean;
}

function setUp(send: DraftSenders['relay'], given: Given = {}) {
  const written = aWritten(
    given.order ?? order,
    given.draft ?? draft,
    given.text === undefined ? {} : { text: given.text },
  );
  const kept = someDrafts(given.none === true ? undefined : written);
  const unexpected = () => Promise.reject(new Error('another verb'));
  const senders = {
    relay: send,
    chain: unexpected,
    handOff: unexpected,
    fork: unexpected,
    forkMany: unexpected,
    bringBack: unexpected,
    compact: unexpected,
    brief: given.brief ?? unexpected,
  };
  const offer = () => Promise.resolve({ agents, providers: someProviders });
  const composed: unknown[][] = [];
  const started: unknown[] = [];
  const sessions = aStore([
    aSession({ id: given.gone === undefined ? 'ses_1' : 'ses_2', directory: '/work', title: 'Lexer' }),
    ...(given.isUntold === true ? [aSession({ id: 'ses_1', directory: '/work', title: 'Parser' })] : []),
  ]);
  const { dialogs, asked } = aPerson({
    pickOne: (_: string, choices: readonly Choice<unknown>[]) =>
      choices.find(({ label }) => label === given.gone)?.value,
    confirm: () => given.isSure === true,
  });
  const { openCode, calls } = aServer({
    getSession: () => {
      if (given.outside !== undefined) return given.outside;
      throw new NotFoundProblem('There is no such session.');
    },
  });
  const run = sendDraft({
    drafts: kept.drafts,
    sessions,
    openCode,
    dialogs,
    offer,
    senders,
    looksSecret,
    startSession: async (wish) => {
      started.push(wish);
      return 'ses_new';
    },
    insertIntoComposer: (...inserted) => composed.push(inserted),
  });
  return { ...kept, run, asked, calls, composed, started };
}

describe('sending a brief with what looks like a secret', () => {
  const secret = ['sk_live', '4eC39HqLyjWDarjtT1zdp7dc'].join('_');
  const brief = { ...draft, body: `# Pay\n\n## What\nWith ${secret}.\n\n## Acceptance\n- Paid` };
  const fresh = { verb: 'brief', sessionId: '', sessionTitle: 'api', directory: '/work/api' } as const;

  it('asks by line and kind, and sends nothing without a yes; the value is in no word', async () => {
    const sent: (Session | undefined)[] = [];
    const { run, asked, marked, removed } = setUp(() => Promise.reject(new Error('another verb')), {
      order: fresh,
      draft: brief,
      brief: async (source) => {
        sent.push(source);
        return 'ses_9';
      },
    });
    assert.equal(await run(), undefined);
    assert.deepEqual([sent, removed], [[], []]);
    const [[name, question] = assert.fail()] = asked;
    assert.equal(name, 'confirm');
    assert.match(JSON.stringify(question), /Line \d+: a Stripe key/);
    assert.match(marked.join(), /Nothing was sent/);
    assert.ok(!JSON.stringify([asked, marked]).includes(secret));
  });

  it('sends it with one, for a session that is yet to be made', async () => {
    const sent: unknown[] = [];
    const { run, removed } = setUp(() => Promise.reject(new Error('another verb')), {
      order: fresh,
      draft: brief,
      isSure: true,
      brief: async (source, _, { body }) => {
        sent.push(source, body);
        return 'ses_9';
      },
    });
    assert.equal(await run(), 'ses_9');
    assert.deepEqual(sent, [undefined, brief.body]);
    assert.deepEqual(removed, ['draft:1']);
  });

  it('is taken to another session as a brief, where the one that it was for is gone', async () => {
    const { run, opened, removed } = setUp(() => Promise.reject(new Error('another verb')), {
      order: { ...fresh, sessionId: 'ses_1', sessionTitle: 'Parser', directory: '/work' },
      draft: brief,
      gone: 'Lexer',
    });
    await run();
    assert.deepEqual([opened[0]?.order.verb, opened[0]?.order.sessionId], ['brief', 'ses_2']);
    assert.deepEqual(removed, ['draft:1']);
  });
});

describe('sending a draft', () => {
  it('hands over exactly what stands in it, and closes it', async () => {
    const sent: Draft[] = [];
    const { run, removed } = setUp(async (_, __, given) => {
      sent.push(given);
      return 'ses_1';
    });
    assert.equal(await run(), 'ses_1');
    assert.deepEqual(sent, [draft]);
    assert.deepEqual(removed, ['draft:1']);
  });

  it('is for the session that it was written for, of which the server is asked once where no folder here has it', async () => {
    const outside = aSession({ id: 'ses_9', directory: '/elsewhere' });
    const sources: Session[] = [];
    const send: DraftSenders['relay'] = async (source) => {
      sources.push(source);
      return source.id;
    };
    const { run, calls } = setUp(send, { outside, order: { ...order, sessionId: 'ses_9' } });
    assert.equal(await run(), 'ses_9');
    assert.deepEqual(sources, [outside]);
    assert.deepEqual(calls, [['getSession', 'ses_9']]);
  });

  it('does nothing while something is wrong with it, and says on which line', async () => {
    const { run, removed, marked } = setUp(() => Promise.reject(new Error('sent')), {
      draft: { ...draft, agent: 'ghost' },
    });
    await assert.rejects(run(), /Line 2 keeps the draft from being sent: There is no agent "ghost"/);
    assert.deepEqual(removed, []);
    assert.equal(marked.length, 1);
  });

  it('refuses an empty draft', async () => {
    const { run } = setUp(() => Promise.reject(new Error('sent')), { draft: { ...draft, body: '' } });
    await assert.rejects(run(), /There is nothing to send/);
  });

  it('keeps it with the reason when it does not arrive', async () => {
    const { run, removed, marked } = setUp(() => Promise.reject(new Problem('The server is gone.')));
    await assert.rejects(run(), Problem);
    assert.deepEqual(marked, ['The server is gone.']);
    assert.deepEqual(removed, []);
  });

  it('leaves open what became of it where nobody knows whether it arrived, and nothing else', async () => {
    for (const [problem, how] of [
      [new UncertainProblem('Nobody knows.'), 'open'],
      [new Problem('The server is gone.'), 'done'],
    ] as const) {
      const { run, left } = setUp(() => Promise.reject(problem));
      await assert.rejects(run(), Problem);
      assert.deepEqual(left, [how]);
    }
  });

  it('keeps it when the person thought better of it, or cancelled', async () => {
    const changed = setUp(() => Promise.resolve(undefined));
    assert.equal(await changed.run(), undefined);
    const cancelled = setUp(() => Promise.reject(new CancelledError()));
    assert.equal(await cancelled.run(), undefined);
    assert.deepEqual([...changed.removed, ...cancelled.removed, ...cancelled.marked], []);
  });

  it('sends it once, however often the button is pressed', async () => {
    const arrived = Promise.withResolvers<string>();
    let count = 0;
    const { run, removed } = setUp(() => {
      count += 1;
      return arrived.promise;
    });
    const first = run();
    assert.equal(await run(), undefined);
    arrived.resolve('ses_1');
    assert.equal(await first, 'ses_1');
    assert.equal(count, 1);
    assert.deepEqual(removed, ['draft:1']);
  });

  it('stays with what was written in it while it was on its way', async () => {
    const arrived = Promise.withResolvers<string>();
    const { run, removed, marked, write } = setUp(() => arrived.promise);
    const running = run();
    await Promise.resolve();
    write('And another thing.');
    arrived.resolve('ses_1');
    assert.equal(await running, 'ses_1');
    assert.deepEqual(removed, []);
    assert.match(marked[0] ?? '', /What you wrote meanwhile is here and was not sent/);
  });

  it('can be tried again after it failed', async () => {
    let attempts = 0;
    const { run } = setUp(() => {
      attempts += 1;
      return attempts === 1 ? Promise.reject(new Problem('Busy.')) : Promise.resolve('ses_1');
    });
    await assert.rejects(run(), Problem);
    assert.equal(await run(), 'ses_1');
  });

  it('is not sent with a question in the place of what nobody has written', async () => {
    const blanks = ['What should build do?'];
    const { run } = setUp(() => Promise.reject(new Error('sent')), {
      order: { ...order, blanks },
      draft: { ...draft, body: `It was parsed.\n\n${blanks[0]}` },
    });
    await assert.rejects(run(), /Line 8 keeps the draft from being sent: Nothing is written here yet/);
  });

  it('is not sent with a line for the todos that is only half there', async () => {
    const going = goingTodos([aTodo('Read strings')]);
    assert.ok(going);
    const { run } = setUp(() => Promise.reject(new Error('sent')), {
      order: { ...order, going },
      draft: { ...draft, body: '[1 todo goes along: Read]\n\nGo on.' },
    });
    await assert.rejects(run(), /This line stands for the todos/);
  });

  it('says so where there is none', async () => {
    const { run } = setUp(() => Promise.resolve('ses_1'), { none: true });
    await assert.rejects(run(), /There is no draft to send here/);
  });
});

describe('a draft whose session was deleted', () => {
  const nothing = () => Promise.reject(new Error('sent'));

  it('stays, with a sentence, where the person picks no other place', async () => {
    const { run, marked, removed, opened, asked } = setUp(nothing, { gone: 'none of them' });
    assert.equal(await run(), undefined);
    assert.match(String(asked[0]?.[1]), /“Parser” was deleted\. Where Should This Draft Go\?/);
    assert.match(marked[0] ?? '', /Nothing is lost/);
    assert.deepEqual([removed, opened], [[], []]);
  });

  it('goes to the draft of another session, and is not sent before it was seen there', async () => {
    const { run, opened, removed } = setUp(nothing, { gone: 'Lexer' });
    assert.equal(await run(), 'ses_2');
    const [{ order: moved, draft: other, hasOwnWords } = assert.fail('no draft')] = opened;
    assert.ok(hasOwnWords, 'nothing is written over it');
    assert.deepEqual([moved.verb, moved.sessionId, moved.sessionTitle], ['relay', 'ses_2', 'Lexer']);
    assert.deepEqual(other, { ...draft, source: 'ses_2' });
    assert.deepEqual(removed, ['draft:1']);
  });

  it('goes there too where nobody has told of that before it was sent', async () => {
    const cause = new NotFoundProblem('There is no such session.');
    for (const failure of [cause, new Problem('“Parser” was not forked.', { cause })]) {
      const { run, opened, removed, marked } = setUp(() => Promise.reject(failure), {
        gone: 'Lexer',
        isUntold: true,
      });
      assert.equal(await run(), 'ses_2');
      assert.equal(opened[0]?.order.sessionId, 'ses_2');
      assert.deepEqual([removed, marked], [['draft:1'], []]);
    }
    const other = setUp(() => Promise.reject(new Problem('No room.')), { gone: 'Lexer', isUntold: true });
    await assert.rejects(other.run(), /No room/);
    assert.deepEqual([other.opened, other.marked], [[], ['No room.']]);
  });

  it('goes with all its parts where it has several', async () => {
    const body = '## build\n\nWrite it.\n\n## build\n\nRead it.';
    const { run, opened, asked } = setUp(nothing, {
      gone: 'Lexer',
      order: { ...order, verb: 'chain' },
      draft: { body },
    });
    await run();
    assert.deepEqual([opened[0]?.order.verb, opened[0]?.draft.body], ['chain', body]);
    assert.ok(opened[0]?.hasOwnWords);
    const choices = asked[0]?.[2] as Choice<unknown>[];
    assert.deepEqual(
      choices.map(({ label }) => label),
      ['Lexer'],
      'no composer takes several prompts',
    );
  });

  it('goes into the composer of a new session, without what nobody has written', async () => {
    const blanks = ['What should build do?'];
    const { run, started, composed, removed } = setUp(nothing, {
      gone: 'New Session',
      order: { ...order, blanks },
      draft: { ...draft, body: `It was parsed.\n\n${blanks[0]}` },
    });
    assert.equal(await run(), 'ses_new');
    assert.deepEqual(started, [{ directory: '/work', text: '', agent: 'build', model: draft.model }]);
    assert.deepEqual(composed, [['ses_new', 'It was parsed.']]);
    assert.deepEqual(removed, ['draft:1']);
  });
});
