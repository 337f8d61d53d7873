import assert from 'node:assert/strict';
import { resolveCodeStyles } from '../../src/core/theme/codeStyles.ts';
import { parseTokenRules } from '../../src/core/theme/tokenRules.ts';
import type { CodeStyles } from '../../src/protocol/page/codeStyles.ts';
import { aMessage, aText, aView } from './builders.ts';
import type { ThemeKind } from './themes.ts';
import { PageBench, type TranscriptPage } from './transcriptPage.ts';

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

  it('is easier to read under high contrast', async () => {
    await openCode('vscode-high-contrast-light');
    const [keyword, text] = [await lookOf('return'), await lookOf('"book"')];
    const styles = themeOf({ 'keyword.control': '#0000ff', string: '#7f7f7f' });
    await shown.send({ type: 'codeStyles', theme: await wear('Contrast'), styles });
    assert.notEqual(await lookOf('return'), keyword);
    assert.equal(await lookOf('"book"'), text);
  });
});
