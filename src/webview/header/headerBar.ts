import { l10n } from '../../core/l10n.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import { element, icon, iconButton, textButton } from '../dom/element.ts';
import { refill } from '../dom/refill.ts';
import { formatCost } from '../../core/figures.ts';
import { changesButton } from '../parts/changesButton.ts';
import { bodies } from '../parts/bodies.ts';
import { Late } from '../dom/late.ts';
import type { LiveSource } from './liveLine.ts';
import type * as HeaderParts from './headerParts.ts';
import { HeaderOverflow } from './headerOverflow.ts';

export interface HeaderActions {
  readonly post: (message: FromPage) => void;
  readonly isOffered: (command: string) => boolean;
  readonly toggleOutline: () => void;
  readonly toggleFind: () => void;
  /** What tells what the session in view does. */
  readonly liveSource: () => LiveSource | undefined;
  /** Goes to the prompt before (-1) or after (1) the top of the view. */
  readonly goToTurn: (step: 1 | -1) => void;
}

const liveLines = new Late(() => import('./liveLine.ts'));
/** What is rarely there from the start, or has its place kept. */
export const headerParts = new Late(
  () => import('./headerParts.ts'),
  () => l10n.t('A part of the header could not be loaded. Reload the window.'),
);
const second = 1000;

/** Whether a header is not shown without those: they would push aside what stands there. */
export function wantsParts({ from, to, status: { type } }: SessionHeader): boolean {
  const hasKin = from !== undefined || to.some(({ kind }) => kind !== 'subagent');
  return hasKin || type === 'retry' || type === 'elsewhere';
}

/** Whether there is a notice about the session above its composer. */
export const hasNotice = ({ deleted, revertedFrom }: SessionHeader): boolean =>
  deleted === true || revertedFrom !== undefined;

/** The session's name, where it came from, how it does and what it used. */
export class HeaderBar {
  readonly element: HTMLElement;
  readonly #actions: HeaderActions;
  readonly #title = element('h1', { class: 'header-title', 'data-testid': 'header-title' });
  readonly #renameButton = iconButton({
    label: l10n.t('Rename'),
    icon: 'edit',
    class: 'rename-button',
    testId: 'rename',
    run: () => this.#rename(),
  });
  readonly #name = element('span', { class: 'header-name' }, this.#title, this.#renameButton);
  readonly #line = element('div', { class: 'header-line' });
  // The trail reads as time went: where it came from, itself, what came from it.
  readonly #origin = element('nav', { class: 'trail', 'aria-label': l10n.t('Comes from') });
  readonly #offspring = element('nav', { class: 'trail', 'aria-label': l10n.t('Goes on in') });
  readonly #status = element('span', { class: 'header-status' });
  readonly #statusPlace = element('span', { class: 'status-place' }, this.#status);
  readonly #figures = element('span', { class: 'header-figures' });
  /** How much changed, which is wanted longer than the other figures. */
  readonly #changes = element('span', { class: 'header-figures' });
  /** As wide as what comes there later, so that nothing moves when it does. */
  readonly #meterPlace = element('span', { class: 'meter-place' });
  readonly #turns: HTMLElement;
  readonly #overflow = new HeaderOverflow(() => this.#layOut());
  /** What scrolls can be reached by the keyboard. */
  readonly #details = element('div', {
    class: 'header-details',
    role: 'group',
    tabindex: '0',
    'aria-label': l10n.t('Todos'),
    hidden: true,
  });
  #header: SessionHeader | undefined;
  /** What is shown, so that only what is different is drawn anew. */
  #shown = '';
  #shownStatus = '';
  /** Counts down to the next attempt; runs only while one is waited for. */
  #countdown: ReturnType<typeof setInterval> | undefined;

  constructor(actions: HeaderActions) {
    this.#actions = actions;
    this.#title.addEventListener('dblclick', () => this.#rename());
    this.#turns = turnButtons(actions);
    const { button, panel } = this.#overflow;
    this.#line.append(
      this.#origin,
      this.#name,
      this.#statusPlace,
      this.#meterPlace,
      toolButtons(actions),
      button,
    );
    this.#layOut();
    // What is asked for there is shown elsewhere.
    for (const part of [this.#figures, this.#changes]) {
      part.addEventListener('click', () => this.#overflow.close());
    }
    this.element = element('header', { class: 'header' }, this.#line, panel, this.#details);
    headerParts.onceThere((parts) => this.#showParts(parts));
  }

  /** All in one line; where there is no room for that, what is wanted less behind a button at its end. */
  #layOut(): void {
    const { isNarrow, isVeryNarrow, panel, button } = this.#overflow;
    const focused = document.activeElement;
    if (isNarrow) panel.append(this.#offspring, this.#figures, this.#turns);
    else {
      this.#name.after(this.#offspring);
      this.#statusPlace.after(this.#figures);
      this.#meterPlace.after(this.#turns);
    }
    if (isVeryNarrow) this.#figures.after(this.#changes);
    else this.#meterPlace.before(this.#changes);
    this.#placeStatus();
    button.hidden = !isNarrow;
    // What is moved loses the focus.
    if (!(focused instanceof HTMLElement) || focused === document.activeElement) return;
    if (panel.contains(focused)) button.focus();
    else focused.focus();
  }

  /** Shows the title alone, until more is known. */
  showTitle(title: string): void {
    this.#header = undefined;
    this.#shown = '';
    this.#shownStatus = '';
    clearInterval(this.#countdown);
    this.#setTitle(title);
    this.#overflow.close();
    const figures = [this.#figures, this.#changes, this.#meterPlace];
    for (const node of [this.#origin, this.#offspring, this.#status, ...figures, this.#details])
      node.replaceChildren();
  }

  show(header: SessionHeader): void {
    if (header.sessionId !== this.#header?.sessionId) this.#overflow.close();
    this.#header = header;
    this.#setTitle(header.title);
    this.#showStatus(header);
    const { sessionId, from, to, todos, changes, context, cost, costWithSubagents } = header;
    const shown = JSON.stringify([sessionId, from, to, todos, changes, context, cost, costWithSubagents]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    refill(this.#figures, this.#figureNodes(header));
    refill(this.#changes, this.#changesNodes(header));
    if (headerParts.piece !== undefined || wantsParts(header)) {
      headerParts.use((parts) => this.#showParts(parts));
    }
    if (todos.length === 0) this.#details.hidden = true;
    this.#showTodos();
  }

  #showTodos(): void {
    if (this.#details.hidden) return;
    bodies.use(({ todoList }) => this.#details.replaceChildren(todoList(this.#header?.todos ?? [])));
  }

  #showParts({ linkBack, linksOn, contextMeter }: typeof HeaderParts): void {
    const header = this.#header;
    if (header === undefined) return;
    const { post, isOffered } = this.#actions;
    const { sessionId, context } = header;
    refill(this.#origin, linkBack(header, post));
    this.#offspring.classList.remove('whole');
    refill(this.#offspring, linksOn(header, this.#offspring, post));
    const command = 'opencodeSessions.session.continue';
    const goOn = (): void => post({ type: 'command', command, sessionId });
    const isKnown = context !== undefined && context.limit > 0;
    refill(this.#meterPlace, isKnown ? [contextMeter(context, isOffered(command) ? goOn : undefined)] : []);
  }

  #showStatus({ sessionId, status, waiting, waitsFor }: SessionHeader): void {
    const text = JSON.stringify([sessionId, status, waiting !== undefined, waitsFor]);
    if (text === this.#shownStatus) return;
    this.#shownStatus = text;
    clearInterval(this.#countdown);
    this.#status.classList.toggle('waits', waiting !== undefined);
    if (waiting === undefined) this.#fillStatus(status);
    else this.#status.replaceChildren(...waitsForYou(waitsFor));
    this.#placeStatus();
    if (waiting !== undefined) return;
    if (status.type === 'busy' || status.type === 'compacting') {
      this.#tick();
      this.#countdown = setInterval(() => this.#tick(), second);
    }
    if (status.type !== 'retry') return;
    this.#countdown = setInterval(() => this.#fillStatus(status), second);
  }

  /** Why an attempt failed takes a line of its own, and so does all that is done where the line has no room for it. */
  #placeStatus(): void {
    const { status, waiting } = this.#header ?? {};
    const isLong = status?.type === 'retry' && waiting === undefined;
    const isApart = isLong || this.#overflow.isNarrowest;
    const place = isApart ? this.#line.parentElement : this.#statusPlace;
    if (place === null || this.#status.parentElement === place) return;
    if (isApart) this.#line.after(this.#status);
    else place.append(this.#status);
  }

  #fillStatus(status: SessionHeader['status']): void {
    if (status.type === 'retry' || status.type === 'elsewhere') {
      const shown = this.#shownStatus;
      headerParts.use(({ showStatus }) => {
        if (shown === this.#shownStatus) showStatus(this.#status, status, this.#run);
      });
    } else this.#status.replaceChildren(...workNodes(status.type));
  }

  /** Runs a command on the session in view. */
  readonly #run = (command: string): void => {
    if (this.#header === undefined) return;
    this.#actions.post({ type: 'command', command, sessionId: this.#header.sessionId });
  };

  /** What is done now, and for how long: told each second, whatever is streamed meanwhile. */
  #tick(): void {
    const words = this.#status.querySelector('.live-line');
    const source = this.#actions.liveSource();
    if (words === null || source === undefined || this.#header === undefined) return;
    const line = liveLines.piece?.liveLine(this.#header.status.type, source);
    if (line !== undefined) words.textContent = line;
  }

  #setTitle(title: string): void {
    if (this.#title.querySelector('input') || this.#title.textContent === title) return;
    this.#title.textContent = title;
    this.#title.title = title;
  }

  #rename(): void {
    const { sessionId, title, titleToEdit: before = title } = this.#header ?? {};
    if (sessionId === undefined || before === undefined) return;
    headerParts.use(({ askTitle }) => {
      if (this.#header?.sessionId !== sessionId) return;
      askTitle(this.#title, this.#renameButton, before, (written) => {
        this.#setTitle(written ?? this.#header?.title ?? before);
        if (written === undefined) return;
        const command = 'opencodeSessions.session.rename';
        this.#actions.post({ type: 'command', command, sessionId, title: written });
      });
    });
  }

  #figureNodes(header: SessionHeader): Node[] {
    const nodes: Node[] = [];
    const { todos, cost, costWithSubagents } = header;
    if (todos.length > 0) nodes.push(this.#todoButton(todos));
    if (costWithSubagents > 0) {
      const title =
        costWithSubagents > cost
          ? l10n.t('{0}, with its subagents {1}', formatCost(cost), formatCost(costWithSubagents))
          : l10n.t('Cost of this session');
      nodes.push(element('span', { class: 'cost', title, text: formatCost(costWithSubagents) }));
    }
    return nodes;
  }

  #changesNodes({ sessionId, changes }: SessionHeader): Node[] {
    const button = changesButton(changes, {
      testId: 'header-changes',
      icon: 'diff',
      run: (asList) => this.#actions.post({ type: 'showChanges', sessionId, ...(asList && { asList }) }),
    });
    return button === undefined ? [] : [button];
  }

  #todoButton(todos: SessionHeader['todos']): HTMLElement {
    const done = todos.filter((todo) => todo.status === 'completed').length;
    const button = textButton({
      label: `${done}/${todos.length}`,
      icon: 'checklist',
      class: 'link',
      testId: 'header-todos',
      title: l10n.t('Todos: {0} of {1} done', done, todos.length),
      run: () => {
        this.#details.hidden = !this.#details.hidden;
        this.#showTodos();
        button.setAttribute('aria-expanded', String(!this.#details.hidden));
      },
    });
    button.setAttribute('aria-expanded', String(!this.#details.hidden));
    return button;
  }
}

/** From turn to turn. */
function turnButtons({ goToTurn }: HeaderActions): HTMLElement {
  return element(
    'span',
    { class: 'header-actions' },
    iconButton({
      label: l10n.t('Previous Turn (Alt+↑)'),
      icon: 'arrow-up',
      testId: 'previous-turn',
      run: () => goToTurn(-1),
    }),
    iconButton({
      label: l10n.t('Next Turn (Alt+↓)'),
      icon: 'arrow-down',
      testId: 'next-turn',
      run: () => goToTurn(1),
    }),
  );
}

/** What is looked for in all of the transcript. */
function toolButtons({ toggleOutline, toggleFind }: HeaderActions): HTMLElement {
  return element(
    'span',
    { class: 'header-actions' },
    iconButton({ label: l10n.t('Outline'), icon: 'list-tree', testId: 'outline', run: toggleOutline }),
    iconButton({ label: l10n.t('Find'), icon: 'search', testId: 'find', run: toggleFind }),
  );
}

/** With the icon that its row has. */
function waitsForYou(what: SessionHeader['waitsFor']): Node[] {
  return [
    icon(what === 'answer' ? 'question' : 'shield'),
    element('span', { text: l10n.t('Waits for you') }),
  ];
}

function workNodes(type: 'busy' | 'compacting' | 'idle'): Node[] {
  if (type === 'idle') return [];
  const text = type === 'busy' ? l10n.t('Working') : l10n.t('Compacting');
  return [icon('loading', 'spin'), element('span', { class: 'live-line', text })];
}
