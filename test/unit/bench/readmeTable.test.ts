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
      median: 12.34,
      worst: 9.9,
      target: { is: 'at least', value: 10 },
      met: false,
    },
    { name: 'Jump', unit: 'ms', median: 42, worst: 50, target: { is: 'at most', value: 100 }, met: true },
    { name: 'For orientation', unit: 'x', median: 1, worst: 1 },
  ],
};

describe('The figures in the README', () => {
  it('stand between their marks, with machine, date and what was missed', () => {
    const text = putFigures('Before\n<!-- benchmark -->\nold\n<!-- /benchmark -->\nAfter', [results]);
    assert.equal(
      text,
      [
        'Before\n<!-- benchmark -->\n',
        'Taken 2026-11-21 on 2 cores of A processor, 23 GB, linux x64, load 0.1 to 2.5, with OpenCode 1.18.33, Chromium 156 and Node 24.21.0. 1 of 2 targets are met; a target counts as met if the worst round met it.\n',
        '| Measured | Median | Worst round | Target | Met |',
        '|---|---:|---:|---:|---|',
        '| Open | 12.3 x | 9.90 x | at least 10.0 x | no |',
        '| Jump | 42.0 ms | 50.0 ms | at most 100 ms | yes |\n',
        '<!-- /benchmark -->\nAfter',
      ].join('\n'),
    );
    assert.equal(putFigures(text, [results]), text);
  });

  it('need a place', () => {
    assert.throws(() => putFigures('No marks', [results]), /no place/);
  });
});
