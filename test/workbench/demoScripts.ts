import { shop } from './demoFiles.ts';
import { receiptScript } from './demoReceipt.ts';

/** What the model of the demo does with a prompt, in the words of `parseScript`. */
export function improvise(prompt: string, tokensPerSecond: number | undefined): string {
  const { lines } = scripts.find(({ words }) => words.test(prompt)) ?? everyday;
  return tokensPerSecond === undefined ? lines : `slow: ${tokensPerSecond}\n${lines}`;
}

interface DemoScript {
  readonly words: RegExp;
  readonly lines: string;
}

/** The prompts of the demo's seeded sessions; each has its script below. */
export const demoPrompts = {
  rateLimit: 'Add rate limiting to the sign-in route: five attempts a minute for each address.',
  slidingWindow: 'Try a sliding window instead of fixed minutes and compare the two.',
  rounding: 'Review how the basket rounds prices. Is it right for more than one tax rate?',
  setUp: 'Set up the project with strict TypeScript.',
} as const;

/** A prompt that keeps the model busy for a while: it reads, changes files, asks for the tests and reports. */
export const receiptPrompt = 'Print a receipt with the tax of each rate, rounded once.';

/** Two ways to do the same, for forks that are compared. */
export const approachPrompts = {
  memory: 'Keep the baskets in memory, behind an interface that another store can take over.',
  sqlite: 'Keep the baskets in SQLite, so that they are there after a restart.',
} as const;

const scripts: readonly DemoScript[] = [
  { words: /receipt/i, lines: receiptScript },
  {
    words: /baskets be kept/i,
    lines: 'say: In memory, which needs nothing, or in a file of SQLite, which a restart leaves alone.',
  },
  {
    words: /baskets in memory/i,
    lines: `tool: write ${JSON.stringify({
      filePath: 'src/memoryBaskets.ts',
      content: `import type { Line } from './basket.ts';

export interface Baskets {
  load(id: string): readonly Line[];
  save(id: string, lines: readonly Line[]): void;
}

export function inMemory(): Baskets {
  const kept = new Map<string, readonly Line[]>();
  return { load: (id) => kept.get(id) ?? [], save: (id, lines) => void kept.set(id, lines) };
}
`,
    })}
say: The baskets are kept in memory, behind an interface of two calls: \`load\` and \`save\`. A restart empties them.`,
  },
  {
    words: /baskets in SQLite/i,
    lines: `tool: write ${JSON.stringify({
      filePath: 'src/storedBaskets.ts',
      content: `import { DatabaseSync } from 'node:sqlite';
import type { Line } from './basket.ts';

const file = new DatabaseSync('baskets.db');
file.exec('create table if not exists baskets (id text primary key, lines text not null)');
const select = file.prepare('select lines from baskets where id = ?');
const upsert = file.prepare('insert or replace into baskets values (?, ?)');

export function load(id: string): readonly Line[] {
  const row = select.get(id) as { lines: string } | undefined;
  return row === undefined ? [] : (JSON.parse(row.lines) as Line[]);
}

export function save(id: string, lines: readonly Line[]): void {
  upsert.run(id, JSON.stringify(lines));
}
`,
    })}
tool: write ${JSON.stringify({ filePath: '.gitignore', content: 'baskets.db\n' })}
say: The baskets stand in \`baskets.db\`, one row each, and are there after a restart. Node brings what it needs; the file is kept out of git.`,
  },
  {
    words: /rate limit/i,
    lines: `think: The sign-in route lives in src/signIn.ts. I should look at it, find out who calls it, and keep the limiter apart so that it can be tested by itself.
say: I will look at the route first and write down the steps.
tool: todowrite ${todos(['in_progress', 'pending', 'pending', 'pending'])}
tool: read {"filePath":"${shop.signIn}"}
tool: task {"description":"Find the callers","prompt":"say: \`signIn\` is called from one place only, the route table in \`src/server.ts\`.","subagent_type":"helper"}
tool: todowrite ${todos(['completed', 'completed', 'in_progress', 'pending'])}
say: The limiter stands by itself, in **src/limiter.ts**:

\`\`\`ts
export class Limiter {
  readonly #attempts = new Map<string, number[]>();

  /** True if this address may try once more. */
  allows(address: string, now: number): boolean {
    const recent = (this.#attempts.get(address) ?? []).filter((time) => now - time < 60_000);
    this.#attempts.set(address, [...recent, now]);
    return recent.length < 5;
  }
}
\`\`\`

| attempt | answer |
| --- | --- |
| 1 – 5 | the route as before |
| 6 and on | \`429 Too Many Requests\` |

The tests are left to write. Shall I go on?`,
  },
  {
    words: /sliding window/i,
    lines: `think: A sliding window needs the time of each attempt; a fixed window only a counter.
say: Compared for our five attempts a minute:

- **Fixed minutes** keep one number for each address, but let ten attempts through around a full minute.
- **A sliding window** never lets more than five through in *any* minute, for five numbers instead of one.

I would take the sliding window: the memory is small and the promise is simple.`,
  },
  {
    words: /round/i,
    lines: `think: Prices are cents, so the sum is exact. The tax is the only place where rounding happens.
tool: read {"filePath":"${shop.basket}"}
say: The sum is exact, because prices are whole cents. **The tax is not**: it is rounded once for each line, so a basket with many cheap lines can be off by a few cents.

1. Sum the lines of each tax rate.
2. Round the tax of each sum once.
3. Add the rounded taxes.

\`basket.ts\` line 14 is the only place to change.`,
  },
  {
    words: /set up/i,
    lines: 'say: `tsconfig.json` has all strict flags now, and the project compiles without a complaint.',
  },
  {
    words: /\btests?\b/i,
    lines: `say: I will run the tests. You decide whether I may.
tool: bash {"command":"npm test","description":"Run the tests"}
say: The tests ran; their output stands above.`,
  },
  {
    words: /\bquestion\b|\bask\b|\bchoose\b/i,
    lines: `say: One thing to decide first.
tool: question {"questions":[{"header":"Storage","question":"Where shall the baskets be kept?","options":[{"label":"In memory","description":"Nothing to set up, gone after a restart"},{"label":"SQLite","description":"One file, survives a restart"}]}]}
say: Good, I will take that.`,
  },
];

const everyday: DemoScript = {
  words: /./,
  lines: `think: This model is a script that belongs to the demo, so I show what an agent does: I write a todo list, read a file, and report.
say: I will take this step by step.
tool: todowrite {"todos":[{"content":"Read the README","status":"in_progress","priority":"high"},{"content":"Say what to try next","status":"pending","priority":"medium"}]}
tool: read {"filePath":"${shop.readme}"}
tool: todowrite {"todos":[{"content":"Read the README","status":"completed","priority":"high"},{"content":"Say what to try next","status":"completed","priority":"medium"}]}
say: Done. I am the demo's scripted model, so my answers are prepared; the server, the sessions and the tools are real. Try one of these:

- **"Run the tests"** asks for your permission before it runs a command.
- **"Ask me a question"** waits for your answer.
- **Right-click a session → Fork Session Here** goes on from it in a copy, shown below its source.`,
};

function todos(states: readonly string[]): string {
  const contents = ['Read the sign-in route', 'Find its callers', 'Write the limiter', 'Test the limits'];
  const list = contents.map((content, index) => ({
    content,
    status: states[index],
    priority: index < 2 ? 'high' : 'medium',
  }));
  return JSON.stringify({ todos: list });
}
