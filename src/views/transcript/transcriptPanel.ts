import { Uri, type WebviewPanel } from 'vscode';
import { Emitter, type Disposable } from '../../core/event.ts';
import { isolate } from '../../core/isolate.ts';
import { FromPage } from '../../protocol/page/fromPage.ts';
import type { Attachment, TakenMention } from '../../protocol/page/composer.ts';
import type { PageSettings, ToPage } from '../../protocol/page/toPage.ts';
import { commandIds } from '../../manifest.ts';
import { AfterPaint } from '../afterPaint.ts';
import type { GivenBack, KeptTarget, Prompting } from '../../core/prompts/prompting.ts';
import { nextFrame } from './nextFrame.ts';
import type { Page, PageRequests } from './pageRequests.ts';
import { type FeedSources, TranscriptFeed } from './transcriptFeed.ts';
import { buildTranscriptHtml, pageRoot } from './transcriptHtml.ts';

export interface TranscriptPanelPorts extends FeedSources {
  readonly extensionUri: Uri;
  readonly requests: PageRequests;
  readonly prompting: Prompting;
  readonly settings: () => PageSettings;
  /** Shows a person what went wrong. */
  readonly report: (error: unknown) => void;
}

/** Where a person goes on in a session that is shown for it. */
export type GoingOn = Extract<ToPage, { type: 'attend' | 'insert' | 'lend' | 'pick' }>;

/** One panel: the page in it, what it is fed and what it asks for. */
export class TranscriptPanel implements Disposable {
  readonly #panel: WebviewPanel;
  readonly #ports: TranscriptPanelPorts;
  readonly #feed: TranscriptFeed;
  readonly #page: Page;
  readonly #subscriptions: Disposable[];
  readonly #didActivate = new Emitter<void>();
  readonly #didPin = new Emitter<void>();
  readonly #didDispose = new Emitter<void>();
  /** What the page is told of a session once it shows it: a person is to go on there. */
  #whenShown: GoingOn | undefined;
  readonly #titleAfterPaint = new AfterPaint(() => this.#showTitle());
  #title = '';
  #isPreview: boolean;
  #listens = false;
  #isOpen = true;

  /** Somebody looks at it, or it turned to another session while somebody does. */
  readonly onDidActivate = this.#didActivate.event;
  readonly onDidPin = this.#didPin.event;
  readonly onDidDispose = this.#didDispose.event;

  constructor(panel: WebviewPanel, isPreview: boolean, ports: TranscriptPanelPorts) {
    this.#panel = panel;
    this.#isPreview = isPreview;
    this.#ports = ports;
    // An answer that comes when the panel is closed has nobody to go to.
    const post = (message: ToPage) => void (this.#isOpen && panel.webview.postMessage(message));
    this.#feed = new TranscriptFeed({
      ...ports,
      post: (message) => {
        post(message);
        this.#tellWhenShown();
      },
      onNextFrame: nextFrame(),
      onTitle: (title) => this.#setTitle(title),
    });
    this.#page = {
      feed: this.#feed,
      post,
      greet: () => this.#greet(),
      pin: () => this.pin(),
      insert: (...inserted) => this.insert(...inserted),
    };
    this.#subscriptions = [
      this.#titleAfterPaint,
      panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      panel.onDidChangeViewState(() => this.#applyViewState()),
      panel.onDidDispose(() => this.dispose()),
    ];
    this.#setIcon();
    panel.webview.options = { enableScripts: true, localResourceRoots: [pageRoot(ports.extensionUri)] };
    panel.webview.html = buildTranscriptHtml(panel.webview, ports.extensionUri);
  }

  get sessionId(): string | undefined {
    return this.#feed.sessionId;
  }

  get isPreview(): boolean {
    return this.#isPreview;
  }

  get isVisible(): boolean {
    return this.#panel.visible;
  }

  get title(): string {
    return this.#panel.title;
  }

  turnTo(sessionId: string, reveal?: string): void {
    this.#feed.turnTo(sessionId, reveal);
    if (this.#panel.active) this.#didActivate.fire();
  }

  /** Makes it a panel of its own session: the next preview opens elsewhere. */
  pin(): void {
    if (!this.#isPreview) return;
    this.#isPreview = false;
    this.#setIcon();
    this.#didPin.fire();
  }

  /** Brings it to the front; a click on a row leaves the focus in the tree. */
  reveal(preserveFocus: boolean): void {
    this.#panel.reveal(undefined, preserveFocus);
  }

  /** Puts text and files into the composer of a session; where it is not shown yet, it will be with them. */
  insert(
    sessionId: string,
    text: string,
    attachments: readonly Attachment[],
    mentions: readonly TakenMention[] = [],
  ): void {
    const added = { text, attachments, mentions };
    if (this.#feed.shows(sessionId)) this.#page.post({ type: 'insert', sessionId, ...added });
    else {
      this.#ports.prompting.drafts.add(sessionId, added);
      if (!this.#listens) this.#whenShown = { type: 'insert', sessionId, text: '' };
    }
  }

  /** Puts text behind what stands in the composer of a session, where that is shown and not locked. Answers whether it is. */
  append(sessionId: string, text: string): boolean {
    const isOpen = this.#feed.shows(sessionId) && !this.#ports.prompting.lent.has(sessionId);
    if (isOpen) this.#page.post({ type: 'insert', sessionId, text, isBehind: true });
    return isOpen;
  }

  /** Tells the page something about a session, at the latest when it shows it. */
  tell(message: GoingOn): void {
    this.#whenShown = message;
    this.#tellWhenShown();
  }

  /** Shows what was not taken of an earlier page; what is not shown yet will be with it. */
  putBack({ sessionId, draft, problem }: GivenBack): void {
    if (this.#feed.shows(sessionId)) this.#page.post({ type: 'unsent', sessionId, draft, problem });
  }

  /** What was picked in the composer stays picked. */
  keepTarget({ sessionId, picked, kept }: KeptTarget): void {
    if (this.#feed.shows(sessionId)) this.#page.post({ type: 'sent', sessionId, picked, kept });
  }

  /** Folds all turns that are over to a line each, or none. */
  foldTurns(isFolded: boolean): void {
    const { sessionId } = this;
    if (sessionId !== undefined && this.#feed.shows(sessionId)) {
      this.#page.post({ type: 'foldTurns', sessionId, isFolded });
    }
  }

  tellSettings(): void {
    if (this.#listens) this.#page.post(this.#buildInit());
    this.#feed.refreshChoices();
  }

  dispose(): void {
    this.#isOpen = false;
    this.#feed.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#panel.dispose();
    this.#didDispose.fire();
    this.#didDispose.dispose();
  }

  /** What is not in the protocol does not come from our page; it is dropped. */
  #receive(message: unknown): void {
    const asked = FromPage.safeParse(message);
    if (asked.success) {
      this.#ports.requests
        .answer(this.#page, asked.data)
        .catch((error: unknown) => this.#ports.report(error));
    } else this.#ports.log.warn('Message from a transcript page was not understood', asked.error.message);
  }

  #greet(): void {
    this.#listens = true;
    this.#page.post(this.#buildInit());
    this.#feed.setReady(true);
    this.#tellWhenShown();
  }

  #tellWhenShown(): void {
    const message = this.#whenShown;
    if (message === undefined || !this.#listens || !this.#feed.shows(message.sessionId)) return;
    this.#whenShown = undefined;
    this.#page.post(message);
  }

  #buildInit(): ToPage {
    return {
      type: 'init',
      settings: this.#ports.settings(),
      commands: commandIds,
    };
  }

  /** The editor throws away the page of a hidden panel; it says `ready` when it is there again. */
  #applyViewState(): void {
    if (!this.#panel.visible) {
      this.#listens = false;
      this.#feed.setReady(false);
    }
    if (this.#panel.active) this.#didActivate.fire();
  }

  #setTitle(title: string): void {
    this.#title = title;
    if (this.#listens) this.#titleAfterPaint.plan();
    else this.#showTitle();
  }

  #showTitle(): void {
    const title = isolate(this.#title);
    if (this.#panel.title !== title) this.#panel.title = title;
  }

  /** A panel's title cannot be italic, as a preview editor's is: the icon tells a preview. */
  #setIcon(): void {
    const name = this.#isPreview ? 'transcriptPreview' : 'transcript';
    const uriOf = (theme: string) => Uri.joinPath(this.#ports.extensionUri, 'media', `${name}-${theme}.svg`);
    this.#panel.iconPath = { light: uriOf('light'), dark: uriOf('dark') };
  }
}
