import { build, context } from 'esbuild';
import { cp, mkdir, rm } from 'node:fs/promises';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

const shared = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'warning',
  legalComments: 'none',
};

const programs = [
  // The extension: loaded by VS Code's extension host.
  {
    ...shared,
    entryPoints: { extension: 'src/extension.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode'],
  },
  // The keeper: a process of its own, which runs the OpenCode server that all windows share.
  {
    ...shared,
    entryPoints: { keeper: 'src/server/keeper.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    target: 'node22',
    format: 'cjs',
  },
  // The page: loaded by the transcript's webview; highlighting is a script of its own, loaded on demand.
  {
    ...shared,
    entryPoints: [
      { in: 'src/webview/transcript.ts', out: 'transcript' },
      { in: 'src/webview/transcript.css', out: 'transcript' },
      { in: 'src/webview/highlight.ts', out: 'highlight' },
    ],
    external: ['codicon.ttf'],
    alias: { 'linkify-it': './src/webview/noLinkify.ts' },
    outdir: 'dist',
    platform: 'browser',
    target: 'chrome138',
    format: 'iife',
    charset: 'utf8',
  },
];

await rm('dist', { recursive: true, force: true });
await mkdir('dist', { recursive: true });
await cp('node_modules/@vscode/codicons/dist/codicon.ttf', 'dist/codicon.ttf');

if (watch) {
  for (const program of programs) await (await context(program)).watch();
} else {
  await Promise.all(programs.map((program) => build(program)));
}
