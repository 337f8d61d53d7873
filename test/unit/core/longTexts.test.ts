import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseApproaches } from '../../../src/core/continuation/drafts/approaches.ts';
import { compareAfterCompaction } from '../../../src/core/continuation/compactionCheck.ts';
import { parseCompactDraft } from '../../../src/core/continuation/drafts/compactDraft.ts';
import { parseDraft } from '../../../src/core/continuation/drafts/draft.ts';
import { fileReferences } from '../../../src/core/continuation/drafts/draftCheck.ts';
import { findDraftPlace } from '../../../src/core/continuation/drafts/draftCompletion.ts';
import { handoffTitle } from '../../../src/core/continuation/handoffTitle.ts';
import { fillTemplate } from '../../../src/core/continuation/drafts/promptTemplate.ts';
import { parseChain } from '../../../src/core/continuation/drafts/relayChain.ts';
import { buildTerminalContext } from '../../../src/core/continuation/toldText.ts';
import { parseJsonc } from '../../../src/core/theme/parseJsonc.ts';
import { plainLine, showUnseen } from '../../../src/core/plainText.ts';
import { parseDiff } from '../../../src/core/entries/diffLines.ts';
import { findMentions, readTypedPrompt } from '../../../src/core/prompts/promptText.ts';
import { planUnrevert } from '../../../src/core/transcript/revertPlan.ts';
import { plainTerminalText } from '../../../src/core/entries/terminalText.ts';
import { toolOf } from '../../../src/core/tools/toolOf.ts';
import { Padding } from '../../../src/core/entries/padding.ts';
import { reconstructSides } from '../../../src/core/entries/unifiedDiff.ts';
import { withoutMarkup } from '../../../src/core/entries/withoutMarkup.ts';
import {
  readConfigurationOutput,
  withoutQuotedFile,
} from '../../../src/server/openCode118/configurationFault.ts';
import { growth } from '../growth.ts';

/** What reads texts that somebody else wrote, where all else waits for it. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  buildTerminalContext,
  compareAfterCompaction: (text) => compareAfterCompaction({ todos: [], files: [text, 'a.b'] }, text),
  fileReferences: (text) => fileReferences(text, 0),
  fillTemplate: (text) => fillTemplate(text, {}),
  findDraftPlace: (text) => [
    findDraftPlace(parseDraft('---\n\n---\n'), text, 1, text.length),
    findDraftPlace(parseDraft(''), text, 1, text.length),
  ],
  findMentions,
  handoffTitle: (text) => handoffTitle(text, text),
  parseApproaches,
  parseChain,
  parseCompactDraft,
  parseDiff,
  parseDraft: (text) => parseDraft(`---\n${text}`),
  parseJsonc: (text) => {
    try {
      return parseJsonc(text);
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  },
  plainLine,
  plainTerminalText,
  planUnrevert,
  readConfigurationOutput,
  readTypedPrompt: (text) => readTypedPrompt(text, []),
  readable: (text) => toolOf('task').readable(toolOf('read').readable(text)),
  reconstructSides: (text) =>
    [undefined, text].map((current) => reconstructSides(text, current, new Padding())),
  showUnseen,
  withoutMarkup,
  withoutQuotedFile,
};

/** Pieces of what these look for. */
const signs = '[]()<>{}"\'`*_~#@/\\.,:;|+- \t\n\r!&=a1é'.split('');
const words = [
  '](',
  '](<',
  ' "',
  '@"',
  '/*',
  '//',
  '```',
  '~~~',
  '## ',
  '{{a',
  '@@ -1 +1 @@\n',
  'diff --git ',
];
const frames = ['--- a/', '+++ b/', '\u001b[', '\u001b]', '<task ', '<path>', 'Config file at ', ' then '];
const pieces = [...signs, ...words, ...frames, '--- JSONC Input ---\n'];

/**
 * For 32 times as much it takes 32 times as long where the work grows with the text, some times that where it wants memory,
 * and 1,024 times where it grows with its square.
 */
const bounds = { least: 0.05, most: 300 };

const texts = fc.record({
  head: fc.constantFrom('', ...pieces),
  again: fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 3 }).map((all) => all.join('')),
  tail: fc.constantFrom('', 'x', '\u0000', ' '),
});

describe('A long text', () => {
  for (const [name, read] of Object.entries(readers)) {
    it(`takes time by its length in ${name}, whatever it repeats`, function () {
      this.timeout(120_000);
      const property = fc.property(texts, ({ head, again, tail }) => {
        const textOf = (length: number): string => `${head}${again.repeat(length / again.length)}${tail}`;
        return growth(read, textOf(2000), textOf(64_000), bounds) < bounds.most;
      });
      fc.assert(property, { numRuns: 100 });
    });
  }

  it('has brackets and points by the thousand behind a mention', () => {
    assert.deepEqual(findMentions(`@src/a.ts${').'.repeat(50_000)}`), [{ name: 'src/a.ts' }]);
    assert.deepEqual(findMentions(`@${'('.repeat(50_000)}${')'.repeat(50_001)}`), [
      { name: `${'('.repeat(50_000)}${')'.repeat(50_000)}` },
    ]);
  });

  it('has more lines than a call takes arguments', () => {
    const lines = 'line\n'.repeat(300_000);
    const { before } = reconstructSides('@@ -300000 +300000 @@\n-old\n+line\n', lines, new Padding());
    assert.equal(before, `${'line\n'.repeat(299_999)}old\n`);
    const added = `@@ -0,0 +1,300000 @@\n${'+a\n'.repeat(300_000)}`;
    assert.equal(reconstructSides(added, undefined, new Padding()).after, 'a\n'.repeat(300_000).trimEnd());
    assert.match(buildTerminalContext('` '.repeat(300_000)), /^From the terminal:\n\n```\n/);
  });

  it('has a diff at lines that no file has', () => {
    const patch =
      '@@ -999999999,1 +999999999,1 @@\n-old\n+new\n@@ -9999999999999 +9999999999999 @@\n-two\n+three\n';
    const [first, second] = ['@@ -999999999,1 +999999999,1 @@', '@@ -9999999999999 +9999999999999 @@'];
    for (const current of [undefined, 'a\nb']) {
      assert.deepEqual(reconstructSides(patch, current, new Padding()), {
        before: `${first}\nold\n${second}\ntwo`,
        after: `${first}\nnew\n${second}\nthree`,
      });
    }
  });
});
