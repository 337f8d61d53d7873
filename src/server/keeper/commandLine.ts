import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';

/** A program and its arguments as `spawn` takes them. */
export interface CommandLine {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly verbatim: boolean;
}

/**
 * Windows runs a `.cmd` (npm's and scoop's shims) only through its command interpreter.
 * @throws Problem where that would take an argument for more than a word.
 */
export function commandLine(
  program: string,
  programArguments: readonly string[],
  platform: NodeJS.Platform = process.platform,
): CommandLine {
  if (platform !== 'win32' || !/\.(cmd|bat)$/i.test(program)) {
    return { file: program, arguments: programArguments, verbatim: false };
  }
  const words = [`"${program}"`, ...programArguments.map(quoteForCmd)].join(' ');
  return { file: 'cmd.exe', arguments: ['/d', '/s', '/c', `"${words}"`], verbatim: true };
}

function quoteForCmd(word: string): string {
  if (/^[\w.:/\\-]+$/.test(word)) return word;
  // Within quotes these alone have a meaning, to cmd.exe; to the program behind it, a backslash before the last one.
  if (!/["%\r\n]/.test(word)) return `"${word.replace(/(?<!\\)\\+$/, '$&$&')}"`;
  throw new Problem(l10n.t('"{0}" cannot be handed to a program that Windows runs through cmd.exe.', word));
}
