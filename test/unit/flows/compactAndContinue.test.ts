import assert from 'node:assert/strict';
import { Problem, UnavailableProblem, UncertainProblem } from '../../../src/core/errors.ts';
import { HeldProblem } from '../../../src/core/state/hold.ts';
import { SessionLock } from '../../../src/core/turns/sessionLock.ts';
import { SettledTurns } from '../../../src/core/turns/settledTurn.ts';
import { compactAndContinue } from '../../../src/flows/compactAndContinue.ts';
import { Attempts } from '../../../src/flows/prompting/attempts.ts';
import { anAnswer, aSession, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aServer } from '../commands/commands.ts';
import { SwitchedHold } from '../core/switchedHold.ts';
import { Memory } from '../views/memory.ts';

const session = aSession({ id: 'ses_1', title: 'Parser' });
const model = { providerID: 'local', modelID: 'echo' };
const continuation = { agent: 'build', model, text: 'Go on.' };

function setUp(failure: unknown) {
  const hold = new SwitchedHold();
  const causes: unknown[] = [];
  const messages = [aUserMessage('msg_1'), anAnswer('msg_2', 'msg_1')];
  const server = aServer({
    listMessages: () => ({ messages }),
    listTodos: () => [],
    listStatuses: () => ({}),
    compactSession: () => undefined,
  });
  const ids = { now: () => 1, random: Math.random };
  const ports: Parameters<typeof compactAndContinue>[0] = {
    sessions: aStore([session]),
    openCode: server.openCode,
    turns: new SettledTurns(),
    lock: new SessionLock(),
    hold,
    deliveries: { isAboutToRun: () => false },
    door: {
      send: (_session, _outgoing, cause) => {
        causes.push(cause);
        return Promise.reject(failure);
      },
    },
    attempts: new Attempts(ids, new Memory(), String),
    wait: () => Promise.resolve(),
    exportSession: undefined,
    onProgress: () => undefined,
    log: { debug: () => undefined, info: assert.fail, warn: assert.fail, error: assert.fail },
  };
  const compact = () => compactAndContinue(ports, { session, model, guidance: '', continuation });
  const summaries = () => server.calls.filter(([name]) => name === 'compactSession').length;
  return { compact, summaries, hold, causes };
}

describe('Compacting and going on', () => {
  it('says that it was compacted where what was to follow did not arrive, and compacts once', async () => {
    const gone = new UnavailableProblem('There is no connection.', { mayHaveArrived: false });
    for (const failure of [gone, new Problem('No such agent.')]) {
      const { compact, summaries } = setUp(failure);
      for (let attempt = 0; attempt < 2; attempt += 1) {
        await assert.rejects(compact, (error) => {
          assert.ok(error instanceof Problem && !(error instanceof UncertainProblem));
          assert.match(error.message, /^“Parser” was compacted, but .* did not arrive\./);
          assert.ok(error.message.includes(failure.message));
          return true;
        });
      }
      assert.equal(summaries(), 1);
    }
  });

  it('says that it was compacted where it is not known whether what was to follow arrived', async () => {
    const { compact, summaries } = setUp(new UncertainProblem('It is not known yet.'));
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await assert.rejects(compact, (error) => {
        assert.ok(error instanceof UncertainProblem);
        assert.match(error.message, /^“Parser” was compacted, but it is not known yet/);
        return true;
      });
    }
    assert.equal(summaries(), 1);
  });

  it('counts as pressed by a person where Stop All held before, and not where it came meanwhile', async () => {
    const { compact, hold, causes } = setUp(new HeldProblem());
    const compacting = compact();
    hold.stop();
    await assert.rejects(compacting, /was compacted, but what was to follow did not arrive\. .*Stop All/);
    await assert.rejects(compact);
    assert.deepEqual(causes, [
      { cause: 'compaction', isPressed: false },
      { cause: 'compaction', isPressed: true },
    ]);
  });
});
