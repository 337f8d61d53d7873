import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { env, extensions, workspace } from 'vscode';
import * as z from 'zod';
import type { Log } from '../core/log.ts';
import { resolveCodeStyles } from '../core/theme/codeStyles.ts';
import { readTheme, type ThemeFiles } from '../core/theme/readTheme.ts';
import { parseCustomRules, type TokenRule } from '../core/theme/tokenRules.ts';
import type { CodeStyles } from '../protocol/page/codeStyles.ts';

const Manifest = z.object({
  contributes: z.object({
    themes: z.array(z.object({ id: z.string().optional(), label: z.string().optional(), path: z.string() })),
  }),
});

/** A colour theme that an extension brings along, under the name that settings know it by. */
interface ThemeFile {
  readonly name: string | undefined;
  readonly file: string;
}

const files: ThemeFiles = {
  read: (file) => readFile(file, 'utf8'),
  resolve: (file, path) => join(dirname(file), path),
};

/** The colours of code in the colour themes, which the editor tells nobody: they are read from the themes' own files. */
export class ColourThemes {
  readonly #log: Log;
  readonly #rules = new Map<string, Promise<readonly TokenRule[]>>();
  #builtIn: Promise<readonly ThemeFile[]> | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** With what the person has set beside the theme; undefined where the theme cannot be read. */
  async codeStyles(theme: string): Promise<CodeStyles | undefined> {
    const custom = workspace.getConfiguration('editor').get<unknown>('tokenColorCustomizations');
    try {
      return resolveCodeStyles([...(await this.#read(theme)), ...parseCustomRules(custom, theme)]);
    } catch (error) {
      this.#log.debug('Colour theme was not read; code is shown in colours near it.', theme, error);
      return undefined;
    }
  }

  async #read(theme: string): Promise<readonly TokenRule[]> {
    const file = await this.#find(theme);
    const known = this.#rules.get(file);
    if (known !== undefined) return known;
    const reading = readTheme(files, file);
    this.#rules.set(file, reading);
    reading.catch(() => this.#rules.delete(file));
    return reading;
  }

  async #find(theme: string): Promise<string> {
    const isIt = ({ name }: ThemeFile): boolean => name === theme;
    const here = extensions.all.flatMap(({ packageJSON, extensionPath }) =>
      themesOf(packageJSON, extensionPath),
    );
    const found = here.find(isIt) ?? (await (this.#builtIn ??= readBuiltIn())).find(isIt);
    if (found === undefined) throw new Error('No extension on this side brings it along.');
    return found.file;
  }
}

function themesOf(manifest: unknown, folder: string): ThemeFile[] {
  const { data } = Manifest.safeParse(manifest);
  return (data?.contributes.themes ?? []).map(({ id, label, path }) => ({
    name: id ?? label,
    file: join(folder, path),
  }));
}

/** Themes run where the window is; a remote host does not know them, but has a copy of those of the editor itself. */
async function readBuiltIn(): Promise<readonly ThemeFile[]> {
  const root = join(env.appRoot, 'extensions');
  const folders = (await readdir(root)).filter((name) => name.startsWith('theme-'));
  const themes = folders.map(async (name) => {
    const manifest: unknown = JSON.parse(await readFile(join(root, name, 'package.json'), 'utf8'));
    return themesOf(manifest, join(root, name));
  });
  return (await Promise.all(themes)).flat();
}
