import * as vscode from 'vscode';
import {
  type AutomationEntry,
  type AutomationFault,
  isOfWorkspace,
} from '../../core/automations/automation.ts';
import type { Disposable } from '../../core/event.ts';
import type { Log } from '../../core/log.ts';
import { onDidChangeAutomations } from './automationSettings.ts';
import { type SettingsFile, settingsFileOf, workspaceSettingsFiles } from './settingsFiles.ts';
import { readWritten, type WrittenEntry } from './settingsText.ts';

export interface AutomationDiagnosticsPorts {
  /** What an entry names that is not there. */
  readonly findUnknown: (entry: AutomationEntry) => Promise<readonly AutomationFault[]>;
  readonly log: Log;
}

const pause = 300;
/** A file without these letters has none of them. */
const settingName = 'automations';

/**
 * Says in the settings themselves what is wrong with automations, each fault at its place: in the files of the workspace also
 * while nobody has them open, and in the person's own while they do.
 */
export class AutomationDiagnostics implements Disposable {
  readonly #ports: AutomationDiagnosticsPorts;
  readonly #collection = vscode.languages.createDiagnosticCollection('opencode-automations');
  readonly #subscriptions: readonly Disposable[];
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** How often each file was looked at: an older look says nothing any more. */
  readonly #looks = new Map<string, number>();

  constructor(ports: AutomationDiagnosticsPorts) {
    this.#ports = ports;
    this.#subscriptions = [
      vscode.workspace.onDidOpenTextDocument((document) => this.#plan(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#plan(document, pause)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#closed(document)),
      onDidChangeAutomations(() => this.refresh()),
    ];
    this.refresh();
  }

  /** Looks at all of them again, e.g. by other agents. */
  refresh(): void {
    for (const file of workspaceSettingsFiles()) this.#planFile(file, 0);
    for (const document of vscode.workspace.textDocuments) this.#plan(document, 0);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#collection.dispose();
  }

  #plan(document: vscode.TextDocument, delay: number): void {
    const file = settingsFileOf(document);
    if (file !== undefined) this.#planFile(file, delay);
  }

  #closed(document: vscode.TextDocument): void {
    const file = settingsFileOf(document);
    if (file === undefined) return;
    if (file.origin.kind === 'user') this.#collection.delete(document.uri);
    else this.#planFile(file, 0);
  }

  #planFile(file: SettingsFile, delay: number): void {
    const id = file.uri.toString();
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => {
        this.#timers.delete(id);
        this.#check(file).catch((error: unknown) =>
          this.#ports.log.warn('Automations in settings could not be checked.', id, error),
        );
      }, delay),
    );
  }

  async #check(file: SettingsFile): Promise<void> {
    const id = file.uri.toString();
    const look = (this.#looks.get(id) ?? 0) + 1;
    this.#looks.set(id, look);
    const text = await readText(file.uri);
    const diagnostics = text?.includes(settingName) === true ? await this.#judge(file, text) : [];
    if (this.#looks.get(id) === look) this.#collection.set(file.uri, diagnostics);
  }

  async #judge({ origin }: SettingsFile, text: string): Promise<vscode.Diagnostic[]> {
    const toRange = rangesIn(text);
    const written = await readWritten(text, origin);
    const judged = await Promise.all(
      written.map(async (one) => {
        const faults = one.entry.faults.map((fault) => toDiagnostic(one, fault, 'Error', toRange));
        // In a folder that is not trusted nothing is asked and nothing run.
        if (isOfWorkspace(one.entry) && !vscode.workspace.isTrusted) return faults;
        const unknown = await this.#ports.findUnknown(one.entry);
        return [...faults, ...unknown.map((fault) => toDiagnostic(one, fault, 'Warning', toRange))];
      }),
    );
    return judged.flat();
  }
}

function toDiagnostic(
  { placeOf }: WrittenEntry,
  { path, message }: AutomationFault,
  severity: 'Error' | 'Warning',
  toRange: ReturnType<typeof rangesIn>,
): vscode.Diagnostic {
  const { offset, length } = placeOf(path);
  const diagnostic = new vscode.Diagnostic(
    toRange(offset, offset + length),
    message,
    vscode.DiagnosticSeverity[severity],
  );
  diagnostic.source = 'OpenCode Sessions';
  return diagnostic;
}

/** As it stands in the editor, else on disk; undefined: there is none. */
async function readText(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open !== undefined) return open.getText();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}

function rangesIn(text: string): (start: number, end: number) => vscode.Range {
  const starts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ index, 0: found }) => index + found.length)];
  const at = (offset: number): vscode.Position => {
    const line = starts.findLastIndex((start) => start <= offset);
    return new vscode.Position(line, offset - (starts[line] ?? 0));
  };
  return (start, end) => new vscode.Range(at(start), at(end));
}
