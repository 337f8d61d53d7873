import { build, context, transform } from 'esbuild';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { leanMarkdown } from './leanMarkdown.mjs';
import { collectNotices } from './notices.mjs';
import { splitPage } from './pageBuild.mjs';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

const { version } = JSON.parse(await readFile('package.json', 'utf8'));

const shared = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'warning',
  // They stand in a file of their own.
  legalComments: 'none',
  metafile: true,
};

/**
 * Writes what esbuild splits, which are ES modules, as CommonJS modules: those load without the editor's slow path for
 * ES modules, and `import()` of one runs only then. A module stands in one piece only, so no state exists twice.
 */
const asCommonJs = {
  name: 'as CommonJS',
  setup({ initialOptions, onEnd }) {
    const { minify, target, platform } = initialOptions;
    onEnd(async ({ outputFiles }) => {
      for (const { path, text } of outputFiles) {
        const { code } = await transform(text, {
          ...{ minify, target, platform, format: 'cjs', legalComments: 'none' },
          sourcemap: production ? false : 'inline',
          supported: { 'dynamic-import': false },
        });
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, code);
      }
    });
  },
};

/** Of what markdown-it brings along for addresses and links, nothing is used: it is told to leave them as they are. */
const withoutAddresses = {
  'linkify-it': './src/webview/markdown/noLinkify.ts',
  'uc.micro': './src/webview/markdown/unicodeClasses.ts',
  mdurl: './src/webview/markdown/noAddresses.ts',
  'punycode.js': './src/webview/markdown/noAddresses.ts',
};

/** What Node is given of it finds its own pieces only where they lie beside it. */
const asModules = { 'jsonc-parser': './node_modules/jsonc-parser/lib/esm/main.js' };

/** What is known of the builds of the page's pieces. */
const pieces = [];

const programs = [
  // The extension: loaded by VS Code's extension host; what `activate` does not need is loaded when it is wanted.
  {
    ...shared,
    entryPoints: { extension: 'src/extension.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    chunkNames: 'extension/[name]-[hash]',
    platform: 'node',
    target: 'node22',
    format: 'esm',
    splitting: true,
    external: ['vscode'],
    alias: { ...withoutAddresses, ...asModules },
    sourcemap: production ? false : 'inline',
    write: false,
    plugins: [asCommonJs],
  },
  // The keeper: a process of its own, which runs the OpenCode server that all windows share.
  {
    ...shared,
    entryPoints: { keeper: 'src/server/keeper/keeper.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    target: 'node22',
    format: 'cjs',
  },
  // The companion: loaded by OpenCode as a plugin, which finds nothing beside this one file.
  {
    ...shared,
    entryPoints: { companion: 'src/companion/companion.ts' },
    outdir: 'dist',
    platform: 'node',
    target: 'node22',
    format: 'esm',
    alias: withoutAddresses,
    define: { COMPANION_VERSION: JSON.stringify(version) },
  },
  // The page: loaded by the transcript's webview; what it imports by `import()` is loaded on demand.
  {
    ...shared,
    entryPoints: [
      { in: 'start of the page', out: 'transcript' },
      { in: 'src/webview/transcript.css', out: 'transcript' },
    ],
    plugins: [splitPage('src/webview/transcript.ts', pieces), leanMarkdown],
    external: ['codicon.ttf'],
    alias: { entities: './src/webview/markdown/namedEntities.ts', ...withoutAddresses },
    outdir: 'dist',
    platform: 'browser',
    target: 'chrome138',
    format: 'esm',
    charset: 'utf8',
  },
];

await rm('dist', { recursive: true, force: true });
await mkdir('dist', { recursive: true });
await cp('node_modules/@vscode/codicons/dist/codicon.ttf', 'dist/codicon.ttf');

if (watch) {
  for (const program of programs) await (await context(program)).watch();
} else {
  const builds = await Promise.all(programs.map((program) => build(program)));
  const metafiles = builds.map(({ metafile }) => metafile);
  await writeFile('dist/NOTICES.txt', await collectNotices([...metafiles, ...pieces], ['@vscode/codicons']));
}
