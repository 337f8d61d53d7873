import assert from 'node:assert/strict';
import { nearestName } from '../../../src/core/prompts/nearestName.ts';
import { readSlash, slashVerbs, typedVerb, whyNot } from '../../../src/core/prompts/slashVerbs.ts';

const commands = ['init', 'review', 'Tidy', 'git/commit', 'copy'].map((name) => ({ name }));

/** What a text means, in a line. */
function meaning(text: string): string {
  const reading = readSlash(text, commands);
  if (reading.kind === 'verb') return `${reading.verb.name}(${reading.rest})`;
  return reading.kind === 'unknown' ? `${reading.name}? ${reading.near ?? ''}`.trim() : reading.kind;
}

describe('a text with a slash in front', () => {
  const verbs: readonly [text: string, meaning: string][] = [
    ['/compact', 'compact()'],
    ['/compact   ', 'compact()'],
    ['/compact\n', 'compact()'],
    ['/handoff write the tests', 'handoff(write the tests)'],
    ['/handoff\nwrite\n  the tests \n', 'handoff(write\n  the tests)'],
    ['/relay \t reviewer  check it', 'relay(reviewer  check it)'],
    ['/rename "A title", quoted', 'rename("A title", quoted)'],
    ['/rename Größe ändern 🌱', 'rename(Größe ändern 🌱)'],
    ['/HandOff now', 'handoff(now)'],
    ['/session:fork', 'fork()'],
    ['/Session:Fork it', 'fork(it)'],
    ['/session:copy', 'copy()'],
  ];
  for (const [text, expected] of verbs) {
    it(`is a verb of ours: ${JSON.stringify(text)}`, () => assert.equal(meaning(text), expected));
  }

  const texts = [
    '/',
    '//',
    '// a comment',
    '/ compact',
    '/**',
    '/* compact */',
    '/5 of them',
    '/usr/lib is a folder',
    '/home/x',
    '/copy/a',
    '/new/',
    '/[a-z]+/ matches letters',
    '/🌱',
    '/compact/../x',
    ' /compact',
    '\n/compact',
    'compact',
    'see /compact',
    '!/compact',
    '',
  ];
  for (const text of texts) {
    it(`is an ordinary text: ${JSON.stringify(text)}`, () => assert.equal(meaning(text), 'prompt'));
  }

  for (const text of ['/init', '/review src', '/Tidy', '/git/commit all', '/copy that']) {
    it(`is left to the server, which has that command: ${text}`, () => assert.equal(meaning(text), 'prompt'));
  }

  const unknown: readonly [text: string, meaning: string][] = [
    ['/compactt', 'compactt? compact'],
    ['/compcat now', 'compcat? compact'],
    ['/hand-off', 'hand-off? handoff'],
    ['/comp', 'comp? compact'],
    ['/undo!', 'undo!? undo'],
    ['/Review', 'Review? review'],
    ['/tidy', 'tidy? Tidy'],
    ['/Copy', 'Copy? copy'],
    ['/cpoy', 'cpoy? copy'],
    ['/session:copi', 'session:copi? session:copy'],
    ['/git/comit', 'git/comit? git/commit'],
    ['/deploy', 'deploy?'],
    ['/tmp is full', 'tmp?'],
    ['/über', 'über?'],
    ['/x', 'x?'],
  ];
  for (const [text, expected] of unknown) {
    it(`names no command: ${text}`, () => assert.equal(meaning(text), expected));
  }

  it('is found to be none of all in no time, however long it is', () => {
    assert.equal(meaning(`/${'a'.repeat(200_000)}`), `${'a'.repeat(200_000)}?`);
  });
});

describe('our verbs', () => {
  it('are typed by their names, but where the server has a command of that name', () => {
    assert.equal(typedVerb('fork', commands), '/fork');
    assert.equal(typedVerb('copy', commands), '/session:copy');
    for (const { name } of slashVerbs()) {
      const reading = readSlash(typedVerb(name, commands), commands);
      assert.equal(reading.kind === 'verb' && reading.verb.name, name);
    }
  });

  it('say why they cannot be used', () => {
    const state = { isEmpty: false, isBusy: false, isReverted: false };
    const blocked = (given: Partial<typeof state>) =>
      slashVerbs().flatMap((verb) => (whyNot(verb, { ...state, ...given }) === undefined ? [] : verb.name));
    assert.deepEqual(blocked({ isReverted: true }), []);
    assert.deepEqual(blocked({}), ['redo']);
    assert.deepEqual(blocked({ isReverted: true, isBusy: true }), ['undo', 'redo']);
    assert.deepEqual(blocked({ isReverted: true, isEmpty: true }), [
      'compact',
      'fork',
      'approaches',
      'handoff',
      'undo',
      'copy',
    ]);
  });
});

describe('the nearest name', () => {
  const names = ['build', 'plan', 'reviewer'];
  const cases: readonly [typed: string, near: string | undefined][] = [
    ['plan', 'plan'],
    ['PLAN', 'plan'],
    ['paln', 'plan'],
    ['rėviewêr', 'reviewer'],
    ['revewer', 'reviewer'],
    ['rev', 'reviewer'],
    ['check', undefined],
    ['p', undefined],
    ['', undefined],
    ['planning', undefined],
  ];
  for (const [typed, near] of cases) {
    it(`to ${JSON.stringify(typed)} is ${near}`, () => assert.equal(nearestName(typed, names), near));
  }
});
