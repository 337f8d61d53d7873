import assert from 'node:assert/strict';
import { terminalName } from '../../../src/core/terminalName.ts';

describe('The name of a terminal', () => {
  it('says the title on one line', () => {
    assert.equal(terminalName('  Parse\n\tthe\u2028cart '), 'OpenCode: Parse the cart');
  });

  it('cannot turn round what stands beside it, or hide in it', () => {
    assert.equal(terminalName('\u202eevil gnp.exe'), String.raw`OpenCode: \u202eevil gnp.exe`);
  });

  it('draws no icon', () => {
    assert.equal(terminalName('$(trash) it'), String.raw`OpenCode: \$(trash) it`);
  });

  it('has an end, between characters', () => {
    assert.equal(terminalName('😀'.repeat(70)), `OpenCode: ${'😀'.repeat(60)}…`);
  });
});
