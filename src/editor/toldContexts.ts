import {
  commands,
  type Diagnostic,
  DiagnosticSeverity,
  env,
  languages,
  type TextEditor,
  Uri,
  window,
} from 'vscode';
import { toRelative } from '../core/continuation/filesTouched.ts';
import {
  buildDiffContext,
  buildFileContext,
  buildProblemsContext,
  buildTerminalContext,
  type ToldProblem,
} from '../core/continuation/toldText.ts';
import { estimateTokens } from '../core/continuation/digest/tokenEstimate.ts';
import type { ToldContext } from '../core/ports/toldContext.ts';

export interface ToldContextsDeps {
  readonly readDiff: (directory: string) => Promise<string>;
}

/** What of the editor can be told to a session at this moment. */
export async function collectToldContexts(
  { readDiff }: ToldContextsDeps,
  directory: string,
): Promise<readonly ToldContext[]> {
  const editor = window.activeTextEditor ?? window.visibleTextEditors[0];
  const diff = await readDiff(directory);
  return [
    ...(editor === undefined ? [] : describeEditor(editor, directory)),
    ...describeProblems(directory),
    ...(diff === '' ? [] : [known('diff', 'git diff', buildDiffContext(diff))]),
    ...describeTerminal(),
  ];
}

function known(kind: ToldContext['kind'], label: string, text: string): ToldContext {
  return { kind, label, tokens: estimateTokens(text), read: () => Promise.resolve(text) };
}

function describeEditor({ document, selection }: TextEditor, directory: string): ToldContext[] {
  if (document.uri.scheme !== 'file') return [];
  const path = toRelative(document.uri.fsPath, directory);
  const lines =
    selection.start.line === selection.end.line
      ? `${selection.start.line + 1}`
      : `${selection.start.line + 1}-${selection.end.line + 1}`;
  const language = document.languageId;
  const file = known('file', path, buildFileContext({ path, language, text: document.getText() }));
  if (selection.isEmpty) return [file];
  const text = buildFileContext({ path, lines, language, text: document.getText(selection) });
  return [known('selection', `${path}:${lines}`, text), file];
}

function describeProblems(directory: string): ToldContext[] {
  const root = Uri.file(directory).toString();
  const found = languages
    .getDiagnostics()
    .filter(([uri]) => uri.scheme === 'file' && uri.toString().startsWith(`${root}/`))
    .flatMap(([uri, problems]) =>
      problems.map((problem) => toToldProblem(toRelative(uri.fsPath, directory), problem)),
    );
  return found.length === 0 ? [] : [known('diagnostics', String(found.length), buildProblemsContext(found))];
}

/** Whether something is selected in a terminal is known only once it is copied. */
function describeTerminal(): ToldContext[] {
  const terminal = window.activeTerminal;
  if (terminal === undefined) return [];
  const read = async (): Promise<string> => {
    const text = await copyTerminalSelection();
    return text === '' ? '' : buildTerminalContext(text);
  };
  return [{ kind: 'terminal', label: terminal.name, read }];
}

function toToldProblem(path: string, { range, message, source, severity }: Diagnostic): ToldProblem {
  return { path, line: range.start.line + 1, severity: severities[severity], message, source };
}

const severities = {
  [DiagnosticSeverity.Error]: 'error',
  [DiagnosticSeverity.Warning]: 'warning',
  [DiagnosticSeverity.Information]: 'information',
  [DiagnosticSeverity.Hint]: 'hint',
} as const;

/** The editor tells the selection of a terminal by the clipboard only; what was in it is put back. */
async function copyTerminalSelection(): Promise<string> {
  const before = await env.clipboard.readText();
  await env.clipboard.writeText('');
  await commands.executeCommand('workbench.action.terminal.copySelection');
  const selected = await env.clipboard.readText();
  await env.clipboard.writeText(before);
  return selected;
}
