import assert from 'node:assert/strict';
import { aMessage, aTool, aView } from '../builders.ts';
import { usePage } from '../usePage.ts';

describe('The transcript page with diffs', () => {
  const { shown, part } = usePage({ isUnfolded: true });

  it('shows what an edit is to replace while it runs and where it failed', async () => {
    const input = {
      filePath: '/work/shop/src/cart.ts',
      oldString: 'let a;\nlet b;',
      newString: 'const a = 1;',
    };
    const error = { text: 'oldString not found in content' };
    const calls = [
      aTool({ id: 'prt_1', tool: 'edit', status: 'error', input, error }),
      aTool({ id: 'prt_2', tool: 'edit', status: 'pending' }),
    ];
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, ...calls)] }) });
    for (const id of ['prt_1', 'prt_2']) await part(id).locator('.disclosure-button').click();
    const lines = await part('prt_1')
      .locator('.diff-line')
      .evaluateAll((nodes) => nodes.map((line) => [line.className, line.textContent]));
    assert.deepEqual(lines, [
      ['diff-line removed', 'let a;'],
      ['diff-line removed', 'let b;'],
      ['diff-line added', 'const a = 1;'],
    ]);
    assert.equal(await part('prt_1').locator('.tool-error').innerText(), error.text);
    assert.equal(await part('prt_2').locator('.disclosure-body').innerText(), '');
  });

  it('keeps all lines of a change that were asked for when its call is told anew', async () => {
    const text = `@@ -0,0 +1,402 @@\n${Array<string>(402).fill('+').join('\n')}\n`;
    const diff = { text, files: [{ path: 'a.sh' }], additions: 402, deletions: 0 };
    const edit = aTool({ id: 'prt_1', tool: 'edit', diff });
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, edit)] }) });
    await part('prt_1').locator('.disclosure-button').click();
    assert.equal(await part('prt_1').locator('.diff-line').count(), 400);
    await part('prt_1').getByTestId('show-lines').click();
    const change = { kind: 'part', messageId: 'msg_000001', part: { ...edit, exitCode: 0 } } as const;
    await shown.send({ type: 'changes', sessionId: 'ses_1', changes: [change] });
    assert.equal(await part('prt_1').locator('.diff-line').count(), 402);
    assert.equal(await part('prt_1').getByTestId('show-lines').count(), 0);
  });

  it('keeps the files of a diff apart', async () => {
    const file = (name: string) => `--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-old\n+new\n`;
    const files = ['a.ts', 'b.ts'].map((name) => ({ path: `/w/${name}`, name }));
    const diff = { text: file('a.ts') + file('b.ts'), files, additions: 2, deletions: 2 };
    await shown.send({
      type: 'show',
      view: aView({ entries: [aMessage(1, aTool({ id: 'prt_1', tool: 'apply_patch', diff }))] }),
    });
    assert.deepEqual(await part('prt_1').locator('.diff-line').allInnerTexts(), [
      'a.ts',
      'old',
      'new',
      'b.ts',
      'old',
      'new',
    ]);
    assert.match(await part('prt_1').locator('.disclosure-head').innerText(), /^Edited\s+2 files\s+\+2\s+−2/);
    const heights = await part('prt_1')
      .locator('.diff-line')
      .evaluateAll((lines) => lines.map((line) => line.getBoundingClientRect().height));
    assert.equal(new Set(heights).size, 1, 'a name takes one line');
  });

  it('opens the whole of a diff that is cut, also where much was said about the change', async () => {
    const diff = { text: '@@ -1 +1 @@\n-a', clamped: 9000, files: [], additions: 1, deletions: 1 };
    const output = { text: 'Diagnostics', clamped: 3000 };
    const entries = [aMessage(1, aTool({ id: 'prt_1', tool: 'edit', diff, output }))];
    await shown.send({ type: 'show', view: aView({ entries }) });
    await part('prt_1').getByRole('button', { name: 'Show All (9000 characters)' }).click();
    assert.equal((await shown.posted('openDiff')).partId, 'prt_1');
  });

  it('names the file of a patch, and offers the diff of all that changed files', async () => {
    const files = [{ path: '/work/shop/src/a.ts' }];
    const diff = { text: '@@ -1 +1 @@\n-a\n+b\n', files, additions: 1, deletions: 1 };
    const title = 'Success. Updated the following files:\nM src/a.ts';
    const input = { filePath: '/w/a.txt', content: 'a' };
    const entries = [
      aMessage(
        1,
        aTool({ id: 'prt_1', tool: 'apply_patch', title, diff }),
        aTool({ id: 'prt_2', tool: 'write', input }),
        { id: 'prt_3', type: 'patch', files: ['/w/b.txt'] },
        aTool({ id: 'prt_4', tool: 'write', input, status: 'running' }),
      ),
    ];
    await shown.send({ type: 'show', view: aView({ entries }) });
    assert.equal(await part('prt_1').locator('.file-link').innerText(), 'src/a.ts');
    for (const id of ['prt_1', 'prt_2', 'prt_3']) {
      await part(id).getByTestId('open-diff').click();
      assert.equal((await shown.posted('openDiff')).partId, id);
    }
    assert.equal(await part('prt_4').getByTestId('open-diff').count(), 0);
  });

  describe('in the colours of their language', () => {
    const shop = '@@ -1,4 +1,4 @@\n /*\n- const old = 1;\n+ const now = 2;\n  */\n const a = `b`;\n';
    const anEdit = (text: string, ...paths: readonly string[]) =>
      aTool({
        id: 'prt_1',
        tool: 'edit',
        diff: { text, files: paths.map((path) => ({ path })), additions: 1, deletions: 1 },
      });

    const open = (text: string, ...paths: readonly string[]): Promise<void> =>
      shown.send({ type: 'show', view: aView({ entries: [aMessage(1, anEdit(text, ...paths))] }) });

    const coloured = () => part('prt_1').locator('.diff[data-highlighted]').waitFor();

    /** What has a colour in each line, and its kind. */
    const colours = () =>
      part('prt_1')
        .locator('.diff-line')
        .evaluateAll((lines) =>
          lines.map((line) =>
            [...line.querySelectorAll('[class^=hl-]')].map(
              ({ className, textContent }) => `${className}: ${textContent}`,
            ),
          ),
        );

    it('each side is read as one text, whatever stands between its lines', async () => {
      await open(shop, '/work/shop/src/cart.ts');
      await coloured();
      assert.deepEqual(await colours(), [
        ['hl-comment: /*'],
        ['hl-comment:  const old = 1;'],
        ['hl-comment:  const now = 2;'],
        ['hl-comment:  */'],
        ['hl-keyword hl-storage: const', 'hl-string: `b`'],
      ]);
    });

    it('of several files each has its own, and those that are not known have none', async () => {
      const file = (name: string, line: string) => `--- a/${name}\n+++ b/${name}\n@@ -0,0 +1 @@\n+${line}\n`;
      const text = [
        file('a.py', 'def a(): pass'),
        file('notes.txt', 'def a(): pass'),
        file('Dockerfile', 'FROM node'),
      ];
      await open(text.join(''), '/w/a.py', '/w/notes.txt', '/w/Dockerfile');
      await coloured();
      const all = await colours();
      assert.deepEqual(
        all.map((words) => words[0]),
        [undefined, 'hl-keyword hl-storage: def', undefined, undefined, undefined, 'hl-keyword: FROM'],
      );
    });

    it('lines that are asked for later have them, too', async () => {
      const lines = Array.from({ length: 402 }, (_, index) => `+const a${index} = 1;`);
      await open(`@@ -0,0 +1,402 @@\n${lines.join('\n')}\n`, '/w/a.ts');
      await coloured();
      await part('prt_1').getByTestId('show-lines').click();
      await coloured();
      assert.deepEqual((await colours()).at(-1), ['hl-keyword hl-storage: const', 'hl-number: 1']);
    });

    it('are copied as they are seen', async () => {
      await open(shop, '/work/shop/src/cart.ts');
      await coloured();
      const copied = await part('prt_1')
        .locator('.diff')
        .evaluate((diff) => {
          getSelection()?.selectAllChildren(diff);
          return getSelection()?.toString();
        });
      assert.equal(copied?.trimEnd(), '/*\n const old = 1;\n const now = 2;\n */\nconst a = `b`;');
    });

    it('come only once a reader rests at them, and not while a call runs', async () => {
      const input = { filePath: '/w/a.ts', oldString: 'const a = 1;', newString: 'const b = 1;' };
      const running = aTool({ id: 'prt_1', tool: 'edit', status: 'running', input });
      const done = aTool({ id: 'prt_2', tool: 'edit', status: 'error', input, error: { text: 'Not found' } });
      await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, running, done)] }) });
      for (const id of ['prt_1', 'prt_2']) await part(id).locator('.disclosure-button').click();
      // They are worked through in their order.
      await part('prt_2').locator('.diff[data-highlighted]').waitFor();
      assert.equal(await part('prt_1').locator('[class^=hl-]').count(), 0);
      assert.equal(await part('prt_2').locator('.diff-line.added .hl-keyword').count(), 1);
    });
  });

  it('greys the changes of files that were taken back', async () => {
    const diff = { text: '@@ -1 +1 @@\n-a\n+b\n', files: [], additions: 1, deletions: 1 };
    const entries = [1, 3].map((number) => ({
      ...aMessage(number, aTool({ id: `prt_${number}`, tool: 'edit', diff })),
      reverted: number === 3,
    }));
    await shown.send({ type: 'show', view: aView({ entries }) });
    const colour = (id: string) =>
      part(id)
        .locator('.diff-line.added')
        .evaluate((line) => getComputedStyle(line).backgroundColor);
    assert.equal(await colour('prt_3'), 'rgba(0, 0, 0, 0)');
    assert.notEqual(await colour('prt_1'), 'rgba(0, 0, 0, 0)');
  });
});
