import { glob, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { type AttackPattern, check } from 'recheck';

// npm run check:patterns: no regular expression in src takes more time than its text grows, whatever the text says.

const source = join(import.meta.dirname, '..', 'src');

/** What is put together while the program runs cannot be read here: these were tried by hand, and no others are. */
const composed = new Set([
  'core/plainText.ts',
  'core/redaction/personalNames.ts',
  'core/sessions/inferredOrigin.ts',
  'server/openCode118/openCode118.ts',
  'webview/markdown/filePlace.ts',
  'webview/markdown/openFence.ts',
  'webview/markdown/openWords.ts',
]);

interface Pattern {
  readonly place: string;
  readonly source: string;
  readonly flags: string;
}

const faults: string[] = [];
const patterns = new Map<string, Pattern>();

for await (const file of glob('**/*.ts', { cwd: source })) {
  const path = join(source, file);
  const text = await readFile(path, 'utf8');
  const placeOf = (start: number): string => `${file}:${text.slice(0, start).split('\n').length}`;
  new Visitor({
    Literal(node) {
      if (!('regex' in node)) return;
      const { pattern, flags } = node.regex;
      patterns.set(`/${pattern}/${flags}`, { place: placeOf(node.start), source: pattern, flags });
    },
    NewExpression({ callee, start }) {
      const isRegExp = callee.type === 'Identifier' && callee.name === 'RegExp';
      if (isRegExp && !composed.has(relative(source, path).replaceAll('\\', '/')))
        faults.push(`${placeOf(start)}: write it as a literal, which can be judged`);
    },
  }).visit(parseSync(path, text).program);
}

for (const [pattern, { place, source, flags }] of patterns) {
  // The same texts are tried each time, however long that takes.
  const found = await check(source, flags, { timeout: null, randomSeed: 1 });
  if (found.status === 'unknown') faults.push(`${place}: ${pattern} cannot be judged (${found.error.kind})`);
  if (
    found.status === 'vulnerable' &&
    (found.complexity.type === 'exponential' || grows(source, flags, found.attack))
  )
    faults.push(`${place}: ${pattern} takes ${found.complexity.summary} time for ${found.attack.pattern}`);
}

/**
 * Whether the expression takes more than eight times as long for an attack of eight times the length: what looks behind
 * itself is judged too hard without that. The least of some tries, since whatever else the process does only makes it more.
 */
function grows(source: string, flags: string, attack: AttackPattern): boolean {
  const expression = new RegExp(source, flags.includes('g') ? flags : `${flags}g`);
  const [short, long] = [textOf(attack, 1 / 16), textOf(attack, 1 / 2)];
  let least = Infinity;
  for (let round = 0; round < 8 && least > 24; round++) {
    least = Math.min(least, timeOf(expression, long) / timeOf(expression, short));
  }
  return least > 24;
}

function textOf({ pumps, base, suffix }: AttackPattern, share: number): string {
  const repeated = pumps.map(
    ({ prefix, pump, bias }) => prefix + pump.repeat(Math.ceil(base * share) + bias),
  );
  return `${repeated.join('')}${suffix}`;
}

/** Microseconds of the processor: a busy machine lets a long run wait more often than a short one. */
function timeOf(expression: RegExp, text: string): number {
  const start = process.cpuUsage();
  text.replaceAll(expression, '');
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

for (const fault of faults) console.error(fault);
console.log(`${patterns.size} regular expressions, ${faults.length} faults`);
process.exitCode = faults.length === 0 && patterns.size > 100 ? 0 : 1;
