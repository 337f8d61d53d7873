import assert from 'node:assert/strict';
import { createRandom } from '../../bench/answerText.ts';
import { TurnRecording } from '../../bench/replay/turnRecording.ts';

const sessionID = 'ses_dd98c68a9ffecvdPqLY8NNR9c9';
const messageID = 'msg_22675c246001b4M2xtroSui11H';
const partID = 'prt_22675c246002b4M2xtroSui11H';
const created = 1_795_941_581_382;

function event(number: number, type: string, properties: object): string {
  const id = `evt_22675c24600${number}b4M2xtroSui11H`;
  return JSON.stringify({
    directory: '/work',
    payload: { id, type, properties: { sessionID, ...properties } },
  });
}

const part = (text: string, end?: number) => ({
  part: {
    id: partID,
    messageID,
    sessionID,
    type: 'text',
    text,
    time: { start: created + 5, ...(end && { end }) },
  },
});

const recorded = [
  JSON.stringify({ directory: '/work', payload: { id: 'evt_1', type: 'server.heartbeat', properties: {} } }),
  event(3, 'message.updated', { info: { id: messageID, role: 'assistant', time: { created } } }),
  event(4, 'session.updated', {
    info: { id: sessionID, title: 'Recorded', time: { created: created - 9, updated: created + 2 } },
  }),
  event(5, 'message.part.updated', part('')),
  event(6, 'message.part.delta', { messageID, partID, field: 'text', delta: 'Recorded ' }),
  event(7, 'message.part.delta', { messageID, partID, field: 'text', delta: 'words ' }),
  event(8, 'message.part.updated', part('Recorded words', created + 40)),
  event(9, 'session.idle', {}),
];

describe('A recorded turn', () => {
  const session = { id: 'ses_ddother', record: { id: 'ses_ddother', title: 'Other' }, created: 77 };
  const time = created + 1_000_000;
  const write = (seed: number) =>
    new TurnRecording(recorded, sessionID).write({
      session,
      tokens: ['Another ', 'answer ', 'in four ', 'pieces \n'],
      time,
      random: createRandom(seed),
    });

  it('is told of another session with another answer, one event for each piece', () => {
    const { start, answer, end } = write(1);
    assert.deepEqual([start.length, answer.length, end.length], [3, 4, 2]);
    const all = [...start, ...answer, ...end].join('\n');
    assert.doesNotMatch(all, /Recorded|22675c246|dd98c68a9/);
    const deltas = answer.map((data) => JSON.parse(data).payload.properties.delta as string);
    assert.deepEqual(deltas, ['Another ', 'answer ', 'in four ', 'pieces \n']);
    const whole = JSON.parse(end[0] ?? '').payload.properties.part as Record<string, unknown>;
    assert.equal(whole['text'], 'Another answer in four pieces');
    assert.deepEqual(whole['time'], { start: time + 5, end: time + 40 });
  });

  it('has new ids that ascend as the recorded ones did, each event one of its own', () => {
    const { start, answer, end } = write(2);
    const found = [...start, ...answer, ...end].map(
      (data) => JSON.parse(data).payload as { id: string; properties: { info?: { id: string } } },
    );
    const ids = found.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    const message = found[0]?.properties.info?.id ?? '';
    assert.equal(answer.filter((data) => data.includes(message)).length, 4);
    assert.ok(message.slice(4) < (/prt_(\w+)/.exec(start[2] ?? '')?.[1] ?? ''));
    assert.notEqual(message, JSON.parse(write(3).start[0] ?? '').payload.properties.info.id);
  });

  it('says of the session what the server says of it', () => {
    const info = JSON.parse(write(1).start[1] ?? '').payload.properties.info as object;
    assert.deepEqual(info, { id: 'ses_ddother', title: 'Other', time: { created: 77, updated: time + 2 } });
  });

  it('must be whole', () => {
    assert.throws(() => new TurnRecording(recorded.slice(0, -1), sessionID), /not whole/);
  });
});
