import assert from 'node:assert/strict';
import { runCommandInNew, type RunCommandInNewDeps } from '../../../src/commands/handOff/runCommandInNew.ts';
import { tellSession, type TellSessionDeps } from '../../../src/commands/session/tellSession.ts';
import { undoHandOff, type UndoHandOffDeps } from '../../../src/commands/handOff/undoHandOff.ts';
import { CancelledError } from '../../../src/core/cancellation.ts';
import type { Choice } from '../../../src/core/ports/dialogs.ts';
import { BusyProblem } from '../../../src/core/errors.ts';
import type { ToldContext } from '../../../src/core/ports/toldContext.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import { SlashCommand } from '../../../src/protocol/records.ts';
import { aProof, aSession } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

const source = aSession({ id: 'ses_1', title: 'Parser' });
const successor = aSession({
  id: 'ses_2',
  title: 'Handoff: Parser',
  metadata: withLineage(undefined, { of: 'ses_2', kind: 'handoff', from: 'ses_1', time: 1 }),
});
const diff: ToldContext = {
  kind: 'diff',
  label: 'git diff',
  tokens: 2,
  read: () => Promise.resolve('+ a line'),
};

function setUp(
  given: {
    person?: Parameters<typeof aPerson>[0];
    contexts?: ToldContext[];
    tell?: TellSessionDeps['tell'];
    undoable?: () => Promise<void>;
    maySend?: boolean;
    isBusy?: boolean;
  } = {},
) {
  const server = aServer({
    listMessages: () => ({ messages: [] }),
    listCommands: () => [SlashCommand.parse({ name: 'review', description: 'Reviews.', agent: 'plan' })],
    updateSession: () => successor,
  });
  const { dialogs, asked } = aPerson(given.person);
  const told: unknown[] = [];
  const queued: unknown[] = [];
  const ran: unknown[] = [];
  const opened: string[] = [];
  const unsent = new Map<string, string | undefined>();
  const deps: TellSessionDeps & RunCommandInNewDeps & UndoHandOffDeps = {
    sessions: aStore([source, successor]),
    openCode: server.openCode,
    offers: server.offers,
    currentSessionId: () => 'ses_1',
    selectedSessionIds: () => [],
    proof: aProof(),
    dialogs,
    unsent: { get: (key) => unsent.get(key), set: (key, text) => void unsent.set(key, text) },
    collectContext: () => Promise.resolve(given.contexts ?? []),
    tell:
      given.tell ??
      ((request) => {
        told.push(request);
        return Promise.resolve('msg_1');
      }),
    isBusy: () => given.isBusy ?? false,
    relays: { add: async (...added) => void queued.push(added) },
    maySendTo: () => Promise.resolve(given.maySend ?? true),
    runWithProgress: (_, act) =>
      act(
        { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) },
        () => undefined,
      ),
    notify: () => undefined,
    runInNewSession: (request) => {
      ran.push(request);
      return Promise.resolve(successor);
    },
    assertUndoable: given.undoable ?? (() => Promise.resolve()),
    openTranscript: (id: string) => opened.push(id),
    now: () => 99,
  };
  return { deps, server, asked, told, queued, ran, opened, unsent };
}

const target = { agent: 'build', model: { providerID: 'local', modelID: 'echo' } };

describe('telling a session', () => {
  it('names agent and model and says exactly what was typed, as context', async () => {
    const { deps, told } = setUp({ person: { askText: () => 'Numbers are hexadecimal.' } });
    assert.equal(await tellSession(deps)(), 'ses_1');
    const text = 'Numbers are hexadecimal.';
    assert.deepEqual(told, [
      { ...target, session: source, parts: [{ type: 'text', text, synthetic: true }] },
    ]);
  });

  it('tells nothing to a session that works elsewhere where the person thinks better of it, and keeps the text', async () => {
    const { deps, told, unsent } = setUp({ person: { askText: () => 'Wait.' }, maySend: false });
    assert.equal(await tellSession(deps)(), undefined);
    assert.deepEqual([told, [...unsent.values()]], [[], ['Wait.']]);
  });

  it('leaves it with a session that works, where it waits for the next step, and keeps no window waiting', async () => {
    const { deps, told, queued, unsent } = setUp({ isBusy: true });
    assert.equal(await tellSession(deps)({ sessionId: 'ses_1', text: 'Wait.' }), 'ses_1');
    assert.deepEqual(queued, [['ses_1', [{ ...target, text: 'Wait.', silent: true }]]]);
    assert.deepEqual([told, unsent.get('tell:ses_1')], [[], undefined]);
  });

  it('offers what the editor shows', async () => {
    const { deps, told, asked } = setUp({
      contexts: [diff],
      person: { pickOne: async (_: string, choices: Choice<unknown>[]) => choices.at(-1)?.value },
    });
    await tellSession(deps)();
    const offered = asked[0]?.[2] as Choice<unknown>[] | undefined;
    assert.deepEqual(
      offered?.map(({ label }) => label),
      ['Type Text…', 'Changes in the Working Tree'],
    );
    assert.match(JSON.stringify(told), /"text":"\+ a line"/);
  });

  it('keeps what was typed when it is cancelled while the session works', async () => {
    const { deps, unsent } = setUp({ tell: () => Promise.reject(new CancelledError()) });
    await assert.rejects(tellSession(deps)({ sessionId: 'ses_1', text: 'Wait.' }), CancelledError);
    assert.equal(unsent.get('tell:ses_1'), 'Wait.');
  });
});

describe('running a command in a new session', () => {
  it('takes the agent of the command and what stands behind its name', async () => {
    const { deps, ran, opened } = setUp();
    assert.equal(await runCommandInNew(deps)({ sessionId: 'ses_1', text: '/review src all' }), 'ses_2');
    const title = '/review src all';
    const call = { command: 'review', arguments: 'src all' };
    assert.deepEqual(ran, [{ ...target, agent: 'plan', source, title, ...call }]);
    assert.deepEqual(opened, ['ses_2']);
  });

  it('says which commands there are when it does not know one', async () => {
    const { deps } = setUp();
    await assert.rejects(
      runCommandInNew(deps)({ sessionId: 'ses_1', text: '/ghost' }),
      /There are: \/review\./,
    );
  });
});

describe('undoing a hand off', () => {
  it('archives the new session and goes back to its source', async () => {
    const { deps, server, opened } = setUp();
    assert.equal(await undoHandOff(deps)('ses_2'), 'ses_2');
    assert.deepEqual(server.changes(), [['updateSession', 'ses_2', { archived: 99 }]]);
    assert.deepEqual(opened, ['ses_1']);
  });

  it('leaves a session in which something happened', async () => {
    const { deps, server } = setUp({ undoable: () => Promise.reject(new BusyProblem('Work was done.')) });
    await assert.rejects(undoHandOff(deps)('ses_2'), BusyProblem);
    assert.deepEqual(server.changes(), []);
  });

  it('refuses a session that was not handed off', async () => {
    const { deps } = setUp();
    await assert.rejects(undoHandOff(deps)('ses_1'), /was not made by a hand off/);
  });
});
