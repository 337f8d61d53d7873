import type { MessageWithParts } from '../../../../src/protocol/records.ts';
import { anAnswer, aToolCall, aUserMessage } from '../builders.ts';

const diff =
  '--- a/src/basket.ts\n+++ b/src/basket.ts\n@@ -1,1 +1,2 @@\n-const total = 0;\n+const a = 1;\n+const b = 2;\n';

/** One of each that a session may hold. */
export const sampleSession: readonly MessageWithParts[] = [
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
      aToolCall(
        'read',
        { filePath: '/work/shop/src/basket.ts', offset: 1, limit: 20 },
        { title: 'src/basket.ts', output: 'const total = 0;\r\n```\n\u0000\n' },
      ),
      aToolCall('grep', { pattern: 'total(`x`)' }, { metadata: { matches: 3 }, output: 'src/basket.ts:1' }),
      { type: 'text', text: '**Three** places use it.' },
      { type: 'step-finish', reason: 'tool-calls', cost: 0 },
    ],
  }),
  anAnswer('msg_03', 'msg_01', {
    finish: 'tool-calls',
    parts: [
      { type: 'text', text: 'Three places, I said.' },
      aToolCall(
        'edit',
        { filePath: '/work/shop/src/basket.ts' },
        { metadata: { diff }, title: 'src/basket.ts' },
      ),
      aToolCall(
        'bash',
        { command: 'npm test &&\n  npm run lint' },
        {
          metadata: { exit: 1, output: '' },
          output: `${`A test of ${'many, '.repeat(100)}went well.\n`.repeat(5)}1 failed\n`,
          time: { start: 0, end: 65_000 },
        },
      ),
      aToolCall(
        'webfetch',
        { url: 'https://example.com/a_b' },
        { status: 'error', error: 'No network.\nTry again.' },
      ),
      aToolCall(
        'question',
        { questions: [{ question: 'Round *up*?' }] },
        { metadata: { answers: [['Yes, to the cent']] } },
      ),
      aToolCall(
        'todowrite',
        {},
        {
          metadata: {
            todos: [
              { content: 'Count in *cents*', status: 'completed', priority: 'high' },
              { content: 'Round', status: 'pending', priority: 'high' },
            ],
          },
        },
      ),
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
        ...aToolCall('bash', {}),
        state: { status: 'running', input: { command: 'sleep 9' }, time: { start: 1 } },
      },
    ],
  }),
];
