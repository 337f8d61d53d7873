import assert from 'node:assert/strict';
import { buildSessionHeader } from '../../../src/core/page/sessionHeader.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import type { Session } from '../../../src/protocol/records.ts';
import { aSession } from './builders.ts';
import { aPermission, aStore } from './stores.ts';

const source = aSession({ id: 'ses_1', title: 'Parser' });
const handedOff = aSession({
  id: 'ses_2',
  title: 'Handoff: Parser',
  metadata: withLineage(undefined, { of: 'ses_2', kind: 'handoff', from: 'ses_1', time: 1 }),
});

describe('the header of a transcript', () => {
  const sessions = aStore([source, handedOff]);
  const sources = {
    sessions,
    ends: { of: () => undefined, ranHere: () => false, worksElsewhere: () => false },
    attention: { of: () => [] },
    waits: { of: () => [] },
    todos: [],
    context: undefined,
    latestPrompt: undefined,
    isEmpty: false,
    compacting: false,
  };

  it('links a session to the one that it was handed off from, and that one to it', () => {
    assert.deepEqual(buildSessionHeader(handedOff, sources).from, {
      kind: 'handoff',
      sessionId: 'ses_1',
      title: 'Parser',
    });
    assert.deepEqual(buildSessionHeader(source, sources).to, [
      { kind: 'handoff', sessionId: 'ses_2', title: 'Handoff: Parser' },
    ]);
  });

  it('links to no session that is gone', () => {
    assert.equal(
      buildSessionHeader(handedOff, { ...sources, sessions: aStore([handedOff]) }).from,
      undefined,
    );
  });

  it('names the agent and the model of the latest prompt where the record has none, as in a fork', () => {
    const latestPrompt = { agent: 'plan', model: { providerID: 'local', modelID: 'echo' } };
    const namedIn = (session: Session) => {
      const { agent, model } = buildSessionHeader(session, { ...sources, latestPrompt });
      return { agent, model };
    };
    const { agent: _, model: __, ...fork } = source;
    assert.deepEqual(namedIn(fork), latestPrompt);
    const model = { providerID: 'local', id: 'think', variant: 'high' };
    assert.deepEqual(namedIn({ ...source, agent: 'build', model }), {
      agent: 'build',
      model: { providerID: 'local', modelID: 'think', variant: 'high' },
    });
  });

  it('tells only the beginning of an error that is said at length', () => {
    const message = `<html>${'x'.repeat(90_000)}`;
    const retry = { type: 'retry', attempt: 1, message, next: 0 } as const;
    const retrying = aStore([source], { statuses: { ses_1: retry } });
    const { status } = buildSessionHeader(source, { ...sources, sessions: retrying });
    assert.ok(status.type === 'retry');
    assert.equal(status.message, `${message.slice(0, 500)}…`);
    const error = { name: 'APIError', data: { message, statusCode: 502 } };
    const failed = {
      ...sources,
      ends: {
        of: () => ({ kind: 'failed', error }) as const,
        ranHere: () => true,
        worksElsewhere: () => false,
      },
    };
    assert.equal(
      buildSessionHeader(source, failed).lastError,
      `${message.slice(0, 500)}… Send the prompt again in a while.`,
    );
  });

  it('tells how each subagent does', () => {
    const child = aSession({ id: 'ses_3', parentID: 'ses_1' });
    const stateOf = (given: Parameters<typeof aStore>[1]) =>
      buildSessionHeader(source, { ...sources, sessions: aStore([source, child], given) }).to.map(
        ({ state }) => state,
      );
    assert.deepEqual(stateOf({}), ['idle']);
    assert.deepEqual(stateOf({ statuses: { ses_3: { type: 'busy' } } }), ['busy']);
    const permissions = [aPermission({ sessionID: 'ses_3' })];
    assert.deepEqual(stateOf({ statuses: { ses_3: { type: 'busy' } }, permissions }), ['waiting']);
  });
});
