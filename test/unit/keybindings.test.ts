import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultKeys } from './defaultKeys.ts';

interface Keybinding {
  readonly command: string;
  readonly key: string;
  readonly mac?: string;
  readonly when?: string;
}

const root = join(import.meta.dirname, '..', '..');
const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  contributes: { commands: { command: string; title: string }[]; keybindings: Keybinding[] };
};
const { commands, keybindings } = contributes;

const systems = ['windows', 'linux', 'mac'] as const;
const modifiers = ['ctrl', 'shift', 'alt', 'cmd', 'meta', 'win'];

/** The editor and its users write modifiers in any order. */
function normalise(key: string): string {
  const parts = key.split('+');
  const held = parts.slice(0, -1).toSorted((a, b) => modifiers.indexOf(a) - modifiers.indexOf(b));
  return [...held, parts.at(-1)].join('+');
}

function keyOn({ key, mac }: Keybinding, system: (typeof systems)[number]): string {
  return normalise(system === 'mac' ? (mac ?? key) : key);
}

/** What every list of the editor binds so, for its own rows; ours for ours, and for drafts. */
const likeOthers: Readonly<Record<string, RegExp>> = {
  delete: /^focusedView == opencodeSessions\.(?:sessions|todos) && listFocus && !inputFocus$/,
  'cmd+backspace': /^focusedView == opencodeSessions\.(?:sessions|todos) && listFocus && !inputFocus$/,
  f2: /^focusedView == opencodeSessions\.(?:sessions|todos) && listFocus && !inputFocus$/,
  // A row of the todos opens nothing and has a box; lines of an editor are moved so.
  enter: /^focusedView == opencodeSessions\.todos && listFocus && !inputFocus$/,
  space: /^focusedView == opencodeSessions\.todos && listFocus && !inputFocus$/,
  'alt+up': /^focusedView == opencodeSessions\.todos && listFocus && !inputFocus$/,
  'alt+down': /^focusedView == opencodeSessions\.todos && listFocus && !inputFocus$/,
  'ctrl+enter':
    /^focusedView == opencodeSessions\.sessions && listFocus|editorLangId == opencode-prompt$|resourceScheme == opencode-prompt\b/,
  // In the find field it replaces all; there a draft has no focus.
  'ctrl+alt+enter': /^editorTextFocus && editorLangId == opencode-prompt\b/,
  'alt+cmd+enter': /^editorTextFocus && editorLangId == opencode-prompt\b/,
  'cmd+enter':
    /^focusedView == opencodeSessions\.sessions && listFocus|editorLangId == opencode-prompt$|resourceScheme == opencode-prompt\b/,
};

/** The kinds of keys for which all defaults are known to the test. */
const judged = /^(?:(?:(?:ctrl|shift|alt|cmd)\+){2,}[a-z]|[^a-z\d+])$/;

describe('the keys', () => {
  for (const system of systems) {
    it(`collide with none of the editor's own on ${system}`, () => {
      const taken = new Set(defaultKeys[system].split(' ').map(normalise));
      assert.ok(taken.size > 30);
      for (const keybinding of keybindings) {
        const key = keyOn(keybinding, system);
        const like = likeOthers[key];
        if (like === undefined) {
          assert.match(key, judged, `nothing is known of the defaults for ${key}`);
          assert.ok(!taken.has(key), `${key} of ${keybinding.command} is the editor's own`);
        } else assert.match(keybinding.when ?? '', like, `${key} of ${keybinding.command}`);
      }
    });

    it(`are each for one thing at a place on ${system}`, () => {
      const places = keybindings.map((one) => `${keyOn(one, system)} when ${one.when ?? ''}`);
      assert.equal(new Set(places).size, places.length);
      const global = keybindings.filter(
        ({ when = '' }) => !/focusedView|activeWebview|editorLangId/.test(when),
      );
      const keys = new Set(global.map((one) => keyOn(one, system)));
      for (const one of keybindings.filter((other) => !global.includes(other))) {
        assert.ok(!keys.has(keyOn(one, system)), one.command);
      }
    });
  }

  it('do not ask for a folder of which nothing is known, nor act while something is typed', () => {
    for (const { command, when = '' } of keybindings) {
      assert.match(when, /focusedView|activeWebviewPanelId|editorLangId|connection/, command);
      if (when.startsWith('focusedView')) assert.match(when, /!inputFocus/, command);
    }
  });

  it('are all in the table of the README, for all systems', () => {
    const lines = readFileSync(join(root, 'README.md'), 'utf8').split('\n');
    const readable = (key: string): string =>
      normalise(key)
        .split('+')
        .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
        .join('+');
    for (const { command, key, mac } of keybindings) {
      const title = commands.find((one) => one.command === command)?.title ?? command;
      const row = lines.find((line) => line.startsWith(`| **${title}** `) && line.includes('`'));
      assert.ok(row, `${title} is not in the table`);
      for (const shown of [key, mac ?? key].map(readable)) {
        assert.ok(row.includes(`\`${shown}\``), `${shown} in ${row}`);
      }
    }
  });
});

describe('the titles in the palette', () => {
  const labels = commands.map(({ title }) => `OpenCode: ${title}`);

  /** The commands that the palette offers for these words, in the order in which it does. */
  const search = (words: string): readonly string[] =>
    labels.filter((label) => label.toLowerCase().includes(words)).toSorted((a, b) => a.localeCompare(b));

  it('hold the words that people search for', () => {
    for (const words of [
      'chat',
      'model',
      'agent',
      'variant',
      'settings',
      'help',
      'permission',
      'question',
      'focus',
      'prompt',
      'next',
      'previous',
      'filter',
      'search',
      'stop session',
      'archive session',
      'delete session',
      'rename session',
      'continue session',
      'undo',
      'fork',
      'hand off',
      'compact',
      'relay',
      'terminal',
      'log',
      'changes',
      'discard',
      'login',
      'provider',
      'retry',
      'connect',
      'brief',
      'service',
      'copy',
      'export',
      'markdown',
      'delivery',
      'stop all',
    ]) {
      assert.ok(search(words).length > 0, words);
    }
  });

  it('offer New Session first where somebody searches for it', () => {
    assert.equal(search('new session')[0], 'OpenCode: New Session…');
    assert.deepEqual(search('new').slice(0, 2), ['OpenCode: New Brief…', 'OpenCode: New Session…']);
  });

  it('stand alone: each says what it is about', () => {
    const alone =
      /\b(?:Session|Sessions|Brief|Message|Turn|Turns|Prompt|Draft|Relay|Relays|Todo|Todos|Server|OpenCode|Log|Agent|Model|Provider|Changes|File|Files|Approaches|Fork|Forks|Settings|Help|Permission|Summary|Hand Off|Revert|Resend|Companion|Findings|Document|Compare|Delivery|Deliveries|Automation|Automations|Problem)\b/;
    assert.deepEqual(
      labels.filter((label) => !alone.test(label.replace('OpenCode: ', ''))),
      [],
    );
    assert.equal(new Set(labels).size, labels.length);
  });
});
