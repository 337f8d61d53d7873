import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { insertAtCursor, LastEditor, openAsFile, openLink } from '../../src/views/transcript/codeActions.ts';
import { completeMention } from '../../src/views/transcript/completions.ts';
import { PageRequests } from '../../src/views/transcript/pageRequests.ts';
import { openFile } from '../../src/views/transcript/sessionFiles.ts';
import { NotFoundProblem } from '../../src/core/errors.ts';
import { FromPage } from '../../src/protocol/page/fromPage.ts';
import { aSession } from '../unit/core/builders.ts';
import { waitFor } from '../workbench/waitFor.ts';

const shop = (): vscode.Uri => vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('no folder');

/** Takes the focus of the text editors, as a transcript beside them does. */
async function openPanelBeside(): Promise<vscode.WebviewPanel> {
  const panel = vscode.window.createWebviewPanel('beside', 'Beside', vscode.ViewColumn.Beside);
  await waitFor(() => panel.active && vscode.window.activeTextEditor === undefined, {
    what: 'a panel that is active',
  });
  return panel;
}

describe('code of a transcript', () => {
  afterEach(async () => {
    for (const { isUntitled } of vscode.workspace.textDocuments) {
      if (isUntitled) await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('takes the place of every selection in the text editor that was used last', async () => {
    const lastEditor = new LastEditor();
    const document = await vscode.workspace.openTextDocument({ content: 'one two three' });
    const editor = await vscode.window.showTextDocument(document);
    editor.selections = [new vscode.Selection(0, 0, 0, 3), new vscode.Selection(0, 8, 0, 13)];
    const panel = await openPanelBeside();
    await insertAtCursor(lastEditor, 'text');
    assert.equal(document.getText(), 'text two text');
    panel.dispose();
    lastEditor.dispose();
    await vscode.window.showTextDocument(document);
  });

  it('goes nowhere where no text editor is open', async () => {
    const lastEditor = new LastEditor();
    await vscode.window.showTextDocument(vscode.Uri.joinPath(shop(), 'README.md'));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await waitFor(() => vscode.window.visibleTextEditors.length === 0, { what: 'no editor' });
    await assert.rejects(insertAtCursor(lastEditor, 'text'), /No text editor is open/);
    lastEditor.dispose();
  });

  const languages = { ts: 'typescript', bash: 'shellscript', klingon: 'plaintext' };
  for (const [written, id] of Object.entries(languages)) {
    it(`opens as an unsaved file in ${id} where “${written}” stands behind its fence`, async () => {
      await openAsFile('const one = 1;\n', written);
      const document = vscode.window.activeTextEditor?.document;
      assert.equal(document?.getText(), 'const one = 1;\n');
      assert.equal(document.isUntitled, true);
      assert.equal(document.languageId, id);
    });
  }
});

describe('a link of a transcript', () => {
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('opens a file of the session at its line', async () => {
    await openFile(shop().fsPath, 'src/basket.ts', 9);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, vscode.Uri.joinPath(shop(), 'src/basket.ts').fsPath);
    assert.equal(editor.selection.active.line, 8);
  });

  it('opens a file at its end where it has fewer lines than the link says', async () => {
    await openFile(shop().fsPath, 'src/basket.ts', 9000);
    const editor = vscode.window.activeTextEditor ?? assert.fail('no editor');
    assert.equal(editor.selection.active.line, editor.document.lineCount - 1);
  });

  it('opens no file outside of the open folders, and none that is gone', async () => {
    await assert.rejects(openFile(shop().fsPath, '/etc/hostname', 1), /outside the open folders/);
    await assert.rejects(openFile(shop().fsPath, '../elsewhere.ts', 1), /outside the open folders/);
    await assert.rejects(openFile(shop().fsPath, 'src/gone.ts', 1), /There is no file/);
    await assert.rejects(openFile(shop().fsPath, 'src', undefined), /There is no file/);
  });

  it('opens web addresses and nothing else', async () => {
    for (const url of ['command:workbench.action.quit', 'file:///etc/hostname', 'vscode:extension/a.b']) {
      await assert.rejects(openLink(url), /Only web addresses/);
    }
  });
});

describe('the changes that a transcript asks for', () => {
  it('are shown by the command, of the session or of the turn of a prompt', async () => {
    const ran: unknown[][] = [];
    const executeCommand = async (...given: unknown[]): Promise<void> => void ran.push(given);
    const requests = new PageRequests({ executeCommand } as never);
    for (const about of [{ sessionId: 'ses_1' }, { sessionId: 'ses_1', messageId: 'msg_1' }]) {
      await requests.answer({} as never, FromPage.parse({ type: 'showChanges', ...about }));
      assert.deepEqual(ran.at(-1), ['opencodeSessions.session.changes', about]);
      await requests.answer({} as never, FromPage.parse({ type: 'showChanges', ...about, asList: true }));
      assert.deepEqual(ran.at(-1), ['opencodeSessions.session.changes.pick', about]);
    }
  });
});

describe('a session that a transcript names', () => {
  it('is opened where there is one, be it in another folder, and else there is a sentence', async () => {
    const opened: string[] = [];
    const known = aSession({ id: 'ses_1' });
    const requests = new PageRequests({
      sessions: { get: (id: string) => (id === 'ses_1' ? known : undefined) },
      openCode: {
        getSession: async (id: string) => {
          if (id !== 'ses_2') throw new NotFoundProblem('This session is not on the server any more.');
          return aSession({ id });
        },
      },
      openSession: (id: string) => void opened.push(id),
    } as never);
    const open = (sessionId: string) =>
      requests.answer({} as never, FromPage.parse({ type: 'openSession', sessionId }));
    await open('ses_1');
    await open('ses_2');
    await assert.rejects(open('ses_3'), /not on the server any more/);
    assert.deepEqual(opened, ['ses_1', 'ses_2']);
  });
});

describe('what stands behind an @', () => {
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('are symbols of the session’s folder as the language of the files knows them', async () => {
    const session = aSession({ id: 'ses_1', directory: shop().fsPath });
    const sources = {
      openCode: { findFiles: () => Promise.resolve([]) },
      sessions: { all: () => [], title: ({ title }: { title: string }) => title },
      agents: [],
      log: { debug: () => undefined },
    };
    // The language server of a file begins when it is opened.
    await vscode.window.showTextDocument(vscode.Uri.joinPath(shop(), 'src/basket.ts'));
    const found = await waitFor(
      async () => (await completeMention(sources, session, 'tax')).find(({ kind }) => kind === 'symbol'),
      { what: 'a symbol' },
    );
    assert.deepEqual(found, {
      kind: 'symbol',
      label: 'tax()',
      detail: 'src/basket.ts',
      insert: '@src/basket.ts#13-15',
    });
  });

  it('are agents and sessions also where files cannot be had', async () => {
    const directory = shop().fsPath;
    const session = aSession({ id: 'ses_1', directory });
    const said: string[] = [];
    const sources = {
      openCode: { findFiles: () => Promise.reject(new Error('The server is away.')) },
      sessions: {
        all: () => [session, aSession({ id: 'ses_2', directory, title: 'Helpful words' })],
        title: ({ title }: { title: string }) => title,
      },
      agents: [{ name: 'helper', mode: 'subagent' as const, permission: [] }],
      log: { debug: (message: string) => void said.push(message) },
    };
    const found = await completeMention(sources, session, 'help');
    assert.deepEqual(
      found.map(({ kind }) => kind),
      ['agent', 'session'],
    );
    assert.equal(said.length, 1);
  });
});
