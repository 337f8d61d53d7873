import assert from 'node:assert/strict';
import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { runInTerminal } from '../../src/editor/automations/automationTerminal.ts';
import { waitFor } from '../workbench/waitFor.ts';

describe('automations in the settings of a workspace', () => {
  let root = '';
  let settings: vscode.Uri;
  let earlier: string | undefined;

  before(async () => {
    root = await realpath(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail('no folder'));
    settings = vscode.Uri.file(join(root, '.vscode', 'settings.json'));
    earlier = await readFile(settings.fsPath, 'utf8').catch(() => undefined);
    await mkdir(join(root, '.vscode'), { recursive: true });
    const deploy = { label: 'deploy the shop', type: 'shell', command: 'true' };
    await writeFile(
      join(root, '.vscode', 'tasks.json'),
      JSON.stringify({ version: '2.0.0', tasks: [deploy] }),
    );
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(join(root, '.vscode', 'tasks.json'));
    if (earlier === undefined) await rm(settings.fsPath);
    else await writeFile(settings.fsPath, earlier);
  });

  /** Writes entries as they would stand in the file, and shows them. */
  const write = async (entries: string): Promise<vscode.TextDocument> => {
    await writeFile(settings.fsPath, `{\n  "opencodeSessions.automations": ${entries}\n}\n`);
    const document = await vscode.workspace.openTextDocument(settings);
    await waitFor(() => document.getText().includes(entries), { what: 'the file to be read again' });
    await vscode.window.showTextDocument(document);
    return document;
  };
  const faults = (document: vscode.TextDocument): string[] =>
    vscode.languages
      .getDiagnostics(document.uri)
      .filter(({ source }) => source === 'OpenCode Sessions')
      .map(({ range, message }) => `${document.getText(range)}: ${message}`);

  it('say at its place what is not there', async () => {
    const document = await write(
      '{ "a": { "on": "setled", "do": [{ "task": "no such task" }] },\n' +
        '"b": { "on": "settled", "do": [{ "relay": { "agent": "ghost", "text": "Go." } }], "wait": 1 },\n' +
        '"c": { "on": "settled", "if": { "directory": "[a" }, "do": [{ "task": "deploy the shop" }] } }',
    );
    const expected = [/^"setled": /, /^"no such task": /, /^"ghost": /, /^"wait": /, /^"\[a": /];
    await waitFor(() => faults(document).length >= expected.length, { what: 'the faults' });
    const found = faults(document);
    assert.deepEqual(
      expected.map((one) => found.filter((fault) => one.test(fault)).length),
      expected.map(() => 1),
      found.join('\n'),
    );
    assert.equal(found.length, expected.length, found.join('\n'));
  });

  it('have no fault any more once they are mended', async () => {
    const document = await write('{ "a": { "on": "settled", "do": [{ "task": "deploy the shop" }] } }');
    await waitFor(() => faults(document).length === 0, { what: 'no fault' });
  });

  it('are completed with the tasks and agents that there are', async () => {
    const labelsAt = async (document: vscode.TextDocument, text: string): Promise<string[]> => {
      const position = document.positionAt(document.getText().indexOf(text) + text.length);
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        position,
      );
      return items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    const document = await write(
      '{ "a": { "on": "settled", "do": [{ "task": "" }, { "relay": { "agent": "", "text": "Go." } }] } }',
    );
    await waitFor(async () => (await labelsAt(document, '"task": "')).includes('"deploy the shop"'), {
      what: 'the task to be offered',
    });
    const agents = await labelsAt(document, '"agent": "');
    assert.ok(agents.includes('"build"') && agents.includes('"plan"'), agents.join());
  });
});

describe('a line that an automation has a terminal run', () => {
  let root = '';

  before(async () => {
    root = await realpath(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail('no folder'));
  });

  after(async () => {
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await rm(join(root, 'told.txt'), { force: true });
  });

  it('runs in the folder of the window, once, and is never said to be more than is known', async () => {
    const outcome = await runInTerminal('echo told >> told.txt', root, 60_000);
    assert.ok(outcome.kind === 'done' || outcome.kind === 'sent', outcome.kind);
    const told = () => readFile(join(root, 'told.txt'), 'utf8').catch(() => '');
    await waitFor(async () => (await told()) === 'told\n', { what: 'the line to have run' });
  });

  it('is run in no other folder', async () => {
    await assert.rejects(runInTerminal('echo told', join(root, '..'), 1000), /none of this window/);
  });
});
