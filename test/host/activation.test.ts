import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds } from '../../src/manifest.ts';

describe('the extension in the host', () => {
  const extension = vscode.extensions.getExtension('opencode-sessions.opencode-sessions');

  it('is found and activates', async () => {
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers every command that the manifest names', async () => {
    await extension?.activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      commandIds.filter((id) => !registered.has(id)),
      [],
    );
  });

  it('offers every command of package.json, and no other, under its own name', () => {
    const contributed: { command: string }[] = extension?.packageJSON.contributes.commands ?? [];
    const known: ReadonlySet<string> = new Set(commandIds);
    assert.deepEqual(
      contributed.map(({ command }) => command).filter((id) => !known.has(id)),
      [],
    );
  });
});
