import * as z from 'zod';
import { parseJsonc } from './parseJsonc.ts';
import { parseTokenRules, type TokenRule } from './tokenRules.ts';

export interface ThemeFiles {
  readonly read: (file: string) => Promise<string>;
  /** Where a path leads that is written in a file. */
  readonly resolve: (file: string, path: string) => string;
}

const ThemeFile = z.object({ include: z.string().optional(), tokenColors: z.unknown().optional() });

/** More than any theme has; those that include themselves come to an end. */
const longestChain = 8;

/** The rules of a theme, after those of what it includes. Throws where there are none, as in a `.tmTheme`. */
export async function readTheme(files: ThemeFiles, file: string): Promise<TokenRule[]> {
  const rules: TokenRule[] = [];
  let next: string | undefined = file;
  for (let length = 0; next !== undefined; length += 1) {
    if (length === longestChain) throw new Error(`${file} includes too many files.`);
    const { include, tokenColors } = ThemeFile.parse(parseJsonc(await files.read(next)));
    if (typeof tokenColors === 'string') throw new Error(`${next} leaves the colours to ${tokenColors}.`);
    rules.unshift(...parseTokenRules(tokenColors));
    next = include === undefined ? undefined : files.resolve(next, include);
  }
  if (rules.length === 0) throw new Error(`${file} has no colours of code.`);
  return rules;
}
