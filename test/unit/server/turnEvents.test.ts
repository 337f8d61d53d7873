import assert from 'node:assert/strict';
import type { SentEvent } from '../../../src/protocol/events.ts';
import { TurnEvents } from '../../../src/server/openCode118/turnEvents.ts';
import { anAnswer } from '../core/builders.ts';

const sessionID = 'ses_1';
const status = (type: 'busy' | 'idle'): SentEvent => ({
  type: 'session.status',
  properties: { sessionID, status: { type } },
});
const answered = (id: string): SentEvent => ({
  type: 'message.updated',
  properties: { info: anAnswer(id, 'msg_0').info },
});

/** What is told of these events: `started`, or how a run ended. */
function told(turns: TurnEvents, ...events: readonly SentEvent[]): string[] {
  return events.flatMap((event) => {
    const turn = turns.follow(event);
    if (turn === undefined) return [];
    return turn.type === 'turn.started' ? 'started' : turn.properties.outcome.kind;
  });
}

describe('What 1.18 tells of turns', () => {
  it('is the end of a run that began before the stream did, by what was heard of it', () => {
    assert.deepEqual(told(new TurnEvents(), answered('msg_1'), status('idle')), ['settled']);
    assert.deepEqual(told(new TurnEvents(), status('idle')), ['unseen']);
  });

  it('is no end where a session says that it is idle once more', () => {
    const turns = new TurnEvents();
    assert.deepEqual(told(turns, status('busy'), answered('msg_1'), status('idle'), status('idle')), [
      'started',
      'settled',
    ]);
  });

  it('is judged anew with each stream, and by nothing that was heard before', () => {
    const turns = new TurnEvents();
    assert.deepEqual(told(turns, status('busy'), answered('msg_1')), ['started']);
    turns.begin();
    assert.deepEqual(told(turns, status('idle')), ['unseen']);
    // What comes late of an earlier run is no evidence for the next.
    told(turns, status('busy'), answered('msg_2'), status('idle'));
    turns.begin();
    assert.deepEqual(told(turns, answered('msg_2'), status('busy'), status('idle')), ['started', 'unseen']);
  });

  it('takes no answer that was copied into a fork for that of its first run', () => {
    const turns = new TurnEvents();
    assert.deepEqual(told(turns, answered('msg_1'), status('busy'), status('idle')), ['started', 'unseen']);
  });
});
