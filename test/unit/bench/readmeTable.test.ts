import assert from 'node:assert/strict';
import { type PartResults, putFigures } from '../../bench/readmeTable.ts';

const results: PartResults = {
  part: 'open',
  machine: {
    date: '2026-11-21T10:00:00.000Z',
    cores: 2,
    processor: 'A processor',
    memory: 23,
    platform: 'linux x64',
    load: [0.1, 2.5],
    chromium: '156',
    node: '24.21.0',
    openCode: '1.18.33',
    quick: false,
  },
  figures: [
    {
      name: 'Open',
      unit: 'x',
      values: [12.34, 9.9, 9.5],
      target: { is: 'at least', value: 10 },
      note: '830 / 66 ms',
    },
    { name: 'Jump', unit: 'ms', values: [42, 120, 50], target: { is: 'at most', value: 100 } },
    { name: 'Size', unit: 'kB', values: [178], target: { is: 'at most', value: 180 } },
    { name: 'Lost', unit: '', values: [null], target: { is: 'at most', value: 1 } },
    { name: 'For orientation', unit: 'x', values: [1] },
  ],
};

describe('The figures in the README', () => {
  it('stand between their marks, with machine, date and what was missed', () => {
    const text = putFigures('Before\n<!-- benchmark -->\nold\n<!-- /benchmark -->\nAfter', [results]);
    assert.equal(
      text,
      [
        'Before\n<!-- benchmark -->\n',
        'Taken 2026-11-21 on 2 cores of A processor, 23 GB, linux x64, load 0.1 to 2.5, with OpenCode 1.18.33, Chromium 156 and Node 24.21.0. 2 of 4 targets are met; a target counts as met if the median of the rounds met it.\n',
        '| Measured | Median | Rounds | Target | Met | Made of |',
        '|---|---:|---:|---:|---|---|',
        '| Open | 9.90 x | 9.50–12.3 | at least 10.0 x | no | 830 / 66 ms |',
        '| Jump | 50.0 ms | 42.0–120 | at most 100 ms | yes |  |',
        '| Size | 178 kB |  | at most 180 kB | yes |  |',
        '| Lost | – |  | at most 1.00 | no |  |\n',
        '<!-- /benchmark -->\nAfter',
      ].join('\n'),
    );
    assert.equal(putFigures(text, [results]), text);
  });

  it('stand beside those of an older state, by name', () => {
    const [open, ...others] = results.figures;
    assert.ok(open !== undefined && others.length > 0);
    const older = { ...results, figures: [{ ...open, values: [8, 9, 11] }] };
    const text = putFigures('<!-- benchmark --><!-- /benchmark -->', [results], [older]);
    assert.match(text, /\| Open \| 9\.00 x \| 9\.90 x \|/);
    assert.match(text, /\| Jump \| – \| 50\.0 ms \|/);
    assert.match(text, / Before: Taken 2026-11-21 on 2 cores/);
  });

  it('need a place', () => {
    assert.throws(() => putFigures('No marks', [results]), /no place/);
  });
});
