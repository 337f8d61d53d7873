import assert from 'node:assert/strict';
import { exportName } from '../../../../src/core/export/exportName.ts';
import { buildSessionMarkdown } from '../../../../src/core/export/sessionMarkdown.ts';
import { toSections } from '../../../../src/core/export/toSection.ts';
import { turnAround } from '../../../../src/core/export/turnAround.ts';
import type { MessageWithParts } from '../../../../src/protocol/records.ts';
import { anAnswer, aToolCall, aUserMessage } from '../builders.ts';
import { assertGolden } from '../golden.ts';

const directory = '/work/shop';

function build(messages: readonly MessageWithParts[], given: { title?: string; reverted?: number } = {}) {
  return buildSessionMarkdown({
    sections: toSections(messages, directory),
    reverted: 0,
    isPartial: false,
    ...given,
  });
}

const time = { start: 1000, end: 1400 };

function aCall(tool: string, input: Record<string, unknown>, given: Record<string, unknown> = {}) {
  return aToolCall(tool, input, { output: 'Never to be seen.', time, ...given });
}

const diff =
  '--- a/src/basket.ts\n+++ b/src/basket.ts\n@@ -1,1 +1,2 @@\n-const total = 0;\n+const a = 1;\n+const b = 2;\n';

const migration: readonly MessageWithParts[] = [
  aUserMessage('msg_01', {
    parts: [
      {
        type: 'text',
        text: '# Migrate the basket\n\nMoney is counted in `cents`:\n\n```ts\ntype Cents = number;\n```',
      },
      { type: 'text', text: 'Called the Read tool', synthetic: true },
      { type: 'file', mime: 'text/plain', filename: 'basket.ts', url: 'file:///work/shop/src/basket.ts' },
      { type: 'agent', name: 'explore' },
    ],
  }),
  anAnswer('msg_02', 'msg_01', {
    finish: 'tool-calls',
    parts: [
      { type: 'step-start' },
      { type: 'reasoning', text: 'Never to be seen.', time: { start: 1, end: 2 } },
      { type: 'text', text: 'I look first.' },
      aCall(
        'read',
        { filePath: '/work/shop/src/basket.ts', offset: 1, limit: 20 },
        { title: 'src/basket.ts' },
      ),
      aCall('grep', { pattern: 'total(`x`)' }, { metadata: { matches: 3 } }),
      { type: 'step-finish', reason: 'tool-calls', cost: 0 },
    ],
  }),
  anAnswer('msg_03', 'msg_01', {
    finish: 'tool-calls',
    parts: [
      aCall('edit', { filePath: '/work/shop/src/basket.ts' }, { metadata: { diff }, title: 'src/basket.ts' }),
      aCall(
        'bash',
        { command: 'npm test &&\n  npm run lint' },
        { metadata: { exit: 1 }, time: { start: 0, end: 65_000 } },
      ),
      aCall(
        'webfetch',
        { url: 'https://example.com/a_b' },
        { status: 'error', error: 'No network.\nTry again.' },
      ),
      aCall(
        'question',
        { questions: [{ question: 'Round *up*?' }] },
        { metadata: { answers: [['Yes, to the cent']] } },
      ),
      aCall('mcp_till_pay', { amount: 12 }, { title: 'Pay' }),
      { type: 'patch', hash: 'h', files: ['/work/shop/src/basket.ts'] },
    ],
  }),
  anAnswer('msg_04', 'msg_01', {
    text: '# Done\n\n- The basket works in whole cents.\n\n## Next\n\n~~~sh\n# not closed',
  }),
  aUserMessage('msg_05', { parts: [{ type: 'compaction', auto: true }] }),
  anAnswer('msg_06', 'msg_05', { summary: true, agent: 'compaction', text: '## Goal\nWhole cents.' }),
  aUserMessage('msg_07', {
    parts: [{ type: 'text', text: 'Continue if you have next steps', synthetic: true }],
  }),
  anAnswer('msg_08', 'msg_07', {
    parts: [{ type: 'patch', hash: 'h', files: ['/work/shop/a.ts', '/work/shop/b.ts'] }],
    error: 'MessageAbortedError',
  }),
  aUserMessage('msg_09', {
    text: '<!-- and now?',
    parts: [
      { type: 'text', text: '<!-- and now?' },
      { type: 'file', mime: 'image/png', filename: 'till.png', url: 'data:image/png;base64,AAAA' },
    ],
  }),
  anAnswer('msg_10', 'msg_09', { agent: 'plan', text: 'Half a sent', finish: 'length' }),
  anAnswer('msg_11', 'msg_09', {
    agent: 'plan',
    running: true,
    parts: [
      {
        ...aCall('bash', { command: 'sleep 9' }),
        state: { status: 'running', input: { command: 'sleep 9' }, time: { start: 1 } },
      },
    ],
  }),
];

describe('a session as Markdown', () => {
  it('says who said what, and each call in a line', () => {
    assertGolden(
      'export-session',
      buildSessionMarkdown({
        title: 'Migrate the [basket] to cents',
        created: Date.UTC(2026, 10, 28, 14, 3),
        sections: toSections(migration, directory),
        reverted: 2,
        isPartial: false,
      }).trimEnd(),
    );
  });

  it('says nothing of what was left out where nothing was', () => {
    assert.equal(
      build([aUserMessage('msg_1', { text: 'Hello' }), anAnswer('msg_2', 'msg_1', { text: 'Good day.' })]),
      '## You\n\nHello\n\n## build · echo\n\nGood day.\n',
    );
    assert.equal(build([], { title: 'Empty' }), '# Empty\n');
  });

  it('says that its beginning is missing', () => {
    const text = buildSessionMarkdown({ title: 'Long', sections: [], reverted: 0, isPartial: true });
    assert.equal(text, '# Long\n\n*What came before is left out: it is too long for one text.*\n');
  });

  it('has a heading for each prompt, also where one follows another', () => {
    const text = build([aUserMessage('msg_1', { text: 'One' }), aUserMessage('msg_2', { text: 'Two' })]);
    assert.equal(text, '## You\n\nOne\n\n## You\n\nTwo\n');
  });

  it('has nothing of a call but its line, however long it is', () => {
    const command = `echo ${'long '.repeat(10_000)}`;
    const text = build([anAnswer('msg_1', 'msg_0', { parts: [aCall('bash', { command })] })]);
    assert.ok(text.length < 500, `${text.length} characters`);
    assert.ok(!text.includes('Never to be seen'));
  });
});

describe('the end of an answer in a text of its session', () => {
  it('is said where it is not whole, as the transcript says it', () => {
    const end = (finish: string, parts?: Record<string, unknown>[]) =>
      build([anAnswer('msg_2', 'msg_1', { finish, ...(parts && { parts }) })]);
    assert.match(end('length'), /\*\*This answer was cut at the output limit of the model\.\*\*/);
    assert.match(end('content-filter'), /\*\*This answer was cut by the content filter/);
    assert.match(end('other'), /\*\*The provider ended this answer without saying that it is whole/);
    assert.match(end('stop', [{ type: 'step-start' }]), /\*\*The model ended without an answer/);
    assert.doesNotMatch(end('stop'), /\*\*/);
  });

  it('is none where the run went on, also over what is read in one go', () => {
    const cut = anAnswer('msg_2', 'msg_1', { finish: 'length' });
    const next = anAnswer('msg_3', 'msg_1');
    assert.doesNotMatch(build([cut, next]), /cut at/);
    const [section] = toSections([cut], directory, next);
    assert.equal(section?.pieces.length, 1);
    assert.match(build([cut, anAnswer('msg_5', 'msg_4')]), /cut at/);
  });
});

describe('the turn of a message', () => {
  const ids = (messageId: string) => turnAround(migration, messageId)?.map(({ info }) => info.id);

  it('goes from its prompt to the next one', () => {
    const first = ['msg_01', 'msg_02', 'msg_03', 'msg_04', 'msg_05', 'msg_06', 'msg_07', 'msg_08'];
    for (const id of ['msg_01', 'msg_03', 'msg_08']) assert.deepEqual(ids(id), first);
    assert.deepEqual(ids('msg_11'), ['msg_09', 'msg_10', 'msg_11']);
  });

  it('is not known before its prompt is there', () => {
    assert.equal(turnAround(migration.slice(2), 'msg_04'), undefined);
    assert.equal(ids('msg_99'), undefined);
  });
});

describe('the file that a session is exported to', () => {
  for (const [title, name] of [
    ['Migrate the basket', 'Migrate the basket'],
    ['src/a.ts: what? "this" <is> it|*', 'src a.ts what this is it'],
    ['..\\..\\.ssh', 'ssh'],
    ['CON', 'Session CON'],
    ['nul.txt', 'Session nul.txt'],
    ['Console', 'Console'],
    ['Ends with a dot. ', 'Ends with a dot'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['Größe 漢字 👩‍💻', 'Größe 漢字 👩‍💻'],
    ['///', 'OpenCode session'],
    ['New session - 2026-11-28T12:16:56.245Z', 'OpenCode session'],
  ] as const) {
    it(`is called ${name} for ${JSON.stringify(title)}`, () => assert.equal(exportName(title), name));
  }

  it('is never longer than a system takes', () => {
    for (const title of ['漢'.repeat(500), '👩‍💻'.repeat(200), 'a '.repeat(300)]) {
      assert.ok(Buffer.byteLength(`${exportName(title)}.md`) <= 255);
    }
  });
});
