import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { repository } from '../workbench/extensionCopy.ts';
import { exists } from '../workbench/cacheFolder.ts';
import { runProgram } from '../workbench/childProcess.ts';

/** The extension as it is shipped, built into a folder of its own, so that what stands in `dist` does not matter. */
export interface BuiltExtension {
  readonly folder: string;
  /** The scripts and styles of the transcript page. */
  readonly dist: string;
  /** The scripts and styles of the benchmark's own pages. */
  readonly pages: string;
  /** Packs it; resolves with the file. */
  package(): Promise<string>;
}

const linked = ['src', 'node_modules', 'esbuild.mjs', 'tsconfig.json'];
const copied = ['media', 'l10n', 'README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore', 'package.nls.json'];

export async function buildExtension(root: string): Promise<BuiltExtension> {
  const folder = join(root, 'extension');
  await mkdir(folder);
  for (const name of linked) await symlink(join(repository, name), join(folder, name));
  for (const name of copied) {
    const source = join(repository, name);
    if (await exists(source)) await cp(source, join(folder, name), { recursive: true });
  }
  const manifest = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as object;
  // The scripts build the repository, not this folder.
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, scripts: {} }, null, 2));
  await runProgram(process.execPath, ['esbuild.mjs', '--production'], { cwd: folder });
  return {
    folder,
    dist: join(folder, 'dist'),
    pages: await buildPages(join(root, 'pages')),
    package: async () => {
      const file = join(root, 'extension.vsix');
      const vsce = join(repository, 'node_modules', '@vscode', 'vsce', 'vsce');
      const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
      await runProgram(process.execPath, [vsce, 'package', ...options, '--out', file], { cwd: folder });
      return file;
    },
  };
}

/** The benchmark's own pages; resolves with their folder. */
export async function buildPages(outdir: string): Promise<string> {
  const sources = join(import.meta.dirname, 'page');
  const options = {
    outdir,
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'chrome138',
    logLevel: 'warning',
  } as const;
  await build({
    ...options,
    entryPoints: ['bridge.ts', 'bridgeWorker.ts', 'floor.ts', 'probe.ts', 'wholeRender.ts'].map((name) =>
      join(sources, name),
    ),
    format: 'iife',
  });
  // The floor's own: the product's piece takes words from the product's script, and would start that in the floor's page.
  await build({
    ...options,
    entryPoints: { floorHighlight: join(repository, 'src', 'webview', 'code', 'highlight.ts') },
    format: 'esm',
  });
  await cp(join(sources, 'theme.css'), join(outdir, 'theme.css'));
  return outdir;
}
