import {
  CodeLens,
  type CodeLensProvider,
  EventEmitter,
  languages,
  Range,
  type TextDocument,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { Comparison } from '../../core/compare/comparison.ts';
import {
  buildComparisonText,
  comparisonName,
  type ComparisonText,
} from '../../core/compare/comparisonText.ts';
import { groupOf } from '../../core/sessions/related.ts';
import type { Disposable } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import { plainLabel } from '../../core/plainText.ts';
import { parseLineage } from '../../protocol/lineage.ts';
import type { CommandId } from '../../manifest.ts';

const scheme = 'opencode-compare';

interface Shown extends ComparisonText {
  readonly comparison: Comparison;
}

export interface ComparisonDocumentsPorts {
  readonly hasArchive: () => boolean;
}

/**
 * Comparisons as read-only documents, with what can be done above their title and above the heading of each session. A
 * comparison is a still picture of when it was read; it is read again where somebody asks for that.
 */
export class ComparisonDocuments implements TextDocumentContentProvider, CodeLensProvider, Disposable {
  readonly #hasArchive: () => boolean;
  /** By the address of each document. */
  readonly #shown = new Map<string, Shown>();
  readonly #didChange = new EventEmitter<Uri>();
  readonly #didChangeLenses = new EventEmitter<void>();
  readonly #subscriptions: readonly Disposable[];

  readonly onDidChange = this.#didChange.event;
  readonly onDidChangeCodeLenses = this.#didChangeLenses.event;

  constructor({ hasArchive }: ComparisonDocumentsPorts) {
    this.#hasArchive = hasArchive;
    this.#subscriptions = [
      this.#didChange,
      this.#didChangeLenses,
      workspace.registerTextDocumentContentProvider(scheme, this),
      languages.registerCodeLensProvider({ scheme }, this),
      workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === scheme) this.#shown.delete(uri.toString());
      }),
    ];
  }

  async show(comparison: Comparison): Promise<void> {
    const query = comparison.sessions.map(({ session }) => session.id).join();
    const uri = this.#find(query) ?? addressOf(comparison, query);
    this.#shown.set(uri.toString(), { comparison, ...buildComparisonText(comparison) });
    this.#didChange.fire(uri);
    this.#didChangeLenses.fire();
    await window.showTextDocument(uri, { preview: false });
  }

  provideTextDocumentContent(uri: Uri): string {
    return (
      this.#shown.get(uri.toString())?.text ??
      l10n.t('Compare these sessions again with “Compare Approaches…”.')
    );
  }

  provideCodeLenses({ uri }: TextDocument): CodeLens[] {
    const shown = this.#shown.get(uri.toString());
    if (shown === undefined) return [];
    const { comparison, places } = shown;
    return places.flatMap(({ line, of }) =>
      of === 'all' ? lensesOfAll(line, comparison) : this.#lensesOfOne(line, comparison, of),
    );
  }

  dispose(): void {
    this.#shown.clear();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #find(query: string): Uri | undefined {
    const known = [...this.#shown.keys()].map((text) => Uri.parse(text));
    return known.find((uri) => uri.query === query);
  }

  #lensesOfOne(line: number, { sessions }: Comparison, index: number): CodeLens[] {
    const session = sessions[index]?.session;
    if (session === undefined) return [];
    const argument = { sessionId: session.id };
    const isFork = parseLineage(session)?.kind === 'fork';
    return [
      lens(line, l10n.t('Open Session'), 'comment-discussion', 'opencodeSessions.session.open', argument),
      ...(this.#hasArchive() && groupOf(session) !== undefined
        ? [lens(line, l10n.t('Keep This One…'), 'pass', 'opencodeSessions.approaches.keep', argument)]
        : []),
      ...(isFork
        ? [
            lens(
              line,
              l10n.t('Bring Findings Back…'),
              'git-merge',
              'opencodeSessions.session.bringBack',
              argument,
            ),
          ]
        : []),
    ];
  }
}

function lensesOfAll(line: number, { sessions, pair }: Comparison): CodeLens[] {
  const rows = sessions.map(({ session }) => ({ sessionId: session.id }));
  const [left, right] = [rows[pair.left], rows[pair.right]];
  const hasOthers = sessions.length > 2;
  const others = (title: string, icon: string, command: CommandId) =>
    hasOthers ? [lens(line, title, icon, command, rows[0], rows)] : [];
  return [
    lens(line, l10n.t('Answers Side by Side'), 'diff', 'opencodeSessions.approaches.compareAnswers', left, [
      left,
      right,
    ]),
    lens(
      line,
      l10n.t('Files Side by Side'),
      'diff-multiple',
      'opencodeSessions.approaches.compareFiles',
      left,
      [left, right],
    ),
    lens(
      line,
      l10n.t('Transcripts Side by Side'),
      'comment-discussion',
      'opencodeSessions.session.compareWith',
      left,
      [left, right],
    ),
    ...others(
      l10n.t('Answers of Other Two…'),
      'list-selection',
      'opencodeSessions.approaches.compareAnswers',
    ),
    ...others(l10n.t('Files of Other Two…'), 'list-selection', 'opencodeSessions.approaches.compareFiles'),
    lens(line, l10n.t('Read Again'), 'refresh', 'opencodeSessions.approaches.compare', rows[0], rows),
  ];
}

function addressOf(comparison: Comparison, query: string): Uri {
  const name = comparisonName(comparison).replaceAll(/[/\\]/g, '∕');
  return Uri.from({ scheme, path: `/${name}.md`, query });
}

/** `words` are ours; what others named stands in none of them. */
function lens(line: number, words: string, icon: string, command: CommandId, ...values: unknown[]): CodeLens {
  const title = `$(${icon}) ${plainLabel(words)}`;
  return new CodeLens(new Range(line, 0, line, 0), { title, command, arguments: values });
}
