import assert from 'node:assert/strict';
import { assertLinear } from '../growth.ts';
import { clampToEnd } from '../../../src/core/entries/clampedText.ts';
import { drawTerminal, plainTerminalText, withoutSequences } from '../../../src/core/entries/terminalText.ts';

const escape = '\u001b';

describe('The output of a terminal program', () => {
  it('leaves nothing of any sequence', () => {
    const sequences = [
      '[?25l',
      '[?2004h',
      '[m',
      '[0m',
      '[1;31m',
      '[38;5;3m',
      '[38:2::1:2:3m',
      '[>4;2m',
      '[0 q',
      '[!p',
      '[?1$p',
      '[=1u',
      '[>c',
      '(B',
      ')0',
      '*A',
      '%G',
      '#8',
      ' F',
      '=',
      '>',
      '7',
      'H',
      'N',
      '\\',
      ']0;a title\u0007',
      ']8;;https://a.example\u001b\\',
      ']133;A\u001b\\',
      ']11;?\u009c',
      'Pq#0;2;0;0;0~~@@vv\u001b\\',
      '_Ga=T;AAAA\u001b\\',
      '^private\u001b\\',
      'Xstring\u001b\\',
    ].map((sequence) => escape + sequence);
    const single = [
      '\u009b31m',
      '\u009d0;title\u0007',
      '\u0090q~\u009c',
      '\u0007',
      '\u0000',
      '\u000e',
      '\u007f',
      '\u0084',
    ];
    for (const sequence of [...sequences, ...single]) {
      assert.equal(plainTerminalText(`a${sequence}b`), 'ab', JSON.stringify(sequence));
      assert.equal(withoutSequences(`a${sequence}b`), 'ab', JSON.stringify(sequence));
      // Where it is cut off, nothing is left of it, either.
      for (let end = 1; end < sequence.length; end += 1) {
        const shown = plainTerminalText(`a${sequence.slice(0, end)}`);
        assert.equal(shown, 'a', JSON.stringify(sequence.slice(0, end)));
      }
    }
  });

  it('goes on behind a sequence that is broken, with the next line at the latest', () => {
    assert.equal(plainTerminalText(`a${escape}[31é`), 'aé');
    assert.equal(plainTerminalText(`a${escape}]0;never ended\nb`), 'a\nb');
    assert.equal(plainTerminalText(`${escape}${escape}[31mred`), 'red');
    assert.equal(plainTerminalText(`a${escape}[3\nb`), 'a\nb');
  });

  it('ends in its last state where it writes over its lines', () => {
    const outputs: Readonly<Record<string, string>> = {
      'of a bar with returns': 'one  10%\rone  55%\rone 100%\ndone',
      'of a line that is shorter than what it replaces': 'Downloading a.tgz\rdone\u001b[K',
      'of two bars of docker':
        'a: pull\nb: pull\n\u001b[2A\u001b[2Ka: done\r\u001b[1B\u001b[2Kb: done\r\u001b[1B',
      'of npm': '⠋ idealTree\u001b[1G\u001b[0K⠙ reify\u001b[1G\u001b[0Kadded 3 packages',
      'of a list that is drawn anew': '- a\n- b\n\u001b[1A\u001b[2K\u001b[1A\u001b[2K\u001b[G+ a\n+ b\n',
      'of a spinner': 'Working |\b/\b-\b\\\b ',
      'of a screen that is cleared': 'old\nlines\n\u001b[H\u001b[2Jnew',
      'of one that is cleared below': 'head\nold\nold\n\u001b[2A\u001b[Jnew',
      'with a place kept': 'Step \u001b7one\u001b8two',
      'with one that is named': 'a\nb\nc\u001b[2;1HB',
      'with ends of lines of Windows': 'a\r\nb\r\r\nc',
    };
    const left = {
      'of a bar with returns': 'one 100%\ndone',
      'of a line that is shorter than what it replaces': 'done',
      'of two bars of docker': 'a: done\nb: done\n',
      'of npm': 'added 3 packages',
      'of a list that is drawn anew': '+ a\n+ b\n',
      'of a spinner': 'Working  ',
      'of a screen that is cleared': 'new',
      'of one that is cleared below': 'head\nnew',
      'with a place kept': 'Step two',
      'with one that is named': 'a\nB\nc',
      'with ends of lines of Windows': 'a\nb\nc',
    };
    assert.deepEqual(
      Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, plainTerminalText(output)])),
      left,
    );
  });

  it('keeps characters whole that are more than one letter', () => {
    assert.equal(plainTerminalText('👩‍🚀 up\r😀'), '😀 up');
    assert.equal(plainTerminalText('e\u0301a\re\u0301b'), 'e\u0301b');
  });

  it('has each stretch in its style', () => {
    const screen = drawTerminal('a\u001b[31mb\u001b[0mc\rX', '', (_, numbers) => numbers);
    assert.deepEqual(screen.stretches, [
      { text: 'X', style: '0' },
      { text: 'b', style: '31' },
      { text: 'c', style: '0' },
    ]);
  });

  it('is not cut inside of a sequence where only its end is shown', () => {
    const output = `${'x'.repeat(50)}\u001b[1;31mred`;
    for (let limit = 3; limit < 11; limit += 1)
      assert.equal(plainTerminalText(clampToEnd(output, limit).text), 'red');
  });

  it('is drawn in the time of its length, however it moves', () => {
    const pieces = [
      '\u001b[999Ca',
      'a\r',
      'a\n\u001b[99A',
      '\u001b[1Ka',
      '\u001b[2Ka',
      '\u001b[50;99Ha',
      '\u001b[31ma',
      '\u001b]',
      '\u001b[1Jé',
      'ab\u001b[P',
      '\u001b[1;',
      '\u001bP',
      '\u001b[Xa',
    ];
    for (const piece of pieces) {
      assertLinear(piece, 20_000, (text) => void plainTerminalText(text));
    }
  });
});

describe('A text that is read', () => {
  it('keeps all of its words where it is no terminal that they were written for', () => {
    assert.equal(withoutSequences('a\rb\tc\r\n\u001b[31md\u001b[0m'), 'a\rb\tc\r\nd');
    assert.equal(withoutSequences('a\u001b[2K\u001b[1Ab'), 'ab');
  });
});
