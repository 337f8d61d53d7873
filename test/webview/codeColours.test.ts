import assert from 'node:assert/strict';
import { resolveCodeStyles } from '../../src/core/theme/codeStyles.ts';
import { parseTokenRules } from '../../src/core/theme/tokenRules.ts';
import type { CodeStyles } from '../../src/protocol/page/codeStyles.ts';
import { aMessage, aText, aTool, aView } from './builders.ts';
import { themeKinds, type ThemeKind } from './themes.ts';
import { PageBench, type TranscriptPage } from './transcriptPage.ts';
import { openGroups } from './usePage.ts';

const code = 'const cart = new Cart(); // empty\nreturn cart.add("book");';

const night = themeOf({
  'keyword.control': '#c792ea',
  storage: '#569cd6',
  string: '#ce9178',
  comment: '#6a9955',
  'entity.name.function': '#dcdcaa',
});

function themeOf(colours: Readonly<Record<string, string>>): CodeStyles {
  const rules = Object.entries(colours).map(([scope, foreground]) => ({ scope, settings: { foreground } }));
  return resolveCodeStyles(
    parseTokenRules([...rules, { scope: 'comment', settings: { fontStyle: 'italic bold' } }]),
  );
}

describe('Code in the transcript page', function () {
  let bench: PageBench;
  let shown: TranscriptPage;

  before(async () => {
    bench = await PageBench.start();
  });

  afterEach(async () => {
    assert.deepEqual(shown.errors, []);
    await shown.close();
  });

  after(() => bench.stop());

  async function openCode(kind: ThemeKind = 'vscode-dark'): Promise<void> {
    shown = await bench.open({ theme: kind });
    const text = `\`\`\`ts\n${code}\n\`\`\``;
    await shown.send({ type: 'show', view: aView({ entries: [aMessage(1, aText('prt_1', text))] }) });
    await shown.page.locator('[data-highlighted]').waitFor();
  }

  /** Names the theme as VS Code does, and answers with the name that the page asks for. */
  async function wear(theme: string): Promise<string> {
    await shown.page.evaluate((id) => document.body.setAttribute('data-vscode-theme-id', id), theme);
    return (await shown.posted('theme')).theme;
  }

  const lookOf = (word: string) =>
    shown.page
      .locator('.code code [class^=hl-]')
      .getByText(word, { exact: true })
      .evaluate((one) => {
        const { color, fontStyle, fontWeight } = getComputedStyle(one);
        return `${color} ${fontStyle} ${fontWeight}`;
      });

  it('has the colours of the theme once the host has told them', async () => {
    await openCode();
    const theme = await wear('Night');
    assert.equal(theme, 'Night');
    await shown.send({ type: 'codeStyles', theme, styles: night });
    assert.equal(await lookOf('return'), 'rgb(199, 146, 234) normal 400');
    assert.equal(await lookOf('const'), 'rgb(86, 156, 214) normal 400');
    assert.equal(await lookOf('"book"'), 'rgb(206, 145, 120) normal 400');
    assert.equal(await lookOf('add'), 'rgb(220, 220, 170) normal 400');
    assert.equal(await lookOf('// empty'), 'rgb(106, 153, 85) italic 700');
  });

  it('has colours near those of a theme that nobody can read', async () => {
    await openCode();
    const before = await lookOf('return');
    await shown.send({ type: 'codeStyles', theme: await wear('Secret') });
    assert.equal(await lookOf('return'), before);
  });

  it('gives up the colours of a theme that is gone, and takes no late answer about it', async () => {
    await openCode();
    const before = await lookOf('return');
    await shown.send({ type: 'codeStyles', theme: await wear('Night'), styles: night });
    assert.notEqual(await lookOf('return'), before);
    await wear('Day');
    await shown.send({ type: 'codeStyles', theme: 'Night', styles: night });
    assert.equal(await lookOf('return'), before);
  });

  it('is asked about again when the settings change', async () => {
    await openCode();
    const theme = await wear('Night');
    await shown.send(
      { type: 'codeStyles', theme, styles: night },
      { type: 'init', settings: { enterSends: true } },
    );
    assert.equal((await shown.posted('theme')).theme, 'Night');
    assert.equal(await lookOf('return'), 'rgb(199, 146, 234) normal 400');
  });

  it('does without a colour that cannot be read on its ground', async () => {
    await openCode();
    const before = await lookOf('return');
    const styles = themeOf({ 'keyword.control': '#333333', storage: '#00000000', string: '#7f7f7f' });
    await shown.send({ type: 'codeStyles', theme: await wear('Dim'), styles });
    assert.equal(await lookOf('return'), before);
    assert.equal(await lookOf('"book"'), 'rgb(127, 127, 127) normal 400');
  });

  describe('on the lines of a diff', () => {
    const diff = { text: '@@ -1 +1 @@\n-return 1;\n+return "a";\n', additions: 1, deletions: 1 };

    async function openDiff(kind: ThemeKind): Promise<void> {
      shown = await bench.open({ theme: kind });
      const edit = aTool({ id: 'prt_1', tool: 'edit', diff: { ...diff, files: [{ path: '/w/a.ts' }] } });
      await shown.send(
        { type: 'init', settings: { enterSends: true, openDiffs: true } },
        { type: 'show', view: aView({ entries: [aMessage(1, edit)] }) },
      );
      await openGroups(shown.page);
      await shown.page.locator('.diff[data-highlighted]').waitFor();
    }

    const look = (selector: string) =>
      shown.page.locator(selector).evaluate((one) => getComputedStyle(one).color);

    for (const kind of themeKinds) {
      it(`keeps what can be read there, under ${kind}`, async () => {
        await openDiff(kind);
        const isDark = kind === 'vscode-dark' || kind === 'vscode-high-contrast';
        const [colour, seen] = isDark ? ['#c0c0ff', 'rgb(192, 192, 255)'] : ['#101060', 'rgb(16, 16, 96)'];
        const styles = themeOf({ 'keyword.control': colour, string: colour });
        await shown.send({ type: 'codeStyles', theme: await wear('Night'), styles });
        assert.equal(await look('.removed .hl-keyword'), seen);
        assert.equal(await look('.added .hl-keyword'), seen);
        assert.equal(await look('.added .hl-string'), seen);
      });
    }

    it('does without what can be read elsewhere, but hardly there', async () => {
      await openDiff('vscode-dark');
      await shown.page.evaluate(() => {
        const { style } = document.documentElement;
        style.setProperty('--vscode-diffEditor-insertedLineBackground', '#3a6b3a');
      });
      // As dark as the ground of an added line, and green enough to be told from that of the others.
      const styles = themeOf({ 'keyword.control': '#3f7a3f' });
      await shown.send({ type: 'codeStyles', theme: await wear('Green'), styles });
      assert.equal(await look('.removed .hl-keyword'), 'rgb(63, 122, 63)');
      assert.equal(await look('.added .hl-keyword'), await look('.diff-line.added'));
    });
  });

  it('is easier to read under high contrast', async () => {
    await openCode('vscode-high-contrast-light');
    const [keyword, text] = [await lookOf('return'), await lookOf('"book"')];
    const styles = themeOf({ 'keyword.control': '#0000ff', string: '#7f7f7f' });
    await shown.send({ type: 'codeStyles', theme: await wear('Contrast'), styles });
    assert.notEqual(await lookOf('return'), keyword);
    assert.equal(await lookOf('"book"'), text);
  });
});
