import assert from 'node:assert/strict';
import { compareApproaches } from '../../../src/commands/compare/compareApproaches.ts';
import {
  compareAnswers,
  compareFiles,
  type CompareTwoDeps,
} from '../../../src/commands/compare/compareTwo.ts';
import type { FileSides } from '../../../src/core/compare/comparedFiles.ts';
import type { Comparison } from '../../../src/core/compare/comparison.ts';
import { buildComparisonText } from '../../../src/core/compare/comparisonText.ts';
import type { Choice } from '../../../src/core/ports/dialogs.ts';
import { withLineage } from '../../../src/protocol/lineage.ts';
import type { MessageWithParts, Session } from '../../../src/protocol/records.ts';
import { aHistory, anAnswer, aProof, aSession, aTodo, aUserMessage } from '../core/builders.ts';
import { aStore } from '../core/stores.ts';
import { aPerson, aServer } from './commands.ts';

const patch = (from: string, to: string): string => `--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-${from}\n+${to}\n`;

/** A prompt whose turn changed these files from `old` on, by the server's snapshots. */
const prompt = (id: string, text: string, files: Readonly<Record<string, string>>): MessageWithParts => {
  const message = aUserMessage(id, { text });
  assert.ok(message.info.role === 'user');
  const diffs = Object.entries(files).map(([file, to]) => ({
    file,
    patch: patch('old', to),
    additions: 1,
    deletions: 1,
    status: 'modified' as const,
  }));
  return { ...message, info: { ...message.info, summary: { diffs } } };
};

const copied = (messages: readonly MessageWithParts[], prefix: string): MessageWithParts[] =>
  messages.map((message, index) => ({ ...message, info: { ...message.info, id: `${prefix}${index}` } }));

const shared = [
  aUserMessage('msg_1', { text: 'Which design?' }),
  anAnswer('msg_2', 'msg_1', { text: 'Lists or maps.' }),
];
const forkedAt = (shared.at(-1)?.info.time.created ?? 0) + 500;

const later = (message: MessageWithParts, by: number): MessageWithParts => {
  const time = { created: forkedAt + by };
  return { ...message, info: { ...message.info, time } };
};

const approach = (id: string, title: string, group = 'g'): Session =>
  aSession({
    id,
    title: `Parser: ${title}`,
    metadata: withLineage(undefined, { of: id, kind: 'fork', from: 'ses_0', time: forkedAt, group }),
    time: { created: forkedAt, updated: forkedAt },
  });

const source = aSession({ id: 'ses_0', title: 'Parser', time: { created: 1, updated: 1 } });
const stranger = aSession({ id: 'ses_9', title: 'Shop' });
const [lists, maps, tries] = [
  approach('ses_1', 'Lists'),
  approach('ses_2', 'Maps'),
  approach('ses_3', 'Tries'),
];

const messages: Readonly<Record<string, readonly MessageWithParts[]>> = {
  ses_0: shared,
  ses_1: [
    ...copied(shared, 'msg_a'),
    prompt('msg_11', 'Try lists', { 'parser.ts': 'lists', 'only.ts': 'lists', 'same.ts': 'new' }),
    anAnswer('msg_12', 'msg_11', { text: 'Lists are short.' }),
  ],
  ses_2: [
    ...copied(shared, 'msg_b'),
    prompt('msg_21', 'Try maps', { 'parser.ts': 'maps', 'same.ts': 'new' }),
    anAnswer('msg_22', 'msg_21', { text: 'Maps are fast.' }),
  ],
  ses_3: [
    ...copied(shared, 'msg_c'),
    aUserMessage('msg_31', { text: 'Try tries' }),
    anAnswer('msg_32', 'msg_31', { error: 'APIError' }),
  ],
  ses_9: [aUserMessage('msg_91')],
  ses_4: [
    ...copied(shared, 'msg_d'),
    later(prompt('msg_41', 'Go on', { 'more.ts': 'more' }), 5000),
    later(aUserMessage('msg_42', { text: 'And on' }), 9000),
  ],
  ses_5: [
    ...copied(shared, 'msg_e'),
    later(prompt('msg_51', 'Go on', { 'more.ts': 'more' }), 5000),
    later(prompt('msg_52', 'Try tries', { 'late.ts': 'late' }), 12_000),
  ],
};

function setUp(
  given: {
    person?: Parameters<typeof aPerson>[0];
    current?: string;
    selected?: readonly string[];
    stored?: readonly Session[];
    hidden?: (files: readonly FileSides[]) => readonly FileSides[];
  } = {},
) {
  const server = aServer({
    ...aHistory((id) => messages[id] ?? []),
    listTodos: () => [aTodo('One', 'completed')],
  });
  const { dialogs, asked } = aPerson(given.person);
  const shown: Comparison[] = [];
  const files: { title: string; names: readonly string[]; files: readonly FileSides[] }[] = [];
  const answers: string[][] = [];
  const deps: CompareTwoDeps = {
    sessions: aStore(given.stored ?? [source, lists, maps, tries, stranger]),
    openCode: server.openCode,
    currentSessionId: () => given.current,
    selectedSessionIds: () => given.selected ?? [],
    proof: aProof(),
    dialogs,
    stateOf: () => ({ kind: 'idle' }),
    waits: { of: () => [] },
    now: () => forkedAt + 60_000,
    runWithProgress: (_, act) =>
      act(
        { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) },
        () => undefined,
      ),
    compareEditor: {
      show: async (comparison) => void shown.push(comparison),
      showFiles: async (title, names, sides) => {
        files.push({ title, names, files: sides });
        return given.hidden?.(sides) ?? [];
      },
      showAnswers: async (title, left, right) => void answers.push([title, left.text, right.text]),
    },
  };
  return { deps, asked, shown, files, answers };
}

describe('comparing approaches', () => {
  it('shows all that were started with the one that is named, from where they part', async () => {
    const { deps, shown } = setUp();
    assert.equal(await compareApproaches(deps)({ sessionId: 'ses_2' }), 'ses_1');
    const [comparison] = shown;
    assert.ok(comparison !== undefined);
    assert.deepEqual(
      comparison.sessions.map(({ name, changes, outcome, todos }) => [
        name,
        changes.files,
        outcome?.kind,
        todos?.done,
      ]),
      [
        ['Lists', 3, 'settled', 1],
        ['Maps', 2, 'settled', 1],
        ['Tries', 0, 'failed', 1],
      ],
    );
    assert.deepEqual([comparison.source, comparison.fork], ['Parser', 'Lists or maps.']);
    assert.deepEqual([comparison.pair.left, comparison.pair.right], [0, 1]);
  });

  it('writes them down as tables, with what each was asked and answered below', async () => {
    const { deps, shown } = setUp();
    await compareApproaches(deps)('ses_1');
    const [comparison] = shown;
    assert.ok(comparison !== undefined);
    const { text, places } = buildComparisonText(comparison);
    assert.match(text, /^# 3 ways to go on from “Parser”\n/);
    assert.match(text, /Counted from here on: “Lists or maps\.” \(read /);
    assert.match(text, /Side by side first: “Lists” and “Maps”\. These two settled, the others did not\./);
    assert.match(text, /\| Changed +\| 3 files \+3 −3 +\| 2 files \+2 −2 +\| nothing/);
    assert.match(text, /\| Tokens +\| not known +\| not known +\| 0 /);
    assert.match(text, /\| `only\.ts` +\| \+1 −1 +\| — +\| — +\| only Lists/);
    assert.match(text, /\| `parser\.ts` .*\| differently in Lists, Maps/);
    assert.match(text, /\| `same\.ts` .*\| the same in Lists, Maps/);
    assert.match(text, /## Lists\n\n> Try lists\n\nLists are short\./);
    assert.match(text, /## Tries\n\n> Try tries\n\nAnswer msg_32\n\n\*It failed\.\*/);
    const lines = text.split('\n');
    assert.deepEqual(
      places.map(({ line }) => lines[line]?.replace(/ \d.*/, '')),
      ['#', '## Lists', '## Maps', '## Tries'],
    );
  });

  it('says of which files nobody knows who changed them last where several worked in one folder at a time', async () => {
    const { deps, shown } = setUp();
    await compareApproaches(deps)('ses_1');
    assert.deepEqual(shown[0]?.notes, []);
    // Both work on until now.
    const busy = setUp();
    await compareApproaches({ ...busy.deps, stateOf: () => ({ kind: 'busy' }) })('ses_1');
    assert.match(busy.shown[0]?.notes.join() ?? '', /whose change it was last: parser\.ts, same\.ts\./);
  });

  it('compares the approaches of the session that they were started from, and those that are selected', async () => {
    const { deps, shown } = setUp({ selected: ['ses_3', 'ses_0'] });
    await compareApproaches(deps)({ sessionId: 'ses_0' });
    await compareApproaches(deps)({ sessionId: 'ses_1' }, [{ sessionId: 'ses_1' }, { sessionId: 'ses_3' }]);
    await compareApproaches(deps)({ fromSelection: true });
    assert.deepEqual(
      shown.map(({ sessions }) => sessions.map(({ session }) => session.id).join()),
      ['ses_1,ses_2,ses_3', 'ses_1,ses_3', 'ses_3,ses_0'],
    );
  });

  it('counts all of each from where they part, whenever each was made, and whatever came between', async () => {
    // One went on, and was forked once more after the other had changed its files.
    const time = (at: number) => ({ created: forkedAt + at, updated: forkedAt + at });
    const early = approach('ses_1', 'Lists');
    const middle: Session = { ...approach('ses_4', 'Middle'), time: time(2000) };
    const late: Session = {
      ...approach('ses_5', 'Late'),
      metadata: withLineage(undefined, { of: 'ses_5', kind: 'fork', from: 'ses_4', time: forkedAt + 10_000 }),
      time: time(10_000),
    };
    const { deps, shown } = setUp({ stored: [source, early, middle, late] });
    await compareApproaches(deps)('ses_1', [{ sessionId: 'ses_1' }, { sessionId: 'ses_5' }]);
    await compareApproaches(deps)('ses_1', [{ sessionId: 'ses_4' }, { sessionId: 'ses_5' }]);
    assert.deepEqual(
      shown.map(({ sessions, fork }) => [fork, ...sessions.map(({ changes }) => changes.files)]),
      [
        ['Lists or maps.', 3, 1],
        ['Go on', 0, 1],
      ],
    );
  });

  it('asks with which others a session is compared that was started alone', async () => {
    const [alone, other] = [approach('ses_1', 'Lists', 'g'), approach('ses_2', 'Maps', 'h')];
    const { deps, asked, shown } = setUp({
      stored: [source, alone, other, stranger],
      current: 'ses_2',
      person: { pickSeveral: (_: string, choices: readonly Choice<Session>[]) => [choices[0]?.value] },
    });
    await compareApproaches(deps)();
    const offered = asked[0]?.[2] as Choice<Session>[] | undefined;
    assert.deepEqual(offered?.map(({ value }) => value.id).toSorted(), ['ses_0', 'ses_1']);
    assert.equal(shown.length, 1);
  });

  it('refuses sessions that share nothing, too many, and one that has no relatives, in sentences', async () => {
    const { deps } = setUp();
    const rows = (...ids: readonly string[]) => ids.map((sessionId) => ({ sessionId }));
    await assert.rejects(
      compareApproaches(deps)('ses_1', rows('ses_1', 'ses_9')),
      /“Parser: Lists”, “Shop” share nothing/,
    );
    await assert.rejects(compareApproaches(deps)('ses_9'), /“Shop” has nothing to be compared with/);
    const many = Array.from({ length: 9 }, (_, index) => approach(`ses_${index + 20}`, `T${index}`));
    const crowd = setUp({ stored: [source, ...many] });
    await assert.rejects(compareApproaches(crowd.deps)('ses_20'), /9 sessions are too many/);
    // One that is only looked at is not meant where it has nothing to do with others.
    const looking = setUp({ current: 'ses_9', person: { pickSeveral: () => undefined } });
    assert.equal(await compareApproaches(looking.deps)(), undefined);
    assert.match(String(looking.asked[0]?.[1]), /^Compare Which Sessions/);
    const nobody = setUp({ stored: [source, stranger] });
    await assert.rejects(compareApproaches(nobody.deps)(), /There is nothing to compare/);
  });
});

describe('comparing two of the approaches', () => {
  const first = { pickOne: (_: string, choices: readonly Choice<unknown>[]) => choices[0]?.value };

  it('offers the pairs, the one that is worth a look first on top with its reason', async () => {
    const { deps, asked, answers } = setUp({ person: first });
    await compareAnswers(deps)('ses_1');
    const choices = asked[0]?.[2] as Choice<unknown>[];
    assert.deepEqual(
      choices.map(({ label, detail }) => [label, detail]),
      [
        ['Lists ↔ Maps', 'These two settled, the others did not.'],
        ['Maps ↔ Tries', undefined],
        ['Lists ↔ Tries', undefined],
      ],
    );
    assert.deepEqual(answers, [
      [
        'Answers: Lists ↔ Maps',
        '# Lists\n\n> Try lists\n\nLists are short.\n',
        '# Maps\n\n> Try maps\n\nMaps are fast.\n',
      ],
    ]);
  });

  it('shows the files as each left them, and says what is the same and what nobody knows', async () => {
    const said: string[] = [];
    const { deps, files } = setUp({
      person: { ...first, inform: (message: string) => said.push(message) },
      hidden: (sides) => sides.filter(({ path }) => path === 'only.ts'),
    });
    await compareFiles(deps)('ses_1');
    assert.deepEqual(files[0]?.names, ['Lists', 'Maps']);
    assert.deepEqual(
      files[0]?.files.map(({ path, relation, left, right }) => [path, relation, left, right]),
      [
        ['only.ts', 'left', 'lists\n', 'old\n'],
        ['parser.ts', 'different', 'lists\n', 'maps\n'],
        ['same.ts', 'same', 'new\n', 'new\n'],
      ],
    );
    assert.match(said.join(), /The same in both: same\.ts\. Not shown, .*: only\.ts\./);
  });

  it('says so where neither changed a file', async () => {
    const said: string[] = [];
    const { deps } = setUp({ person: { inform: (message: string) => said.push(message) } });
    await compareFiles(deps)('ses_0', [{ sessionId: 'ses_0' }, { sessionId: 'ses_3' }]);
    assert.match(said.join(), /Neither “Parser” nor “Parser: Tries” changed a file/);
  });
});
