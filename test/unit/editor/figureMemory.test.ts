import assert from 'node:assert/strict';
import { createFigureMemory } from '../../../src/editor/keeping/figureMemory.ts';
import { Memory } from '../views/memory.ts';

const figure = { files: 2, additions: 3, deletions: 1 };

describe('the figures of sessions in the memory of the workspace', () => {
  it('are there after a reload, with how far they are known, until they are forgotten', () => {
    const memento = new Memory();
    const told = { look: '[1]', figure: { ...figure, isTold: true as const } };
    createFigureMemory(memento).remember('ses_1', told);
    createFigureMemory(memento).remember('ses_2', { look: '[2]', figure });
    const later = createFigureMemory(memento);
    assert.deepEqual(later.get('ses_1'), told);
    assert.deepEqual(later.get('ses_2'), { look: '[2]', figure });
    later.forget('ses_1');
    assert.equal(createFigureMemory(memento).get('ses_1'), undefined);
  });

  it('are those that became known last, of very many', () => {
    const memento = new Memory();
    const memory = createFigureMemory(memento);
    for (let at = 0; at < 600; at += 1) memory.remember(`ses_${at}`, { look: '', figure });
    const later = createFigureMemory(memento);
    assert.equal(later.get('ses_99'), undefined);
    assert.deepEqual(later.get('ses_100')?.figure, figure);
    assert.deepEqual(later.get('ses_599')?.figure, figure);
  });

  it('are none where something else stands there', async () => {
    const memento = new Memory();
    await memento.update('changesFigures', [{ sessionId: 'ses_1', files: 'many' }]);
    assert.equal(createFigureMemory(memento).get('ses_1'), undefined);
  });
});
