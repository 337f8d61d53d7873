import assert from 'node:assert/strict';
import { relaySession, type RelaySessionDeps } from '../../../src/commands/relay/relaySession.ts';
import type { Choice, Dialogs, TextQuestion } from '../../../src/core/ports/dialogs.ts';
import { NotFoundProblem } from '../../../src/core/errors.ts';
import { Agent } from '../../../src/protocol/records.ts';
import { aProof, aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer, portsOf } from './commands.ts';
import { someDrafts } from './drafts.ts';

const reads = [{ permission: 'edit', pattern: '*', action: 'deny' }];
const agents = [
  Agent.parse({ name: 'build', mode: 'primary', description: 'Writes code.' }),
  Agent.parse({ name: 'plan', mode: 'primary', permission: reads }),
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
}

function setUp(given: Given = {}) {
  const session = aSession({ id: 'ses_1', agent: given.agent ?? 'build' });
  const { dialogs, asked } = aPerson({ inform: () => undefined, ...given.person });
  const added: unknown[][] = [];
  const unsent = new Map<string, string | undefined>();
  const kept = someDrafts();
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
    draftRelay: (_, __, messageId) =>
      Promise.resolve({
        text: `The build agent finished: "${messageId === undefined ? 'Parsed.' : 'Read.'}"`,
        hasLater: messageId !== undefined,
      }),
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
  return { run: relaySession(deps), asked, added, unsent, opened: kept.opened };
}

const model = { providerID: 'local', modelID: 'echo' };
const pickPlan: Dialogs['pickOne'] = async (_, choices) =>
  choices.find(({ label }) => label === 'plan')?.value;

describe('relaying a session', () => {
  it('offers the agents that a person may address, the current one marked, and a chain', async () => {
    const { run, asked } = setUp({ person: { pickOne: () => undefined } });
    await run();
    const choices = asked[0]?.[2] as Choice<unknown>[];
    assert.deepEqual(
      choices.map(({ label, description, detail }) => [label, description, detail]),
      [
        ['build', 'current', 'may edit files · Writes code.'],
        ['plan', '', 'reads only'],
        [
          'Chain of Agents…',
          undefined,
          'Several legs at once, each with its own prompt: build → plan → build',
        ],
      ],
    );
  });

  it('offers what was done last as the message, and sends what the person made of it', async () => {
    const { run, added, asked } = setUp({
      person: { pickOne: pickPlan, askText: ({ value }: TextQuestion) => `${value} Check it.` },
    });
    assert.equal(await run(), 'ses_1');
    assert.deepEqual(added, [
      ['ses_1', [{ agent: 'plan', model, text: 'The build agent finished: "Parsed." Check it.' }]],
    ]);
    assert.equal(asked.length, 2);
  });

  it('offers what was done up to the message that was chosen, and says that the rest is read all the same', async () => {
    const { run, added, asked } = setUp({
      person: { pickOne: pickPlan, askText: ({ value }: TextQuestion) => value },
    });
    await run({ sessionId: 'ses_1', messageId: 'msg_2' });
    assert.deepEqual(added[0]?.[1], [{ agent: 'plan', model, text: 'The build agent finished: "Read."' }]);
    const question = asked[1]?.[1] as TextQuestion | undefined;
    assert.match(question?.prompt ?? '', /came after this message.+Revert to Here…/);
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

  it('opens a draft where relays are to be reviewed', async () => {
    const { run, opened, added } = setUp({ review: 'always', person: { pickOne: pickPlan } });
    await run();
    assert.deepEqual(added, []);
    assert.equal(opened[0]?.order.verb, 'relay');
    assert.equal(opened[0]?.draft.body, 'The build agent finished: "Parsed."');
  });

  it('opens a chain as a draft with a heading for each leg', async () => {
    const { run, opened } = setUp({
      person: {
        pickOne: async (_: string, choices: Choice<unknown>[]) => choices.at(-1)?.value,
        askText: () => 'build > plan, build',
      },
    });
    await run();
    assert.equal(opened[0]?.order.verb, 'chain');
    assert.equal(
      opened[0]?.draft.body,
      '## build\n\nThe build agent finished: "Parsed."\n\n## plan\n\n## build',
    );
  });

  it('accepts no chain with an agent that is not there, with one leg, or with too many', async () => {
    const seen: (string | undefined)[] = [];
    const { run } = setUp({
      person: {
        pickOne: async (_: string, choices: Choice<unknown>[]) => choices.at(-1)?.value,
        askText: ({ validate }: TextQuestion) => {
          for (const text of ['build, ghost', 'build', 'build '.repeat(9), 'build → plan'])
            seen.push(validate?.(text));
        },
      },
    });
    await run();
    assert.match(seen[0] ?? '', /There is no agent “ghost”/);
    assert.match(seen[1] ?? '', /at least two agents/);
    assert.match(seen[2] ?? '', /8 agents at most/);
    assert.equal(seen[3], undefined);
  });
});
