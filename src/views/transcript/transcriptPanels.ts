import {
  TabInputWebview,
  Uri,
  ViewColumn,
  type WebviewPanel,
  type WebviewPanelSerializer,
  window,
} from 'vscode';
import type { AskedCalls } from '../../core/requests/askedCalls.ts';
import type { Waits } from '../../core/requests/waits.ts';
import type { Attention } from '../../core/sessions/attention.ts';
import type { ConnectionState } from '../../core/state/connectionState.ts';
import type { LastEnds } from '../../core/sessions/lastEnds.ts';
import type { CurrentSession } from '../../core/sessions/currentSession.ts';
import type { HostedWord } from '../../core/state/hostedModel.ts';
import type { Offers } from '../../core/state/offers.ts';
import type { SessionChanges } from '../../core/changes/sessionChanges.ts';
import { Emitter, type Disposable, type Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/ports/openCode.ts';
import type { Prompting } from '../../core/prompts/prompting.ts';
import type { KeptValues } from '../../core/ports/keptValues.ts';
import type { RevertedFile } from '../../core/transcript/revertPlan.ts';
import type { OpenHow } from '../../core/sessions/openHow.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import type { TodoStore } from '../../core/todos/todoStore.ts';
import type { VisibleSessions } from '../../core/sessions/visibleSessions.ts';
import type { TranscriptStore } from '../../core/transcript/transcriptStore.ts';
import { viewIds } from '../../manifest.ts';
import type { Session } from '../../protocol/records.ts';
import type { Attachment } from '../../protocol/page/composer.ts';
import type { CodeStyles } from '../../protocol/page/codeStyles.ts';
import { RestoredPanel } from '../../protocol/page/fromPage.ts';
import type { PageSettings, Picked } from '../../protocol/page/toPage.ts';
import { AfterPaint } from '../afterPaint.ts';
import { LastEditor } from './codeActions.ts';
import { PageRequests } from './pageRequests.ts';
import { openText } from './partDocuments.ts';
import { showRevert } from './revertPreview.ts';
import type { FeedSources } from './transcriptFeed.ts';
import { type GoingOn, TranscriptPanel, type TranscriptPanelPorts } from './transcriptPanel.ts';
import { VirtualDocuments } from './virtualDocuments.ts';

export interface TranscriptPanelsPorts {
  readonly extensionUri: Uri;
  readonly sessions: Sessions;
  readonly todos: TodoStore;
  readonly changes: SessionChanges;
  readonly transcripts: TranscriptStore;
  readonly follow: (session: Session) => void;
  readonly ends: LastEnds;
  readonly attention: Attention;
  readonly waits: Pick<Waits, 'of'>;
  readonly calls: AskedCalls;
  readonly offers: Offers;
  readonly openCode: OpenCode;
  readonly currentSession: CurrentSession;
  readonly visible: Pick<VisibleSessions, 'add'>;
  readonly connection: { readonly state: ConnectionState; readonly onDidChangeState: Event<ConnectionState> };
  readonly prompting: Prompting;
  readonly executeCommand: (id: string, argument: unknown) => Promise<unknown>;
  readonly settings: () => PageSettings;
  readonly savedChains: FeedSources['savedChains'];
  readonly hosted: HostedWord;
  /** How a colour theme shows code, where that can be found out. */
  readonly codeStyles: (theme: string) => Promise<CodeStyles | undefined>;
  readonly onDidChangeSettings: (listener: () => void) => Disposable;
  /** Shows a person what went wrong. */
  readonly report: (error: unknown) => void;
  readonly memento: KeptValues;
  readonly log: Log;
}

const previewKey = 'transcript.preview';

/**
 * The transcripts that are open. One panel is the preview: it is reused for the next session that is looked at,
 * since a panel takes a while to start and a switch inside one does not. The others belong to their session.
 */
export class TranscriptPanels implements WebviewPanelSerializer, Disposable {
  readonly #ports: TranscriptPanelsPorts;
  readonly #panels = new Set<TranscriptPanel>();
  /** Texts that are opened in the editor, read-only. */
  readonly documents = new VirtualDocuments();
  readonly #panelPorts: TranscriptPanelPorts;
  readonly #remembering = new AfterPaint(() => this.#remember());
  readonly #owned: Disposable[];
  readonly #didLookAt = new Emitter<string>();

  /** The user turned to the transcript of that session, also when it is the one they last looked at. */
  readonly onDidLookAt = this.#didLookAt.event;

  constructor(ports: TranscriptPanelsPorts) {
    this.#ports = ports;
    const documents = this.documents;
    const lastEditor = new LastEditor();
    const requests = new PageRequests({
      ...ports,
      documents,
      lastEditor,
      openSession: (sessionId) => this.open(sessionId, 'preview'),
    });
    this.#panelPorts = { ...ports, requests };
    this.#owned = [
      documents,
      lastEditor,
      this.#didLookAt,
      this.#remembering,
      window.registerWebviewPanelSerializer(viewIds.transcript, this),
      window.tabGroups.onDidChangeTabs(({ changed }) => this.#pinAsTabs(changed)),
      ports.onDidChangeSettings(() => this.#tellSettings()),
      ports.hosted.onDidTell(() => this.#tellSettings()),
      ports.prompting.onDidGiveBack((given) => this.#find(given.sessionId)?.putBack(given)),
      ports.prompting.onDidKeepTarget((kept) => this.#find(kept.sessionId)?.keepTarget(kept)),
    ];
  }

  /** Shows a session's transcript, at a message if one is named. */
  open(sessionId: string, how: OpenHow, reveal?: string): void {
    const shown = how === 'side' ? undefined : this.#find(sessionId);
    const panel = shown ?? (how === 'preview' ? this.#findPreview() : undefined) ?? this.#create(how);
    if (how === 'pinned') panel.pin();
    panel.turnTo(sessionId, reveal);
    if (how === 'preview' ? !panel.isVisible : shown !== undefined) panel.reveal(how === 'preview');
    this.#remembering.plan();
    this.#ports.currentSession.set(sessionId);
  }

  /** Puts text and files into the composer of a session, which is shown for it. */
  insert(sessionId: string, text: string, attachments: readonly Attachment[] = []): void {
    this.open(sessionId, 'pinned');
    this.#find(sessionId)?.insert(sessionId, text, attachments);
  }

  /** Puts text behind what stands in the composer of a session, which is not shown for it. */
  append(sessionId: string, text: string): void {
    const isTold = this.#find(sessionId)?.append(sessionId, text) ?? false;
    if (!isTold) this.#ports.prompting.drafts.add(sessionId, { text });
  }

  /**
   * Shows a session so that a person goes on there: with the cursor in its composer, with one of the composer's lists open,
   * or at the request that waits for an answer.
   */
  goOn(sessionId: string, what?: Picked | 'request', how: OpenHow = 'preview'): void {
    this.open(sessionId, how);
    const panel = this.#find(sessionId);
    panel?.reveal(false);
    panel?.tell(goingOn(sessionId, what));
  }

  /** Folds all turns of the session that is looked at to a line each, or none. */
  foldTurns(isFolded: boolean): void {
    this.#find(this.#ports.currentSession.id ?? '')?.foldTurns(isFolded);
  }

  /** Shows what a revert would change in the files of a directory. */
  async showRevert(directory: string, files: readonly RevertedFile[]): Promise<void> {
    await showRevert(this.documents, directory, files);
  }

  /** Shows a text of a session in an editor, read-only. */
  async openText(name: string, text: string): Promise<void> {
    await openText(this.documents, name, text);
  }

  /** Moves the prompt of a session into an editor: with what its page has not told yet, where one shows it. */
  async lend(sessionId: string): Promise<void> {
    const panel = this.#find(sessionId);
    if (panel?.isVisible === true && !this.#ports.prompting.lent.has(sessionId))
      panel.tell({ type: 'lend', sessionId });
    else await this.#ports.prompting.lent.lend(sessionId);
  }

  /** Takes a panel that the editor kept over a reload of the window. */
  deserializeWebviewPanel(webviewPanel: WebviewPanel, state: unknown): Promise<void> {
    const kept = RestoredPanel.safeParse(state);
    if (!kept.success) {
      webviewPanel.dispose();
      return Promise.resolve();
    }
    const { sessionId } = kept.data;
    const wasPreview = this.#ports.memento.get(previewKey, '') === sessionId;
    const panel = this.#adopt(webviewPanel, wasPreview && this.#findPreview() === undefined);
    panel.turnTo(sessionId);
    if (webviewPanel.active) this.#ports.currentSession.set(sessionId);
    return Promise.resolve();
  }

  dispose(): void {
    for (const panel of this.#panels) panel.dispose();
    for (const owned of this.#owned) owned.dispose();
  }

  #find(sessionId: string): TranscriptPanel | undefined {
    return [...this.#panels].find((panel) => panel.sessionId === sessionId);
  }

  #findPreview(): TranscriptPanel | undefined {
    return [...this.#panels].find((panel) => panel.isPreview);
  }

  #create(how: OpenHow): TranscriptPanel {
    const viewColumn = how === 'side' ? ViewColumn.Beside : ViewColumn.Active;
    const panel = window.createWebviewPanel(
      viewIds.transcript,
      l10n.t('OpenCode Session'),
      { viewColumn, preserveFocus: how === 'preview' },
      { enableFindWidget: false },
    );
    return this.#adopt(panel, how === 'preview');
  }

  #adopt(webviewPanel: WebviewPanel, isPreview: boolean): TranscriptPanel {
    const panel = new TranscriptPanel(webviewPanel, isPreview, this.#panelPorts);
    this.#panels.add(panel);
    const visible = this.#ports.visible.add(panel);
    panel.onDidActivate(() => {
      this.#ports.currentSession.set(panel.sessionId);
      if (panel.sessionId !== undefined) this.#didLookAt.fire(panel.sessionId);
    });
    panel.onDidPin(() => this.#remember());
    panel.onDidDispose(() => {
      visible.dispose();
      this.#forget(panel);
    });
    return panel;
  }

  #forget(panel: TranscriptPanel): void {
    this.#panels.delete(panel);
    const { sessionId } = panel;
    const { currentSession } = this.#ports;
    if (sessionId !== undefined && currentSession.id === sessionId && this.#find(sessionId) === undefined) {
      currentSession.set(undefined);
    }
  }

  #remember(): void {
    const { memento } = this.#ports;
    const sessionId = this.#findPreview()?.sessionId;
    if (memento.get<string | undefined>(previewKey, undefined) !== sessionId)
      void memento.update(previewKey, sessionId);
  }

  /** Pinning the tab in the editor pins the transcript. A tab tells its panel by its title only. */
  #pinAsTabs(
    tabs: readonly { readonly input: unknown; readonly isPinned: boolean; readonly label: string }[],
  ): void {
    const preview = this.#findPreview();
    const isPinned = tabs.some(
      ({ input, isPinned, label }) =>
        isPinned &&
        label === preview?.title &&
        input instanceof TabInputWebview &&
        input.viewType.endsWith(viewIds.transcript),
    );
    if (isPinned) preview?.pin();
  }

  #tellSettings(): void {
    for (const panel of this.#panels) panel.tellSettings();
  }
}

function goingOn(sessionId: string, what: Picked | 'request' | undefined): GoingOn {
  if (what === undefined) return { type: 'insert', sessionId, text: '' };
  return what === 'request' ? { type: 'attend', sessionId } : { type: 'pick', sessionId, what };
}
