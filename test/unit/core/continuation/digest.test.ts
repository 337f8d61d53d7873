import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { readAnswer } from '../../../../src/core/continuation/digest/answer.ts';
import type { FieldKind } from '../../../../src/core/continuation/digest/fieldWords.ts';
import { readMarkdown } from '../../../../src/core/continuation/digest/markdown.ts';
import { sayLong, sayShort } from '../../../../src/core/continuation/digest/say.ts';
import { cutText, splitSentences } from '../../../../src/core/continuation/digest/sentences.ts';
import { estimateTokens } from '../../../../src/core/continuation/digest/tokenEstimate.ts';
import {
  parseCompactDraft,
  printCompactDraft,
} from '../../../../src/core/continuation/drafts/compactDraft.ts';
import { parseDraft, printDraft } from '../../../../src/core/continuation/drafts/draft.ts';
import { compactBody, handOffBody, relayBody } from '../../../../src/core/continuation/drafts/draftBody.ts';
import { parseChain, printChain } from '../../../../src/core/continuation/drafts/relayChain.ts';
import { type Gathered, toGathered } from '../../../../src/core/continuation/gathered.ts';
import { shorten } from '../../../../src/core/continuation/shorten.ts';
import { suggestGoal } from '../../../../src/core/continuation/suggestGoal.ts';
import { anAnswer, aSession, aTodo, aUserMessage } from '../builders.ts';

const say = (text: string, tokens = 1000): string => sayShort(readMarkdown(text), tokens);

/** A session of one turn. */
function gather(asked: string, answer: string, todos: readonly string[] = []): Gathered {
  return toGathered({
    session: aSession({ id: 'ses_1', title: asked }),
    messages: [aUserMessage('m1', { text: asked }), anAnswer('m2', 'm1', { text: answer })],
    todos: todos.map((content) => aTodo(content)),
    toolIds: [],
    git: undefined,
    missingFiles: [],
  });
}

describe('a digest', () => {
  it('says prose only: code, tables and pictures are named', () => {
    const text =
      'It works:\n\n```ts\nconst a = 1;\n```\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\n![A cat](cat.png) sits.';
    assert.equal(say(text), 'It works [1 line of ts]. [picture: A cat] sits.');
    assert.equal(
      sayLong(readMarkdown(text), 1000),
      'It works:\n\n[1 line of ts]\n\n[table: a, b; 1 row]\n\n[picture: A cat] sits.',
    );
  });

  it('keeps the beginning and the end, in whole sentences', () => {
    const text = 'The limiter stands by itself. It is small. It is fast. The tests are left. Shall I go on?';
    assert.equal(say(text, 16), 'The limiter stands by itself. … Shall I go on?');
    assert.equal(say(text), text);
  });

  it('makes headings bold and keeps lists, cut at the border of a block', () => {
    const text = '# A\n\nFirst.\n\n- one\n  - below\n- two\n\n## B\n\nLonger words stand here.\n\nEnd.';
    assert.equal(
      sayLong(readMarkdown(text), 1000),
      '**A**\n\nFirst.\n\n- one\n  - below\n- two\n\n**B**\n\nLonger words stand here.\n\nEnd.',
    );
    assert.equal(sayLong(readMarkdown(text), 11), '**A**\n\nFirst.\n\n- one\n  - below\n- two\n\n…\n\nEnd.');
  });

  it('makes nothing of raw HTML and of comments', () =>
    assert.equal(
      say('<b>Bold</b><br>text <!-- hidden\n\nmore --> `<i>` and Array<string>.'),
      'Bold text `<i>` and Array<string>.',
    ));

  it('knows where sentences end in scripts without spaces, behind abbreviations and before code', () => {
    assert.deepEqual(splitSentences('直しました。「終わり」です。次は何ですか？'), [
      '直しました。',
      '「終わり」です。',
      '次は何ですか？',
    ]);
    assert.deepEqual(splitSentences('Siehe z. B. Abschnitt 3. Er ist neu.'), [
      'Siehe z. B. Abschnitt 3. Er ist neu.',
    ]);
    assert.deepEqual(splitSentences('Found it. `run()` is slow, e.g. Here.'), [
      'Found it.',
      '`run()` is slow, e.g. Here.',
    ]);
    assert.deepEqual(splitSentences('Use `a. B` here.'), ['Use `a. B` here.']);
  });

  it('never cuts within a character, and no span of code in two', () => {
    const family = '👩‍👩‍👧‍👦';
    for (let tokens = 1; tokens < 40; tokens++) {
      const cut = cutText(`${family.repeat(20)}e\u0301`, tokens).replace(/…$/, '');
      assert.equal(cut.replaceAll(family, '').replace('e\u0301', ''), '');
    }
    assert.equal(cutText('Call `someVeryLongFunctionName(withArguments)` now', 6), 'Call…');
    assert.equal(shorten(`ab ${family}`, 6), 'ab…');
  });
});

describe('the fields of an answer', () => {
  const languages: Readonly<
    Record<string, readonly [decided: string, failed: string, next: string, careful: string, open: string]>
  > = {
    English: ['Decisions', 'What failed', 'Next steps', 'Caveats', 'Open questions'],
    German: [
      'Entscheidungen',
      'Was nicht funktioniert hat',
      'Nächste Schritte',
      'Zu beachten',
      'Offene Fragen',
    ],
    French: [
      'Décisions',
      'Ce qui n’a pas marché',
      'Prochaines étapes',
      'Points d’attention',
      'Questions ouvertes',
    ],
    Spanish: ['Decisiones', 'Lo que no funcionó', 'Próximos pasos', 'Cuidado', 'Preguntas abiertas'],
    Portuguese: ['Decisões', 'O que não funcionou', 'Próximos passos', 'Atenção', 'Em aberto'],
    Italian: ['Decisioni', 'Cosa non ha funzionato', 'Prossimi passi', 'Attenzione', 'Domande aperte'],
    Japanese: ['決定事項', 'うまくいかなかったこと', '次のステップ', '注意点', '未解決の問題'],
    Chinese: ['决策', '行不通', '下一步', '注意', '待确认'],
    Korean: ['결정 사항', '실패한 시도', '다음 단계', '주의 사항', '열린 질문'],
    Russian: ['Принятые решения', 'Не сработало', 'Следующие шаги', 'Важно', 'Нерешённое'],
  };
  const kinds: readonly FieldKind[] = ['decided', 'failed', 'next', 'careful', 'open'];
  const shapes: Readonly<Record<string, (label: string, word: string) => string>> = {
    'a heading': (label, word) => `## ${label}\n\n- ${word}`,
    'a numbered heading': (label, word) => `### 3. ${label} ⚠️\n\n${word}`,
    'a bold lead word': (label, word) => `**${label}:** ${word}`,
    'a bold lead word before its colon': (label, word) => `**${label}**: ${word}`,
    'a plain lead word': (label, word) => `${label}: ${word}`,
    'a wide colon': (label, word) => `${label}：${word}`,
    'a bold line before a list': (label, word) => `**${label}**\n\n1. ${word}`,
    'a line that announces a list': (label, word) => `${label}:\n- ${word}`,
    'an item of a list': (label, word) => `- **${label}:** ${word}`,
  };

  for (const [language, labels] of Object.entries(languages)) {
    it(`are known by their ${language} names, however they are written`, () => {
      for (const [shape, write] of Object.entries(shapes)) {
        const text = labels.map((label, index) => write(label, `word${index}`)).join('\n\n');
        const { fields, prose } = readAnswer(`Prose.\n\n${text}`);
        for (const [index, kind] of kinds.entries()) {
          assert.deepEqual(fields[kind], [`word${index}`], `${shape}: ${labels[index]}`);
        }
        assert.equal(sayShort(prose, 100), 'Prose.', shape);
      }
    });
  }

  it('end with the next heading of their level, and take what lies below them', () => {
    const { fields, prose } = readAnswer(
      '## Next steps for the parser\n### Soon\n- a\n### Later\n- b\n## Notes\nProse.',
    );
    assert.deepEqual(fields.next, ['a', 'b']);
    assert.equal(sayLong(prose, 100), '**Notes**\n\nProse.');
  });

  it('leave out what is ticked, and numbers without words', () => {
    assert.deepEqual(readAnswer('Next:\n- [x] done\n- [ ] to do').fields.next, ['to do']);
    assert.deepEqual(readAnswer('Passed: 120\nFailed: 3').fields.failed, []);
  });

  it('are told apart where they stand line by line, also right below a list', () => {
    const { fields } = readAnswer('Decided: a\nFailed: b\n\nNext:\n- c\n**Open:** d');
    assert.deepEqual([fields.decided, fields.failed, fields.next, fields.open], [['a'], ['b'], ['c'], ['d']]);
  });

  it('take warnings as GitHub writes them, and sentences that say what is next', () => {
    const { fields } = readAnswer('> [!CAUTION]\n> Hot.\n\nIt works. Next, I would write the tests.');
    assert.deepEqual(fields.careful, ['Hot.']);
    assert.deepEqual(fields.next, ['I would write the tests.']);
  });

  it('do not take a word for a label that only begins like one', () => {
    const { fields, prose } = readAnswer('Next.js is used. Opening hours: 9 to 5.\n\nImportantly: no.');
    assert.deepEqual(Object.values(fields).flat(), []);
    assert.equal(sayShort(prose, 100), 'Next.js is used. Opening hours: 9 to 5. Importantly: no.');
  });
});

describe('the goal that is suggested', () => {
  it('is the first open todo, else what the answer calls next, else nothing', () => {
    assert.equal(suggestGoal(gather('Do it.', 'Next: write tests', ['Fuzz\nit'])), 'Fuzz it');
    assert.equal(suggestGoal(gather('Do it.', 'Done.\n\n**Next:**\n1. Write tests\n2. Ship')), 'Write tests');
    assert.equal(suggestGoal(gather('Do it.', 'Done.')), '');
  });
});

describe('what is said of hostile texts', () => {
  const marks = [
    '`',
    '```',
    '~~~',
    '\n',
    '\n\n',
    '---\n',
    '# ',
    '## build',
    '> ',
    '- ',
    '1. ',
    '|',
    '**',
    '<b>',
    '<!--',
    '\0',
    '\u202e',
    '\u2066',
    '\ud800',
    '\u2028',
    '\r',
    'agent: x',
    'Next:',
    '[',
    '](',
    '👩‍👩‍👧‍👦',
    'e\u0301',
    'מלה',
    '漢字。',
    ' ',
    'word',
  ];
  const hostile = fc
    .array(fc.oneof(fc.constantFrom(...marks), fc.string({ maxLength: 8 })), { maxLength: 60 })
    .map((pieces) => pieces.join(''));

  it('leaves every document as it was built', () => {
    fc.assert(
      fc.property(
        hostile,
        hostile,
        hostile,
        fc.constantFrom('short' as const, 'long' as const),
        (asked, answer, todo, form) => {
          const gathered = gather(asked, answer, [todo]);
          const options = { form, goal: suggestGoal(gathered), agent: 'build' };
          const body = handOffBody(gathered, undefined, options, undefined);
          const draft = { agent: 'build', body };
          assert.deepEqual(parseDraft(printDraft(draft)), {
            ...parseDraft(printDraft(draft)),
            draft,
            faults: [],
          });
          const context = relayBody(gathered, { agent: 'plan', prompt: '' }, undefined);
          assert.doesNotMatch(context, /\n/);
          const legs = [
            { agent: 'build', prompt: context },
            { agent: 'plan', prompt: '' },
          ];
          assert.deepEqual(
            parseChain(printChain(legs)).map(({ agent, prompt }) => ({ agent, prompt })),
            legs,
          );
          const guidance = compactBody(gathered, 'build', undefined);
          assert.deepEqual(parseCompactDraft(printCompactDraft({ guidance, message: 'Go on.' })), {
            guidance,
            message: 'Go on.',
          });
        },
      ),
      { numRuns: 400 },
    );
  });

  it('has no half of a block, no heading but its own, and nothing that cannot be seen', () => {
    fc.assert(
      fc.property(hostile, hostile, (asked, answer) => {
        const body = handOffBody(
          gather(asked, answer),
          undefined,
          { form: 'long', goal: '', agent: 'build' },
          undefined,
        );
        assert.doesNotMatch(body, /```|[\0\r\u2028\u202a-\u202e\u2066-\u2069]/);
        assert.ok(body.isWellFormed());
        const headings = readMarkdown(body).filter(({ kind }) => kind === 'heading' || kind === 'code');
        assert.equal(headings.length, 1);
      }),
      { numRuns: 400 },
    );
  });

  const large: Readonly<Record<string, string>> = {
    'a megabyte of words': 'word and word. '.repeat(70_000),
    'a line of 50,000 letters': 'a'.repeat(50_000),
    'a table of 500 rows': `| a | b |\n|---|---|\n${'| cell | cell |\n'.repeat(500)}`,
    'a code block without an end': `Here:\n\n\`\`\`\n${'code\n'.repeat(5000)}`,
    'brackets without an end': '['.repeat(100_000),
    'quotations in each other': '>'.repeat(20_000),
    'lists in each other': Array.from({ length: 300 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n'),
    'a thousand labels': 'Next: something\n\n'.repeat(1000),
    'comments without an end': '<!--'.repeat(50_000),
    'one sentence of scripts without spaces': '漢'.repeat(40_000),
  };
  for (const [name, text] of Object.entries(large)) {
    it(`stays short: ${name}`, () => {
      const gathered = gather(text, text);
      const short = handOffBody(gathered, undefined, { form: 'short', goal: '', agent: 'build' }, undefined);
      assert.ok(estimateTokens(short) <= 200, `${estimateTokens(short)} tokens`);
      const long = handOffBody(gathered, undefined, { form: 'long', goal: '', agent: 'build' }, undefined);
      assert.ok(estimateTokens(long) <= 2000, `${estimateTokens(long)} tokens`);
    });
  }

  it('keeps the end of a long answer, behind a code block that is not quoted', () => {
    const answer = `The beginning.\n\n\`\`\`\n${'code\n'.repeat(20_000)}\`\`\`\n\nShall I go on?`;
    assert.match(
      relayBody(gather('Do it.', answer), { agent: 'plan', prompt: '' }, undefined),
      /"The beginning\. Shall I go on\?"/,
    );
  });

  it('keeps the prose behind a code block that somebody forgot to end, and no code', () => {
    const code = 'Like this:\n\n```js\nconst a = 1;\n\nrun(a);';
    assert.equal(say(code), 'Like this [3 lines of js].');
    assert.equal(
      say(`${code}\n\nI could not run it on Windows here, so please try it there.`),
      'Like this [3 lines of js]. I could not run it on Windows here, so please try it there.',
    );
  });

  it('leaves text that is read from right to left as it is', () => {
    const text = 'תוקן. העגלה נשמרה\u200f, והיא עובדת.';
    assert.equal(say(text), text);
  });
});
