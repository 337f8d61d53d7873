import { l10n } from '../../core/l10n.ts';
import { ended } from '../../core/entries/runErrorText.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import { element, icon, iconButton, textButton } from '../dom/element.ts';
import { refill } from '../dom/refill.ts';
import { formatCost, formatWait } from '../../core/figures.ts';
import { changesButton } from '../parts/changesButton.ts';
import { bodies } from '../parts/bodies.ts';
import { Late } from '../dom/late.ts';
import type { LiveSource } from './liveLine.ts';
import { contextMeter } from './contextMeter.ts';
import { HeaderOverflow } from './headerOverflow.ts';
import { linkBack, linksOn } from './lineage.ts';

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
const second = 1000;

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
  /** As wide as what comes there later, so that nothing moves when it does. */
  readonly #meterPlace = element('span', { class: 'meter-place' });
  readonly #turns: HTMLElement;
  readonly #overflow = new HeaderOverflow(() => this.#layOut());
  readonly #details = element('div', { class: 'header-details', hidden: true });
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
    this.#figures.addEventListener('click', () => this.#overflow.close());
    this.element = element('header', { class: 'header' }, this.#line, panel, this.#details);
  }

  /** All in one line; where there is no room for that, what is wanted less behind a button at its end. */
  #layOut(): void {
    const { isNarrow, panel, button } = this.#overflow;
    const focused = document.activeElement;
    if (isNarrow) panel.append(this.#offspring, this.#figures, this.#turns);
    else {
      this.#name.after(this.#offspring);
      this.#statusPlace.after(this.#figures);
      this.#meterPlace.after(this.#turns);
    }
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
    const filled = [this.#origin, this.#offspring, this.#status, this.#figures, this.#meterPlace];
    for (const node of [...filled, this.#details]) node.replaceChildren();
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
    refill(this.#origin, linkBack(header, this.#actions.post));
    this.#offspring.classList.remove('whole');
    refill(this.#offspring, linksOn(header, this.#offspring, this.#actions.post));
    refill(this.#figures, this.#figureNodes(header));
    refill(this.#meterPlace, this.#meterNodes(header));
    if (todos.length === 0) this.#details.hidden = true;
    this.#showTodos();
  }

  #showTodos(): void {
    if (this.#details.hidden) return;
    bodies.use(({ todoList }) => this.#details.replaceChildren(todoList(this.#header?.todos ?? [])));
  }

  #showStatus({ sessionId, status, waiting }: SessionHeader): void {
    const text = JSON.stringify([sessionId, status, waiting !== undefined]);
    if (text === this.#shownStatus) return;
    this.#shownStatus = text;
    clearInterval(this.#countdown);
    this.#status.classList.toggle('waits', waiting !== undefined);
    this.#status.replaceChildren(...(waiting === undefined ? statusNodes(status) : waitsForYou()));
    // Why an attempt failed takes a line of its own, and leaves the others their room.
    if (status.type === 'retry' && waiting === undefined) this.#line.after(this.#status);
    else if (this.#status.parentElement !== this.#statusPlace) this.#statusPlace.append(this.#status);
    if (waiting !== undefined) return;
    if (status.type === 'busy' || status.type === 'compacting') {
      this.#tick();
      this.#countdown = setInterval(() => this.#tick(), second);
    }
    if (status.type !== 'retry') return;
    this.#countdown = setInterval(() => this.#status.replaceChildren(...statusNodes(status)), second);
  }

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
    const header = this.#header;
    if (!header || this.#title.querySelector('input')) return;
    const field = element('input', {
      type: 'text',
      class: 'rename',
      'aria-label': l10n.t('Title of the session'),
    });
    field.value = header.title;
    let isDone = false;
    const finish = (isKept: boolean): void => {
      if (isDone) return;
      isDone = true;
      const title = field.value.trim();
      field.remove();
      this.#setTitle(isKept && title !== '' ? title : (this.#header?.title ?? header.title));
      if (!isKept || title === '' || title === header.title) return;
      const command = 'opencodeSessions.session.rename';
      this.#actions.post({ type: 'command', command, sessionId: header.sessionId, title });
    };
    field.addEventListener('blur', () => finish(true));
    field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== 'Escape') return;
      event.preventDefault();
      finish(event.key === 'Enter');
      this.#renameButton.focus();
    });
    this.#title.replaceChildren(field);
    field.select();
  }

  #figureNodes(header: SessionHeader): Node[] {
    const nodes: Node[] = [];
    const { sessionId, todos, cost, costWithSubagents } = header;
    if (todos.length > 0) nodes.push(this.#todoButton(todos));
    const changes = changesButton(header.changes, {
      testId: 'header-changes',
      icon: 'diff',
      run: () => this.#actions.post({ type: 'showChanges', sessionId }),
    });
    if (changes !== undefined) nodes.push(changes);
    if (costWithSubagents > 0) {
      const title =
        costWithSubagents > cost
          ? l10n.t('{0}, with its subagents {1}', formatCost(cost), formatCost(costWithSubagents))
          : l10n.t('Cost of this session');
      nodes.push(element('span', { class: 'cost', title, text: formatCost(costWithSubagents) }));
    }
    return nodes;
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

  /** How full the context is, and the ways in which the session can go on. */
  #meterNodes({ sessionId, context }: SessionHeader): Node[] {
    if (context === undefined || context.limit <= 0) return [];
    const { post, isOffered } = this.#actions;
    const command = 'opencodeSessions.session.continue';
    const goOn = (): void => post({ type: 'command', command, sessionId });
    return [contextMeter(context, isOffered(command) ? goOn : undefined)];
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

function waitsForYou(): Node[] {
  return [icon('shield'), element('span', { text: l10n.t('Waits for you') })];
}

function statusNodes(status: SessionHeader['status']): Node[] {
  switch (status.type) {
    case 'busy':
      return [icon('loading', 'spin'), element('span', { class: 'live-line', text: l10n.t('Working') })];
    case 'elsewhere':
      return [
        icon('multiple-windows'),
        element('span', {
          text: l10n.t('In another OpenCode process'),
          title: l10n.t(
            'Another OpenCode process works in this session. What it writes is shown once it is stored; a prompt from here begins a second run beside it.',
          ),
        }),
      ];
    case 'compacting':
      return [icon('loading', 'spin'), element('span', { class: 'live-line', text: l10n.t('Compacting') })];
    case 'retry': {
      const words = l10n.t(
        'Attempt {0} failed, again in {1}: {2} Wait, or stop it and choose another model.',
        status.attempt,
        formatWait(status.next, Date.now()),
        ended(status.message),
      );
      return [icon('sync'), element('span', { class: 'retry-words', text: words, title: words })];
    }
    case 'idle':
      return [];
  }
}
