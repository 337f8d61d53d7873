import type { InView } from '../messages/keptViews.ts';
import type { RowFocusSlot } from './rowFocusSlot.ts';
import type { Dock } from './dock.ts';
import type { FindSlot } from './findSlot.ts';
import type { StopHint } from './stopHint.ts';

interface KeysPorts {
  readonly inView: InView;
  readonly find: Pick<FindSlot, 'open'>;
  readonly dock: Dock;
  readonly rows: RowFocusSlot;
  readonly stopHint: StopHint;
  /** Runs a command on the session in view. */
  readonly run: (command: string) => void;
}

/** The keys that are for the page as a whole, wherever in it the focus is, and the focus that came to the page alone. */
export class PageKeys {
  readonly #ports: KeysPorts;
  /** The page got the focus before there was anything to write in. */
  #isAwaited = false;

  constructor(ports: KeysPorts) {
    this.#ports = ports;
    // Before the composer hears of them: it has its own use for some, but not while it is empty.
    document.addEventListener('keydown', (event) => this.#answer(event), true);
    document.addEventListener('keydown', (event) => this.#act(event));
    window.addEventListener('focus', () => this.#settleFocus());
  }

  /** Something stands in the page now. */
  shown(): void {
    if (this.#isAwaited && document.hasFocus()) this.#settleFocus();
  }

  /** Where nothing in the page has the focus, it is where one writes. */
  #settleFocus(): void {
    const { dock } = this.#ports;
    this.#isAwaited = dock.element.hidden !== false;
    if (!this.#isAwaited && document.activeElement === document.body) dock.focusPrompt();
  }

  #answer(event: KeyboardEvent): void {
    if (!this.#ports.dock.takesKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #act(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    const isDone = event.key === 'Escape' ? this.#escape(event) : goesElsewhere(event, this.#ports);
    if (isDone) event.preventDefault();
    // The key then writes into what has got the focus.
    else if (writes(event) && isForReading(event.target)) this.#ports.dock.focusPrompt();
  }

  /** From the composer to the request that waits or to the messages, and back; twice while a run is under way stops it. */
  #escape({ target, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
    if (ctrlKey || metaKey || altKey || shiftKey) return false;
    const { dock, rows, stopHint, run } = this.#ports;
    const isInPrompt = dock.isPrompt(target);
    if (stopHint.isShown && (isInPrompt || isForReading(target))) {
      stopHint.hide();
      run('opencodeSessions.session.abort');
      dock.focusPrompt();
      return true;
    }
    if (dock.leadsToRefusal(target)) return true;
    if (!isInPrompt) return false;
    rows.enter();
    if (dock.isBusy) stopHint.show();
    return true;
  }
}

/** Whether the key has brought the reader to another place. */
function goesElsewhere(event: KeyboardEvent, { inView, find }: KeysPorts): boolean {
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand && !event.altKey && event.key.toLowerCase() === 'f') find.open();
  else if (event.altKey && event.key === 'ArrowUp') inView.current?.goToTurn(-1);
  else if (event.altKey && event.key === 'ArrowDown') inView.current?.goToTurn(1);
  else if (isCommand && event.key === 'End' && !isTextField(event.target)) inView.current?.scrollToEnd();
  else return false;
  return true;
}

/** Whether the key would write or paste something. The space bar scrolls and presses buttons, as readers expect. */
function writes(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'v') return true;
  if (key === 'Insert') return shiftKey;
  // What is typed by AltGr comes with Ctrl and Alt, where there is no such key.
  if ((ctrlKey || metaKey || altKey) && !event.getModifierState('AltGraph')) return false;
  return key === 'Dead' || (key !== ' ' && Array.from(key).length === 1);
}

/** Whether what has the focus is there to be read and pressed, in the messages, above or below them; or nothing at all. */
function isForReading(target: EventTarget | null): boolean {
  if (!(target instanceof Element) || isTextField(target)) return false;
  return target === document.body || target.closest('.header, .stage, .dock') !== null;
}

/** Where the key that goes to the end goes to the end of what is written. */
function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type === 'text';
  return target instanceof HTMLTextAreaElement;
}
