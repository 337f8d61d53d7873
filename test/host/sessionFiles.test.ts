import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openFile } from '../../src/views/transcript/sessionFiles.ts';

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe('a file that a transcript names', () => {
  let directory = '';
  let picture: vscode.Uri;

  before(async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('no folder');
    directory = folder.fsPath;
    picture = vscode.Uri.joinPath(folder, 'pixel.png');
    await vscode.workspace.fs.writeFile(picture, Buffer.from(pixel, 'base64'));
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(picture);
  });

  it('opens at its line', async () => {
    await openFile(directory, 'README.md', 2);
    const editor = vscode.window.activeTextEditor ?? assert.fail('no editor');
    assert.ok(editor.document.uri.path.endsWith('/README.md'));
    assert.equal(editor.selection.active.line, Math.min(1, editor.document.lineCount - 1));
  });

  it('opens as what it is where it is no text', async () => {
    await openFile(directory, 'pixel.png', undefined);
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputCustom);
    assert.equal(input.uri.toString(), picture.toString());
  });

  it('is not opened outside of the open folders, nor where there is none', async () => {
    await assert.rejects(openFile(directory, '../../etc/passwd', undefined), /outside the open folders/);
    await assert.rejects(openFile(directory, 'nowhere.md', undefined), /There is no file/);
  });
});
