import { l10n } from '../../core/l10n.ts';
import { ended } from '../../core/entries/runErrorText.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { SessionHeader, SessionRelative } from '../../protocol/page/header.ts';
import { element, icon, iconButton, textButton } from '../dom/element.ts';
import { refill } from '../dom/refill.ts';
import { formatCost } from '../../core/figures.ts';
import { changesButton } from '../parts/changesButton.ts';
import { todoList } from '../parts/todoList.ts';
import { Late } from '../dom/late.ts';
import type { LiveSource } from './liveLine.ts';
import { contextMeter } from './contextMeter.ts';

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

/** So many of the sessions that came from this one are named at once. */
const shownLinks = 3;
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
  readonly #line = element('div', { class: 'header-line' });
  // The trail reads as time went: where it came from, itself, what came from it.
  readonly #origin = element('nav', { class: 'trail', 'aria-label': l10n.t('Comes from') });
  readonly #offspring = element('nav', { class: 'trail', 'aria-label': l10n.t('Goes on in') });
  readonly #status = element('span', { class: 'header-status' });
  readonly #figures = element('span', { class: 'header-figures' });
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
    this.#line.append(
      this.#origin,
      element('span', { class: 'header-name' }, this.#title, this.#renameButton),
      this.#offspring,
      this.#status,
      this.#figures,
      navigation(actions),
    );
    this.element = element('header', { class: 'header' }, this.#line, this.#details);
  }

  /** Shows the title alone, until more is known. */
  showTitle(title: string): void {
    this.#header = undefined;
    this.#shown = '';
    this.#shownStatus = '';
    clearInterval(this.#countdown);
    this.#setTitle(title);
    for (const node of [this.#origin, this.#offspring, this.#status, this.#figures, this.#details]) {
      node.replaceChildren();
    }
  }

  show(header: SessionHeader): void {
    this.#header = header;
    this.#setTitle(header.title);
    this.#showStatus(header);
    const { sessionId, from, to, todos, changes, context, cost, costWithSubagents } = header;
    const shown = JSON.stringify([sessionId, from, to, todos, changes, context, cost, costWithSubagents]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    refill(this.#origin, this.#linkBack(header));
    this.#offspring.classList.remove('whole');
    refill(this.#offspring, this.#linksOn(header));
    refill(this.#figures, this.#figureNodes(header));
    this.#details.replaceChildren(todoList(todos));
    if (todos.length === 0) this.#details.hidden = true;
  }

  #showStatus({ sessionId, status, waiting }: SessionHeader): void {
    const text = JSON.stringify([sessionId, status, waiting !== undefined]);
    if (text === this.#shownStatus) return;
    this.#shownStatus = text;
    clearInterval(this.#countdown);
    this.#status.classList.toggle('waits', waiting !== undefined);
    this.#status.replaceChildren(...(waiting === undefined ? statusNodes(status) : waitsForYou()));
    if (waiting !== undefined) return;
    // Why an attempt failed takes a line of its own, and leaves the others their room.
    const before = status.type === 'retry' ? this.#line : this.#offspring;
    if (before.nextElementSibling !== this.#status) before.after(this.#status);
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
      if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
      event.preventDefault();
      finish(event.key === 'Enter');
      this.#renameButton.focus();
    });
    this.#title.replaceChildren(field);
    field.select();
  }

  #linkBack({ from }: SessionHeader): Node[] {
    if (from === undefined) return [];
    const label = {
      subagent: l10n.t('Subagent of'),
      fork: l10n.t('Forked from'),
      handoff: l10n.t('Handed off from'),
    };
    return [this.#sessionLink(from, `${label[from.kind]} ${from.title}`, 'arrow-left')];
  }

  /** The newest of what came from it, and a button for the others. */
  #linksOn({ to }: SessionHeader): Node[] {
    const links = to
      .filter(({ kind }) => kind !== 'subagent')
      .map((next) =>
        next.kind === 'fork'
          ? this.#sessionLink(next, l10n.t('Fork: {0}', next.title), 'repo-forked')
          : this.#sessionLink(next, l10n.t('Hand-off: {0}', next.title), 'export'),
      );
    if (links.length <= shownLinks + 1) return links;
    const more = textButton({
      label: l10n.t('{0} more', links.length - shownLinks),
      class: 'link',
      run: () => {
        this.#offspring.classList.add('whole');
        this.#offspring.replaceChildren(...links);
        links[0]?.focus();
      },
    });
    return [more, ...links.slice(-shownLinks)];
  }

  #sessionLink(
    { sessionId, title, inferred }: SessionRelative,
    label: string,
    iconName: string,
  ): HTMLElement {
    return textButton({
      label: inferred === undefined ? title : l10n.t('{0} (inferred)', title),
      icon: iconName,
      class: 'link',
      title: inferred === undefined ? label : l10n.t('{0}, {1}', label, inferred),
      run: () => this.#actions.post({ type: 'openSession', sessionId }),
    });
  }

  #figureNodes(header: SessionHeader): Node[] {
    const nodes: Node[] = [];
    const { sessionId, todos, context, cost, costWithSubagents } = header;
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
    if (context && context.limit > 0) nodes.push(...this.#contextNodes(sessionId, context));
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
        button.setAttribute('aria-expanded', String(!this.#details.hidden));
      },
    });
    button.setAttribute('aria-expanded', String(!this.#details.hidden));
    return button;
  }

  /** How full the context is, and what makes room in it. */
  #contextNodes(sessionId: string, context: NonNullable<SessionHeader['context']>): Node[] {
    const { post, isOffered } = this.#actions;
    const run = (command: string) => (): void => post({ type: 'command', command, sessionId });
    const goOn = 'opencodeSessions.session.continue';
    const offered = [
      { command: 'opencodeSessions.session.compact', label: l10n.t('Compact'), icon: 'fold' },
      { command: 'opencodeSessions.session.handOff', label: l10n.t('Hand Off'), icon: 'export' },
    ].filter(({ command }) => isOffered(command));
    return [
      contextMeter(context, isOffered(goOn) ? run(goOn) : undefined),
      ...offered.map(({ command, ...looks }) => iconButton({ ...looks, run: run(command) })),
    ];
  }
}

/** The ways through the transcript, which stay beside each other where the line is broken. */
function navigation({ goToTurn, toggleOutline, toggleFind }: HeaderActions): HTMLElement {
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
      const seconds = Math.max(0, Math.round((status.next - Date.now()) / 1000));
      const words = l10n.t(
        'Attempt {0} failed, again in {1} s: {2} Wait, or stop it and choose another model.',
        status.attempt,
        seconds,
        ended(status.message),
      );
      return [icon('sync'), element('span', { class: 'retry-words', text: words, title: words })];
    }
    case 'idle':
      return [];
  }
}
