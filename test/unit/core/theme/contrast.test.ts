import assert from 'node:assert/strict';
import { contrastOn } from '../../../../src/core/theme/contrast.ts';

const rounded = (colour: string, ...grounds: string[]) => contrastOn(colour, grounds)?.toFixed(1);

describe('the contrast of a colour', () => {
  it('goes from 1 to 21, whichever is lighter', () => {
    assert.equal(rounded('#000', '#ffffff'), '21.0');
    assert.equal(rounded('#FFFFFF', 'rgb(0, 0, 0)'), '21.0');
    assert.equal(rounded('#808080', '#808080ff'), '1.0');
    assert.equal(rounded('#767676', '#fff'), '4.5');
  });

  it('is that of what is seen where colours let others through', () => {
    assert.equal(rounded('#ffffff', 'rgba(0, 0, 0, 0.2)', '#ffffff'), rounded('#fff', '#ccc'));
    assert.equal(rounded('#00000033', '#ffffff'), rounded('#cccccc', '#fff'));
  });

  it('is unknown where something is not a colour', () => {
    assert.equal(contrastOn('red', ['#fff']), undefined);
    assert.equal(contrastOn('#fff; }', ['#fff']), undefined);
    assert.equal(contrastOn('#fff', ['var(--ground)']), undefined);
    assert.equal(contrastOn('#fff', []), undefined);
  });
});
