import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Log } from '../../src/core/log.ts';
import { ColourThemes } from '../../src/editor/colourThemes.ts';
import { settings } from '../../src/editor/settings.ts';

describe('the colours of code in the colour themes of the editor', () => {
  const messages: string[] = [];
  const write = (message: string): void => void messages.push(message);
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const themes = new ColourThemes(log);

  const customize = (value: unknown): Thenable<void> =>
    vscode.workspace
      .getConfiguration('editor')
      .update('tokenColorCustomizations', value, vscode.ConfigurationTarget.Global);

  const controlOf = async (theme: string) => (await themes.codeStyles(theme))?.control.colour;

  after(() => customize(undefined));

  it('are read from their own files', async () => {
    assert.equal(await controlOf('Monokai'), '#F92672');
    assert.equal(await controlOf('Solarized Light'), '#859900');
    assert.deepEqual(messages, []);
  });

  it('are unknown of a theme that is on the other side, which the log tells once', async () => {
    assert.equal(await controlOf('A Theme From Elsewhere'), undefined);
    assert.equal(messages.splice(0).length, 1);
  });

  it('are those that a person sets, for all themes or for one, as soon as they are set', async () => {
    const { promise: changed, resolve } = Promise.withResolvers<void>();
    const subscription = settings.onDidChangeTranscript(resolve);
    await customize({
      keywords: '#ff00aa',
      '[*Light]': { keywords: { foreground: '#aa0055', fontStyle: 'bold' } },
    });
    await changed;
    subscription.dispose();
    assert.equal(await controlOf('Monokai'), '#ff00aa');
    const { control } = (await themes.codeStyles('Solarized Light')) ?? {};
    assert.deepEqual(control, { colour: '#aa0055', italic: false, bold: true });
  });
});
