import assert from 'node:assert/strict';
import { join } from 'node:path';
import { tests as examples } from 'commonmark-spec';
import { build } from 'esbuild';
import { array, constantFrom, integer, sample } from 'fast-check';
import MarkdownIt from 'markdown-it';
import type { Page } from 'playwright-core';
import { leanMarkdown } from '../../leanMarkdown.mjs';
import { markdownCorpus, longBlocks } from './markdownCorpus.ts';
import type { Difference, StreamHarness } from './streamHarness.ts';
import { PageBench } from './transcriptPage.ts';

const withTabs = (text: string): string => text.replaceAll('→', '\t');

/** Texts of what may mean something in Markdown, in random pieces. */
function randomTexts(seed: number): string[][] {
  const alphabet = constantFrom(
    'a',
    'b c',
    ' ',
    '\n',
    '\n\n',
    '- ',
    '  - ',
    '\n  ',
    'word and more words here ',
    '1. ',
    '2. ',
    '* ',
    '> ',
    '    ',
    '```',
    '~~~',
    '`',
    '**',
    '_',
    '[a]',
    '(u)',
    '|',
    '|-|',
    '| a | b |\n|--|--|\n',
    '===',
    '---',
    '# ',
    '\\',
    '&amp;',
    '\r\n',
    '\r',
    '!',
    '<b>',
    '</b>',
    '<sub>',
    '</sub>',
    '<br>',
    '<!-- ',
    ' -->',
    '<details>\n',
    '<details><summary>a</summary>',
    '\n</details>\n',
  );
  const text = array(
    array(alphabet, { maxLength: 6 }).map((pieces) => pieces.join('')),
    { maxLength: 12 },
  );
  return sample(text, { numRuns: 1500, seed });
}

/** The corpus and the examples of CommonMark, each cut in other places with another seed. */
function randomSplits(seed: number): string[][] {
  const texts = [...markdownCorpus, ...examples.map(({ markdown }) => withTabs(markdown))];
  const lengths = sample(array(integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }), {
    numRuns: texts.length,
    seed,
  });
  return texts.map((text, index) => split(text, lengths[index] ?? [1]));
}

/** Cuts `text` into pieces of these lengths, over and over. */
function split(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += lengths[(pieces.length - 1) % lengths.length] ?? 1) {
    pieces.push(text.slice(at, at + (lengths[pieces.length % lengths.length] ?? 1)));
  }
  return pieces;
}

describe('Markdown that grows', function () {
  let bench: PageBench;
  let page: Page;

  before(async () => {
    bench = await PageBench.start();
    const built = await build({
      entryPoints: [join(import.meta.dirname, 'streamHarness.ts')],
      bundle: true,
      write: false,
      format: 'iife',
      charset: 'utf8',
      // As the page is built; what it is compared with is another file of the package, and whole.
      plugins: [leanMarkdown],
    });
    bench.server.addScript('streamHarness.js', built.outputFiles[0]?.text ?? '');
    page = await bench.browser.newPage();
    await page.goto(bench.server.address('vscode-dark', { script: 'streamHarness.js' }));
  });

  after(() => bench.stop());

  /** The first of the chunked texts that differs when streamed. */
  function firstDifference(
    texts: readonly (readonly string[])[],
    every = 1,
    longest?: number,
    comesLate = false,
  ): Promise<Difference | undefined> {
    return page.evaluate(
      (given) => {
        const { harness } = globalThis as unknown as { harness: StreamHarness };
        for (const chunks of given.texts) {
          const difference = harness.differs(chunks, given.every, given.longest, given.comesLate);
          if (difference) return difference;
        }
        return undefined;
      },
      { texts, every, longest, comesLate },
    );
  }

  it('equals the whole rendering after every character of every CommonMark example', async () => {
    const texts = examples.map(({ markdown }) => Array.from(withTabs(markdown)));
    assert.equal(texts.length, 652);
    assert.equal(await firstDifference(texts), undefined);
  });

  it('equals the whole rendering after every token of what models write', async () => {
    const texts = markdownCorpus.map((text) => text.match(/\s?[A-Za-z]{1,6}|\s?[^\sA-Za-z]{1,3}|\s/g) ?? []);
    assert.equal(await firstDifference(texts, 5), undefined);
  });

  it('equals the whole rendering however the text is split', async () => {
    assert.equal(await firstDifference(randomTexts(7)), undefined);
  });

  it('equals the whole rendering of the corpus, cut in other places each time', async () => {
    const seed = Date.now() % 2 ** 31;
    assert.equal(await firstDifference(randomSplits(seed)), undefined, `seed ${seed}`);
    assert.equal(await firstDifference(randomSplits(seed + 1), 1, 60), undefined, `seed ${seed + 1}, 60`);
  });

  it('equals the whole rendering where even short blocks are split', async () => {
    const characters = examples.map(({ markdown }) => Array.from(withTabs(markdown)));
    const tokens = [...markdownCorpus, ...longBlocks(1500).map(({ text }) => text)].map(
      (text) => text.match(/\s?[A-Za-z]{1,6}|\s?[^\sA-Za-z]{1,3}|\s/g) ?? [],
    );
    for (const longest of [4, 60]) {
      assert.equal(await firstDifference(characters, 1, longest), undefined);
      assert.equal(await firstDifference(randomTexts(longest), 1, longest), undefined);
      assert.equal(await firstDifference(tokens, 3, longest), undefined);
    }
  });

  it('equals the whole rendering where what spares work comes in the middle of a text', async () => {
    const texts = [...markdownCorpus, ...longBlocks(1500).map(({ text }) => text)].map(
      (text) => text.match(/[\s\S]{1,7}/g) ?? [],
    );
    for (const longest of [4, 60, undefined]) {
      assert.equal(await firstDifference(texts, 5, longest, true), undefined);
      assert.equal(await firstDifference(randomTexts(9), 1, longest, true), undefined);
    }
  });

  it('equals the whole rendering while one block grows beyond what is parsed at once', async () => {
    const texts = longBlocks(6000).map(({ text }) => text.match(/[\s\S]{1,61}/g) ?? []);
    assert.equal(await firstDifference(texts, 5), undefined);
  });

  it('equals the whole rendering when what looked like a table is none, or a table looked like something else', async () => {
    const texts = [
      'text\n| a | b |\n|---|---| c',
      '- a\n\n  b\n  | c |\n  |-| d',
      '> a\n> |b|\n> |-|\n> |-| c',
    ];
    assert.equal(await firstDifference(texts.map((text) => Array.from(text))), undefined);
    assert.equal(
      await firstDifference(
        texts.map((text) => Array.from(text)),
        1,
        4,
      ),
      undefined,
    );
  });

  it('equals the whole rendering when plain words follow what hides them or gives them a meaning', async () => {
    const texts = [
      'url\n\n[a]: url and words',
      '| a | b |\n|---|---|\n| word | word | word and more |',
      'a | b\n---|---\nword and more, word',
      '- [x] done it. All\n- [ ] to do',
      '    code of two  words \n    and more ',
      '- item\n\n  ```ts info\n  code of two words \n  and ',
      '# A heading, of words \nText of  words \nand more ',
      'See src/file.ts now, src/file.t sx and http://a.b c. d ',
      'A **bold** word, an _open_ed one, `code` and [a](b) c &am p &amp; q ',
      '> quote of words\nand lazy ones. - a\n- b c',
    ].map((text) => Array.from(text));
    assert.equal(await firstDifference(texts), undefined);
    assert.equal(await firstDifference(texts, 1, 4), undefined);
  });

  it('equals the whole rendering when a long block turns out to be another', async () => {
    const sentence = 'The cart holds what the customer picked, with its price and a note. ';
    const items = Array.from({ length: 90 }, (_, index) => `- item ${index} of the list\n`).join('');
    const endings = [
      '\n\n- loose now\n',
      '\n===\n',
      '* [a](b) and **c',
      '** d\n',
      '\n| a | b |\n|--|--|\n',
      '`x',
      '`\n',
    ];
    const texts = [sentence.repeat(60), items, `| a | b |\n|--|--|\n${'| 1 | 2 |\n'.repeat(400)}`].flatMap(
      (text) => endings.map((ending) => [...(text.match(/[\s\S]{1,97}/g) ?? []), ...Array.from(ending)]),
    );
    assert.equal(await firstDifference(texts, 4), undefined);
  });

  it('knows the names of characters that markdown-it knows, and no others', async () => {
    const letters = Array.from('abcdefghijklmnopqrstuvwxyz');
    const pairs = letters.flatMap((first) => letters.map((second) => first + second));
    const threes = pairs.flatMap((pair) => letters.map((letter) => pair + letter));
    const others =
      'semi Tab NewLine nbsp fjlig AMP ampfoo notit notin copysr ngE ClockwiseContourIntegral x27 frac34';
    const entities = [...pairs, ...threes, ...others.split(' ')].map((name) => `&${name};`);
    const markdown = new MarkdownIt();
    const wanted = entities.map((entity) =>
      (markdown.parseInline(entity, {})[0]?.children ?? []).map(({ content }) => content).join(''),
    );
    assert.ok(wanted.filter((text, index) => text !== entities[index]).length > 100);
    const decoded = await page.evaluate((given) => {
      const { harness } = globalThis as unknown as { harness: StreamHarness };
      return harness.decode(given);
    }, entities);
    assert.deepEqual(decoded, wanted);
  });

  it('means what markdown-it means', async () => {
    // But for the few tags that the page shows as what they mean.
    const texts = [...examples.map(({ markdown }) => withTabs(markdown)), ...markdownCorpus].filter(
      (text) => !/<\/?(?:b|i|s|br|del|em|strong|details)\b|<!--/.test(text),
    );
    const differing = await page.evaluate((all) => {
      const { harness } = globalThis as unknown as { harness: StreamHarness };
      return all.map((text) => harness.skeletons(text)).filter((one) => one.page !== one.reference);
    }, texts);
    assert.deepEqual(differing, []);
  });
});
