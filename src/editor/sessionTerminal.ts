import { ThemeIcon, window } from 'vscode';

export interface SessionTerminal {
  readonly name: string;
  readonly file: string;
  /** One text where the program reads its command line by itself (Windows). */
  readonly arguments: readonly string[] | string;
  /** An absolute path of a folder that is there. */
  readonly cwd: string;
  /** Added to the environment of terminals; null takes a variable away. */
  readonly environment: Readonly<Record<string, string | null>>;
}

/** Runs a program in a terminal of the editor and shows it. */
export function openSessionTerminal({ name, file, cwd, environment, ...given }: SessionTerminal): void {
  const terminal = window.createTerminal({
    name,
    shellPath: file,
    shellArgs: typeof given.arguments === 'string' ? given.arguments : [...given.arguments],
    cwd,
    env: { ...environment },
    iconPath: new ThemeIcon('comment-discussion'),
    // The editor writes the environment of a terminal that it is to bring back to disk (VS Code 1.139), password and all.
    isTransient: true,
  });
  terminal.show();
}
