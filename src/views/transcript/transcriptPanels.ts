import {
  TabInputWebview,
  Uri,
  ViewColumn,
  type WebviewPanel,
  type WebviewPanelSerializer,
  window,
} from 'vscode';
import type { Attention } from '../../core/sessions/attention.ts';
import type { ConnectionState } from '../../core/connectionState.ts';
import type { CurrentSession } from '../../core/sessions/currentSession.ts';
import type { DirectoryFacts } from '../../core/directoryFacts.ts';
import { NotFoundProblem } from '../../core/errors.ts';
import { Emitter, type Disposable, type Event } from '../../core/event.ts';
import { l10n } from '../../core/l10n.ts';
import type { Log } from '../../core/log.ts';
import type { OpenCode } from '../../core/openCode.ts';
import type { PendingPrompts } from '../../core/turns/pendingPrompts.ts';
import type { KeptValues } from '../../core/transcript/keptValues.ts';
import { PromptQueue } from '../../core/transcript/promptQueue.ts';
import type { RevertedFile } from '../../core/transcript/revertPlan.ts';
import type { Sessions } from '../../core/sessions/sessionStore.ts';
import { judgeMessages } from '../../core/turns/judgeMessages.ts';
import type { Outcome } from '../../core/turns/outcome.ts';
import type { TodoStore } from '../../core/sessions/todoStore.ts';
import type { TranscriptStore } from '../../core/transcript/transcriptStore.ts';
import { viewIds } from '../../manifest.ts';
import { type Attachment, type CodeStyles, PageState, type PageSettings } from '../../protocol/page.ts';
import type { ModelReference } from '../../protocol/records.ts';
import { AfterPaint } from '../afterPaint.ts';
import { LastEditor } from './codeActions.ts';
import { ComposerDrafts } from './composerDrafts.ts';
import { PageRequests } from './pageRequests.ts';
import { showRevert } from './revertPreview.ts';
import { PromptSender, type PromptSenderPorts } from './promptSender.ts';
import { findKind } from './sessionFiles.ts';
import { TranscriptPanel, type TranscriptPanelPorts } from './transcriptPanel.ts';
import { TypedCommands } from './typedCommands.ts';
import { VirtualDocuments } from './virtualDocuments.ts';

export interface TranscriptPanelsPorts {
  readonly extensionUri: Uri;
  readonly sessions: Sessions;
  readonly todos: TodoStore;
  readonly transcripts: TranscriptStore;
  readonly attention: Attention;
  readonly facts: DirectoryFacts;
  readonly openCode: OpenCode;
  readonly currentSession: CurrentSession;
  readonly connection: { readonly state: ConnectionState; readonly onDidChangeState: Event<ConnectionState> };
  readonly onDidSettle: Event<{ readonly sessionId: string; readonly outcome: Outcome }>;
  /** Sends a prompt and resolves when the server is known to hold it. */
  readonly deliver: PromptSenderPorts['deliver'];
  readonly runCommand: (id: string, argument: unknown) => Promise<unknown>;
  /** What waits in the sessions besides the prompts that were typed here. */
  readonly pending?: PendingPrompts;
  readonly settings: () => PageSettings;
  /** How a colour theme shows code, where that can be found out. */
  readonly codeStyles: (theme: string) => Promise<CodeStyles | undefined>;
  readonly onDidChangeSettings: (listener: () => void) => Disposable;
  /** Shows a person what went wrong. */
  readonly report: (error: unknown) => void;
  readonly memento: KeptValues;
  readonly log: Log;
}

export type OpenHow = 'preview' | 'pinned' | 'side';

const previewKey = 'transcript.preview';

/**
 * The transcripts that are open. One panel is the preview: it is reused for the next session that is looked at,
 * since a panel takes a while to start and a switch inside one does not. The others belong to their session.
 */
export class TranscriptPanels implements WebviewPanelSerializer, Disposable {
  readonly #ports: TranscriptPanelsPorts;
  readonly #panels = new Set<TranscriptPanel>();
  readonly #documents = new VirtualDocuments();
  readonly #panelPorts: TranscriptPanelPorts;
  readonly #queue: PromptQueue;
  readonly #drafts: ComposerDrafts;
  readonly #remembering = new AfterPaint(() => this.#remember());
  readonly #owned: Disposable[];
  readonly #didLookAt = new Emitter<string>();

  /** The user turned to the transcript of that session, also when it is the one they last looked at. */
  readonly onDidLookAt = this.#didLookAt.event;

  constructor(ports: TranscriptPanelsPorts) {
    this.#ports = ports;
    const drafts = new ComposerDrafts(ports.memento);
    this.#drafts = drafts;
    const typedCommands = new TypedCommands(ports.memento);
    const documents = this.#documents;
    const lastEditor = new LastEditor();
    const sender = new PromptSender({
      ...ports,
      findKind: (path) => findKind(Uri.file(path)),
      ids: { now: Date.now, random: Math.random },
    });
    this.#queue = createQueue(ports, sender);
    const requests = new PageRequests({
      ...ports,
      queue: this.#queue,
      sender,
      drafts,
      typedCommands,
      documents,
      lastEditor,
      openSession: (sessionId) => this.open(sessionId, 'preview'),
    });
    this.#panelPorts = { ...ports, queue: this.#queue, drafts, typedCommands, requests };
    this.#owned = [
      drafts,
      documents,
      lastEditor,
      this.#queue,
      this.#didLookAt,
      this.#remembering,
      window.registerWebviewPanelSerializer(viewIds.transcript, this),
      window.tabGroups.onDidChangeTabs(({ changed }) => this.#pinAsTabs(changed)),
      ports.onDidChangeSettings(() => this.#tellSettings()),
      ports.connection.onDidChangeState((state) => state.kind === 'live' && void this.#resume()),
    ];
  }

  /** After a reload or a reconnect: what was on its way is found again, either there or in its composer. */
  async #resume(): Promise<void> {
    const { openCode } = this.#ports;
    const queued = (sessionId: string) => this.#queue.of(sessionId).map(({ id }) => id);
    await this.#drafts.judge(
      async ({ sessionId, messageId }) =>
        queued(sessionId).includes(messageId) || hasMessage(openCode, sessionId, messageId),
      ({ sessionId, draft }) => this.#find(sessionId)?.putBack(sessionId, draft),
    );
    await this.#queue.resume();
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

  /** Shows what a revert would change in the files of a directory. */
  async showRevert(directory: string, files: readonly RevertedFile[]): Promise<void> {
    await showRevert(this.#documents, directory, files);
  }

  /** The prompts that wait for the end of a turn. */
  get queue(): Pick<PromptQueue, 'has' | 'onDidChange'> {
    return this.#queue;
  }

  /** The model that stands picked in the composer of a session. */
  pickedModel(sessionId: string): ModelReference | undefined {
    return this.#drafts.get(sessionId).model;
  }

  /** Whether a person has this session before their eyes. */
  isVisible(sessionId: string): boolean {
    return [...this.#panels].some((panel) => panel.sessionId === sessionId && panel.isVisible);
  }

  /** Takes a panel that the editor kept over a reload of the window. */
  deserializeWebviewPanel(webviewPanel: WebviewPanel, state: unknown): Promise<void> {
    const kept = PageState.safeParse(state);
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
    panel.onDidActivate(() => {
      this.#ports.currentSession.set(panel.sessionId);
      if (panel.sessionId !== undefined) this.#didLookAt.fire(panel.sessionId);
    });
    panel.onDidPin(() => this.#remember());
    panel.onDidDispose(() => this.#forget(panel));
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

function createQueue(ports: TranscriptPanelsPorts, sender: PromptSender): PromptQueue {
  return new PromptQueue({
    ...ports,
    onDidSettle: (listener) =>
      ports.onDidSettle(({ sessionId, outcome }) => outcome.kind === 'settled' && listener({ sessionId })),
    send: async (sessionId, { draft, agent, model, messageId }) =>
      sender.send(await sender.prepare(sessionId, { ...draft, agent, model }), messageId),
    exists: (sessionId, messageId) => hasMessage(ports.openCode, sessionId, messageId),
    isSettled: async (sessionId) => {
      const session = ports.sessions.get(sessionId);
      if (session === undefined || ports.sessions.status(sessionId).type !== 'idle') return false;
      const { messages } = await ports.openCode.listMessages(sessionId, { limit: 20 });
      return judgeMessages(messages)?.kind === 'settled';
    },
  });
}

async function hasMessage(
  openCode: Pick<OpenCode, 'getMessage'>,
  sessionId: string,
  messageId: string,
): Promise<boolean> {
  try {
    await openCode.getMessage(sessionId, messageId);
    return true;
  } catch (error) {
    if (error instanceof NotFoundProblem) return false;
    throw error;
  }
}
