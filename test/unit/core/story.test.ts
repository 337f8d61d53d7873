import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import type { Glance } from '../../../src/core/rows/glances.ts';
import { storyLinks } from '../../../src/core/rows/storyLinks.ts';
import { firstSentence, tellStory } from '../../../src/core/rows/story.ts';
import type { SessionFacts } from '../../../src/core/sessions/sessionRow.ts';
import { storyCommands } from '../../../src/manifest.ts';
import { aSession, aTodo } from './builders.ts';
import { aPermission } from './stores.ts';

const now = 1_795_000_000_000;
const minute = 60_000;
const links = storyCommands.map((command, index) => ({ title: `Link ${index}`, command }));

function someFacts(given: Partial<SessionFacts> = {}): SessionFacts {
  return {
    session: aSession({ id: 'ses_1', time: { created: now, updated: now - 5 * minute } }),
    title: 'Parser',
    origin: { kind: 'root', from: undefined },
    state: { kind: 'idle' },
    cost: 0,
    context: undefined,
    sourceTitle: undefined,
    now,
    ...given,
  };
}

const glance: Glance = {
  prompt: 'Count the cents',
  answer: '## Done\n\nThe sum is exact.',
  began: now - 2 * minute - 35_000,
  ended: now - 2 * minute,
  isStopped: false,
};

/** The Markdown as a reader sees it: what it links to, and what else but text stands in it. */
function read(markdown: string) {
  const tokens = new MarkdownIt({ html: true, linkify: true })
    .parse(markdown, {})
    .flatMap((token) => [token, ...(token.children ?? [])]);
  return {
    links: tokens.filter(({ type }) => type === 'link_open').map((token) => token.attrGet('href') ?? ''),
    types: new Set(tokens.map(({ type }) => type)),
    text: tokens
      .filter(({ type }) => type === 'text' || type === 'text_special')
      .map(({ content }) => content)
      .join(''),
  };
}

describe('the story of a session', () => {
  it('says in a few lines what a person wants to know of it', () => {
    const facts = someFacts({
      session: aSession({
        id: 'ses_1',
        time: { created: now, updated: now },
      }),
      origin: { kind: 'fork', from: 'ses_0' },
      sourceTitle: 'Lexer',
      changes: { files: 9, additions: 62, deletions: 4 },
      context: { used: 78, limit: 100 },
    });
    const todos = [aTodo('Count', 'completed'), aTodo('Round', 'completed')];
    const { text, links: shown } = read(tellStory({ facts, glance, todos }, links));
    for (const words of [
      'Parser · fork of “Lexer”',
      'Finished 2 min ago · 35 s · 78% of context',
      'Count the cents',
      'Done',
      '2/2 todos · 9 files +62 −4',
    ]) {
      assert.ok(text.includes(words), `${words} in ${text}`);
    }
    assert.deepEqual(
      shown,
      storyCommands.map((command) => `command:${command}?%5B%22ses_1%22%5D`),
    );
  });

  it('says what a session does, how it ended, and what it waits for', () => {
    const state = (given: Partial<SessionFacts>, seen: Glance | undefined = glance): string =>
      read(tellStory({ facts: someFacts(given), glance: seen, todos: undefined }, [])).text;
    assert.match(state({ state: { kind: 'busy' } }), /Working for 2 min 35 s/);
    assert.match(state({}, { ...glance, isStopped: true }), /Stopped 2 min ago/);
    assert.match(state({ state: { kind: 'unread' } }), /Finished 2 min ago, not looked at here yet/);
    const error = { name: 'APIError', data: { message: 'Overloaded' } };
    assert.match(state({ state: { kind: 'error', error } }), /Failed: Overloaded \(2 min ago\)/);
    const partial = { files: 1, additions: 2, deletions: 0, isPartial: true } as const;
    assert.match(state({ changes: partial }), /≥ 1 file \+2 −0/);
    const nobody = tellStory({ facts: someFacts(), glance: undefined, todos: undefined }, []);
    assert.match(read(nobody).text, /Idle, last active 5 min ago/);
  });

  it('leads to what helps a session as it stands, and to nothing that would be refused', () => {
    const names = (given: Partial<SessionFacts>, seen: Glance | undefined = glance): string[] => {
      const shown = storyLinks({ facts: someFacts(given), glance: seen });
      const commands: readonly string[] = storyCommands;
      assert.ok(shown.every(({ command }) => commands.includes(command)));
      return shown.map(({ title }) => title);
    };
    const waiting = { kind: 'permission', request: aPermission({ sessionID: 'ses_1' }) } as const;
    const error = { name: 'APIError', data: {} };
    assert.deepEqual(names({}), ['Open', 'Continue…', 'Copy Id']);
    assert.deepEqual(names({ state: { kind: 'permission', waiting } }), [
      'Open',
      'Answer…',
      'Continue…',
      'Copy Id',
    ]);
    const again = ['Open', 'Retry', 'Continue…', 'Copy Id'];
    assert.deepEqual(names({ state: { kind: 'error', error } }), again);
    assert.deepEqual(names({ state: { kind: 'idle', end: { kind: 'aborted' } } }, undefined), again);
    assert.deepEqual(names({}, { ...glance, isStopped: true }), again);
    assert.deepEqual(names({ firstPrompt: '' }), ['Open', 'Copy Id']);
    assert.deepEqual(names({ state: { kind: 'unknown' } }), ['Open', 'Copy Id']);
  });

  it('tells the first prompt of a session at which nobody has looked yet', () => {
    const story = tellStory(
      { facts: someFacts({ firstPrompt: 'Name the limiter' }), glance: undefined, todos: undefined },
      [],
    );
    assert.match(read(story).text, /Name the limiter/);
  });

  it('makes no link of a title, whatever it says', () => {
    for (const title of [
      '[x](command:y)',
      '[x]( command:y "z")',
      '![x](command:y)',
      '<command:y>',
      '<a href="command:y">x</a>',
      '[x][y]\n\n[y]: command:y',
      'https://example.com/a and www.example.com and a@example.com',
      '**[x**](command:y)',
      '`$(alert)` $(error)',
      String.raw`\[x\](command:y)`,
      '| a |\n| - |\n| [x](command:y) |',
    ]) {
      const story = tellStory({ facts: someFacts({ title }), glance: undefined, todos: undefined }, links);
      assert.equal(read(story).links.length, links.length, title);
    }
  });

  it('makes nothing of foreign words but text, whatever they are', () => {
    const foreign = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.stringMatching(/^[\][()!<>`*_#~|\\ a:$\n-]{0,40}$/),
    );
    const allowed = new Set([
      'paragraph_open',
      'paragraph_close',
      'inline',
      'text',
      'text_special',
      'strong_open',
      'strong_close',
      'blockquote_open',
      'blockquote_close',
      'link_open',
      'link_close',
    ]);
    fc.assert(
      fc.property(foreign, foreign, foreign, (title, prompt, answer) => {
        const facts = someFacts({
          title,
          sourceTitle: answer,
          origin: { kind: 'fork', from: 'a' },
          folder: prompt,
        });
        const story = tellStory({ facts, glance: { prompt, answer, isStopped: false }, todos: [] }, links);
        const { links: shown, types } = read(story);
        assert.equal(shown.length, links.length);
        assert.deepEqual(
          [...types].filter((type) => !allowed.has(type)),
          [],
        );
      }),
    );
  });

  it('keeps an id of a server within the argument of a link', () => {
    const facts = someFacts({ session: aSession({ id: 'ses_1) [x](command:y' }) });
    const { links: shown } = read(tellStory({ facts, glance: undefined, todos: undefined }, links));
    assert.equal(shown.length, links.length);
    const [, argument = ''] = String(shown[0]).split('?');
    assert.deepEqual(JSON.parse(decodeURIComponent(argument)), ['ses_1) [x](command:y']);
  });
});

describe('the first sentence of an answer', () => {
  it('is prose without its marks', () => {
    assert.equal(
      firstSentence('```ts\nconst a = 1;\n```\nThe **sum** is `exact`. It was not.'),
      'The sum is exact.',
    );
    assert.equal(firstSentence('# Done\nAll of it.'), 'Done');
    assert.equal(firstSentence('- See [the file](src/a.ts) first'), 'See the file first');
    assert.equal(firstSentence('| a | b |\n|---|---|\n\nVersion 1.2 is out! Yes.'), 'Version 1.2 is out!');
    assert.equal(firstSentence(''), '');
  });
});
