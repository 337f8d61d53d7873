import assert from 'node:assert/strict';
import { findMentions, toMention } from '../../../src/core/prompts/promptText.ts';
import {
  placesOf,
  standingMentions,
  toSessionWord,
  withSessionIds,
} from '../../../src/core/prompts/takenMentions.ts';
import type { TakenMention } from '../../../src/protocol/page/composer.ts';

const file = (path: string): TakenMention => ({ kind: 'file', word: toMention(path), label: path });

const session = (title: string, sessionId = 'ses_1'): TakenMention => ({
  kind: 'session',
  word: toSessionWord(title),
  label: title,
  sessionId,
});

describe('mentions that were taken', () => {
  it('stand in a text by their whole words, in its order, each once', () => {
    const taken = [file('src/a.ts'), file('src/a.tsx'), file('My notes.md'), session('Sign in')];
    const labels = (text: string) => standingMentions(text, taken).map(({ label }) => label);
    assert.deepEqual(labels('see @src/a.tsx'), ['src/a.tsx']);
    assert.deepEqual(labels('@"Sign in", (@src/a.ts) and @src/a.ts.'), ['Sign in', 'src/a.ts']);
    assert.deepEqual(labels('@"My notes.md"'), ['My notes.md']);
    assert.deepEqual(labels('mail me@src/a.ts, and src/a.ts'), []);
  });

  it('are found with the blank behind them, to be taken out', () => {
    const text = 'see @src/a.ts and @src/a.tsx, @src/a.ts';
    const places = placesOf(file('src/a.ts'), text);
    const without = places
      .toReversed()
      .reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
    assert.equal(without, 'see and @src/a.tsx, ');
  });

  it('send sessions by title and id, whatever stands in their titles, and all else as it is written', () => {
    const titles = [
      'Sign in',
      'Fix [a] (b)',
      'Say "hello"',
      'תיקון הסל',
      '@src/a.ts',
      'two  blanks',
      '🛒 #12',
    ];
    for (const title of titles) {
      const mention = session(title, 'ses_x');
      const text = `Look at ${mention.word}, then @src/a.ts and @"My notes.md".`;
      assert.equal(
        withSessionIds({ text, mentions: [file('src/a.ts'), mention] }),
        `Look at “${title}” (ses_x), then @src/a.ts and @"My notes.md".`,
      );
    }
    const text = '@"Sign in" @"Sign in" @"Other"';
    assert.equal(
      withSessionIds({ text, mentions: [session('Sign in')] }),
      '“Sign in” (ses_1) “Sign in” (ses_1) @"Other"',
    );
    assert.equal(withSessionIds({ text }), text);
  });

  it('name no file where they name a session', () => {
    const mention = session('notes.md');
    const sent = withSessionIds({ text: `see ${mention.word}`, mentions: [mention] });
    assert.deepEqual(findMentions(sent), []);
  });
});
