import assert from 'node:assert/strict';
import type { MessageEntry, PartEntry, ToolEntry } from '../../../src/protocol/page/entries.ts';
import { shapeTurn } from '../../../src/webview/turns/callGroups.ts';
import { groupWords } from '../../../src/webview/parts/groupWords.ts';
import { aMessage, aText, aTool } from '../../webview/builders.ts';

const read = (id: string, facts: Partial<ToolEntry> = {}): ToolEntry =>
  aTool({ id, tool: 'read', input: { filePath: `/work/${id}.ts` }, ...facts });
const failedSearch = (id: string): ToolEntry =>
  aTool({ id, tool: 'grep', status: 'error', input: { pattern: id }, error: { text: 'No such folder' } });
const edit = (id: string, path: string, facts: Partial<ToolEntry> = {}): ToolEntry =>
  aTool({
    id,
    tool: 'edit',
    input: { filePath: path },
    ...(facts.status === 'error'
      ? { error: { text: 'oldString not found' } }
      : { diff: { text: '', files: [{ path }], additions: 3, deletions: 1 } }),
    ...facts,
  });
const marks = (id: string): readonly [PartEntry, PartEntry] => [
  { id: `${id}a`, type: 'step-start' },
  { id: `${id}z`, type: 'step-finish', reason: 'tool-calls', cost: 0 },
];

function toMessage({ parts, ...head }: MessageEntry) {
  return { head, parts: [...parts] };
}

/** A turn of steps, each a message of its own. */
function shape(steps: readonly (readonly PartEntry[])[], asked: readonly string[] = [], isOver = false) {
  const messages = [
    aMessage(0, aText('prompt', 'Go')),
    ...steps.map((parts, at) => aMessage(2 * at + 1, ...parts)),
  ];
  return shapeTurn(messages.map(toMessage), 0, messages.length, { asked: new Set(asked), isOver });
}

const ids = (steps: readonly (readonly PartEntry[])[], asked?: readonly string[]): string[][] =>
  shape(steps, asked).groups.map(({ calls }) => calls.map(({ id }) => id));

describe('The calls of a turn', () => {
  it('are a group over messages, with the thoughts and marks between them', () => {
    const thought = { id: 'thought', type: 'reasoning', text: 'Hm', start: 0, end: 1 } as const;
    const [begin, end] = marks('1');
    const { groups } = shape([[begin, read('a'), end], [thought, read('b')], [aText('said', 'Done.')]]);
    assert.deepEqual(
      groups.map(({ id, partIds }) => ({ id, partIds })),
      [{ id: 'a', partIds: ['a', '1z', 'thought', 'b'] }],
    );
  });

  it('are no group where there is one, and are parted by what is said', () => {
    assert.deepEqual(ids([[read('a'), aText('said', 'So.'), read('b'), read('c')]]), [['b', 'c']]);
    assert.deepEqual(ids([[read('a')]]), []);
  });

  it('are parted by a text that has only begun, not by one that says nothing', () => {
    const begun = { id: 'text', type: 'text', text: '' } as const;
    assert.equal(shape([[read('a'), read('b'), begun]]).groups[0]?.isLast, false);
    assert.deepEqual(ids([[read('a'), { ...begun, done: true }, read('b')]]), [['a', 'b']]);
  });

  it('stay in view where a person is asked, or is to allow one, and do not end the group before', () => {
    const asked = read('b', { callId: 'call_b', status: 'running' });
    const question = aTool({ id: 'q', tool: 'question' });
    assert.deepEqual(ids([[read('a'), read('c'), asked]], ['call_b']), [['a', 'c']]);
    assert.equal(shape([[read('a'), read('c'), asked]], ['call_b']).groups[0]?.isLast, true);
    assert.deepEqual(ids([[read('a'), read('b'), question, read('c'), read('d')]]), [
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('stay in view where a change failed and was not made later', () => {
    const failed = edit('bad', '/work/a.ts', { status: 'error' });
    assert.deepEqual(ids([[read('a'), read('b'), failed]]), [['a', 'b']]);
    assert.deepEqual(ids([[read('a'), failed, edit('good', '/work/a.ts')]]), [['a', 'bad', 'good']]);
    assert.deepEqual(ids([[failedSearch('x'), failedSearch('y')]]), [['x', 'y']]);
  });

  it('fold around the changes of a turn that is over, which stay in view, unless there are many', () => {
    const thought = { id: 'thought', type: 'reasoning', text: 'Hm', start: 0, end: 1 } as const;
    const [first, second] = [edit('e', '/work/a.ts'), edit('f', '/work/b.ts')];
    const steps = [[first, read('a'), thought, second], [read('b')], [aText('said', 'Done.')]];
    assert.deepEqual(ids(steps), [['e', 'a', 'f', 'b']]);
    const [group] = shape(steps, [], true).groups;
    assert.deepEqual(group?.partIds, ['a', 'thought', 'b']);
    assert.deepEqual(group?.among, ['e', 'a', 'f', 'b']);
    assert.deepEqual(shape([[first, second]], [], true).groups, []);
    const many = Array.from({ length: 9 }, (_, at) => edit(`e${at}`, `/work/${at}.ts`));
    assert.equal(shape([many], [], true).groups[0]?.calls.length, 9);
    assert.equal(shape([many.slice(1)], [], true).groups.length, 0);
  });

  it('begin anew where the agent changes', () => {
    const [one, two] = [
      aMessage(1, read('a'), read('b')),
      { ...aMessage(3, read('c'), read('d')), agent: 'plan' },
    ];
    const { groups } = shapeTurn([one, two].map(toMessage), 0, 2, { asked: new Set(), isOver: false });
    assert.deepEqual(
      groups.map(({ id }) => id),
      ['a', 'c'],
    );
  });

  it('are followed by the answer, unless another call follows that', () => {
    const turn = shape([
      [read('a'), aText('one', 'First.'), read('b'), aText('two', 'Done.'), aText('three', 'Bye.')],
    ]);
    assert.deepEqual([...turn.afterCalls], ['one', 'two']);
    assert.equal(turn.answerId, 'two');
    assert.equal(shape([[aText('one', 'First.'), read('b')]]).answerId, undefined);
  });

  it('tell of a patch that names only files that they name', () => {
    const patch = (id: string, files: readonly string[]) => ({ id, type: 'patch', files }) as const;
    const change = edit('a', 'src/a.ts');
    assert.deepEqual([...shape([[change, patch('p', ['/work/src/a.ts'])]]).told], ['p']);
    assert.deepEqual([...shape([[change, patch('p', ['/work/src/a.ts', '/work/b.ts'])]]).told], []);
  });
});

describe('The line of a group', () => {
  it('says what the calls did, and how many of them failed', () => {
    const reads = Array.from({ length: 8 }, (_, at) => read(`r${at}`));
    const searches = Array.from({ length: 10 }, (_, at) => failedSearch(`s${at}`));
    assert.equal(groupWords([...reads, ...searches]), 'Read 8 files, searched 10 times (10 failed)');
  });

  it('counts a file once, and the lines of all changes', () => {
    const run = (id: string) => aTool({ id, tool: 'bash', input: { command: 'ls' } });
    const calls = [
      edit('a', '/work/a.ts'),
      edit('b', '/work/a.ts'),
      edit('c', '/work/c.ts'),
      run('d'),
      run('e'),
    ];
    assert.equal(groupWords(calls), 'Edited a.ts, c.ts +9 −3, ran 2 commands');
    assert.equal(groupWords([read('a'), read('a', { input: { filePath: '/work/a.ts' } })]), 'Read 1 file');
  });

  it('names the first files that were changed, in plain words', () => {
    const calls = ['a.ts', 'b\u202e.ts', 'c.ts', 'd.ts', 'e.ts'].map((name) => edit(name, `/work/${name}`));
    assert.equal(groupWords(calls.slice(3)), 'Edited d.ts, e.ts +6 −2');
    assert.match(groupWords(calls), /^Edited a\.ts, b\S+\.ts, c\.ts and 2 more \+15 −5$/);
    assert.doesNotMatch(groupWords(calls), /\u202e/);
  });

  it('does not say of a call that runs that it is done', () => {
    assert.equal(groupWords([read('a'), read('b', { status: 'running' })]), 'Read 1 file, 1 call runs');
  });
});
