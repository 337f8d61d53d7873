import { languages, window, workspace, type TextEditor } from 'vscode';
import { Problem } from '../../core/errors.ts';
import type { Disposable } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import { openWebPage } from '../openWebPage.ts';

/** Knows the text editor that was used last, since none is active while a transcript is. */
export class LastEditor implements Disposable {
  #editor = window.activeTextEditor;
  readonly #subscription = window.onDidChangeActiveTextEditor((editor) => {
    this.#editor = editor ?? this.#editor;
  });

  /** undefined where it is no longer to be seen. */
  get(): TextEditor | undefined {
    return window.visibleTextEditors.find(({ document }) => document === this.#editor?.document);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

/** Replaces the selections of the editor used last with the text. */
export async function insertAtCursor(lastEditor: LastEditor, text: string): Promise<void> {
  const editor = lastEditor.get() ?? window.visibleTextEditors[0];
  const inserted = await editor?.edit((edit) => {
    for (const selection of editor.selections) edit.replace(selection, text);
  });
  if (inserted === true) return;
  throw new Problem(
    editor === undefined
      ? l10n.t('No text editor is open beside the transcript. Open the file to insert into.')
      : l10n.t('The text could not be inserted into {0}.', editor.document.fileName),
  );
}

/** Opens the text as an unsaved file of its language. */
export async function openAsFile(text: string, language: string): Promise<void> {
  const known = new Set(await languages.getLanguages());
  const id = languageIds[language] ?? language;
  const document = await workspace.openTextDocument({
    content: text,
    ...(known.has(id) ? { language: id } : {}),
  });
  await window.showTextDocument(document);
}

/** Opens a web page in the browser; anything else is refused. */
export async function openLink(url: string): Promise<void> {
  const { protocol, href } = URL.parse(url) ?? {};
  if (href === undefined || (protocol !== 'http:' && protocol !== 'https:')) {
    throw new Problem(l10n.t('Only web addresses are opened from a transcript.'));
  }
  await openWebPage(href);
}

/** What people write behind a fence where the editor has another name. */
const languageIds: Readonly<Record<string, string>> = {
  bash: 'shellscript',
  'c#': 'csharp',
  'c++': 'cpp',
  cc: 'cpp',
  cjs: 'javascript',
  cs: 'csharp',
  cts: 'typescript',
  cxx: 'cpp',
  docker: 'dockerfile',
  'f#': 'fsharp',
  golang: 'go',
  h: 'c',
  hpp: 'cpp',
  js: 'javascript',
  jsx: 'javascriptreact',
  kt: 'kotlin',
  md: 'markdown',
  mjs: 'javascript',
  mts: 'typescript',
  patch: 'diff',
  ps1: 'powershell',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'shellscript',
  shell: 'shellscript',
  svg: 'xml',
  tex: 'latex',
  ts: 'typescript',
  tsx: 'typescriptreact',
  yml: 'yaml',
  zsh: 'shellscript',
};
