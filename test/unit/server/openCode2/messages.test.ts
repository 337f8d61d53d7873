import assert from 'node:assert/strict';
import { isBefore } from '../../../../src/core/transcript/place.ts';
import { loadMessagesBack } from '../../../../src/core/transcript/messagesBack.ts';
import type { Message, MessageWithParts } from '../../../../src/protocol/records.ts';
import { Messages2 } from '../../../../src/server/openCode2/records/messages2.ts';
import { MessageOrder } from '../../../../src/server/openCode2/records/order.ts';
import { SeededRandom } from '../../../workbench/seededRandom.ts';
import { RecordedSession, sessionId } from './recordedSession.ts';

/** Turns of many steps, prompts that waited long, and what is not shown between them. */
function makeSession(random: () => number, count: number): RecordedSession {
  const session = new RecordedSession();
  while (session.messages.length < count) {
    const id = `msg_${Math.floor(random() * 1e9).toString(36)}`;
    session.wait(Math.floor(random() * 3));
    const { now } = session;
    const late = now - Math.floor(random() * 10_000_000);
    const what = random();
    if (what < 0.15)
      session.messages.push({ id, type: 'user', text: id, time: { created: random() < 0.5 ? late : now } });
    else if (what < 0.2) session.messages.push({ id, type: 'synthetic', text: id, time: { created: late } });
    else if (what < 0.35) session.messages.push({ id, type: 'idle', time: { created: now } });
    else {
      const time = { created: now, completed: now };
      session.messages.push({ id, type: 'assistant', agent: 'build', content: [], finish: 'stop', time });
    }
  }
  return session;
}

const idsOf = (messages: readonly MessageWithParts[]): string[] => messages.map(({ info }) => info.id);

function placeOf({ id, time }: Message) {
  return { id, created: time.created };
}

function parentsOf(messages: readonly MessageWithParts[]): (string | undefined)[] {
  return messages.map(({ info }) => (info.role === 'assistant' ? info.parentID : info.agent));
}

describe('The messages of a session of 2.x', () => {
  it('come in the order of the server, whatever the pages are, and say it by their times', async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const source = new SeededRandom(seed);
      const random = (): number => source.next();
      const session = makeSession(random, 20 + Math.floor(random() * 230));
      const shown = session.messages.filter(({ type }) => type !== 'idle').map(({ id }) => id);
      const openCode = new Messages2(session.api, new MessageOrder());
      const read = (pageSize: number) =>
        loadMessagesBack(
          { listMessages: (...asked) => openCode.list(...asked) },
          sessionId,
          () => false,
          pageSize,
        );
      const first = await read(1 + Math.floor(random() * 60));
      assert.deepEqual(idsOf(first), shown, `seed ${seed}`);
      const again = await read(1 + Math.floor(random() * 250));
      assert.deepEqual(again, first, `seed ${seed}`);
      const heads = first.map(({ info }) => placeOf(info));
      assert.ok(heads.every((head, index) => index === 0 || isBefore(heads[index - 1] ?? head, head)));
      // Whoever reads all at once says the same of what answers what.
      const whole = await new Messages2(session.api, new MessageOrder()).list(sessionId, { limit: 400 });
      assert.deepEqual(parentsOf(first), parentsOf(whole.messages), `seed ${seed}`);
    }
  });

  it('are found from any place among them', async () => {
    for (let seed = 1; seed <= 15; seed += 1) {
      const source = new SeededRandom(seed);
      const random = (): number => source.next();
      const session = makeSession(random, 60);
      const openCode = new Messages2(session.api, new MessageOrder());
      const { messages: all } = await openCode.list(sessionId, { limit: 400 });
      const limit = 1 + Math.floor(random() * 12);
      for (const [index, { info }] of all.entries()) {
        const last = placeOf(info);
        const before = all.slice(Math.max(0, index - limit), index);
        const upTo = all.slice(Math.max(0, index + 1 - limit), index + 1);
        assert.deepEqual((await openCode.list(sessionId, { limit, before: last })).messages, before);
        assert.deepEqual((await openCode.list(sessionId, { limit, before: { last } })).messages, upTo);
        const { time } = info;
        const earlier = all.filter((one) => one.info.time.created < time.created).slice(-limit);
        const page = await openCode.list(sessionId, { limit, before: { time: time.created } });
        assert.deepEqual(page.messages, earlier);
        assert.deepEqual(await openCode.get(sessionId, info.id), all[index]);
      }
    }
  });
});
