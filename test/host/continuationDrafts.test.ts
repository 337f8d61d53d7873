import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { DraftDocuments } from '../../src/editor/drafts/draftDocuments.ts';
import { DraftFiles, toDraftUri } from '../../src/editor/drafts/draftFiles.ts';
import { DraftRecords } from '../../src/editor/drafts/draftRecords.ts';
import { Memory } from '../unit/views/memory.ts';
import { waitFor } from '../workbench/waitFor.ts';

/** The draft in the active editor, once there is one whose text is accepted. */
async function activeDraft(accept: RegExp): Promise<vscode.TextDocument> {
  return waitFor(
    () => {
      const document = vscode.window.activeTextEditor?.document;
      return Promise.resolve(
        document?.uri.scheme === 'opencode-prompt' && accept.test(document.getText()) ? document : undefined,
      );
    },
    { what: `a draft that says ${String(accept)}` },
  );
}

function openTabs(): readonly string[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
}

async function replaceAll(document: vscode.TextDocument, find: string, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const start = document.getText().indexOf(find);
  assert.notEqual(start, -1);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + find.length));
  edit.replace(document.uri, range, text);
  assert.equal(await vscode.workspace.applyEdit(edit), true);
}

async function startSession(text: string): Promise<string> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const id: unknown = await vscode.commands.executeCommand('opencodeSessions.session.new', {
    directory: folder?.uri.fsPath,
    title: 'Parser',
    text,
  });
  assert.ok(typeof id === 'string');
  return id;
}

async function waitForDiagnostics(
  uri: vscode.Uri,
  accept: (messages: readonly string[]) => boolean,
): Promise<readonly string[]> {
  return waitFor(
    () => {
      const messages = vscode.languages.getDiagnostics(uri).map(({ message }) => message);
      return Promise.resolve(accept(messages) ? messages : undefined);
    },
    { what: 'the diagnostics of the draft' },
  );
}

describe('the draft of a hand off', () => {
  let sessionId: string;
  let draft: vscode.TextDocument;

  before(async () => {
    await vscode.extensions.getExtension('opencode-sessions.opencode-sessions')?.activate();
    sessionId = await startSession('say: The parser reads numbers.');
    await vscode.commands.executeCommand('opencodeSessions.session.handOff', {
      sessionId,
      text: 'Read strings too',
    });
    draft = await activeDraft(/## Session Handoff/);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('opens as a Markdown document of its own language, named after the session', () => {
    assert.equal(draft.languageId, 'opencode-prompt');
    assert.match(draft.uri.path, /\/Handoff – Parser\.md$/);
  });

  it('says agent, model, title and source in its front matter, and the goal in its body', () => {
    const text = draft.getText();
    assert.match(text, /^---\nagent: build\nmodel: local\/\w+\n/);
    assert.match(text, new RegExp(`^title: "?Handoff: Parser"?\nsource: ${sessionId}$`, 'm'));
    assert.match(text, /\*\*Goal:\*\* Read strings too/);
  });

  it('says what the key does, and offers to ask the model and to discard it', async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      draft.uri,
    );
    const titles = lenses.map(({ command }) => command?.title ?? '');
    assert.match(titles[0] ?? '', /^\$\(send\) (Ctrl|Cmd|Ctrl\/Cmd)\+Enter sends to build in a new session$/);
    assert.deepEqual(titles.slice(1), ['$(sparkle) Ask the Model for a Summary', '$(trash) Discard']);
  });

  it('completes the agents that a person may address', async () => {
    const line = draft.getText().split('\n').indexOf('agent: build');
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      draft.uri,
      new vscode.Position(line, 'agent: '.length),
    );
    const labels = new Set(list.items.map(({ label }) => (typeof label === 'string' ? label : label.label)));
    assert.ok(labels.has('plan'));
    assert.ok(!labels.has('title'));
  });

  it('says which agent is not there, and which file', async () => {
    await replaceAll(draft, 'agent: build', 'agent: ghost');
    await replaceAll(draft, 'Read strings too', 'Read strings too, see @src/nowhere.ts and @README.md');
    const messages = await waitForDiagnostics(draft.uri, (found) => found.length >= 2);
    assert.match(messages[0] ?? '', /There is no agent "ghost" to talk to/);
    assert.ok(messages.some((message) => message.includes('"src/nowhere.ts"')));
    assert.ok(!messages.some((message) => message.includes('README.md')));
  });

  it('links the files that are there, and the session that it continues', async () => {
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      draft.uri,
    );
    const names = new Set(links.map(({ target }) => target?.path.split('/').at(-1)));
    assert.deepEqual(names, new Set(['README.md', 'opencodeSessions.session.open']));
  });

  it('is not sent while something is wrong with it, and stays', async () => {
    const sent: unknown = await vscode.commands.executeCommand('opencodeSessions.draft.send', draft.uri);
    assert.equal(sent, undefined);
    assert.ok(openTabs().includes('Handoff – Parser.md'));
    await waitForDiagnostics(draft.uri, (found) => found.some((message) => message.startsWith('Line ')));
  });

  it('is left as the user wrote it when another one is drafted', async () => {
    const before = draft.getText();
    await vscode.commands.executeCommand('opencodeSessions.session.handOff', { sessionId, text: '' });
    const other = await activeDraft(/\*\*Goal:\*\* What is the next session to reach\?/);
    assert.match(other.uri.path, /\/Handoff – Parser 2\.md$/);
    assert.equal(draft.getText(), before);
    await vscode.commands.executeCommand('opencodeSessions.draft.discard', other.uri);
    await assert.rejects(async () => vscode.workspace.fs.stat(other.uri));
    assert.ok(!openTabs().includes('Handoff – Parser 2.md'));
  });

  it('stands where the other drafts stand, beside what is looked at', async () => {
    const columns = (): number[] =>
      vscode.window.tabGroups.all
        .filter(({ tabs }) => tabs.some(({ label }) => /^(Handoff|Approaches) – /.test(label)))
        .map(({ viewColumn }) => viewColumn);
    assert.equal(columns().length, 1);
    await vscode.commands.executeCommand('opencodeSessions.session.forkMany', { sessionId });
    const fromDraft = await activeDraft(/## Approach A/);
    assert.equal(columns().length, 1, 'a draft that is opened from a draft');
    await vscode.commands.executeCommand('opencodeSessions.draft.discard', fromDraft.uri);
    await vscode.commands.executeCommand('opencodeSessions.session.open', sessionId);
    const source = await waitFor(
      () =>
        vscode.window.tabGroups.all.find(
          ({ activeTab }) => activeTab?.input instanceof vscode.TabInputWebview,
        )?.viewColumn,
      { what: 'the transcript of the source' },
    );
    await vscode.commands.executeCommand('opencodeSessions.session.forkMany', { sessionId });
    const fromSource = await activeDraft(/## Approach A/);
    assert.ok(vscode.window.tabGroups.activeTabGroup.viewColumn !== source, 'it does not cover its source');
    await vscode.commands.executeCommand('opencodeSessions.draft.discard', fromSource.uri);
  });

  it('keeps what is written in it while a summary arrives', async () => {
    if (draft.getText().includes('agent: ghost')) await replaceAll(draft, 'agent: ghost', 'agent: build');
    const summarizing = vscode.commands.executeCommand('opencodeSessions.draft.summarize', draft.uri);
    const before = draft.getText();
    await summarizing;
    assert.equal(draft.getText(), before);
    const beside = await waitFor(
      () =>
        Promise.resolve(
          vscode.window.visibleTextEditors.find(
            ({ document }) =>
              document.uri.path.includes('Handoff – ') && document.uri.path !== draft.uri.path,
          )?.document,
        ),
      { what: 'the summary beside the draft' },
    );
    assert.match(beside.getText(), /\*\*Decided:\*\*/);
    await vscode.commands.executeCommand('opencodeSessions.draft.discard', beside.uri);
  });

  it('is sent exactly as it stands, closes, and the new session opens', async () => {
    const id: unknown = await vscode.commands.executeCommand('opencodeSessions.draft.send', draft.uri);
    assert.ok(typeof id === 'string' && id !== sessionId);
    await assert.rejects(async () => vscode.workspace.fs.stat(draft.uri));
    assert.ok(!openTabs().includes('Handoff – Parser.md'));
  });
});

describe('a draft that begins with words of a person', () => {
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('is left as it is when another one is drafted, and so is that one by what nobody wrote', async () => {
    const sessionId = await startSession('say: There is a parser.');
    const draftFork = async (text: string): Promise<vscode.TextDocument> => {
      await vscode.commands.executeCommand('opencodeSessions.session.forkWithPrompt', { sessionId, text });
      return activeDraft(new RegExp(text));
    };
    const one = await draftFork('Try it by hand.');
    const other = await draftFork('Try it by table.');
    assert.notEqual(one.uri.toString(), other.uri.toString());
    await draftFork('');
    assert.match(one.getText(), /Try it by hand\./);
    assert.match(other.getText(), /Try it by table\./);
  });
});

describe('the draft of approaches', () => {
  let draft: vscode.TextDocument;
  const question = 'What is to be tried here?';

  before(async () => {
    const sessionId = await startSession('say: It can be done in two ways.');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await waitFor(() => openTabs().length === 0, { what: 'nothing to be shown' });
    await vscode.commands.executeCommand('opencodeSessions.session.forkMany', { sessionId });
    draft = await activeDraft(/## Approach A/);
  });

  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const selected = (): string => {
    const editor = vscode.window.activeTextEditor;
    return editor?.document === draft ? draft.getText(editor.selection) : '';
  };

  it('stands in the only column, which shows nothing else', () => {
    assert.deepEqual(
      vscode.window.tabGroups.all.map(({ tabs }) => tabs.map(({ label }) => label.split(' – ')[0])),
      [['Approaches']],
    );
  });

  it('opens at its first line, with the first question selected and nothing unsaved', async () => {
    await waitFor(() => selected() === question && !draft.isDirty, { what: 'the question to be selected' });
    await waitFor(() => vscode.window.activeTextEditor?.visibleRanges[0]?.start.line === 0, {
      what: 'the first line in sight',
    });
    assert.equal(draft.getText().split(question).length - 1, 2);
  });

  it('calls nothing wrong before a person writes in it or sends it', async () => {
    await waitForDiagnostics(draft.uri, (found) => found.length >= 2);
    const { Hint } = vscode.DiagnosticSeverity;
    assert.deepEqual(
      vscode.languages.getDiagnostics(draft.uri).filter(({ severity }) => severity !== Hint),
      [],
    );
  });

  it('goes from one question to the next', async () => {
    const [first] = vscode.window.activeTextEditor?.selections ?? [];
    await vscode.commands.executeCommand('jumpToNextSnippetPlaceholder');
    await waitFor(
      () =>
        selected() === question &&
        vscode.window.activeTextEditor?.selection.start.isAfter(first?.end ?? draft.positionAt(0)),
      { what: 'the second question to be selected' },
    );
  });

  it('is not sent while a question stands in it, and says so then', async () => {
    assert.equal(await vscode.commands.executeCommand('opencodeSessions.draft.send', draft.uri), undefined);
    await waitFor(
      () =>
        vscode.languages
          .getDiagnostics(draft.uri)
          .some(({ severity }) => severity === vscode.DiagnosticSeverity.Error),
      { what: 'the error' },
    );
  });

  it('takes its problems with it when its tab is closed', async () => {
    await vscode.window.showTextDocument(draft);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await waitFor(() => vscode.languages.getDiagnostics(draft.uri).length === 0, { what: 'no problems' });
  });
});

describe('the files of drafts', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drafts-'));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('are there again for the next window', async () => {
    const uri = toDraftUri('Relay – Parser.md');
    const text = new TextEncoder().encode('Go on.');
    await new DraftFiles(folder).writeFile(uri, text, { create: true, overwrite: true });
    const read = await new DraftFiles(folder).readFile(uri);
    assert.equal(new TextDecoder().decode(read), 'Go on.');
  });

  it('are for nobody else on the machine, also those that were', async () => {
    const file = join(folder, 'Fork – Parser.md');
    await writeFile(file, 'Go on.', { mode: 0o644 });
    const files = new DraftFiles(folder);
    for (const name of ['Fork – Parser.md', 'Handoff – Lexer.md']) {
      await files.writeFile(toDraftUri(name), new Uint8Array(), { create: true, overwrite: true });
      if (process.platform !== 'win32') assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600);
    }
  });

  it('are taken away once a save of the editor is over, not in the middle of it', async () => {
    const files = new DraftFiles(folder);
    const uri = toDraftUri('Compact – Parser.md');
    await files.writeFile(uri, new Uint8Array(), { create: true, overwrite: true });
    const deleted = files.delete(uri);
    // The editor looks at what it wrote; that it is gone by then would be a save that failed.
    assert.equal((await files.stat(uri)).type, vscode.FileType.File);
    await deleted;
    await assert.rejects(files.stat(uri), vscode.FileSystemError);
  });

  it('do not come back by a save that was under way when they were taken away', async () => {
    const files = new DraftFiles(folder);
    const uri = toDraftUri('Chain – Parser.md');
    await files.write(uri, new Uint8Array());
    await files.delete(uri);
    await files.writeFile(uri, new Uint8Array(), { create: true, overwrite: true });
    assert.equal((await files.stat(uri)).type, vscode.FileType.File);
    await waitFor(async () => !(await files.has(uri)), { what: 'the draft to be gone' });
  });

  it('stay where a new one has the name of one that is gone', async () => {
    const files = new DraftFiles(folder);
    const uri = toDraftUri('Chain – Parser.md');
    await files.write(uri, new Uint8Array());
    await files.delete(uri);
    files.begin(uri);
    await files.writeFile(uri, new TextEncoder().encode('A new one.'), { create: true, overwrite: true });
    await files.stat(uri);
    // One that is gone and was saved after it is taken away by now.
    const gone = toDraftUri('Fork – Lexer.md');
    await files.delete(gone);
    await files.writeFile(gone, new Uint8Array(), { create: true, overwrite: true });
    await files.stat(gone);
    await waitFor(async () => !(await files.has(gone)), { what: 'the other draft to be gone' });
    assert.equal(new TextDecoder().decode(await files.readFile(uri)), 'A new one.');
  });

  it('lie in their own folder, wherever a path points', async () => {
    const files = new DraftFiles(folder);
    for (const path of ['..', '../../etc/passwd', '..\\passwd', '']) {
      const outside = vscode.Uri.from({ scheme: 'opencode-prompt', path: `/OpenCode Prompts/${path}` });
      await assert.rejects(files.readFile(outside), vscode.FileSystemError, path);
    }
  });
});

describe('a draft whose window ended while it was being sent', () => {
  const order = { verb: 'relay', sessionId: 'ses_1', sessionTitle: 'Parser', directory: '/work' } as const;
  const uri = toDraftUri('Ended.md');
  let memory: Memory;
  const windows: DraftDocuments[] = [];

  beforeEach(async () => {
    memory = new Memory();
    await new DraftRecords(memory).set(uri, { order, written: 'Go on.' });
  });

  afterEach(() => {
    for (const window of windows.splice(0)) window.dispose();
  });

  /** A window over what the one before it kept; its files are not looked at. */
  function openWindow(): DraftDocuments {
    const window = new DraftDocuments(new DraftFiles(tmpdir()), new DraftRecords(memory));
    windows.push(window);
    return window;
  }

  it('says that it is not known whether it arrived', () => {
    openWindow().hold(uri.toString());
    assert.match(openWindow().problem(uri) ?? '', /window ended while this was being sent/);
  });

  it('says nothing where its sending came to an end, or where it never began', () => {
    openWindow().hold(uri.toString())?.dispose();
    assert.equal(openWindow().problem(uri), undefined);
  });

  it('tells since when it was being sent to the window that comes after, and to no other', async () => {
    const files = new DraftFiles(await mkdtemp(join(tmpdir(), 'drafts-')));
    await files.write(uri, new TextEncoder().encode('Go on.'));
    const open = (): DraftDocuments => {
      const window = new DraftDocuments(files, new DraftRecords(memory));
      windows.push(window);
      return window;
    };
    const begun = Date.now();
    const first = open();
    first.hold(uri.toString());
    assert.deepEqual(
      (await first.all()).map(({ cutOff }) => cutOff),
      [undefined],
    );
    const [left] = await open().all();
    assert.ok(left?.cutOff !== undefined && left.cutOff >= begun && left.cutOff <= Date.now());
  });

  it('is not there again where it was put away', async () => {
    const held = openWindow().hold(uri.toString());
    await new DraftRecords(memory).delete(uri);
    held?.dispose();
    assert.deepEqual(new DraftRecords(memory).uris(), []);
  });
});
