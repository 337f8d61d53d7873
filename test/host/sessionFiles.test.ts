import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { locateFiles } from '../../src/editor/missingFiles.ts';
import { keepSessionCopy } from '../../src/editor/keeping/sessionCopies.ts';
import { MessageWithParts } from '../../src/protocol/records.ts';
import { openPartDiff } from '../../src/views/transcript/partDocuments.ts';
import { showRevert } from '../../src/views/transcript/revertPreview.ts';
import { openFile } from '../../src/views/transcript/sessionFiles.ts';
import { VirtualDocuments } from '../../src/views/transcript/virtualDocuments.ts';
import { aSession } from '../unit/core/builders.ts';

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

  describe('by a link that leads out of the folders, or elsewhere', () => {
    const patch = '@@ -1 +1 @@\n-a key\n+another key\n';
    const documents = new VirtualDocuments();
    let elsewhere = '';
    let key = '';
    let link = '';

    before(async () => {
      elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'));
      key = join(elsewhere, 'key.txt');
      link = join(directory, 'link.txt');
      await writeFile(key, 'another key');
      await symlink(key, link);
    });

    after(async () => {
      documents.dispose();
      await rm(link);
      await rm(elsewhere, { recursive: true });
    });

    /** A message with one edit of the file. */
    const openCodeWith = (file: string, changed = patch) => {
      const part = {
        id: 'prt_1',
        messageID: 'msg_1',
        sessionID: 'ses_1',
        type: 'tool',
        tool: 'edit',
        callID: 'call_1',
        state: {
          status: 'completed',
          input: { filePath: file },
          output: '',
          title: '',
          metadata: { filediff: { file, patch: changed, additions: 1, deletions: 1 } },
          time: { start: 1, end: 2 },
        },
      };
      const info = { id: 'msg_1', sessionID: 'ses_1', role: 'user', time: { created: 1 }, agent: 'build' };
      const model = { providerID: 'local', modelID: 'echo' };
      const message = MessageWithParts.parse({ info: { ...info, model }, parts: [part] });
      return { getMessage: () => Promise.resolve(message), diffMessage: () => Promise.resolve([]) };
    };

    const diffOf = async (file: string): Promise<vscode.TabInputTextDiff> => {
      const address = { sessionId: 'ses_1', messageId: 'msg_1', partId: 'prt_1' };
      await openPartDiff({ openCode: openCodeWith(file), documents }, { directory }, address);
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputTextDiff ? input : assert.fail('no diff');
    };

    it('is not opened', async () => {
      for (const path of ['link.txt', link, key]) {
        await assert.rejects(openFile(directory, path, undefined), /outside the open folders/, path);
      }
    });

    it('is neither read nor opened for the diff of a call, which shows what the call said', async () => {
      for (const path of ['link.txt', key]) {
        const { original, modified } = await diffOf(path);
        assert.deepEqual([original.scheme, modified.scheme], Array(2).fill('opencode-sessions-text'), path);
        await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      }
      const inside = join(directory, 'inside.txt');
      await writeFile(inside, 'another key');
      assert.equal((await diffOf('inside.txt')).modified.fsPath, inside);
      await rm(inside);
    });

    it('is not opened where the change is larger than what an editor takes', async () => {
      const openCode = openCodeWith('large.txt', `@@ -1 +1 @@\n+${'a'.repeat(20_000_000)}\n`);
      const address = { sessionId: 'ses_1', messageId: 'msg_1', partId: 'prt_1' };
      await assert.rejects(
        openPartDiff({ openCode, documents }, { directory }, address),
        /The change of large\.txt is too large to be shown/,
      );
    });

    it('is not shown as what a revert changes', async () => {
      const file = { file: 'link.txt', additions: 1, deletions: 1, patches: [patch] };
      await assert.rejects(showRevert(documents, directory, [file]), /outside the open folders/);
    });

    it('is neither linked nor said to be missing where a draft names it', async () => {
      const paths = ['README.md', 'nowhere.md', 'link.txt', '../x.md', '../../etc/passwd', key];
      assert.deepEqual(await locateFiles(directory, paths), [
        'inside',
        'missing',
        ...Array<string>(4).fill('outside'),
      ]);
    });
  });
});

describe('a copy of a session', () => {
  it('is for nobody else on the machine', async () => {
    const storage = await mkdtemp(join(tmpdir(), 'storage-'));
    const session = aSession({ id: 'ses_1' });
    const { fsPath } = await keepSessionCopy(vscode.Uri.file(storage), session, [], 0);
    assert.equal(JSON.parse(await readFile(fsPath, 'utf8')).session.id, 'ses_1');
    if (process.platform !== 'win32') assert.equal((await stat(fsPath)).mode & 0o777, 0o600);
    await rm(storage, { recursive: true });
  });
});
