import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ToldContext } from '../../src/core/ports/toldContext.ts';
import { waitFor } from '../workbench/waitFor.ts';
import { collectToldContexts } from '../../src/editor/toldContexts.ts';

describe('what of the editor can be told to a session', () => {
  const directory = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const problems = vscode.languages.createDiagnosticCollection('told');
  let contexts: readonly ToldContext[];

  before(async () => {
    const uri = vscode.Uri.joinPath(vscode.Uri.file(directory), 'README.md');
    const selection = new vscode.Range(0, 2, 0, 5);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { selection });
    const problem = new vscode.Diagnostic(selection, 'Not a workspace.', vscode.DiagnosticSeverity.Warning);
    problems.set(uri, [problem]);
    const terminal = vscode.window.createTerminal({ name: 'told' });
    terminal.show();
    await waitFor(() => Promise.resolve(vscode.window.activeTerminal), { what: 'the terminal' });
    contexts = await collectToldContexts({ readDiff: () => Promise.resolve('-a\n+b') }, directory);
  });

  after(async () => {
    problems.dispose();
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  async function textOf(kind: ToldContext['kind']): Promise<string> {
    const context = contexts.find((candidate) => candidate.kind === kind);
    return context === undefined ? assert.fail(`no ${kind}`) : context.read();
  }

  it('is the selection, with its place', async () => {
    const selected = vscode.window.activeTextEditor?.document.getText().slice(2, 5) ?? '';
    assert.equal(
      await textOf('selection'),
      `Selection from README.md:1:\n\n\`\`\`markdown\n${selected}\n\`\`\``,
    );
  });

  it('is the whole file', async () => {
    assert.match(await textOf('file'), /^File README\.md:\n\n`{3,}markdown\n# /);
  });

  it('are the problems of the folder', async () => {
    assert.match(await textOf('diagnostics'), /^- README\.md:1: warning: Not a workspace\.$/m);
  });

  it('are the changes in the working tree', async () => {
    assert.match(await textOf('diff'), /```diff\n-a\n\+b\n```/);
  });

  it('is what is selected in the terminal, once it is asked for', () => {
    assert.equal(contexts.find(({ kind }) => kind === 'terminal')?.label, 'told');
  });
});
