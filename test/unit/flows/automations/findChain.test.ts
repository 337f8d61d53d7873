import assert from 'node:assert/strict';
import { NotFoundProblem } from '../../../../src/core/errors.ts';
import { findChain } from '../../../../src/flows/automations/findChain.ts';
import { makeMessageId } from '../../../../src/core/turns/messageId.ts';
import { withLineage } from '../../../../src/protocol/lineage.ts';
import type { MessageWithParts, Session } from '../../../../src/protocol/records.ts';
import { type Relayed, relayedMetadata } from '../../../../src/protocol/relayed.ts';
import { aHistory, anAnswer, aSession, aUserMessage } from '../../core/builders.ts';

/** A prompt, as a person wrote it, or relayed. */
function prompt(id: string, sessionID: string, relayed?: Relayed, of = sessionID): MessageWithParts {
  const metadata = relayed && relayedMetadata({ id: of }, relayed);
  const text = { type: 'text', text: id, ...(metadata && { metadata }) };
  return aUserMessage(id, { sessionID, parts: [text] });
}

const ofDeploy: Relayed = {
  hop: 1,
  automation: { name: 'deploy', on: 'settled', chain: ['test', 'deploy'] },
};

function aServer(messages: Readonly<Record<string, MessageWithParts[]>>, sessions: readonly Session[]) {
  return {
    ...aHistory((id) => messages[id] ?? []),
    getSession: async (id: string): Promise<Session> => {
      const found = sessions.find((session) => session.id === id);
      if (found === undefined) throw new NotFoundProblem('It is gone.');
      return found;
    },
  };
}

describe('what started a turn', () => {
  const session = aSession({ id: 'ses_1' });

  it('is named by the prompt that an automation wrote, and by no prompt of a person after it', async () => {
    const messages = [prompt('msg_1', 'ses_1', ofDeploy), prompt('msg_2', 'ses_1')];
    const server = aServer({ ses_1: messages }, [session]);
    assert.deepEqual(await findChain(server, session, 'msg_1'), ['test', 'deploy']);
    assert.deepEqual(await findChain(server, session, 'msg_2'), []);
    assert.deepEqual(await findChain(server, session, undefined), []);
  });

  it('is that of the turn in which an agent passed the turn on, here and from another session', async () => {
    const passed: Relayed = { hop: 1, from: { session: 'ses_1', agent: 'build' } };
    const messages = {
      ses_1: [prompt('msg_1', 'ses_1', ofDeploy), prompt('msg_2', 'ses_1', passed)],
      ses_2: [prompt('msg_3', 'ses_2', passed)],
    };
    const other = aSession({ id: 'ses_2' });
    const server = aServer(messages, [session, other]);
    assert.deepEqual(await findChain(server, session, 'msg_2'), ['test', 'deploy']);
    assert.deepEqual(await findChain(server, other, 'msg_3'), ['test', 'deploy']);
  });

  it('is that of the session that a subagent works for, also over several', async () => {
    const child = aSession({ id: 'ses_2', parentID: 'ses_1' });
    const grandchild = aSession({ id: 'ses_3', parentID: 'ses_2' });
    const messages = {
      ses_1: [prompt('msg_1', 'ses_1', ofDeploy)],
      ses_2: [prompt('msg_2', 'ses_2')],
      ses_3: [prompt('msg_3', 'ses_3')],
    };
    const server = aServer(messages, [session, child, grandchild]);
    assert.deepEqual(await findChain(server, grandchild, 'msg_3'), ['test', 'deploy']);
  });

  it('is not what a fork copied, but what made it, until a person writes there', async () => {
    const lineage = {
      kind: 'fork' as const,
      from: 'ses_1',
      time: 1,
      of: 'ses_2',
      automation: ofDeploy.automation,
    };
    const fork = aSession({ id: 'ses_2', metadata: withLineage(undefined, lineage) });
    const copied = prompt('msg_1', 'ses_2', ofDeploy, 'ses_1');
    const server = (own: MessageWithParts[]) => aServer({ ses_2: [copied, ...own] }, [session, fork]);
    assert.deepEqual(await findChain(server([]), fork, undefined), ['test', 'deploy']);
    assert.deepEqual(await findChain(server([prompt('msg_2', 'ses_2')]), fork, 'msg_2'), []);
  });

  it('is nobody where sessions lead to each other in a circle, or one of them is gone', async () => {
    const from = (id: string): Relayed => ({ hop: 1, from: { session: id, agent: 'build' } });
    const messages = {
      ses_1: [prompt('msg_1', 'ses_1', from('ses_2'))],
      ses_2: [prompt('msg_2', 'ses_2', from('ses_1'))],
    };
    const other = aSession({ id: 'ses_2' });
    assert.deepEqual(await findChain(aServer(messages, [session, other]), session, 'msg_1'), []);
    assert.deepEqual(await findChain(aServer(messages, [session]), session, 'msg_1'), []);
  });

  it('is looked for beyond the first page of messages', async () => {
    const turn = [prompt('msg_000', 'ses_1', ofDeploy)];
    for (let at = 1; at < 120; at += 1) {
      turn.push(anAnswer(`msg_${String(at).padStart(3, '0')}`, 'msg_000', { sessionID: 'ses_1' }));
    }
    assert.deepEqual(await findChain(aServer({ ses_1: turn }, [session]), session, 'msg_000'), [
      'test',
      'deploy',
    ]);
  });

  it('is not that of a person whose prompts a fork copied, before its own prompt is there', async () => {
    const { automation } = ofDeploy;
    const metadata = withLineage(undefined, {
      kind: 'fork',
      from: 'ses_1',
      time: 1,
      of: 'ses_2',
      automation,
    });
    const fork = aSession({ id: 'ses_2', metadata });
    // The server gives what it copies ids of the moment of the fork.
    const at = Date.parse('2026-01-02T03:04:05Z');
    const promptAt = (made: number, created: number): MessageWithParts => {
      const id = makeMessageId({ now: () => made, random: () => 0.5 });
      const { info, parts } = prompt(id, 'ses_2');
      return { info: { ...info, time: { created } }, parts };
    };
    const copied = [1, 2].map((minute) => promptAt(at + 600_000 + minute, at + minute * 60_000));
    const own = promptAt(at + 700_000, at + 700_000);
    const server = (more: MessageWithParts[]) => aServer({ ses_2: [...copied, ...more] }, [session, fork]);
    assert.deepEqual(await findChain(server([]), fork, copied.at(-1)?.info.id), ['test', 'deploy']);
    assert.deepEqual(await findChain(server([own]), fork, own.info.id), []);
    // One that waited has an id that is older than it is.
    const waited = promptAt(at + 700_000, at + 900_000);
    assert.deepEqual(await findChain(server([waited]), fork, waited.info.id), []);
  });
});
