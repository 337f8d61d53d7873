import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { LentPrompts } from '../../src/editor/drafts/lentPrompts.ts';
import { ComposerDrafts } from '../../src/flows/prompting/composerDrafts.ts';
import type { ComposerDraft } from '../../src/protocol/page/composer.ts';
import { Memory } from '../unit/views/memory.ts';
import { waitFor } from '../workbench/waitFor.ts';

/** The files of drafts, as the extension has registered them in this window. */
const files = {
  begin: () => undefined,
  delete: async (uri: vscode.Uri) => vscode.workspace.fs.delete(uri),
  has: (uri: vscode.Uri) =>
    Promise.resolve(vscode.workspace.fs.stat(uri)).then(
      () => true,
      () => false,
    ),
  readDirectory: async () =>
    vscode.workspace.fs.readDirectory(vscode.Uri.parse('opencode-prompt:/OpenCode Prompts')),
  readFile: async (uri: vscode.Uri) => vscode.workspace.fs.readFile(uri),
  write: async (uri: vscode.Uri, content: Uint8Array) => vscode.workspace.fs.writeFile(uri, content),
};

describe('a prompt that moves into an editor', () => {
  const file = { kind: 'file', path: '/work/a.ts' } as const;
  const cart = { kind: 'session', word: '@"Cart"', label: 'Cart', sessionId: 'ses_9' } as const;
  const draft: ComposerDraft = { text: 'See @"Cart"', agent: 'plan', attachments: [file], mentions: [cart] };

  let memory: Memory;
  let composers: ComposerDrafts;
  const windows: LentPrompts[] = [];
  let names = 0;

  function openWindow(): LentPrompts {
    const lent = new LentPrompts({
      files,
      memory,
      composers,
      // The files here cannot be told that a name that is gone begins anew.
      title: () => `Parser: all of it? ${(names += 1)}`,
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
    windows.push(lent);
    return lent;
  }

  beforeEach(async () => {
    memory = new Memory();
    composers = new ComposerDrafts({ memento: memory, startTimer: () => ({ dispose: () => undefined }) });
    composers.set('ses_1', draft);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  afterEach(() => {
    for (const window of windows.splice(0)) window.dispose();
  });

  const shown = (): vscode.TextDocument => {
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'opencode-prompt');
    return document;
  };

  const write = async (text: string): Promise<void> => {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(shown().uri, shown().lineAt(shown().lineCount - 1).range.end, text);
    assert.equal(await vscode.workspace.applyEdit(edit), true);
  };

  const untilBack = async (lent: LentPrompts): Promise<string> => {
    await waitFor(() => Promise.resolve(!lent.has('ses_1')), { what: 'the prompt to be back' });
    return composers.get('ses_1').text;
  };

  it('leaves the rest of its draft in the composer, and goes back as it stands', async () => {
    const lent = openWindow();
    await lent.lend('ses_1');
    assert.deepEqual([shown().getText(), shown().languageId], [draft.text, 'markdown']);
    assert.deepEqual(composers.get('ses_1'), { text: '', agent: 'plan', attachments: [file] });
    assert.equal(lent.find(undefined), 'ses_1');
    await write(', please');
    const { uri } = shown();
    await lent.takeBack('ses_1');
    assert.deepEqual(composers.get('ses_1'), { ...draft, text: 'See @"Cart", please' });
    assert.deepEqual([lent.has('ses_1'), await files.has(uri)], [false, false]);
    assert.deepEqual(
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs),
      [],
    );
  });

  it('is shown where it stands when it is asked for once more', async () => {
    const lent = openWindow();
    await lent.lend('ses_1');
    await write(' now');
    await lent.lend('ses_1');
    assert.equal(shown().getText(), 'See @"Cart" now');
    await lent.takeBack('ses_1');
  });

  it('goes back as it was saved when its tab is closed', async () => {
    const lent = openWindow();
    await lent.lend('ses_1');
    await write(' saved');
    await shown().save();
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    assert.equal(await untilBack(lent), 'See @"Cart" saved');
    await lent.lend('ses_1');
    await write(' and not saved');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    assert.equal(await untilBack(lent), 'See @"Cart" saved');
  });

  it('goes back where its tab did not come back with its window', async () => {
    const lent = openWindow();
    await lent.lend('ses_1');
    lent.dispose();
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    assert.equal(await untilBack(openWindow()), draft.text);
  });

  it('is sent with all of its draft, and stands in its document again where it is refused', async () => {
    const lent = openWindow();
    await lent.lend('ses_1');
    await write(' at once');
    const refuse = async (sent: ComposerDraft): Promise<void> => {
      assert.deepEqual(sent, { ...draft, text: 'See @"Cart" at once' });
      assert.equal(lent.has('ses_1'), true, 'the composer is still locked');
      throw new Error('Slow down.');
    };
    await assert.rejects(lent.send('ses_1', refuse), /Slow down/);
    assert.equal(shown().getText(), 'See @"Cart" at once');
    await lent.send('ses_1', async (sent) => composers.set('ses_1', { ...sent, text: '' }));
    assert.equal(await untilBack(lent), '');
  });
});
