import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { storyCommands } from '../../src/manifest.ts';

/**
 * The plan of the house: what each room may import. A room is a folder of `src` or a file that stands in
 * it by itself; `node` are Node's own modules.
 */
const plan: Readonly<Record<string, readonly string[]>> = {
  protocol: ['protocol', 'zod'],
  core: ['core', 'protocol', 'zod', 'markdown-it'],
  server: ['server', 'core', 'protocol', 'node', 'zod', '@opencode-ai/sdk', 'eventsource-parser'],
  flows: ['flows', 'core', 'protocol', 'zod'],
  editor: [
    'editor',
    'core',
    'protocol',
    'manifest.ts',
    'vscode',
    'node',
    'zod',
    'jsonc-parser',
    'picomatch',
    '@secretlint/core',
    '@secretlint/secretlint-rule-preset-recommend',
  ],
  views: ['views', 'core', 'protocol', 'manifest.ts', 'vscode', 'node', 'zod'],
  commands: ['commands', 'flows', 'core', 'protocol', 'zod'],
  webview: ['webview', 'core', 'protocol', 'markdown-it', 'highlight.js'],
  companion: ['companion', 'core', 'flows', 'protocol', 'server', 'node', 'zod'],
  wiring: [
    'wiring',
    'commands',
    'flows',
    'server',
    'editor',
    'views',
    'core',
    'protocol',
    'manifest.ts',
    'vscode',
    'node',
  ],
  'extension.ts': ['wiring', 'editor', 'core', 'vscode', 'node'],
  'manifest.ts': [],
};

interface Import {
  readonly from: string;
  readonly specifier: string;
  /** Whether it is loaded with the file: not where only its types are meant, or where it comes when it is wanted. */
  readonly isLoaded: boolean;
}

const source = join(import.meta.dirname, '..', '..', 'src');

function readSources(): readonly { readonly file: string; readonly text: string }[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file, text: readFileSync(join(source, file), 'utf8') }));
}

function readImports(): readonly Import[] {
  return readSources().flatMap(({ file: from, text }) => {
    const statements = text.matchAll(
      /(?:^|\n)(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g,
    );
    return [...statements].map(([statement, declared, called]) => ({
      from,
      specifier: declared ?? called ?? '',
      isLoaded: declared !== undefined && !/^\s*(?:import|export)\s+type\b/.test(statement),
    }));
  });
}

function roomOf(path: string): string {
  return path.split(sep)[0] ?? path;
}

/** A file that stands in `src` by itself is a room of its own. */
function folderOf(path: string): string {
  return dirname(path) === '.' ? path : dirname(path);
}

/** The room or the package that an import leads to. */
function targetOf({ from, specifier }: Import): string {
  if (specifier.startsWith('node:')) return 'node';
  if (specifier.startsWith('.'))
    return roomOf(relative(source, normalize(join(source, dirname(from), specifier))));
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

/** What Markdown is trusted with where it is trusted at all: the commands of a list in `manifest.ts`. */
const trusted = String.raw`\{ enabledCommands: storyCommands \}`;

/**
 * What the editor reads as its own markup (links that run commands, icons, Markdown) or shows as its own word: each has
 * one file that calls it and makes foreign words plain first.
 */
const doors: Readonly<Record<string, readonly string[]>> = {
  'show(?:Information|Warning|Error)Message': ['editor/asking/confirmation.ts', 'editor/asking/notice.ts'],
  'withProgress|withScmProgress': ['editor/asking/progress.ts'],
  'createInputBox|showInputBox': ['editor/asking/inputBox.ts'],
  'createQuickPick|showQuickPick': ['editor/asking/quickPick.ts'],
  MarkdownString: ['views/sessionItem.ts'],
  'CodeLens(?!Provider|es\\b)': ['editor/drafts/draftLenses.ts', 'views/compare/comparisonDocuments.ts'],
  createStatusBarItem: [
    'editor/drafts/draftStatus.ts',
    'views/deliveries/deliveriesStatus.ts',
    'views/statusBar.ts',
  ],
  'setStatusBarMessage|createLanguageStatusItem|createInlayHint': [],
  createTerminal: [
    'editor/automations/automationTerminal.ts',
    'editor/installTerminal.ts',
    'editor/sessionTerminal.ts',
  ],
  [`isTrusted\\s*[=:](?!\\s*(?:false|${trusted}))|supportHtml\\s*[=:](?!\\s*false)|supportThemeIcons`]: [],
  // The one Markdown with links that run commands: which, its list says, and no other list is trusted.
  [`isTrusted\\s*[=:]\\s*${trusted}`]: ['views/sessionItem.ts'],
};

/**
 * What sends something to a session, wherever it is called, taken out of the port or named in a slice of it: the port,
 * its dialect and the door to sessions alone know it.
 */
const sending = ['promptSession', 'tellSession', 'extractFromSession', 'runCommand', 'runShell'].join('|');
const sendings = new RegExp(
  `\\.(?:${sending})\\b|(['"\`])(?:${sending})\\1|\\b(?:${sending})\\b[^{}()]*\\}\\s*(?:=[^>]|:\\s*OpenCode\\b)`,
);
const senders = [
  'flows/prompting/outgoing.ts',
  'flows/prompting/sending.ts',
  'server/liveOpenCode.ts',
  'server/openCode118/openCode118.ts',
  'server/openCode2/prompts2.ts',
];

/** Where a terminal begins: its shell and what it runs take programs of that folder before others. */
const terminalFolders = [
  ['editor/installTerminal.ts', 'homedir()'],
  ['editor/sessionTerminal.ts', 'cwd'],
  // A folder that the person opened and trusts, for a line that they wrote or approved.
  ['editor/automations/automationTerminal.ts', 'cwd'],
];

/** The folder that each call of `createTerminal` names, by its file. */
function readTerminalFolders(): readonly (readonly [string, string | undefined])[] {
  return readSources().flatMap(({ file, text }) => {
    if (!text.includes('createTerminal')) return [];
    const found: [string, string | undefined][] = [];
    new Visitor({
      CallExpression({ callee, arguments: [options] }) {
        if (!text.slice(callee.start, callee.end).endsWith('createTerminal')) return;
        const properties = options?.type === 'ObjectExpression' ? options.properties : [];
        const values = properties.flatMap((property) =>
          property.type === 'Property' && text.slice(property.key.start, property.key.end) === 'cwd'
            ? [text.slice(property.value.start, property.value.end)]
            : [],
        );
        found.push([file.split(sep).join('/'), values.at(-1)]);
      },
    }).visit(parseSync(file, text).program);
    return found;
  });
}

/**
 * What names a version of OpenCode outside its dialect: a table of that version's own words, or a figure or words that were
 * taken from it. All else says what a server may do, since it has to reckon with that whatever the generation.
 */
const versioned = [
  // How the records and events of the house look.
  'protocol/events.ts',
  'protocol/records.ts',
  // What it hands to a plugin and takes from it.
  'companion/plugin118.ts',
  // Which dialect a program or a server speaks.
  'server/keeper/servings.ts',
  'server/source/programVersion.ts',
  // The dialect's own table of tools.
  'core/tools/tools118.ts',
  // Figures that its compaction reckons with.
  'core/continuation/headroom.ts',
  'core/sessions/usage.ts',
  // Titles that it makes up.
  'core/sessions/unnamed.ts',
  'flows/makeOnce.ts',
  // Words by which it refuses a call, or has no such model.
  'core/turns/judgeMessages.ts',
  'core/turns/runRemedies.ts',
];

/** The most files of a folder: what has more falls into chambers. */
const folderLimit = 25;

/** A way that leads back to where it began. */
function findCircle(doors: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | undefined {
  const left = new Set<string>();
  const visit = (folder: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(folder)) return [...way.slice(way.indexOf(folder)), folder];
    if (left.has(folder)) return undefined;
    for (const next of doors.get(folder) ?? []) {
      const circle = visit(next, [...way, folder]);
      if (circle !== undefined) return circle;
    }
    left.add(folder);
    return undefined;
  };
  return [...doors.keys()].map((folder) => visit(folder, [])).find((circle) => circle !== undefined);
}

/** The files that come along with one when it is loaded; what it imports by `import()` comes later. */
function reach(program: string, all: readonly Import[]): ReadonlySet<string> {
  const reached = new Set([program]);
  for (const file of reached) {
    for (const { specifier } of all.filter(({ from, isLoaded }) => from === file && isLoaded)) {
      if (specifier.startsWith('.')) reached.add(normalize(join(dirname(file), specifier)));
    }
  }
  return reached;
}

/** The most lines of a class. */
const classLimit = 300;

/** The lines of each class, by its file and name. */
function measureClasses(): ReadonlyMap<string, number> {
  const classes = new Map<string, number>();
  for (const { file, text } of readSources()) {
    new Visitor({
      ClassDeclaration({ id, start, end }) {
        const lines = text.slice(start, end).split('\n').length;
        classes.set(`${file.split(sep).join('/')} ${id?.name ?? ''}`, lines);
      },
    }).visit(parseSync(file, text).program);
  }
  return classes;
}

/** Where the words of an error are read as they came. */
const errorBodies = /\bdata(?:\??\.message\b|: *\{ *message\b)/;

const comment = /\/\*[\s\S]*?\*\/|(?:^|\s)\/\/.*/g;

describe('the house', function () {
  // All of it is read, and parsed, on a machine that may be busy.
  this.timeout(60_000);
  const imports = readImports();

  it('is read as a whole', () => {
    assert.ok(imports.length > 100, `only ${imports.length} imports were found`);
  });

  it('has no room that is not in the plan', () => {
    const rooms = new Set(imports.map(({ from }) => roomOf(from)));
    assert.deepEqual(
      [...rooms].filter((room) => plan[room] === undefined),
      [],
    );
  });

  for (const [room, allowed] of Object.entries(plan)) {
    it(`${room} sees only ${allowed.join(', ') || 'itself'}`, () => {
      const strangers = imports
        .filter(({ from }) => roomOf(from) === room)
        .filter((found) => !allowed.includes(targetOf(found)))
        .map(({ from, specifier }) => `${from} imports ${specifier}`);
      assert.deepEqual(strangers, []);
    });
  }

  it('reads Markdown in core in three files, which neither the page nor the activation reaches', () => {
    const readers = imports.filter(
      ({ from, specifier }) => roomOf(from) === 'core' && specifier === 'markdown-it',
    );
    const known = [
      join('core', 'continuation', 'digest', 'markdown.ts'),
      join('core', 'export', 'htmlText.ts'),
      join('core', 'export', 'insetMarkdown.ts'),
    ];
    assert.deepEqual([...new Set(readers.map(({ from }) => from))].toSorted(), known);
    for (const program of [join('webview', 'transcript.ts'), 'extension.ts']) {
      const reached = reach(program, imports);
      for (const reader of known) assert.ok(!reached.has(reader), `${program} reaches ${reader}`);
    }
  });

  it('says nothing to a person in wiring: words stand with what they are about', () => {
    const speakers = imports
      .filter(({ from, specifier }) => roomOf(from) === 'wiring' && specifier.endsWith('/l10n.ts'))
      .map(({ from }) => from);
    assert.deepEqual(speakers, []);
  });

  it(`has no class of more than ${classLimit} lines`, () => {
    const large = [...measureClasses()].filter(([, lines]) => lines > classLimit);
    assert.deepEqual(large, []);
  });

  it(`has no folder of more than ${folderLimit} files`, () => {
    const counts = new Map<string, number>();
    for (const { file } of readSources()) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    assert.deepEqual(
      [...counts].filter(([, count]) => count > folderLimit),
      [],
    );
  });

  it('has no two folders that need each other, also not by way of others', () => {
    const doors = new Map<string, Set<string>>();
    for (const { from, specifier } of imports.filter((found) => found.specifier.startsWith('.'))) {
      const [here, there] = [from, normalize(join(dirname(from), specifier))].map(folderOf);
      if (here === undefined || there === undefined) continue;
      if (here !== there) doors.set(here, (doors.get(here) ?? new Set<string>()).add(there));
    }
    assert.deepEqual(findCircle(doors), undefined);
  });

  for (const [api, files] of Object.entries(doors)) {
    it(`calls ${api} nowhere but in ${files.join(', ') || 'no file'}`, () => {
      const callers = readSources()
        .filter(({ text }) => new RegExp(`\\b(?:${api})`).test(text.replaceAll(comment, '')))
        .map(({ file }) => file.split(sep).join('/'));
      assert.deepEqual(callers.toSorted(), files);
    });
  }

  it('trusts Markdown with five commands of ours, which show, ask, copy, and send again what was sent', () => {
    assert.deepEqual(storyCommands, [
      'opencodeSessions.session.open',
      'opencodeSessions.session.answer',
      'opencodeSessions.session.retry',
      'opencodeSessions.session.continue',
      'opencodeSessions.session.copyId',
    ]);
    const item = readFileSync(join(source, 'views', 'sessionItem.ts'), 'utf8');
    assert.match(item, /import \{[^}]*\bstoryCommands\b[^}]*\} from '\.\.\/manifest\.ts';/);
    assert.equal(item.match(/\bstoryCommands\b/g)?.length, 2, 'imported and trusted, nothing else');
    for (const way of [
      'tooltip.isTrusted = true;',
      'const options = { isTrusted: { enabledCommands: all } };',
      'tooltip.isTrusted = { enabledCommands: [...storyCommands, other] };',
    ]) {
      const door = Object.keys(doors).find((api) => api.includes('supportHtml')) ?? assert.fail();
      assert.match(way, new RegExp(`\\b(?:${door})`));
    }
  });

  it('sends to a session nowhere but through its one door', () => {
    const callers = readSources()
      .filter(({ text }) => sendings.test(text.replaceAll(comment, '')))
      .map(({ file }) => file.split(sep).join('/'));
    assert.deepEqual(callers.toSorted(), senders);
    for (const way of [
      'openCode.promptSession(id, prompt)',
      "type Ports = Pick<OpenCode, 'runShell'>",
      'const { runCommand } = openCode;',
      '({ promptSession: send }: OpenCode) => send(id, prompt)',
    ]) {
      assert.match(way, sendings);
    }
    const users = imports.filter(({ specifier }) => specifier.endsWith('/sending.ts'));
    assert.deepEqual(
      users.map(({ from }) => from.split(sep).join('/')),
      ['flows/prompting/promptDoor.ts'],
    );
  });

  it('says what a server or provider said of an error in one way, which finds the words in its body', () => {
    const readers = readSources()
      .filter(({ text }) => errorBodies.test(text.replaceAll(comment, '')))
      .map(({ file }) => file.split(sep).join('/'));
    // The words of a refused request go through the same function there.
    assert.deepEqual(readers.toSorted(), ['core/errorWords.ts', 'server/openCode118/answer.ts']);
    for (const way of [
      'outcome.error.data.message ?? outcome.error.name',
      'refusal.data?.message',
      'const { data: { message } } = error;',
    ]) {
      assert.match(way, errorBodies);
    }
  });

  it('runs no program whose console would come up on Windows', () => {
    const runners = readSources().filter(({ text }) => text.includes("from 'node:child_process'"));
    assert.ok(runners.length > 0);
    assert.deepEqual(
      runners.filter(({ text }) => !text.includes('windowsHide: true')).map(({ file }) => file),
      [],
    );
  });

  it('names a version of OpenCode nowhere but where its own figures or words are meant', () => {
    const naming = readSources()
      .map(({ file, text }) => ({ file: file.split(sep).join('/'), text }))
      .filter(({ file, text }) => /\b1\.1[89]\b/.test(text) && !/^server\/openCode\d+\//.test(file))
      .map(({ file }) => file);
    assert.deepEqual(naming.toSorted(), versioned.toSorted());
  });

  it('begins every terminal in a folder that it names', () => {
    assert.deepEqual(readTerminalFolders(), terminalFolders);
  });
});
