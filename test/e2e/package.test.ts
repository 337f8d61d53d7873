import assert from 'node:assert/strict';
import { glob, readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Bench, startBench } from '../workbench/bench.ts';
import { repository } from '../workbench/extensionCopy.ts';
import { demoTitles } from '../workbench/demoSessions.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { closeWindow, watch } from './sharedBench.ts';

/** All that may be in the package; what is not named here has no business there. */
const allowed = [
  /^package\.json$/,
  /^\.vsixmanifest$/,
  /^(readme|changelog)\.md$/,
  /^LICENSE\.txt$/,
  /^dist\/NOTICES\.txt$/,
  /^dist\/(extension|keeper|companion)\.c?js$/,
  /^dist\/extension\/[\w-]+\.cjs$/,
  /^dist\/transcript\.(js|css)$/,
  /^dist\/page\/[\w-]+\.js$/,
  /^dist\/codicon\.(ttf|css)$/,
  /^media\/[\w-]+\.(svg|png)$/,
  /^media\/prompt\.(language-configuration|tmLanguage)\.json$/,
  /^media\/walkthrough\/[\w-]+\.(md|svg)$/,
  /^l10n\/[\w.-]+\.json$/,
  /^package\.nls(\.[\w-]+)?\.json$/,
];

describe('the package', () => {
  let bench: Bench;
  let vsix: string;

  before(async () => {
    const { name, version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'));
    vsix = join(repository, `${name}-${version}.vsix`);
    bench = await startBench({ install: vsix });
  });

  after(() => bench.close());

  async function installedFolder(): Promise<string> {
    const installed = await readdir(bench.vscode.extensionsFolder);
    const name = installed.find((name) => name.startsWith('opencode-sessions.'));
    return join(bench.vscode.extensionsFolder, name ?? assert.fail('it is not installed'));
  }

  it('is smaller than 1 MB', async () => {
    const { size } = await stat(vsix);
    assert.ok(size < 1_000_000, `${size} bytes`);
  });

  it('holds only what runs', async () => {
    const folder = await installedFolder();
    const files: string[] = [];
    for await (const entry of glob(join(folder, '**'), { withFileTypes: true })) {
      if (entry.isFile()) files.push(relative(folder, join(entry.parentPath, entry.name)));
    }
    for (const program of ['extension.cjs', 'keeper.cjs', 'companion.js']) {
      assert.ok(files.includes(join('dist', program)), program);
    }
    assert.deepEqual(
      files.filter((file) => !allowed.some((pattern) => pattern.test(file))),
      [],
    );
  });

  it('passes on the licences of what it holds of others', async () => {
    const notices = await readFile(join(await installedFolder(), 'dist', 'NOTICES.txt'), 'utf8');
    const [, ...each] = notices.split(/\n={100}\n/);
    const expected = {
      '@opencode-ai/sdk': /Copyright \(c\) \d+ opencode/,
      '@secretlint/core': /Copyright \(c\) 2020 azu/,
      '@secretlint/profiler': /Copyright \(c\) 2020 azu/,
      '@secretlint/secretlint-rule-preset-recommend': /Copyright \(c\) 2020 azu/,
      '@vscode/codicons': /Attribution 4\.0 International[\s\S]*Copyright \(c\) Microsoft/,
      boundary: /Redistributions of source code must retain/,
      debug: /Copyright \(c\) [\d-]+ TJ Holowaychuk/,
      entities: /Copyright \(c\) Felix Böhm/,
      'eventsource-parser': /Copyright \(c\) \d+ Espen/,
      'has-flag': /Copyright \(c\) Sindre Sorhus/,
      'highlight.js': /Copyright \(c\) 2006, Ivan Sagalaev/,
      'jsonc-parser': /Copyright \(c\) Microsoft/,
      'markdown-it': /Copyright \(c\) 2014 Vitaly Puzrin/,
      ms: /Copyright \(c\) \d+ Vercel/,
      picomatch: /Copyright \(c\) [\w-]+, Jon Schlinkert/,
      'structured-source': /Redistributions of source code must retain/,
      'supports-color': /Copyright \(c\) Sindre Sorhus/,
      zod: /Copyright \(c\) \d+ Colin McDonnell/,
    };
    assert.deepEqual(
      each.map((notice) => notice.trim().split(' ', 1)[0]),
      Object.keys(expected),
    );
    for (const [index, words] of Object.values(expected).entries()) assert.match(each[index] ?? '', words);
  });

  it('works as installed: it opens a session and talks', async () => {
    const workbench: Workbench = await bench.open();
    watch(workbench, bench);
    await workbench.openSessionsView();
    await workbench.openRow(demoTitles.rounding);
    await workbench.transcript('The sum is exact');
    await workbench.say('say: Spoken from the package.');
    await workbench.transcript('Spoken from the package.');
    await closeWindow(workbench);
  });
});
