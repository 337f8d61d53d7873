import { l10n } from '../core/l10n.ts';
import type { EntryChange } from '../protocol/page/entries.ts';
import type { SessionHeader } from '../protocol/page/header.ts';
import type { ToPage } from '../protocol/page/toPage.ts';
import { Announcer } from './dom/announcer.ts';
import { Banner } from './frame/banner.ts';
import { takeClicks } from './frame/clicks.ts';
import { CodeColours } from './code/codeColours.ts';
import { element } from './dom/element.ts';
import { EndButton } from './frame/endButton.ts';
import { keepTextSteady } from './frame/steadyText.ts';
import { FindSlot } from './frame/findSlot.ts';
import { GrowthMark } from './dom/growthMark.ts';
import { HeaderBar } from './header/headerBar.ts';
import { Highlighter } from './code/highlighter.ts';
import { host } from './dom/host.ts';
import { loadWhenIdle, onMissed } from './dom/late.ts';
import { KeptPlaces } from './frame/keptPlaces.ts';
import { KeptViews } from './messages/keptViews.ts';
import { failedNotice, loadingNotice } from './frame/stageNotices.ts';
import { MissedNotice } from './frame/missedNotice.ts';
import { OutlineSlot } from './frame/outlineSlot.ts';
import { offerCopy } from './frame/selectionMenu.ts';
import { PageKeys } from './frame/pageKeys.ts';
import { StopHint } from './frame/stopHint.ts';
import { Dock } from './frame/dock.ts';
import { RowFocusSlot } from './frame/rowFocusSlot.ts';
import { SessionView } from './messages/sessionView.ts';
import { describeMessageEnd } from '../core/turns/messageEnd.ts';

type Incoming<Type extends ToPage['type']> = Extract<ToPage, { readonly type: Type }>;

/** The transcript page: one session in view, the last few kept. */
export class Page {
  readonly #root: HTMLElement;
  readonly #highlighter: Highlighter;
  readonly #codeColours: CodeColours;
  readonly #announcer = new Announcer();
  readonly #header: HeaderBar;
  readonly #banner: Banner;
  readonly #missed = new MissedNotice();
  readonly #endButton = new EndButton(() => this.#current?.scrollToEnd());
  readonly #dock: Dock;
  readonly #growth: GrowthMark;
  readonly #views = new KeptViews((sessionId) => this.#makeView(sessionId));
  readonly #outline = new OutlineSlot(this.#views);
  readonly #find = new FindSlot(this.#views);
  readonly #stopHint = new StopHint(this.#announcer);
  readonly #keys: PageKeys;
  #commands: ReadonlySet<string> | undefined;
  #changes: EntryChange[] = [];
  #isFlushing = false;
  /** Whether the diffs of turns that are over stand open. */
  #opensDiffs = false;
  readonly #places = new KeptPlaces(this.#views, () => this.#dock.answers);

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#growth = new GrowthMark(root);
    this.#highlighter = new Highlighter(
      () => import('./code/highlight.ts'),
      (script) => this.#codeColours.begin(script),
      () => this.#current?.fit(),
    );
    const { post } = host;
    const run = (command: string): void =>
      post({ type: 'command', command, sessionId: this.#views.sessionId });
    this.#codeColours = new CodeColours(post);
    this.#header = new HeaderBar({
      post,
      isOffered: this.#isOffered,
      toggleOutline: () => this.#outline.toggle(),
      toggleFind: () => (this.#find.isOpen ? this.#find.close() : this.#find.open()),
      liveSource: () => this.#current?.liveSource,
      goToTurn: (step) => this.#current?.goToTurn(step),
    });
    this.#banner = new Banner(run);
    this.#dock = new Dock(this.#views, this.#announcer, run, () => this.#places.save());
    this.#keys = new PageKeys({
      inView: this.#views,
      find: this.#find,
      dock: this.#dock,
      rows: new RowFocusSlot(this.#views.element, this.#views),
      stopHint: this.#stopHint,
      run,
    });
    this.#layOut();
    // Laid out with its first session, not before as well.
    root.hidden = true;
    this.#listen();
  }

  /** The session in view. */
  get #current(): SessionView | undefined {
    return this.#views.current;
  }

  receive(message: ToPage): void {
    switch (message.type) {
      case 'together':
        for (const one of message.messages) this.receive(one);
        return;
      case 'init':
        return this.#init(message);
      case 'loading':
        return this.#loading(message.sessionId, message.title);
      case 'show':
        return this.#show(message);
      case 'showAgain':
        return this.#showAgain(message);
      case 'failed':
        return this.#failed(message);
      case 'changes':
        return this.#takeChanges(message);
      case 'stretch':
        return this.#views.get(message.sessionId)?.join(message.entries, message.hasOlder);
      case 'part':
        return this.#views.get(message.sessionId)?.replacePart(message.messageId, message.part);
      case 'header':
        return this.#takeHeader(message.header);
      case 'found':
        return this.#find.found(message.token, message.matches, message.isMore);
      case 'outline':
        if (message.sessionId === this.#views.sessionId) this.#outline.complete(message.turns);
        return;
      case 'counted':
        return this.#views.get(message.sessionId)?.count(message.messageId, message.count, message.isMore);
      case 'reveal':
        if (!this.#find.goOn(message.messageId)) this.#current?.reveal(message.messageId);
        return;
      case 'foldTurns':
        return this.#views.get(message.sessionId)?.foldTurns(message.isFolded);
      case 'connection':
        return this.#banner.show(message.banner);
      case 'codeStyles':
        return this.#codeColours.show(message.theme, message.styles);
      default:
        return this.#dock.receive(message);
    }
  }

  /** Whether a command may be asked for; all may, until it is known which. */
  readonly #isOffered = (command: string): boolean => this.#commands?.has(command) ?? true;

  #layOut(): void {
    this.#root.replaceChildren(
      this.#header.element,
      this.#banner.element,
      this.#missed.element,
      element(
        'div',
        { class: 'middle' },
        this.#views.element,
        this.#find.element,
        this.#outline.element,
        this.#endButton.element,
        this.#stopHint.element,
      ),
      this.#dock.element,
      this.#announcer.element,
    );
  }

  #listen(): void {
    onMissed((sentence) => this.#missed.show(sentence));
    takeClicks(this.#root, this.#views);
    keepTextSteady(this.#views.element, this.#views);
    offerCopy(this.#root);
  }

  #init({ settings, commands }: Incoming<'init'>): void {
    this.#dock.useSettings(settings);
    this.#opensDiffs = settings.openDiffs ?? false;
    this.#codeColours.ask();
    this.#commands = commands && new Set(commands);
  }

  /** A session that is kept is shown at once, as it was; the others say that they are on their way. */
  #loading(sessionId: string, title: string): void {
    this.#turnTo(sessionId, title);
    const view = this.#views.get(sessionId);
    if (view?.header) {
      this.#attach(view);
      this.#showHeader(view.header);
      return;
    }
    this.#header.showTitle(title);
    this.#dock.element.hidden = true;
    this.#views.showNotice(loadingNotice());
  }

  #failed({ sessionId, message, action }: Incoming<'failed'>): void {
    this.#turnTo(sessionId);
    this.#dock.element.hidden = true;
    const run = (command: string): void => host.post({ type: 'command', command, sessionId });
    this.#views.showNotice(failedNotice(message, action, run));
  }

  #show({ view, reveal }: Incoming<'show'>): void {
    const { sessionId, title } = view.header;
    this.#turnTo(sessionId, title);
    const shown = this.#views.open(sessionId);
    this.#attach(shown);
    // First what takes room of the view: the rows are then brought to their place once.
    this.#header.show(view.header);
    this.#dock.show(view);
    shown.show(view, this.#places.of(sessionId));
    if (reveal !== undefined) shown.reveal(reveal);
    this.#moved();
    loadWhenIdle();
  }

  /** The rows that were kept are all that there is to show. */
  #showAgain({ view }: Incoming<'showAgain'>): void {
    const { sessionId, title } = view.header;
    this.#turnTo(sessionId, title);
    const kept = this.#views.get(sessionId);
    if (kept === undefined) {
      host.post({ type: 'ready' });
      return;
    }
    this.#attach(kept);
    kept.showHeader(view.header);
    this.#header.show(view.header);
    this.#dock.show(view);
    this.#moved();
  }

  #makeView(sessionId: string): SessionView {
    return new SessionView(sessionId, {
      highlighter: this.#highlighter,
      post: host.post,
      isOffered: this.#isOffered,
      opensDiffs: () => this.#opensDiffs,
      compose: (text) => this.#dock.receive({ type: 'insert', sessionId, text }),
      onMoved: () => this.#moved(),
    });
  }

  /** Marks `sessionId` as the one looked at, here and in what survives a reload. */
  #turnTo(sessionId: string, title = document.title): void {
    document.title = title;
    this.#root.hidden = false;
    this.#flush();
    if (this.#views.sessionId !== sessionId) {
      this.#outline.close();
      if (this.#find.isOpen) this.#find.close();
      this.#stopHint.hide();
    }
    this.#views.turnTo(sessionId);
    this.#places.save();
  }

  #attach(view: SessionView): void {
    this.#dock.element.hidden = false;
    this.#views.show(view);
    this.#keys.shown();
  }

  /** Changes are applied once a frame; a page that is not painted applies them at once. */
  #takeChanges({ sessionId, changes }: Incoming<'changes'>): void {
    if (sessionId !== this.#views.sessionId) return;
    this.#changes.push(...changes);
    if (document.hidden) this.#flush();
    else if (!this.#isFlushing) {
      this.#isFlushing = true;
      requestAnimationFrame(() => this.#flush());
    }
  }

  #flush(): void {
    this.#isFlushing = false;
    if (this.#changes.length === 0) return;
    const changes = this.#changes;
    this.#changes = [];
    this.#views.get(this.#views.sessionId)?.apply(changes);
    if (changes.some(({ kind }) => kind === 'append')) this.#growth.grew();
    this.#showEndButton();
    this.#find.mark();
  }

  #takeHeader(header: SessionHeader): void {
    const view = this.#views.get(header.sessionId);
    const before = view?.header;
    const isShown = header.sessionId === this.#views.sessionId;
    const [wasOpen, isOpen] = [before !== undefined && isAtWork(before), isAtWork(header)];
    const show = (): void => {
      // What was said before a turn began or ended belongs to what is shown of that.
      if (isShown && wasOpen !== isOpen) this.#flush();
      view?.showHeader(header);
      // What stands around the rows changes before they are measured: both are laid out in one go.
      if (isShown) this.#showHeader(header);
    };
    if (view === undefined) show();
    else view.together(show);
    if (!isShown) return;
    if (wasOpen && !isOpen) this.#announceTurn(header);
  }

  #showHeader(header: SessionHeader): void {
    document.title = header.title;
    this.#header.show(header);
    this.#dock.showHeader(header);
    if (!this.#dock.isBusy) this.#stopHint.hide();
  }

  #announceTurn(header: SessionHeader): void {
    const end = this.#current?.cutOff;
    if (header.lastError !== undefined) this.#announcer.say(l10n.t('The run failed: {0}', header.lastError));
    else if (end !== undefined) this.#announcer.say(describeMessageEnd(end));
    else this.#current?.speak((text) => this.#announcer.say(text));
  }

  #moved(): void {
    this.#showEndButton();
    this.#find.mark();
    this.#places.saveSoon();
  }

  #showEndButton(): void {
    const view = this.#current;
    this.#endButton.show(view !== undefined && !view.isFollowing, view?.unseen ?? 0);
  }
}

/** Whether its turn goes on, as far as the server has said. */
function isAtWork({ status, end }: SessionHeader): boolean {
  return status.type !== 'idle' || end?.kind === 'unseen';
}
