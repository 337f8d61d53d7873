import assert from 'node:assert/strict';
import { relaySession, type RelaySessionDeps } from '../../../src/commands/relay/relaySession.ts';
import { runChain, saveChain } from '../../../src/commands/relay/runChain.ts';
import { sendChain, sendRelayDraft } from '../../../src/commands/relay/sendRelayDraft.ts';
import type { DraftOrder } from '../../../src/core/continuation/drafts/draftOrder.ts';
import { parseChains, printSavedChain } from '../../../src/core/continuation/drafts/savedChains.ts';
import type { Choice, Dialogs, TextQuestion } from '../../../src/core/ports/dialogs.ts';
import { NotFoundProblem } from '../../../src/core/errors.ts';
import { Agent } from '../../../src/protocol/records.ts';
import { aProof, aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer, portsOf } from './commands.ts';
import { aWritten, someDrafts } from './drafts.ts';

const reads = [{ permission: 'edit', pattern: '*', action: 'deny' }];
const agents = [
  Agent.parse({ name: 'build', mode: 'primary', description: 'Writes code.' }),
  Agent.parse({ name: 'plan', mode: 'primary', permission: reads }),
  Agent.parse({ name: 'review', mode: 'primary', permission: reads }),
  Agent.parse({ name: 'helper', mode: 'subagent' }),
  Agent.parse({ name: 'title', mode: 'primary', hidden: true }),
];

interface Given {
  /** Whether the person sends to a session that may work elsewhere. */
  readonly maySend?: boolean;
  readonly agent?: string;
  readonly person?: Parameters<typeof aPerson>[0];
  readonly busy?: boolean;
  readonly review?: 'always';
  readonly add?: () => Promise<unknown>;
  readonly template?: string;
  /** The setting. */
  readonly chains?: unknown;
  readonly last?: string;
}

function setUp(given: Given = {}) {
  const session = aSession({ id: 'ses_1', agent: given.agent ?? 'build' });
  const { dialogs, asked } = aPerson({ inform: () => undefined, ...given.person });
  const added: unknown[][] = [];
  const unsent = new Map<string, string | undefined>();
  const kept = someDrafts();
  const last = given.last === undefined ? [] : [given.last];
  const deps: RelaySessionDeps = {
    sessions: aStore([session]),
    ...portsOf(aServer({ listAgents: () => agents, listMessages: () => ({ messages: [] }) })),
    currentSessionId: () => 'ses_1',
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs,
    drafts: kept.drafts,
    unsent: { get: (key) => unsent.get(key), set: (key, text) => void unsent.set(key, text) },
    review: () => given.review ?? 'never',
    hopLimit: () => 8,
    draftRelay: (_, __, messageId) => {
      const before =
        given.template ?? `The build agent finished: "${messageId === undefined ? 'Parsed.' : 'Read.'}"`;
      return Promise.resolve({
        textFor: (prompt) => [before, prompt].filter((words) => words !== '').join('\n\n'),
        isByTemplate: given.template !== undefined,
        hasLater: messageId !== undefined,
        going: undefined,
      });
    },
    readPrompt: (_, name) =>
      Promise.resolve(name === 'review' ? 'Read what {{previousAgent}} did.\n\n## Care' : undefined),
    savedChains: () => parseChains(given.chains),
    lastRelay: { get: () => last.at(-1), set: (agent) => void last.push(agent) },
    relays: {
      pending: () => [],
      add: async (...relay) => {
        added.push(relay);
        return given.add?.();
      },
    },
    isBusy: () => given.busy ?? false,
    maySendTo: () => Promise.resolve(given.maySend ?? true),
    asksBeforeEditing: () => true,
  };
  return {
    deps,
    session,
    run: relaySession(deps),
    runSaved: runChain(deps),
    asked,
    added,
    unsent,
    last,
    opened: kept.opened,
  };
}

const model = { providerID: 'local', modelID: 'echo' };
const pickPlan: Dialogs['pickOne'] = async (_, choices) =>
  choices.find(({ label }) => label === 'plan')?.value;

describe('relaying a session', () => {
  it('offers others than the current agent, first the one that was used last, and a chain', async () => {
    const { run, asked } = setUp({ last: 'review', person: { pickOne: () => undefined } });
    await run();
    const choices = asked[0]?.[2] as Choice<unknown>[];
    assert.deepEqual(
      choices.map(({ label, description, group }) => [label, description, group]),
      [
        ['review', '', 'Used last'],
        ['Chain of Agents…', undefined, 'Chains'],
        ['plan', '', 'Other agents'],
        ['build', 'current', 'Other agents'],
      ],
    );
    assert.equal(choices.at(-1)?.detail, 'may edit files · Writes code.');
  });

  it('asks what the agent is to do, and says before it what was done last', async () => {
    const { run, added, asked, last } = setUp({
      person: { pickOne: pickPlan, askText: () => 'Check it.' },
    });
    assert.equal(await run(), 'ses_1');
    assert.deepEqual(added, [
      ['ses_1', [{ agent: 'plan', model, text: 'The build agent finished: "Parsed."\n\nCheck it.' }]],
    ]);
    const question = asked[1]?.[1] as TextQuestion | undefined;
    assert.equal(question?.value, '');
    assert.equal(question?.placeholder, 'What should plan do?');
    assert.equal(question?.prompt, 'This goes before it: The build agent finished: "Parsed."');
    assert.deepEqual(last, ['plan']);
  });

  it('takes no empty order, unless a template says what is to be done', async () => {
    const faults: (string | undefined)[] = [];
    const person = {
      pickOne: pickPlan,
      askText: ({ validate }: TextQuestion) => {
        faults.push(validate?.(' '));
        return faults.at(-1) === undefined ? '' : undefined;
      },
    };
    const plain = setUp({ person });
    await plain.run();
    assert.deepEqual(plain.added, []);
    const templated = setUp({ person, template: 'Review it.' });
    await templated.run();
    assert.deepEqual(templated.added[0]?.[1], [{ agent: 'plan', model, text: 'Review it.' }]);
    assert.deepEqual(faults, ['Say what plan should do, or press Escape.', undefined]);
  });

  it('says what was done up to the message that was chosen, and that the rest is read all the same', async () => {
    const { run, added, asked } = setUp({ person: { pickOne: pickPlan, askText: () => 'Go.' } });
    await run({ sessionId: 'ses_1', messageId: 'msg_2' });
    assert.deepEqual(added[0]?.[1], [
      { agent: 'plan', model, text: 'The build agent finished: "Read."\n\nGo.' },
    ]);
    const question = asked[1]?.[1] as TextQuestion | undefined;
    assert.match(question?.prompt ?? '', /came after this message.+Revert to Message…/);
  });

  it('relays nothing to a session that works elsewhere where the person thinks better of it', async () => {
    const { run, added } = setUp({ maySend: false });
    assert.equal(await run({ sessionId: 'ses_1', agent: 'plan', text: 'Look.' }), undefined);
    assert.deepEqual(added, []);
  });

  it('asks nothing that was said', async () => {
    const { run, added, asked } = setUp();
    assert.equal(await run({ sessionId: 'ses_1', agent: 'plan', text: 'Look.' }), 'ses_1');
    assert.equal(added.length, 1);
    assert.deepEqual(asked, []);
  });

  it('says that it waits while the session works', async () => {
    const { run, asked } = setUp({ busy: true });
    await run({ agent: 'plan', text: 'Look.' });
    assert.deepEqual(asked, [
      ['inform', '“Parser” is working. The relay to plan waits until the turn has settled.'],
    ]);
  });

  it('asks before an agent that only reads passes the turn to one that may edit', async () => {
    const refused = setUp({ agent: 'plan', person: { confirm: () => false } });
    assert.equal(await refused.run({ agent: 'build', text: 'Write.' }), undefined);
    assert.deepEqual(refused.added, []);
    const agreed = setUp({ agent: 'plan', person: { confirm: () => true } });
    assert.equal(await agreed.run({ agent: 'build', text: 'Write.' }), 'ses_1');
  });

  it('refuses an agent that is not there, one that is hidden and one that only agents call', async () => {
    for (const agent of ['ghost', 'title', 'helper']) {
      const { run, added } = setUp();
      await assert.rejects(
        run({ agent, text: 'Hello.' }),
        ({ cause }: Error) => cause instanceof NotFoundProblem,
      );
      assert.deepEqual(added, []);
    }
  });

  it('keeps the message when it could not be relayed, and offers it again', async () => {
    const { run, unsent } = setUp({ add: () => Promise.reject(new Error('gone')) });
    await assert.rejects(run({ agent: 'plan', text: 'Look.' }), /your message is kept\. gone/);
    assert.equal(unsent.get('relay:ses_1'), 'Look.');
  });

  it('opens a draft that asks what is to be done, where relays are to be reviewed', async () => {
    const { run, opened, added } = setUp({ review: 'always', person: { pickOne: pickPlan } });
    await run();
    assert.deepEqual(added, []);
    assert.equal(opened[0]?.order.verb, 'relay');
    assert.deepEqual(opened[0]?.order.blanks, ['What should plan do?']);
    assert.equal(opened[0]?.draft.body, 'The build agent finished: "Parsed."\n\nWhat should plan do?');
  });

  const drafted = { sessionId: 'ses_1', sessionTitle: 'Parser', directory: '/work' };

  it('counts as the last one also where it was sent from a draft, of a chain with its last agent', async () => {
    const { deps, session, last, added } = setUp();
    await sendRelayDraft(deps, session, { verb: 'relay', ...drafted }, { agent: 'plan', body: 'Look.' });
    const body = '## plan\n\nLook.\n\n## review\n\nRead it.';
    await sendChain(deps, session, { verb: 'chain', ...drafted }, { body });
    assert.equal(added.length, 2);
    assert.deepEqual(last, ['plan', 'review']);
  });

  it('does not count as the last one where it was not sent', async () => {
    const { deps, session, last } = setUp({ maySend: false });
    await sendRelayDraft(deps, session, { verb: 'relay', ...drafted }, { agent: 'plan', body: 'Look.' });
    assert.deepEqual(last, []);
  });
});

/** A person who picks these rows, one after the other. */
function picking(...labels: readonly string[]) {
  const titles: string[] = [];
  const rows: string[][] = [];
  const left = [...labels];
  const pickOne = async (title: string, choices: readonly Choice<unknown>[]) => {
    titles.push(title);
    rows.push(choices.map(({ label }) => label));
    const wanted = left.shift();
    return choices.find(({ label }) => label === wanted)?.value;
  };
  return { titles, rows, person: { pickOne, inform: () => undefined } };
}

describe('a chain of agents', () => {
  it('is picked one agent after the other, with the way so far in the title, until Enter ends it', async () => {
    const { titles, rows, person } = picking('Chain of Agents…', 'plan', 'build', 'Done');
    const { run, opened } = setUp({ person });
    await run();
    assert.deepEqual(titles.slice(1), [
      'Chain in “Parser”: …',
      'Chain in “Parser”: plan → …',
      'Chain in “Parser”: plan → build → …',
    ]);
    assert.deepEqual(
      rows.slice(1).map(([first]) => first),
      ['plan', 'build', 'Done'],
    );
    const [{ order, draft } = assert.fail('no draft')] = opened;
    assert.equal(order.verb, 'chain');
    assert.deepEqual(order.blanks, ['What should plan do?', 'What should build do?']);
    assert.equal(
      draft.body,
      '## plan\n\nThe build agent finished: "Parsed."\n\nWhat should plan do?\n\n## build\n\nWhat should build do?',
    );
  });

  it('takes a pick back, and has nothing to say where the person leaves', async () => {
    const back = picking('Chain of Agents…', 'review', 'Take the Last One Back', 'plan', 'build', 'Done');
    const { run, opened } = setUp({ person: back.person });
    await run();
    assert.match(opened[0]?.draft.body ?? '', /^## plan\n[\s\S]+## build/);
    const left = setUp({ person: picking('Chain of Agents…', 'plan', 'build').person });
    assert.equal(await left.run(), undefined);
    assert.deepEqual(left.opened, []);
  });

  it('has as many legs as are allowed', async () => {
    const many = picking('Chain of Agents…', ...Array.from({ length: 8 }, () => 'plan'));
    const { run, opened } = setUp({ person: many.person });
    await run();
    assert.equal(opened[0]?.draft.body.match(/^## plan$/gm)?.length, 8);
  });
});

describe('a saved chain', () => {
  const chains = {
    'write → review': [
      { agent: 'build', prompt: 'Write it.' },
      { agent: 'review', template: 'review', model: 'local/echo' },
      { agent: 'build' },
    ],
    broken: [{ agent: 'build' }, { agent: 'plan', prompt: 'A', template: 'b' }],
    stranger: [
      { agent: 'build', prompt: 'A' },
      { agent: 'ghost', prompt: 'B' },
    ],
  };

  it('opens as a draft, with what each leg is told and a question where nobody has said it', async () => {
    const { run, opened, added } = setUp({ chains, person: picking('write → review').person });
    await run();
    assert.deepEqual(added, []);
    const [{ order, draft } = assert.fail('no draft')] = opened;
    assert.deepEqual(order.blanks, ['What should build do?']);
    assert.equal(
      draft.body,
      [
        '## build\n\nThe build agent finished: "Parsed."\n\nWrite it.',
        '## review (local/echo)\n\nRead what build did.\n\n### Care',
        '## build\n\nWhat should build do?',
      ].join('\n\n'),
    );
  });

  it('is run by its name alone', async () => {
    const { runSaved, opened } = setUp({ chains });
    await runSaved({ sessionId: 'ses_1', title: 'write → review' });
    assert.equal(opened.length, 1);
  });

  it('that cannot be read says why where it is offered, and when it is picked', async () => {
    const { rows, person } = picking('broken');
    const { run, opened, asked } = setUp({ chains, person });
    const why = 'Leg 2 of the chain “broken” has a prompt and a template: take one out.';
    await assert.rejects(run(), new RegExp(why));
    const choices = asked[0]?.[2] as Choice<unknown>[];
    assert.equal(choices.find(({ label }) => label === 'broken')?.detail, why);
    assert.ok(rows[0]?.includes('stranger'));
    assert.deepEqual(opened, []);
  });

  it('with an agent that is not there opens at its place, and says so', async () => {
    const { run, opened, asked } = setUp({ chains, person: picking('stranger').person });
    await run();
    assert.equal(opened[0]?.line, '## ghost');
    assert.match(String(asked.at(-1)?.[1]), /There is no agent “ghost” to talk to/);
  });

  it('is none yet where none was saved', async () => {
    const { runSaved } = setUp();
    await assert.rejects(runSaved(), /No chain is saved yet/);
  });
});

describe('saving a chain', () => {
  const base = {
    sessionId: 'ses_1',
    sessionTitle: 'Parser',
    directory: '/work',
    blanks: ['What should build do?'],
  };
  const order: DraftOrder = { verb: 'chain', ...base, context: 'The build agent finished: "Parsed."' };
  const body = [
    '## plan\n\nThe build agent finished: "Parsed."\n\nPlan it.',
    '## review (local/echo)\n\nReview it.',
    '## build\n\nWhat should build do?',
  ].join('\n\n');

  function save(given: { confirm?: boolean; name?: string; verb?: 'relay' }) {
    const saved: unknown[][] = [];
    const { dialogs, asked } = aPerson({
      askText: () => given.name ?? 'mine',
      confirm: () => given.confirm ?? false,
      inform: () => undefined,
    });
    const kept = someDrafts(
      aWritten(given.verb === undefined ? order : { verb: given.verb, ...base }, { body }),
    );
    const run = saveChain({
      drafts: kept.drafts,
      dialogs,
      savedChains: () => parseChains({ taken: [{ agent: 'plan' }, { agent: 'build' }] }),
      saveChain: async (...chain) => void saved.push(chain),
    });
    return { run, saved, asked };
  }

  it('keeps what each leg is told, without what was done last and what is still asked for', async () => {
    const { run, saved } = save({});
    await run();
    const legs = [
      { agent: 'plan', prompt: 'Plan it.' },
      { agent: 'review', model: { providerID: 'local', modelID: 'echo' }, prompt: 'Review it.' },
      { agent: 'build' },
    ];
    assert.deepEqual(saved, [['mine', legs]]);
    assert.deepEqual(parseChains({ mine: printSavedChain(legs) }), [{ name: 'mine', legs }]);
  });

  it('asks before it takes the place of another one', async () => {
    const refused = save({ name: 'taken' });
    assert.equal(await refused.run(), undefined);
    assert.deepEqual(refused.saved, []);
    const agreed = save({ name: 'taken', confirm: true });
    await agreed.run();
    assert.equal(agreed.saved.length, 1);
  });

  it('is for the draft of a chain alone', async () => {
    await assert.rejects(save({ verb: 'relay' }).run(), /Only the draft of a chain/);
  });
});
