import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ChangedFile } from '../../src/core/changes/changedFile.ts';
import { createChangesEditor } from '../../src/views/changes/changesEditor.ts';
import { VirtualDocuments } from '../../src/views/transcript/virtualDocuments.ts';

describe('what a session changed, in the editor', () => {
  // Made when it is needed: the editor asks the provider that was registered last, and the extension has one, too.
  let documents: VirtualDocuments;
  let editor: ReturnType<typeof createChangesEditor>;
  let directory = '';
  let path = '';

  before(async () => {
    documents = new VirtualDocuments();
    editor = createChangesEditor(documents);
    directory = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail('no folder');
    path = join(directory, 'changed.txt');
    await writeFile(path, 'new\n');
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    documents.dispose();
    await rm(path);
  });

  const aChange = (given: Partial<ChangedFile> = {}): ChangedFile => ({
    path,
    status: 'modified',
    additions: 1,
    deletions: 1,
    before: 'old\n',
    after: 'new\n',
    ...given,
  });

  const shownDiff = async (change: ChangedFile): Promise<vscode.TabInputTextDiff> => {
    await editor.showOne({ directory }, change);
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return input instanceof vscode.TabInputTextDiff ? input : assert.fail('no diff');
  };

  it('has the file itself on the right where it is as the session left it, to go on editing', async () => {
    const { original, modified } = await shownDiff(aChange());
    assert.equal(modified.fsPath, path);
    assert.equal((await vscode.workspace.openTextDocument(original)).getText(), 'old\n');
  });

  it('has what the session left where the file was changed since', async () => {
    const { modified } = await shownDiff(aChange({ after: 'other\n' }));
    assert.notEqual(modified.scheme, 'file');
    assert.equal((await vscode.workspace.openTextDocument(modified)).getText(), 'other\n');
  });

  it('answers with what no editor shows', async () => {
    const binary: ChangedFile = {
      path: `${path}.png`,
      status: 'added',
      additions: 0,
      deletions: 0,
      lacks: 'binary',
    };
    assert.deepEqual(await editor.showAll({ directory }, 'Changes', [aChange(), binary]), [binary]);
    await assert.rejects(editor.showOne({ directory }, binary), /is no text/);
    const { before: _, after: _after, ...told } = aChange();
    const large: ChangedFile = { ...told, lacks: 'pieces', patches: ['+'.repeat(20_000_001)] };
    assert.deepEqual(await editor.showAll({ directory }, 'Changes', [large, aChange()]), [large]);
  });
});
