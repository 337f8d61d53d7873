import assert from 'node:assert/strict';
import { Emitter } from '../../../src/core/event.ts';
import { TypingSessions } from '../../../src/core/state/typing.ts';
import { TypingTeller } from '../../../src/flows/prompting/typingTeller.ts';
import { parseTyping } from '../../../src/protocol/signs.ts';
import { aSession } from '../core/builders.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('who types', () => {
  const setUp = (fails = false) => {
    let now = 1_000_000;
    const typed = new Emitter<{ sessionId: string; isTyping: boolean }>();
    const told: [string, boolean | undefined][] = [];
    const complaints: unknown[] = [];
    const typingSessions = new TypingSessions(() => now);
    const session = aSession({ id: 'ses_1', directory: '/a' });
    const teller = new TypingTeller({
      onDidType: typed.event,
      openCode: {
        giveSign: async (directory, sign) => {
          if (fails) throw new Error('It is not there.');
          told.push([directory, parseTyping(sign)?.isTyping]);
        },
      },
      sessions: { get: (id) => (id === session.id ? session : undefined) },
      typingSessions,
      now: () => now,
      log: { debug: (...said) => void complaints.push(said) },
    });
    const type = (isTyping: boolean, sessionId = 'ses_1'): void => typed.fire({ sessionId, isTyping });
    return {
      teller,
      told,
      complaints,
      type,
      typingSessions,
      pass: (milliseconds: number) => (now += milliseconds),
    };
  };

  it('is told to all who listen at once, now and then while it goes on, and when it is over', () => {
    const { told, type, pass } = setUp();
    type(false);
    assert.deepEqual(told, [], 'nobody typed');
    type(true);
    for (let key = 0; key < 20; key += 1) {
      pass(200);
      type(true);
    }
    type(false);
    type(false);
    assert.deepEqual(told, [
      ['/a', true],
      ['/a', true],
      ['/a', false],
    ]);
    type(true);
    assert.equal(told.length, 4, 'what is typed next is told at once');
  });

  it('is known in its own window also where nobody can be told, and of a session that is not there', async () => {
    const { complaints, type, typingSessions } = setUp(true);
    type(true);
    type(true, 'ses_2');
    await settled();
    assert.ok(typingSessions.remaining('ses_1') > 0 && typingSessions.remaining('ses_2') > 0);
    assert.equal(complaints.length, 1);
  });
});
