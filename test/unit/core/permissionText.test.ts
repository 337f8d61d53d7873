import assert from 'node:assert/strict';
import type { PermissionRequest } from '../../../src/protocol/records.ts';
import {
  type AskedLine,
  describeAlways,
  describePermission,
  permissionTitle,
} from '../../../src/core/requests/permissionText.ts';

const aRequest = (permission: string, patterns: string[], metadata = {}): PermissionRequest => {
  return { id: 'per_1', sessionID: 'ses_1', permission, patterns, always: [], metadata };
};

const asked = (permission: string, ...patterns: string[]): string =>
  describePermission(aRequest(permission, patterns), { kind: 'none' }).text;

const bash = (command: string): AskedLine =>
  describePermission(aRequest('bash', ['part of it'], { command }), {
    kind: 'known',
    tool: 'bash',
    input: { command, description: 'Harmless' },
  });

describe('the line about a permission', () => {
  it('says what would be done', () => {
    assert.equal(asked('task', 'explore'), 'Start the subagent explore?');
    assert.equal(asked('websearch', 'carts'), 'Search the web for carts?');
    assert.equal(asked('doom_loop', 'bash'), 'Go on although bash repeats itself?');
  });

  it('is worded wherever the sentence above a request is, and for a tool of any name', () => {
    const kinds =
      'bash edit webfetch external_directory doom_loop task skill read list glob grep websearch lsp todowrite';
    for (const kind of kinds.split(' ')) {
      assert.doesNotMatch(asked(kind, 'x'), /^Use /, kind);
      assert.doesNotMatch(permissionTitle(kind), /“/, kind);
    }
    assert.equal(asked('constructor', '*'), 'Use constructor?');
    assert.equal(permissionTitle('constructor'), 'Allow the tool “constructor” to run?');
  });

  it('names no pattern that stands for anything', () => {
    assert.equal(asked('todowrite', '*'), 'Change the todos?');
    assert.equal(asked('shop_search', '*'), 'Use shop_search?');
  });
});

describe('what may be allowed from a line', () => {
  it('is a command as it was written', () => {
    assert.deepEqual(bash('npm test && echo "$(date)"'), {
      text: 'Run npm test && echo "$(date)"?',
      isWhole: true,
    });
  });

  const changed = {
    'with blanks that would push the rest out of sight': `echo "${' '.repeat(1100)}" && touch hidden-file`,
    'with two blanks': 'echo  a',
    'of two lines': 'echo a\ntouch b',
    'of two lines of a terminal': 'echo a\r\ntouch b',
    'with a line that writes over another': 'rm -rf / #\recho harmless',
    'with direction marks': 'echo \u202etxt.exe',
    'with isolates': 'echo \u2067abc\u2069',
    'with isolates that stand apart as ours do': 'echo \u2068a\u2069',
    'with marks of no width': 'rm\u200b -rf',
    'with a joiner': 'می\u200cخواهم',
    'with a blank that is none': 'rm\u00a0-rf /',
    'with a control': 'echo \u001b[2K',
    'with letters that are read from the right': 'mv א ב',
    'with such letters that turn what is between them': 'mv ا 1 ب',
    'with letters of an old script that is read from the right': 'mv 𐤀 𐤁',
    'with a link': 'echo [a](command:x)',
    'that is long': `echo ${'x'.repeat(300)}`,
  };
  for (const [name, command] of Object.entries(changed)) {
    it(`is no command ${name}`, () => {
      const { text, isWhole } = bash(command);
      assert.equal(isWhole, false);
      assert.ok(text.length < 260, `${text.length} characters`);
      // What is read from the right stands apart from our words.
      const shown = text.replaceAll(/\u2068([^\u2066-\u2069]*)\u2069/g, '$1');
      assert.match(shown, /^[^\p{Cc}\u200b\u2028-\u202e\u2066-\u2069]*$/u);
    });
  }

  it('shows the end of what is cut, too', () => {
    assert.match(bash(`echo "${'x'.repeat(1100)}" && touch hidden-file`).text, /touch hidden-file\?$/);
  });

  it('is a call with all that it was given', () => {
    const pay = aRequest('till_pay', ['*']);
    const call = { kind: 'known', tool: 'till_pay', input: { account: 'NL01', to: { name: 'A' } } } as const;
    assert.deepEqual(describePermission(pay, call), {
      text: 'Use till_pay: account: "NL01", to: {"name":"A"}?',
      isWhole: true,
    });
    const hidden = { ...call, input: { account: `NL01${' '.repeat(300)}`, amount: 1_000_000 } };
    assert.equal(describePermission(pay, hidden).isWhole, false);
    assert.match(describePermission(pay, hidden).text, /amount: 1000000/);
  });

  it('is nothing of a call that is not known', () => {
    for (const kind of ['loading', 'unknown'] as const) {
      const line = describePermission(aRequest('till_pay', ['*']), { kind });
      assert.deepEqual(line, { text: 'Use till_pay? What it was given is not known yet.', isWhole: false });
    }
  });

  it('is the command of its call as it was written, where the request tells only its parts', () => {
    const command = 'rm -rf dist && npm run build -- --mode production';
    const request = aRequest('bash', ['rm -rf dist', 'npm run build -- --mode production']);
    const call = { kind: 'known', tool: 'bash', input: { command, description: 'Build' } } as const;
    assert.deepEqual(describePermission(request, call), { text: `Run ${command}?`, isWhole: true });
  });

  it('names the tool and its arguments where the permission is about something else', () => {
    const outside = aRequest('external_directory', ['/tmp/*'], { filepath: '/tmp/x' });
    const call = { kind: 'known', tool: 'bash', input: { command: 'rm /tmp/x', timeout: 1 } } as const;
    assert.deepEqual(describePermission(outside, call), {
      text: 'Work outside the folder, in /tmp/*? bash: command: "rm /tmp/x"',
      isWhole: true,
    });
  });

  it('shows where a command is run elsewhere, and one that is not the one asked for', () => {
    const call = { kind: 'known', tool: 'bash', input: { command: 'ls', workdir: '/etc' } } as const;
    assert.match(
      describePermission(aRequest('bash', ['ls'], { command: 'ls' }), call).text,
      /workdir: "\/etc"/,
    );
    assert.match(
      describePermission(aRequest('bash', ['pwd'], { command: 'pwd' }), call).text,
      /command: "ls"/,
    );
  });

  const hiding: Record<string, [PermissionRequest, string, Record<string, unknown>, RegExp]> = {
    'is equal to the pattern of a tool that names nothing': [
      aRequest('till_delete', ['*']),
      'till_delete',
      { account: '*' },
      /account: "\*"/,
    ],
    'is a path that ends in it': [
      aRequest('fs_delete', ['*']),
      'fs_delete',
      { path: '/home/me/*', force: true },
      /path: "\/home\/me\/\*", force: true/,
    ],
    'is a folder of the name of the command': [
      aRequest('bash', ['make'], { command: 'make' }),
      'bash',
      { command: 'make', workdir: 'make' },
      /Run make\? workdir: "make"/,
    ],
    'is a folder of the name of a part of the command': [
      aRequest('bash', ['make', 'touch y'], { command: 'make && touch y' }),
      'bash',
      { command: 'make && touch y', workdir: 'make' },
      /workdir: "make"/,
    ],
    'is a folder that ends in what is looked for': [
      aRequest('grep', ['foo']),
      'grep',
      { pattern: 'foo', path: '/etc/foo' },
      /path: "\/etc\/foo"/,
    ],
    'is a file elsewhere that ends in what is asked for': [
      aRequest('read', ['a.txt']),
      'read',
      { filePath: '/etc/a.txt' },
      /filePath: "\/etc\/a.txt"/,
    ],
    'has the name of what is asked for, of another tool': [
      aRequest('read', ['a.txt']),
      'shop_read',
      { filePath: 'a.txt' },
      /shop_read: filePath: "a.txt"/,
    ],
  };
  for (const [name, [request, tool, input, shown]] of Object.entries(hiding)) {
    it(`hides no argument that ${name}`, () => {
      assert.match(describePermission(request, { kind: 'known', tool, input }, '/w').text, shown);
    });
  }

  it('does not say twice what the tool of OpenCode names, a file in the folder of the session either', () => {
    const line = (request: PermissionRequest, tool: string, input: Record<string, unknown>) =>
      describePermission(request, { kind: 'known', tool, input }, '/w').text;
    assert.equal(line(aRequest('read', ['src/a.ts']), 'read', { filePath: '/w/src/a.ts' }), 'Read src/a.ts?');
    assert.equal(
      line(aRequest('grep', ['foo']), 'grep', { pattern: 'foo', path: 'src' }),
      'Search files for foo? path: "src"',
    );
    assert.equal(
      line(aRequest('edit', ['a.ts']), 'write', { filePath: '/w/a.ts', content: 'x' }),
      'Edit a.ts? write: content: "x"',
    );
    assert.equal(line(aRequest('skill', ['cart']), 'skill', { name: 'cart' }), 'Load the skill cart?');
  });

  it('is nothing of a call that cannot be written, and of a tool of any name all', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
    const call = (tool: string, input: Record<string, unknown>) => ({ kind: 'known', tool, input }) as const;
    const odd = aRequest('constructor', ['*']);
    assert.equal(describePermission(odd, call('constructor', { deep })).isWhole, false);
    assert.equal(describePermission({ ...odd, metadata: { deep } }, { kind: 'none' }).isWhole, false);
    const line = describePermission(odd, call('constructor', { '__proto__ x': 1, description: 'b' }));
    assert.deepEqual(line, { text: 'Use constructor: "__proto__ x": 1, description: "b"?', isWhole: true });
  });

  it('is for good only what patterns that are all shown cover', () => {
    assert.deepEqual(describeAlways({ always: ['npm *'] }), { text: 'npm *', isWhole: true });
    assert.equal(describeAlways({ always: ['a', '*'] }).isWhole, true);
    const many = Array.from({ length: 10_000 }, (_, index) => `pattern ${index}`);
    assert.equal(describeAlways({ always: many }).isWhole, false);
    assert.equal(describeAlways({ always: ['a\u202eb'] }).isWhole, false);
    const logs = Array.from({ length: 14 }, (_, index) => `git log ${index}`);
    assert.equal(describeAlways({ always: [...logs, 'rm *'] }).isWhole, false);
    assert.equal(describeAlways({ always: ['cd *', 'git commit *', 'npm run test:unit *'] }).isWhole, true);
    for (const letter of ['W', '漢']) {
      assert.equal(describeAlways({ always: [letter.repeat(60), 'rm *'] }).isWhole, false, 'it is too wide');
    }
    assert.equal(describeAlways({ always: ['mv א *', 'rm ב *'] }).isWhole, false);
  });
});
