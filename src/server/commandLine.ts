/** A program and its arguments as `spawn` takes them. */
export interface CommandLine {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly verbatim: boolean;
}

/** Windows runs a `.cmd` (npm's and scoop's shims) only through its command interpreter. */
export function commandLine(
  program: string,
  programArguments: readonly string[],
  platform: NodeJS.Platform = process.platform,
): CommandLine {
  if (platform !== 'win32' || !/\.(cmd|bat)$/i.test(program)) {
    return { file: program, arguments: programArguments, verbatim: false };
  }
  const words = [`"${program}"`, ...programArguments].join(' ');
  return { file: 'cmd.exe', arguments: ['/d', '/s', '/c', `"${words}"`], verbatim: true };
}
