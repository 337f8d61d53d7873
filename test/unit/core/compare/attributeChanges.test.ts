import assert from 'node:assert/strict';
import type { ChangedFile } from '../../../../src/core/changes/changedFile.ts';
import {
  attributeChanges,
  type AttributedInput,
  namedFiles,
} from '../../../../src/core/compare/attributeChanges.ts';
import { anAnswer } from '../builders.ts';

const aChange = (name: string): ChangedFile => ({
  path: `/work/${name}`,
  status: 'modified',
  additions: 1,
  deletions: 0,
});

/** A session that worked from second 1 to second 5, of which snapshots saw these files change and whose calls name those. */
const worked = (
  seen: readonly string[],
  named: readonly string[],
  given: Partial<AttributedInput> = {},
): AttributedInput => ({
  directory: '/work',
  changes: seen.map(aChange),
  named: new Set(named),
  hasSubagents: false,
  spans: [{ from: 1, to: 5 }],
  ...given,
});

const brief = (sessions: readonly AttributedInput[]) =>
  attributeChanges(sessions).map(({ changes, ofOthers, contested }) => [
    changes.map(({ path }) => path.replace('/work/', '')).join(),
    ofOthers.join(),
    contested.join(),
  ]);

describe('changes that several sessions made in one folder at the same time', () => {
  it('are those of the one whose calls name them', () => {
    const both = ['lists.ts', 'maps.ts'];
    assert.deepEqual(brief([worked(both, ['lists.ts']), worked(both, ['maps.ts'])]), [
      ['lists.ts', 'maps.ts', ''],
      ['maps.ts', 'lists.ts', ''],
    ]);
  });

  it('are nobody knows whose where both name them, or none does', () => {
    const both = ['parser.ts', 'built.js'];
    assert.deepEqual(brief([worked(both, ['parser.ts']), worked(both, ['parser.ts'])]), [
      ['parser.ts,built.js', '', 'parser.ts,built.js'],
      ['parser.ts,built.js', '', 'parser.ts,built.js'],
    ]);
  });

  it('are taken from nobody whose subagents may have made them', () => {
    assert.deepEqual(brief([worked(['a.ts'], [], { hasSubagents: true }), worked(['a.ts'], ['a.ts'])]), [
      ['a.ts', '', 'a.ts'],
      ['a.ts', '', ''],
    ]);
  });

  it('need no telling apart where they ran one after the other, or in other folders', () => {
    const later = worked(['a.ts'], ['a.ts'], { spans: [{ from: 5, to: 9 }] });
    const elsewhere = worked(['a.ts'], ['a.ts'], { directory: '/other' });
    assert.deepEqual(
      brief([worked(['a.ts'], []), later, elsewhere]).map(([, ...rest]) => rest.join('')),
      ['', '', ''],
    );
  });

  it('are named by calls that wrote or edited a file', () => {
    const call = (tool: string, input: object) => ({
      type: 'tool',
      callID: 'c',
      tool,
      state: { status: 'completed', input, output: '', title: '', metadata: {}, time: { start: 1, end: 2 } },
    });
    const message = anAnswer('msg_2', 'msg_1', {
      parts: [
        call('write', { filePath: '/work/a.ts', content: 'a' }),
        call('read', { filePath: '/work/b.ts' }),
        call('bash', { command: 'touch c.ts' }),
      ],
    });
    assert.deepEqual([...namedFiles([message], '/work')], ['a.ts']);
  });
});
