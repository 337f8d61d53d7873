/** A source of numbers from 0 to 1, the same ones for the same seed. */
export type Random = () => number;

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const words =
  'the session server keeps a list of todos while each answer streams into its block and the reader scrolls back to an older turn where a tool call changed three files of the parser so that tests pass again without a second look at the cache'.split(
    ' ',
  );

export function writeSentence(random: Random, length: number): string {
  const sentence = Array.from({ length }, () => decorate(random, pick(random, words))).join(' ');
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

/** Some words are code, bold, italic or links, as in the answers of models. */
function decorate(random: Random, word: string): string {
  const chance = random();
  if (chance < 0.04) return `\`${word}()\``;
  if (chance < 0.07) return `**${word}**`;
  if (chance < 0.08) return `[${word}](https://example.com/${word})`;
  return chance < 0.09 ? `*${word}*` : word;
}

const samples: Readonly<Record<string, (random: Random) => string>> = {
  ts: (
    random,
  ) => `export function count${number(random)}(names: readonly string[], limit = ${number(random)}): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    if (index >= limit) break; // enough
    counts.set(name.trim(), (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
`,
  python: (
    random,
  ) => `def total_${number(random)}(lines: list[str], *, limit: int = ${number(random)}) -> int:
    """Adds up the first lines."""
    total = 0
    for index, line in enumerate(lines):
        if index < limit:
            total += len(f"{line}:{index}")
    return total
`,
  bash: (random) => `set -euo pipefail
for file in src/*.ts; do
  echo "checking $file" && npx tsc --noEmit "$file" || exit ${number(random)}
done
`,
  json: (random) => `{
  "name": "corner-shop",
  "version": "1.${number(random)}.0",
  "flags": [true, false, null, 3.14]
}
`,
};
const languages = Object.keys(samples);

/** Source code of one of a few languages. */
export function writeCode(random: Random): { readonly language: string; readonly code: string } {
  const language = pick(random, languages);
  return { language, code: samples[language]?.(random) ?? '' };
}

type Block = (random: Random) => string;

const paragraph: Block = (random) => times(3, () => writeSentence(random, 12 + number(random, 8))).join(' ');
const list: Block = (random) => times(4, () => `- ${writeSentence(random, 9)}`).join('\n');
const heading: Block = (random) => `## ${writeSentence(random, 4).slice(0, -1)}`;
const quote: Block = (random) => `> ${writeSentence(random, 12)}`;
const steps: Block = (random) =>
  times(3, (index) => `${index + 1}. ${writeSentence(random, 8)}\n   - ${writeSentence(random, 5)}`).join(
    '\n',
  );
const table: Block = (random) => `${tableHead}\n${times(4, (index) => tableRow(random, index)).join('\n')}`;
const fence: Block = (random) => {
  const { language, code } = writeCode(random);
  return `\`\`\`${language}\n${code}\`\`\``;
};

export const tableHead = '| File | Change | Note |\n|---|---:|---|';

export function tableRow(random: Random, index: number): string {
  return `| src/file${index}.ts | +${number(random)} | ${writeSentence(random, 3)} |`;
}

/** How often each block stands in an answer; together 1. */
const mixture: readonly (readonly [share: number, block: Block])[] = [
  [0.45, paragraph],
  [0.15, list],
  [0.08, heading],
  [0.06, table],
  [0.04, quote],
  [0.06, steps],
  [0.16, fence],
];

/** Markdown as models write it, of at least so many characters. */
export function writeAnswer(random: Random, length: number): string {
  let answer = '';
  while (answer.length < length) answer += `${chooseBlock(random)(random)}\n\n`;
  return answer.trimEnd();
}

function chooseBlock(random: Random): Block {
  let chance = random();
  for (const [share, block] of mixture) {
    chance -= share;
    if (chance < 0) return block;
  }
  return paragraph;
}

/** Cuts a text into pieces as models send them: a word, or a few signs. */
export function splitTokens(text: string): string[] {
  return text.match(/\s?[A-Za-z]{1,6}|\s?[^\sA-Za-z]{1,3}|\s/g) ?? [];
}

export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)] as T;
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function number(random: Random, below = 99): number {
  return Math.floor(random() * below);
}
