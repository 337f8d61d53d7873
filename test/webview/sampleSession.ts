import type { MessageEntry } from '../../src/protocol/page/entries.ts';
import type { SessionPicture } from '../../src/protocol/page/toPage.ts';
import { aHeader, aMessage, aText, aTool, aView } from './builders.ts';

const diff = `Index: src/cart.ts
===================================================================
--- src/cart.ts
+++ src/cart.ts
@@ -1,5 +1,7 @@
 export class Cart {
-  items = [];
+  readonly #items: Item[] = [];
+
+  get total(): number { return this.#items.reduce((sum, item) => sum + item.price, 0); }
 
   add(item) {
`;

const answer = `The cart lives in \`src/cart.ts:12\` now. **Three things changed:**

1. Items are private and typed.
2. The total is computed, see [the docs](https://example.com/cart).
   - rounding is left to the view
3. \`npm test\` passes.

| File | Change | Lines |
|---|---|---:|
| src/cart.ts | rewritten | 42 |
| src/shop.ts | uses the cart | 7 |

\`\`\`ts
export function total(items: readonly Item[]): number {
  // Prices are in cents.
  return items.reduce((sum, item) => sum + item.price * 1.19, 0);
}
\`\`\`

> Nothing else depends on it.

- [x] cart
- [ ] checkout
`;

const onePixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const todos = [
  { content: 'Write the cart', status: 'completed', priority: 'high' },
  { content: 'Connect the shop', status: 'in_progress', priority: 'medium' },
  { content: 'Check out', status: 'pending', priority: 'low' },
] as const;

/** A message of the model with a part of every type. */
const everything: MessageEntry = aMessage(
  1,
  { id: 'prt_01', type: 'step-start' },
  { id: 'prt_02', type: 'reasoning', text: 'The cart needs **types** first.', start: 1000, end: 5200 },
  aTool({
    id: 'prt_03',
    tool: 'read',
    title: 'src/cart.ts',
    input: { filePath: '/work/shop/src/cart.ts', offset: 1, limit: 80 },
    output: { text: '1: export class Cart {' },
  }),
  aTool({
    id: 'prt_04',
    tool: 'grep',
    input: { pattern: 'new Cart\\(' },
    matches: 3,
    output: { text: 'src/shop.ts:4\nsrc/shop.ts:9' },
  }),
  aTool({
    id: 'prt_05',
    tool: 'edit',
    title: 'src/cart.ts',
    input: { filePath: '/work/shop/src/cart.ts' },
    diff: { text: diff, files: [{ path: '/work/shop/src/cart.ts' }], additions: 3, deletions: 1 },
  }),
  aTool({
    id: 'prt_06',
    tool: 'bash',
    title: 'Runs the tests',
    input: { command: 'npm test' },
    exitCode: 1,
    start: 0,
    end: 4100,
    output: { text: '\u001b[32m✓\u001b[0m adds\n\u001b[31m✗ totals\u001b[0m' },
  }),
  aTool({ id: 'prt_07', tool: 'todowrite', todos }),
  aTool({
    id: 'prt_08',
    tool: 'task',
    title: 'Review the cart',
    input: { description: 'Review the cart', prompt: 'Look at it.', subagent_type: 'explore' },
    childSessionId: 'ses_child',
    status: 'running',
  }),
  aTool({
    id: 'prt_09',
    tool: 'webfetch',
    status: 'error',
    input: { url: 'https://example.com' },
    error: { text: 'No network.' },
  }),
  aTool({ id: 'prt_10', tool: 'question', title: 'Currency', output: { text: 'Which currency? **EUR**' } }),
  aTool({ id: 'prt_11', tool: 'plan_exit', title: 'Plan for the checkout', output: { text: '1. Do it' } }),
  aTool({ id: 'prt_12', tool: 'glob', status: 'interrupted', input: { pattern: '**/*.ts' } }),
  aTool({
    id: 'prt_13',
    tool: 'write',
    title: 'notes.md',
    input: { filePath: '/work/shop/notes.md', content: '# Notes' },
    status: 'pending',
  }),
  aTool({
    id: 'prt_14',
    tool: 'mcp_weather',
    title: 'Berlin',
    input: { city: 'Berlin' },
    output: { text: 'Rain', clamped: 90_000 },
  }),
  { id: 'prt_15', type: 'file', mime: 'image/png', filename: 'cart.png', image: onePixel },
  { id: 'prt_16', type: 'patch', files: ['/work/shop/src/cart.ts', '/work/shop/src/shop.ts'] },
  { id: 'prt_17', type: 'snapshot' },
  { id: 'prt_18', type: 'retry', attempt: 1, message: 'Overloaded', created: 0 },
  { id: 'prt_19', type: 'unknown', originalType: 'hologram' },
  aText('prt_20', answer),
  { id: 'prt_21', type: 'step-finish', reason: 'stop', cost: 0.0123 },
);

/** A session that shows everything the page can show. */
export function sampleSession(): SessionPicture {
  return aView({
    header: aHeader({
      from: { sessionId: 'ses_0', title: 'Plan the shop', kind: 'handoff' },
      to: [{ sessionId: 'ses_2', title: 'Cart with signals', kind: 'fork' }],
      context: { used: 61_000, limit: 180_000 },
      cost: 0.41,
      costWithSubagents: 0.52,
      todos,
      status: { type: 'busy' },
    }),
    entries: [
      aMessage(
        0,
        aText('prt_00', 'Please add a cart to the shop.\nKeep it small, and do not touch the checkout.'),
        { id: 'prt_00a', type: 'text', text: 'Called the Read tool', synthetic: true },
        {
          id: 'prt_00b',
          type: 'file',
          mime: 'text/plain',
          filename: 'shop.ts',
          path: '/work/shop/src/shop.ts',
        },
        { id: 'prt_00c', type: 'agent', name: 'explore' },
        {
          id: 'prt_00d',
          type: 'subtask',
          agent: 'explore',
          description: 'Look around',
          prompt: 'Look around',
        },
      ),
      everything,
      aMessage(2, { id: 'prt_30', type: 'compaction', auto: true }),
      { ...aMessage(3, aText('prt_31', '## Goal\nA cart.')), summary: true, agent: 'compaction' },
      aMessage(4, aText('prt_40', 'And now the checkout?')),
      {
        ...aMessage(5),
        error: { name: 'APIError', message: 'Too many requests: wait a while, or choose another model.' },
      },
      { ...aMessage(6, aText('prt_60', 'Try again.')), reverted: true },
      { ...aMessage(7), error: { name: 'MessageAbortedError', message: 'Stopped.' }, reverted: true },
    ],
    queue: [{ id: 'que_1', text: 'Then write the tests.', agent: 'build' }],
  });
}
