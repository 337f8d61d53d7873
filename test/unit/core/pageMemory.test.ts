import assert from 'node:assert/strict';
import { keptSessions, PageMemory, type Told } from '../../../src/core/page/pageMemory.ts';

const told: Told = {
  revision: 1,
  look: { idle: true, revertedFrom: undefined },
  oldest: undefined,
};

function aMemoryOf(sessionIds: readonly string[]): PageMemory {
  const memory = new PageMemory();
  for (const sessionId of sessionIds) {
    memory.give(sessionId);
    memory.leave(sessionId, told);
  }
  return memory;
}

const full = Array.from({ length: keptSessions }, (_, index) => `ses_${index}`);

describe('what a page is believed to have', () => {
  it('is what it was told when it turned away', () => {
    const memory = aMemoryOf(['ses_1']);
    assert.equal(memory.find('ses_1'), told);
    assert.equal(memory.find('ses_2'), undefined);
  });

  it('is nothing of a session that it never showed', () => {
    const memory = new PageMemory();
    memory.use('ses_1');
    memory.leave('ses_1', told);
    assert.equal(memory.find('ses_1'), undefined);
  });

  it('is nothing of the session that was looked at longest ago, when it keeps no more', () => {
    const memory = aMemoryOf(full);
    memory.use('ses_0');
    memory.give('ses_new');
    assert.equal(memory.find('ses_1'), undefined);
    assert.equal(memory.find('ses_0'), told);
  });
});
