import assert from 'node:assert/strict';
import { MessageOrder, type Placed } from '../../../../src/server/openCode2/records/order.ts';
import { SeededRandom } from '../../../workbench/seededRandom.ts';

/** Messages in the order of a server: answers have rising times, prompts any earlier one, and ids say nothing. */
function makeMessages(random: () => number, count: number): readonly Placed[] {
  let now = 1_790_000_000_000;
  return Array.from({ length: count }, () => {
    now += Math.floor(random() * 3);
    const isLate = random() < 0.3;
    const created = isLate ? now - Math.floor(random() * 100_000) : now;
    return { id: `msg_${Math.floor(random() * 1e9).toString(36)}`, created };
  });
}

function inOrder(told: ReadonlyMap<string, number>): readonly string[] {
  return [...told].toSorted(([a, one], [b, other]) => one - other || (a < b ? -1 : 1)).map(([id]) => id);
}

describe('The order of messages of 2.x', () => {
  it('leaves the times alone that say it, and moves what is out of line by as little as can be', () => {
    const order = new MessageOrder();
    const messages = [
      { id: 'msg_a', created: 100 },
      { id: 'msg_z', created: 40 },
      { id: 'msg_b', created: 100 },
      { id: 'msg_c', created: 200 },
    ];
    assert.deepEqual(
      order.place(messages).map(({ created }) => created),
      [100, 100, 100 + 1 / 1024, 200],
    );
  });

  it('keeps what was told when older messages come, and puts those before it', () => {
    const order = new MessageOrder();
    const [next] = order.place([{ id: 'msg_m', created: 50 }]);
    assert.deepEqual(
      order.place(
        [
          { id: 'msg_a', created: 20 },
          { id: 'msg_n', created: 70 },
        ],
        { next },
      ),
      [
        { id: 'msg_a', created: 20 },
        { id: 'msg_n', created: 50 - 1 / 1024 },
      ],
    );
    assert.deepEqual(order.place([{ id: 'msg_m', created: 50 }]), [next]);
  });

  it('says the order of the server however it is asked for: by pages, again, and while messages come', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const source = new SeededRandom(seed);
      const random = (): number => source.next();
      const all = makeMessages(random, 10 + Math.floor(random() * 60));
      const order = new MessageOrder();
      const told = new Map<string, number>();
      const take = (placed: readonly Placed[]): void => {
        for (const { id, created } of placed) told.set(id, created);
      };
      let there = Math.floor(random() * all.length);
      let first = there;
      const readNewest = (): void => {
        const from = Math.min(first, Math.max(0, there - Math.floor(random() * 20)));
        const placed = order.place(all.slice(from, there));
        order.noteNewest('ses_1', placed);
        take(placed);
        first = from;
      };
      readNewest();
      for (let act = 0; act < 60; act += 1) {
        const what = random();
        const next = all[there];
        if (what < 0.4 && next !== undefined) {
          told.set(next.id, order.append('ses_1', next));
          there += 1;
        } else if (what < 0.7 && first > 0) {
          const from = Math.max(0, first - Math.ceil(random() * 10));
          const behind = all[first];
          const end = behind && { id: behind.id, created: told.get(behind.id) ?? behind.created };
          take(order.place(all.slice(from, first), { next: end }));
          first = from;
        } else readNewest();
        assert.deepEqual(
          inOrder(told),
          all.slice(first, there).map(({ id }) => id),
          `seed ${seed}`,
        );
      }
    }
  });
});
