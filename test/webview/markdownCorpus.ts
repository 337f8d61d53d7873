/** A generator of numbers from 0 to 1 that gives the same ones each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

const words =
  'the cart holds each item with its price while the customer looks at what the shop offers and the total stays right'.split(
    ' ',
  );

function sentence(next: () => number, length: number): string {
  const made = Array.from({ length }, () => {
    const word = words[Math.floor(next() * words.length)] ?? '';
    const kind = next();
    if (kind < 0.05) return `\`${word}()\``;
    if (kind < 0.09) return `**${word}**`;
    if (kind < 0.12) return `[${word}](https://example.com/${word})`;
    if (kind < 0.14) return `*${word}*`;
    if (kind < 0.16) return `src/${word}.ts:${Math.floor(next() * 90)}`;
    return kind < 0.17 ? `snake_case_${word}` : word;
  });
  return `${made.join(' ')}.`;
}

function block(next: () => number): string {
  const kind = next();
  const lines = (count: number, make: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => make(index)).join('\n');
  if (kind < 0.4) return `${lines(3, () => sentence(next, 14))}\n\n`;
  if (kind < 0.55) return `${lines(5, () => `- ${sentence(next, 8)}`)}\n\n`;
  if (kind < 0.62) return `## ${sentence(next, 4)}\n\n`;
  if (kind < 0.7) {
    return `| File | Change |\n|---|---:|\n${lines(5, (index) => `| a${index}.ts | ${sentence(next, 3)} |`)}\n\n`;
  }
  if (kind < 0.75) return `> ${sentence(next, 12)}\n> ${sentence(next, 5)}\n\n`;
  if (kind < 0.85)
    return `${lines(3, (index) => `${index + 1}. ${sentence(next, 6)}\n\n   - ${sentence(next, 4)}`)}\n\n`;
  if (kind < 0.9) return `Term ${sentence(next, 3)}\n---\n\n`;
  return `\`\`\`ts\n${lines(8, (index) => `const v${index} = items.map((item) => item.price * ${index});`)}\n\`\`\`\n\n`;
}

/** Texts as models write them. */
export const markdownCorpus: readonly string[] = Array.from({ length: 24 }, (_, seed) => {
  const next = numbers(seed + 1);
  return Array.from({ length: 5 }, () => block(next)).join('');
});

/** One text for each kind of block that may grow very long, of about `length` characters. */
export function longBlocks(length: number): readonly { readonly kind: string; readonly text: string }[] {
  const fill = (head: string, line: (index: number) => string): string => {
    let text = head;
    for (let index = 0; text.length < length; index += 1) text += line(index);
    return text;
  };
  const next = numbers(99);
  return [
    { kind: 'list', text: fill('', () => `- ${sentence(next, 9)}\n`) },
    {
      kind: 'loose list',
      text: fill('', (index) => `${index + 1}. ${sentence(next, 9)}\n\n   ${sentence(next, 5)}\n\n`),
    },
    {
      kind: 'list with code',
      text: fill('', (index) => `* ${sentence(next, 4)}\n  \`\`\`ts\n  const a = ${index};\n  \`\`\`\n`),
    },
    {
      kind: 'table',
      text: fill('| File | Change |\n|---|---:|\n', (index) => `| a${index}.ts | ${sentence(next, 5)} |\n`),
    },
    {
      kind: 'nested list',
      text: fill('1. First\n', (index) =>
        index % 9 === 8 ? `${index}. ${sentence(next, 4)}\n` : `   - ${sentence(next, 9)}\n`,
      ),
    },
    {
      kind: 'item of many blocks',
      text: fill('- First\n\n', (index) =>
        index % 5 === 4 ? `  \`\`\`ts\n  const a = ${index};\n  \`\`\`\n` : `  ${sentence(next, 14)}\n\n`,
      ),
    },
    { kind: 'item of one paragraph', text: fill('- a\n- ', () => `${sentence(next, 14)} `) },
    { kind: 'item of one loose paragraph', text: fill('- a\n\n- ', () => `${sentence(next, 14)}\n  `) },
    {
      kind: 'table in an item',
      text: fill(
        '1. First\n\n   | File | Change |\n   |---|---:|\n',
        (index) => `   | a${index}.ts | ${sentence(next, 5)} |\n`,
      ),
    },
    {
      kind: 'quote',
      text: fill('', (index) => (index % 3 === 2 ? '>\n' : `> ${sentence(next, 12)}\n`)),
    },
    { kind: 'list in a quote', text: fill('> Said:\n', () => `> - ${sentence(next, 12)}\n`) },
    { kind: 'paragraph', text: fill('', () => `${sentence(next, 14)} `) },
    { kind: 'paragraph of lines', text: fill('', () => `${sentence(next, 14)}\n`) },
    {
      kind: 'fence',
      text: fill('```ts\n', (index) => `const value${index} = items[${index}] ?? \`none\`;\n`),
    },
  ];
}
