import assert from 'node:assert/strict';
import { cutMiddle, plainLabel, plainLine, showGaps, showUnseen } from '../../../src/core/plainText.ts';
import { assertLinear } from '../growth.ts';

/** How VS Code 1.139 finds links in notifications, progress and input boxes, and icons in quick picks and lenses. */
const editorLink = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
const editorIcon = /(\\)?\$\([a-z0-9-]+(?:~[a-z]+)?\)/gi;

describe('a plain line', () => {
  const links = [
    '[See both layouts](command:workbench.action.terminal.new?%7B%7D "Compare")',
    '[[a]](command:x)',
    '[a\n b](command:x)',
    '[a](COMMAND:x)',
    '[a](file:///etc/passwd)',
    "[a](https://example.com 'title')",
    'f[0](command:x) [b](http://x)](command:y)',
    '[a]\r\n(command:x)',
    '[a]\u200b(command:x)',
    '](command:x)',
    '[a](vscode:extension/x)',
    '[a](\u200bcommand:x)',
  ];
  for (const text of links) {
    it(`is no link: ${JSON.stringify(text)}`, () => {
      assert.doesNotMatch(plainLine(text), editorLink);
      assert.doesNotMatch(plainLine(text), /\]\(/);
    });
  }

  it('stays plain where it is made plain again, or stands between other texts', () => {
    const once = plainLine('[a](command:x) \u202e');
    assert.equal(plainLine(once), once);
    assert.equal(plainLine(`[${once}`), `[${once}`);
  });

  it('is no longer than a line can be read', () => {
    for (const text of ['a b', '\u202e', '👩‍', '](command:']) {
      assert.ok(plainLine(text.repeat(100_000)).length < 13_000);
    }
  });

  it('is one line of single spaces', () => {
    assert.equal(plainLine('  a\r\n\tb\u00a0 c\u2028d\ufeffe '), 'a b c d e');
  });

  it('leaves all else as it was written', () => {
    const text = 'Run [ -f "$HOME/a b" ] && echo "$x" (naïve, 日本語, שלום)?';
    assert.equal(plainLine(text), text);
  });
});

describe('a plain label', () => {
  it('is shown by the editor as it was written, without an icon', () => {
    for (const text of ['$(check) allowed', '$$(x)', String.raw`\$(sync~spin)`, 'echo $(date) $(rm -rf x)']) {
      const shown = plainLabel(text).replaceAll(editorIcon, (icon, escaped?: string) =>
        escaped === undefined ? '' : icon.slice(1),
      );
      assert.equal(shown, text);
    }
  });

  it('is no link either', () => {
    assert.equal(plainLabel('[a](command:x)'), '[a] (command:x)');
  });
});

describe('marks that cannot be seen', () => {
  it('are written out', () => {
    assert.equal(showUnseen('a\u202eb\u2066c\u2069'), 'a\\u202eb\\u2066c\\u2069');
    assert.equal(
      showUnseen('a\u200bb\u200dc\u200c\u00ad\u2800\u3164'),
      'a\\u200bb\\u200dc\\u200c\\u00ad\\u2800\\u3164',
    );
    assert.equal(showUnseen('\u001b[31mred\u0007\u0000'), '\\u001b[31mred\\u0007\\u0000');
    assert.equal(showUnseen('\u{e0041}\ud800x\ufe0f'), '\\u{e0041}\\ud800x\\ufe0f');
    assert.equal(showUnseen('over\rwritten'), 'over\\u000dwritten');
  });

  it('stay in emoji and in scripts that are written with them', () => {
    for (const text of ['👩‍💻 ❤️ 1️⃣', 'می‌خواهم', 'क्‍ष', 'a\n\tb']) assert.equal(showUnseen(text), text);
    assert.equal(showUnseen('می\u200crm'), 'می\\u200crm');
  });
});

describe('a line that is cut in the middle', () => {
  it('keeps beginning and end', () => {
    const line = `echo "${'x'.repeat(1000)}" && touch hidden-file`;
    assert.equal(cutMiddle(line, 40), `echo "${'x'.repeat(14)} … && touch hidden-file`);
  });

  it('halves no character', () => {
    assert.doesNotMatch(cutMiddle('😀'.repeat(200), 11), /\p{Cs}/u);
  });

  it('is left alone where it is short', () => {
    assert.equal(cutMiddle('short', 5), 'short');
  });
});

describe('a gap in a text', () => {
  it('is written out where it would push the rest out of sight, and only there', () => {
    assert.equal(showGaps(`ls${'\n'.repeat(300)}touch x`), 'ls\n⏎ ×300\ntouch x');
    assert.equal(showGaps(`ls${'\n \t'.repeat(300)}touch x`), 'ls\n⏎ ×300\n \ttouch x');
    assert.equal(showGaps(`ls${' \u00a0'.repeat(50)}&& touch x`), 'ls ␠ ×100 && touch x');
    const usual = `if a:\n\n\n\n\n${' '.repeat(32)}b`;
    assert.equal(showGaps(usual), usual);
  });

  it('is found in a time that grows with the text, also in one that is made against it', () => {
    for (const piece of ['\n \n', `${' '.repeat(39)}x`, `${'\n'.repeat(5)}x`, `\n${' '.repeat(30)}`]) {
      assertLinear(piece, 20_000, (text) => void showGaps(text));
    }
    assertLinear(
      (length) => `${'\n'.repeat(5)}${' '.repeat(length)}x`,
      20_000,
      (text) => void showGaps(text),
    );
  });
});
