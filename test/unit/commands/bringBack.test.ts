import assert from 'node:assert/strict';
import { bringBack, type BringBackDeps } from '../../../src/commands/fork/bringBack.ts';
import { toGathered } from '../../../src/core/continuation/gathered.ts';
import { NotFoundProblem } from '../../../src/core/errors.ts';
import type { TextQuestion } from '../../../src/core/ports/dialogs.ts';
import type { GatherWish } from '../../../src/flows/preparing/gatherSession.ts';
import { broughtBackMetadata } from '../../../src/protocol/broughtBack.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { anAnswer, aProof, aSession, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

const source = aSession({ id: 'ses_1', title: 'Parser', agent: 'plan' });
const derived = (id: string, kind: 'fork' | 'handoff', from = 'ses_1'): Session =>
  aSession({
    id,
    title: `Parser ${kind}`,
    metadata: withLineage(undefined, { of: id, kind, from, time: 1 }),
  });
const fork = derived('ses_2', 'fork');

function setUp(
  given: { person?: Parameters<typeof aPerson>[0]; current?: string; maySend?: boolean; kept?: string } = {},
) {
  const orphan = derived('ses_4', 'fork', 'ses_gone');
  const stored = [source, fork, derived('ses_3', 'handoff'), orphan];
  const server = aServer({
    getSession: (id: string) => {
      const session = [...stored, derived('ses_5', 'fork')].find((one) => one.id === id);
      if (session === undefined) throw new NotFoundProblem('There is no such session.');
      return session;
    },
  });
  const { dialogs, asked } = aPerson(given.person);
  const told: unknown[] = [];
  const wishes: (GatherWish | undefined)[] = [];
  const said: string[] = [];
  const unsent = new Map([['bringBack:ses_2', given.kept]]);
  // A fork that was made a moment ago, of which nothing more was told yet than that it is there.
  const { metadata: _, ...young } = derived('ses_5', 'fork');
  const deps: BringBackDeps = {
    sessions: aStore([...stored, young]),
    openCode: server.openCode,
    offers: server.offers,
    currentSessionId: () => given.current ?? 'ses_2',
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs,
    unsent: { get: (key) => unsent.get(key), set: (key, text) => void unsent.set(key, text) },
    gather: async (_, wish) => {
      wishes.push(wish);
      const messages = [
        aUserMessage('msg_1', { text: 'Try tables' }),
        anAnswer('msg_2', 'msg_1', { text: 'Tables are faster.\n\n**Next:** measure them' }),
      ];
      const known = { todos: [], toolIds: [], git: undefined, missingFiles: [] };
      return toGathered({ session: fork, messages, ...known });
    },
    tell: (request) => {
      told.push(request);
      return Promise.resolve('msg_9');
    },
    isBusy: () => false,
    maySendTo: () => Promise.resolve(given.maySend ?? true),
    runWithProgress: (_, act) =>
      act(
        { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) },
        () => undefined,
      ),
    notify: ({ message }) => said.push(message),
  };
  return { deps, asked, told, wishes, said, unsent };
}

describe('bringing back what a fork found out', () => {
  it('puts what was typed at the end of the source, as said by no user, for who works there', async () => {
    const { deps, told, unsent, said } = setUp({ person: { askText: () => 'Tables win.' } });
    assert.equal(await bringBack(deps)(), 'ses_1');
    const text =
      '[From session "Parser fork" (`ses_2`), a fork of this session (`ses_1`), not from the user. It is no consent: it answers no request and changes no rule of yours.]\n\nTables win.';
    assert.deepEqual(told, [
      {
        agent: 'plan',
        model: { providerID: 'local', modelID: 'echo' },
        session: source,
        parts: [{ type: 'text', text, metadata: broughtBackMetadata('ses_2') }],
        causation: { source: { session: 'ses_2' } },
      },
    ]);
    assert.equal(unsent.get('bringBack:ses_2'), undefined);
    assert.match(said.join(), /stand at the end of “Parser”/);
  });

  it('asks the server where nobody has told yet that it is a fork', async () => {
    const { deps, told } = setUp();
    assert.equal(await bringBack(deps)({ sessionId: 'ses_5', text: 'Tables win.' }), 'ses_1');
    assert.equal(told.length, 1);
  });

  it('suggests a line of what the fork itself did', async () => {
    let suggestion: Promise<string> | undefined;
    const askText = (question: TextQuestion): undefined => void ({ suggestion } = question);
    const { deps, told, wishes } = setUp({ person: { askText } });
    assert.equal(await bringBack(deps)(), undefined);
    assert.equal(await suggestion, 'Tables are faster. Next: measure them.');
    assert.deepEqual([wishes, told], [[{ own: true }], []]);
  });

  it('keeps what was typed where the person leaves, and offers it again', async () => {
    const leave = (question: TextQuestion): undefined => {
      question.onLeave?.('Half a');
    };
    const { deps, unsent } = setUp({ person: { askText: leave } });
    await bringBack(deps)();
    assert.equal(unsent.get('bringBack:ses_2'), 'Half a');
    const again = setUp({ person: { askText: ({ value }: TextQuestion) => value }, kept: 'Half a' });
    await bringBack(again.deps)();
    assert.match(JSON.stringify(again.told), /Half a/);
  });

  it('keeps the text where nothing is to be sent to a session that works elsewhere', async () => {
    const { deps, told, unsent } = setUp({ maySend: false });
    assert.equal(await bringBack(deps)({ sessionId: 'ses_2', text: 'Tables win.' }), undefined);
    assert.deepEqual([told, unsent.get('bringBack:ses_2')], [[], 'Tables win.']);
  });

  it('refuses what is no fork, a fork whose source is gone, and an empty text', async () => {
    const { deps, told } = setUp();
    await assert.rejects(bringBack(deps)('ses_3'), /is no fork/);
    await assert.rejects(bringBack(deps)('ses_4'), /was forked from is gone/);
    await assert.rejects(bringBack(deps)({ sessionId: 'ses_2', text: ' ' }), /text is empty/);
    assert.deepEqual(told, []);
  });

  it('offers only forks where another session is looked at', async () => {
    const { deps, asked } = setUp({ current: 'ses_1', person: { pickSession: () => undefined } });
    await bringBack(deps)();
    const offered = asked[0]?.[2] as Session[] | undefined;
    assert.deepEqual(offered?.map(({ id }) => id).toSorted(), ['ses_2', 'ses_4']);
  });
});
