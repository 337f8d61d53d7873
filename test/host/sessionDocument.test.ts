import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { CommandId } from '../../src/manifest.ts';
import { waitFor } from '../workbench/waitFor.ts';

function run(id: CommandId, ...args: unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(id, ...args);
}

/** A session with this title whose prompts were answered with the same words. */
async function makeSession(title: string, ...prompts: string[]): Promise<string> {
  const id = String(await run('opencodeSessions.session.new', { title, text: '' }));
  for (const prompt of prompts) await say(id, prompt);
  return id;
}

async function say(sessionId: string, text: string): Promise<void> {
  await run('opencodeSessions.session.prompt', { sessionId, text: `say: ${text}` });
  await waitFor(async () => (await textOf(sessionId)).includes(`\n${text}\n`), {
    what: `the answer ${text}`,
  });
}

/** The session as a document, as another extension would read it. */
async function textOf(sessionId: string): Promise<string> {
  const uri = vscode.Uri.from({
    scheme: 'opencode-session',
    path: '/look.md',
    query: `session=${sessionId}&look=${looks++}`,
  });
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}
let looks = 0;

describe('a session as a document', function () {
  // The editor's own Markdown begins with the first one, on a machine that may be busy.
  this.timeout(300_000);

  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('is Markdown with an outline of its turns, and cannot be written', async () => {
    const id = await makeSession('A/document: of mine', 'first words', 'second words');
    await run('opencodeSessions.session.openAsDocument', id);
    const { document } = vscode.window.activeTextEditor ?? assert.fail('no editor');
    assert.deepEqual([document.languageId, document.uri.path], ['markdown', '/A document of mine.md']);
    assert.match(document.getText(), /^# A\/document: of mine\n/);
    assert.equal(vscode.workspace.fs.isWritableFileSystem(document.uri.scheme), false);
    const names = await waitFor(
      async () => {
        const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
          'vscode.executeDocumentSymbolProvider',
          document.uri,
        );
        const turns = symbols?.[0]?.children.map(({ name }) => name) ?? [];
        return turns.length > 1 ? turns : undefined;
      },
      { what: 'an outline' },
    );
    assert.deepEqual(names, ['## You: say: first words', '## You: say: second words']);
    await say(id, 'third words');
    await waitFor(() => document.getText().includes('\nthird words\n'), { what: 'what came meanwhile' });
  });

  it('is compared from the point on where two sessions part', async () => {
    const id = await makeSession('Compared', 'shared words');
    const fork = String(await run('opencodeSessions.session.fork', id));
    await say(id, 'words of one');
    await say(fork, 'words of the other');
    await run('opencodeSessions.session.compareWith', { sessionId: id }, [
      { sessionId: id },
      { sessionId: fork },
    ]);
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputTextDiff);
    const texts = await Promise.all(
      [input.original, input.modified].map(async (uri) =>
        (await vscode.workspace.openTextDocument(uri)).getText(),
      ),
    );
    const turns = texts.map((text) => [...text.matchAll(/^## (.*)$/gm)].map(([, words]) => words));
    assert.deepEqual(turns, [['You: say: words of one'], ['You: say: words of the other']]);
  });

  it('says what it cannot show', async () => {
    const uri = (query: string) => vscode.Uri.from({ scheme: 'opencode-session', path: '/x.md', query });
    const text = async (query: string) => (await vscode.workspace.openTextDocument(uri(query))).getText();
    assert.match(await text('session=ses_nowhere'), /This server has no session ses_nowhere: it was deleted/);
    assert.match(await text('nothing'), /This address names no session/);
  });
});
