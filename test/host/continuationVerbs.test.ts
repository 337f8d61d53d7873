import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { waitFor } from '../workbench/waitFor.ts';

const directory = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;

async function run(command: string, argument: unknown): Promise<unknown> {
  return vscode.commands.executeCommand(`opencodeSessions.${command}`, argument);
}

async function startSession(text: string): Promise<string> {
  const id = await run('session.new', { directory, title: 'Lexer', text });
  assert.ok(typeof id === 'string');
  return id;
}

async function draftOf(verb: string): Promise<vscode.TextDocument> {
  return waitFor(
    () => {
      const document = vscode.window.activeTextEditor?.document;
      const isIt = document?.uri.scheme === 'opencode-prompt' && document.uri.path.includes(verb);
      return Promise.resolve(isIt ? document : undefined);
    },
    { what: `a draft named ${verb}` },
  );
}

async function write(document: vscode.TextDocument, change: (text: string) => string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const end = document.lineAt(document.lineCount - 1).range.end;
  edit.replace(document.uri, new vscode.Range(new vscode.Position(0, 0), end), change(document.getText()));
  assert.equal(await vscode.workspace.applyEdit(edit), true);
}

describe('the verbs in the editor', () => {
  let sessionId: string;

  before(async () => {
    await vscode.extensions.getExtension('opencode-sessions.opencode-sessions')?.activate();
    sessionId = await startSession('say: The lexer knows words.');
  });

  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('relay a message to another agent of the same session', async () => {
    assert.equal(await run('session.relay', { sessionId, agent: 'plan', text: 'say: Planned.' }), sessionId);
  });

  it('relay to no agent that is not there', async () => {
    assert.equal(await run('session.relay', { sessionId, agent: 'ghost', text: 'Hello' }), undefined);
  });

  it('fork with a prompt that can be reviewed first', async () => {
    assert.equal(await run('session.forkWithPrompt', { sessionId, text: 'say: Forked.' }), sessionId);
    const draft = await draftOf('Fork – Lexer');
    const fork = await run('draft.send', draft.uri);
    assert.ok(typeof fork === 'string' && fork !== sessionId);
  });

  it('fork into approaches, one for each heading', async () => {
    await run('session.forkMany', { sessionId });
    const draft = await draftOf('Approaches – Lexer');
    assert.equal(await run('draft.send', draft.uri), undefined);
    await write(draft, (text) =>
      text
        .replace('What is to be tried here?', 'say: By hand.')
        .replace('What is to be tried here?', 'say: By table.'),
    );
    const first = await run('draft.send', draft.uri);
    assert.ok(typeof first === 'string' && first !== sessionId);
  });

  it('compact with guidance and go on', async () => {
    const id = await startSession('say: Much was said.');
    await run('session.compact', { sessionId: id, text: 'say: Going on.' });
    const draft = await draftOf('Compact – Lexer');
    assert.match(draft.getText(), /\[Compacting session - build agent will respond after completion\]/);
    assert.equal(await run('draft.send', draft.uri), id);
  });

  it('tell a session something without a turn', async () => {
    assert.equal(await run('session.tell', { sessionId, text: 'The numbers are hexadecimal.' }), sessionId);
  });

  it('bring what a fork found back to the session that it came from', async () => {
    const fork = await run('session.fork', { sessionId });
    assert.ok(typeof fork === 'string' && fork !== sessionId);
    assert.equal(await run('session.bringBack', { sessionId: fork, text: 'Words come first.' }), sessionId);
    assert.equal(await run('session.bringBack', { sessionId, text: 'From no fork.' }), undefined);
  });

  it('undo a hand off in which nothing happened', async () => {
    await run('session.handOff', { sessionId, text: 'Go on afresh' });
    const draft = await draftOf('Handoff – Lexer');
    const id = await run('draft.send', draft.uri);
    assert.ok(typeof id === 'string');
    assert.equal(await run('session.undoHandOff', id), id);
  });

  it('ask the model for a summary and write it into the draft', async () => {
    await run('session.handOff', { sessionId, text: '' });
    const draft = await draftOf('Handoff – Lexer');
    await run('draft.summarize', draft.uri);
    assert.match(draft.getText(), /\*\*Decided:\*\* the decision \(the reason\)/);
    await run('draft.discard', draft.uri);
  });
});
