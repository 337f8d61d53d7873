import { shop } from './demoFiles.ts';

const receipt = 'src/receipt.ts';
const basketTest = 'test/basket.test.ts';

/** What the model of the demo does when it is asked for receipts: a turn with many calls, which really change files. */
export const receiptScript = `slow: 60
think: The tax is rounded for each line, so the rates have to be summed first. I should look at who uses it before I change it.
say: I will look at how prices are summed before I change anything.
tool: todowrite ${todos(['in_progress', 'pending', 'pending', 'pending'])}
${call('tool', 'read', { filePath: shop.basket })}
${call('also', 'read', { filePath: shop.server })}
${call('also', 'read', { filePath: basketTest })}
${call('also', 'read', { filePath: shop.readme })}
${call('also', 'read', { filePath: receipt })}
${call('tool', 'read', { filePath: shop.signIn })}
${call('also', 'read', { filePath: 'package.json' })}
say: Only \`basket.ts\` rounds, and nothing but it knows of rates.
${call('tool', 'edit', {
  filePath: shop.basket,
  oldString: `  return lines.reduce((total, { cents, count, taxRate }) => total + Math.round(cents * count * taxRate), 0);
}`,
  newString: `  return [...taxes(lines).values()].reduce((total, cents) => total + cents, 0);
}

/** The tax of each rate: its lines are summed first, and rounded once. */
export function taxes(lines: readonly Line[]): Map<number, number> {
  const sums = new Map<number, number>();
  for (const { cents, count, taxRate } of lines) {
    sums.set(taxRate, (sums.get(taxRate) ?? 0) + cents * count);
  }
  return new Map([...sums].map(([rate, cents]) => [rate, Math.round(cents * rate)]));
}`,
})}
${call('tool', 'write', {
  filePath: receipt,
  content: `import { type Line, sum, tax, taxes } from './basket.ts';

const euros = (cents: number): string => (cents / 100).toFixed(2) + ' €';
const percent = (rate: number): string => Math.round(rate * 100) + ' %';

/** The lines of a basket, the tax of each rate, and what is to be paid. */
export function receipt(lines: readonly Line[]): string {
  const items = lines.map(({ name, cents, count }) => [count, 'x', name, euros(cents * count)].join(' '));
  const rates = [...taxes(lines)].map(([rate, cents]) => ['Tax', percent(rate), euros(cents)].join(' '));
  return [...items, ...rates, 'To pay ' + euros(sum(lines) + tax(lines))].join('\\n');
}
`,
})}
${call('tool', 'edit', {
  filePath: shop.server,
  oldString: "import { sum } from './basket.ts';",
  newString: "import { sum } from './basket.ts';\nimport { receipt } from './receipt.ts';",
})}
${call('tool', 'edit', {
  filePath: shop.server,
  oldString: "  '/basket': () => ({ cents: sum([]) }),",
  newString: "  '/basket': () => ({ cents: sum([]) }),\n  '/receipt': () => ({ text: receipt([]) }),",
})}
${call('tool', 'edit', {
  filePath: basketTest,
  oldString: "import { sum } from '../src/basket.ts';",
  newString: "import { sum, taxes } from '../src/basket.ts';",
})}
${call('tool', 'edit', {
  filePath: basketTest,
  oldString: 'taxRate: 0.07 }]), 698);\n});\n',
  newString: `taxRate: 0.07 }]), 698);
});

test('rounds the tax of a rate once', () => {
  const gum = { name: 'Gum', cents: 33, count: 1, taxRate: 0.07 };
  assert.deepEqual([...taxes([gum, gum, gum])], [[0.07, 7]]);
});
`,
})}
${call('tool', 'write', {
  filePath: 'test/receipt.test.ts',
  content: `import assert from 'node:assert/strict';
import test from 'node:test';
import { receipt } from '../src/receipt.ts';

test('names the tax of each rate', () => {
  const tea = { name: 'Tea', cents: 349, count: 2, taxRate: 0.07 };
  const cup = { name: 'Cup', cents: 1290, count: 1, taxRate: 0.19 };
  const lines = ['2 x Tea 6.98 €', '1 x Cup 12.90 €', 'Tax 7 % 0.49 €', 'Tax 19 % 2.45 €', 'To pay 22.82 €'];
  assert.equal(receipt([tea, cup]), lines.join('\\n'));
});
`,
})}
tool: todowrite ${todos(['completed', 'completed', 'completed', 'in_progress'])}
${call('tool', 'bash', { command: 'npm test', description: 'Run the tests' })}
tool: todowrite ${todos(['completed', 'completed', 'completed', 'completed'])}
usage: 150000 310
say: The receipt is there, and the tax is rounded once for each rate.

**What changed**

- \`tax\` in **${shop.basket}** sums the lines of a rate before it rounds: three lines of 33 cents at 7 % make 7 cents now, not 6.
- **${receipt}** prints the lines, the tax of each rate and what is to be paid.
- The route \`/receipt\` answers with it.

**Decided:** prices stay without tax, as the README has them.

**Next:** print the date and the number of the receipt, once baskets are kept.`;

function call(directive: 'tool' | 'also', tool: string, input: Readonly<Record<string, string>>): string {
  return `${directive}: ${tool} ${JSON.stringify(input)}`;
}

function todos(states: readonly string[]): string {
  const contents = [
    'Find who rounds prices',
    'Sum the lines of each rate first',
    'Print the receipt',
    'Run the tests',
  ];
  const list = contents.map((content, index) => ({ content, status: states[index], priority: 'medium' }));
  return JSON.stringify({ todos: list });
}
