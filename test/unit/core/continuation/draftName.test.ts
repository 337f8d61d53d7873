import assert from 'node:assert/strict';
import { draftName, freeFileName } from '../../../../src/core/continuation/drafts/draftName.ts';
import type { DraftOrder } from '../../../../src/core/continuation/drafts/draftOrder.ts';

function anOrder(sessionTitle: string): DraftOrder {
  return { verb: 'relay', sessionId: 'ses_1', sessionTitle, directory: '/work/parser' };
}

describe('the name of a draft', () => {
  it('says the verb and the session', () => {
    assert.equal(draftName(anOrder('Parser')), 'Relay – Parser');
  });

  it('holds no character that a path or an address gives a meaning', () => {
    assert.doesNotMatch(draftName(anOrder('a/b\\c:d*e?f"g<h>i|j#k%l\nm')), /[/\\:*?"<>|#%\n]/);
  });

  it('is never hidden or empty', () => {
    assert.equal(draftName(anOrder('..')), 'Relay – untitled session');
    assert.equal(draftName(anOrder('')), 'Relay – untitled session');
  });

  it('leaves out the title that the server made up', () => {
    assert.equal(draftName(anOrder('New session - 2026-11-20T10:00:00.000Z')), 'Relay – untitled session');
  });

  it('counts on where a draft of that name stands already', () => {
    const taken = new Set(['Relay – Parser.md', 'Relay – Parser 2.md']);
    assert.equal(
      freeFileName('Relay – Parser', (name) => taken.has(name)),
      'Relay – Parser 3.md',
    );
  });
});
