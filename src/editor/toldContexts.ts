import { commands, env, languages, type Diagnostic, type TextEditor, Uri, window, workspace } from 'vscode';
import { toRelative } from '../core/continuation/filesTouched.ts';
import { estimateTokens } from '../core/continuation/tokenEstimate.ts';
import type { ToldContext } from '../core/toldContext.ts';

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
    ...(diff === '' ? [] : [known('diff', 'git diff', fence(diff, 'diff', 'Changes in the working tree:'))]),
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
  const file = known('file', path, fence(document.getText(), document.languageId, `File ${path}:`));
  if (selection.isEmpty) return [file];
  const place = `${path}:${lines}`;
  const text = fence(document.getText(selection), document.languageId, `Selection from ${place}:`);
  return [known('selection', place, text), file];
}

function describeProblems(directory: string): ToldContext[] {
  const root = Uri.file(directory).toString();
  const lines = languages
    .getDiagnostics()
    .filter(([uri]) => uri.scheme === 'file' && uri.toString().startsWith(`${root}/`))
    .flatMap(([uri, problems]) =>
      problems.map((problem) => describeProblem(workspace.asRelativePath(uri, false), problem)),
    );
  return lines.length === 0
    ? []
    : [known('diagnostics', String(lines.length), ['Problems:', ...lines].join('\n'))];
}

/** Whether something is selected in a terminal is known only once it is copied. */
function describeTerminal(): ToldContext[] {
  const terminal = window.activeTerminal;
  if (terminal === undefined) return [];
  const read = async (): Promise<string> => {
    const text = await copyTerminalSelection();
    return text === '' ? '' : fence(text, '', 'From the terminal:');
  };
  return [{ kind: 'terminal', label: terminal.name, read }];
}

function describeProblem(path: string, { range, message, source, severity }: Diagnostic): string {
  const kind = ['error', 'warning', 'information', 'hint'][severity] ?? 'problem';
  const said = source === undefined ? message : `${message} (${source})`;
  return `- ${path}:${range.start.line + 1}: ${kind}: ${said}`;
}

/** The editor tells the selection of a terminal by the clipboard only; what was in it is put back. */
async function copyTerminalSelection(): Promise<string> {
  const before = await env.clipboard.readText();
  await env.clipboard.writeText('');
  await commands.executeCommand('workbench.action.terminal.copySelection');
  const selected = await env.clipboard.readText();
  await env.clipboard.writeText(before);
  return selected;
}

/** A code block that its own text cannot end. */
function fence(text: string, language: string, heading: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([marks]) => marks.length));
  const marks = '`'.repeat(longest + 1);
  return `${heading}\n\n${marks}${language}\n${text.trimEnd()}\n${marks}`;
}
