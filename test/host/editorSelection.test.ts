import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { readSelection } from '../../src/editor/editorSelection.ts';

describe('what is selected in the text editor', () => {
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('is the lines of a file on the disk, or the whole file', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const uri = vscode.Uri.joinPath(folder?.uri ?? assert.fail('no folder'), 'README.md');
    const selection = new vscode.Range(0, 2, 0, 5);
    await vscode.window.showTextDocument(uri, { selection });
    assert.deepEqual(readSelection(), { kind: 'file', path: uri.fsPath, startLine: 1, endLine: 1 });
    await vscode.window.showTextDocument(uri, { selection: new vscode.Range(0, 0, 0, 0) });
    assert.deepEqual(readSelection(), { kind: 'file', path: uri.fsPath });
  });

  it('is the text of a document that is not on the disk', async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'one\ntwo\n' });
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(1, 0, 1, 3) });
    const attached = readSelection();
    assert.equal(attached?.kind, 'data');
    assert.equal(attached.url, 'data:text/plain;charset=utf-8,two');
    assert.match(attached.filename, /:2$/);
  });
});
