import { l10n } from '../../core/l10n.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { QueuedPrompt } from '../../protocol/page/composer.ts';
import { element, icon, iconButton } from '../dom/element.ts';

interface Edit {
  readonly row: HTMLElement;
  readonly field: HTMLTextAreaElement;
  /** As the prompt has it. */
  readonly text: string;
}

/** Prompts that wait for the running turn to settle; each can be edited and taken away. */
export class QueueList {
  readonly element = element('ol', {
    class: 'queue',
    'aria-label': l10n.t('Queued prompts'),
    'data-testid': 'queue',
    hidden: true,
  });
  readonly #post: (message: FromPage) => void;
  readonly #onLeftOver: (text: string) => void;
  /** The prompts that are being edited, by id. */
  readonly #edits = new Map<string, Edit>();
  #sessionId = '';
  #queue: readonly QueuedPrompt[] = [];
  #isIdle = true;

  /** `onLeftOver` takes what was typed into a prompt that waits no more, e.g. because it was sent meanwhile. */
  constructor(post: (message: FromPage) => void, onLeftOver: (text: string) => void) {
    this.#post = post;
    this.#onLeftOver = onLeftOver;
  }

  /** What was changed in the prompts that are being edited. */
  get unkept(): string {
    return [...this.#edits.values()].map(changedText).filter(Boolean).join('\n\n');
  }

  /** Whether the session is idle: what still waits then is held. */
  setIdle(isIdle: boolean): void {
    this.#isIdle = isIdle;
    this.show(this.#sessionId, this.#queue);
  }

  show(sessionId: string, queue: readonly QueuedPrompt[]): void {
    this.#sessionId = sessionId;
    this.#queue = queue;
    this.element.hidden = queue.length === 0;
    const leftOver = this.#endEdits(queue);
    const focused = document.activeElement;
    const focusedRow = focused?.closest<HTMLElement>('.queued')?.dataset['queueId'];
    this.element.replaceChildren(
      ...queue.map((prompt) => this.#edits.get(prompt.id)?.row ?? this.#row(sessionId, prompt)),
    );
    // What scrolls can be reached by the keyboard, also where no prompt can be changed any more.
    this.element.tabIndex = this.element.querySelector('button') === null ? 0 : -1;
    // A row that is put in again, or made anew, has lost the focus.
    if (focused instanceof HTMLElement && this.element.contains(focused)) focused.focus();
    else if (focusedRow !== undefined) this.#button(focusedRow, focused?.ariaLabel ?? '')?.focus();
    for (const text of leftOver) this.#onLeftOver(text);
  }

  #button(id: string, label: string): HTMLElement | undefined {
    const row = [...this.element.querySelectorAll<HTMLElement>('.queued')].find(
      ({ dataset }) => dataset['queueId'] === id,
    );
    return [...(row?.querySelectorAll('button') ?? [])].find(({ ariaLabel }) => ariaLabel === label);
  }

  /** Ends the edits of prompts that wait no more; answers with what was changed in them. */
  #endEdits(queue: readonly QueuedPrompt[]): readonly string[] {
    const waiting = new Set(queue.filter(({ sending }) => sending !== true).map(({ id }) => id));
    const ended = [...this.#edits].filter(([id]) => !waiting.has(id));
    for (const [id] of ended) this.#edits.delete(id);
    return ended.map(([, edit]) => changedText(edit)).filter(Boolean);
  }

  #row(sessionId: string, prompt: QueuedPrompt): HTMLElement {
    const text = prompt.text === '' ? (prompt.attachments ?? []).join(', ') : prompt.text;
    const row = element(
      'li',
      { class: 'queued', 'data-queue-id': prompt.id },
      icon(prompt.relay === undefined ? 'history' : 'arrow-swap'),
      element('span', { class: 'queued-text', text, title: text }),
      element('span', { class: 'tool-detail', text: prompt.agent }),
    );
    const why = this.#whyOf(prompt);
    // It can be changed no more.
    if (prompt.sending !== true) row.append(...this.#waitingNodes(row, sessionId, prompt));
    else if (why === undefined)
      row.append(element('span', { class: 'tool-detail', text: l10n.t('sending…') }));
    if (why !== undefined) row.append(element('span', { class: 'queued-why', text: why }));
    return row;
  }

  /** Why a prompt waits although nothing seems to be in its way, or what is not known of it. */
  #whyOf({ why, relay, sending }: QueuedPrompt): string | undefined {
    const said = why ?? relay?.held;
    if (said !== undefined || relay !== undefined || sending === true || !this.#isIdle) return said;
    return l10n.t('The last turn was stopped or failed. This is sent after the next one that ends well.');
  }

  /** What can be done with a prompt as long as it waits. */
  #waitingNodes(row: HTMLElement, sessionId: string, prompt: QueuedPrompt): Node[] {
    return [
      ...this.#sendNodes(sessionId, prompt),
      ...this.#relayNodes(sessionId, prompt),
      iconButton({
        label: editLabel(),
        icon: 'edit',
        run: () => this.#edit(row, sessionId, prompt),
      }),
      iconButton({
        label: l10n.t('Remove Queued Prompt'),
        icon: 'trash',
        run: () => this.#post({ type: 'queueRemove', sessionId, id: prompt.id }),
      }),
    ];
  }

  /** The way to send a typed prompt at once, and, where it waits although no turn runs, that it does. */
  #sendNodes(sessionId: string, { id, relay }: QueuedPrompt): Node[] {
    if (relay !== undefined) return [];
    const mode = this.#isIdle ? 'queue' : 'steer';
    return [
      ...(this.#isIdle ? [element('span', { class: 'tool-detail', text: l10n.t('held') })] : []),
      iconButton({
        label: l10n.t('Send Now'),
        title: this.#isIdle ? undefined : l10n.t('Send Now: into the running turn'),
        icon: this.#isIdle ? 'play' : 'compass',
        run: () => this.#post({ type: 'queueSend', sessionId, id, mode }),
      }),
    ];
  }

  /** What a relay has and a typed prompt has not: why it is held, and the ways to let it go on and to move it. */
  #relayNodes(sessionId: string, { id, relay }: QueuedPrompt): Node[] {
    if (relay === undefined) return [];
    const button = (label: string, iconName: string, verb: 'release' | 'moveUp' | 'moveDown') =>
      iconButton({
        label,
        icon: iconName,
        run: () =>
          this.#post({
            type: 'command',
            command: `opencodeSessions.relay.${verb}`,
            sessionId,
            relayId: id,
          }),
      });
    const held =
      relay.held === undefined
        ? []
        : [
            element('span', { class: 'tool-detail', text: l10n.t('held') }),
            button(l10n.t('Send Held Relay'), 'play', 'release'),
          ];
    return [
      ...held,
      button(l10n.t('Move Pending Relay Up'), 'arrow-up', 'moveUp'),
      button(l10n.t('Move Pending Relay Down'), 'arrow-down', 'moveDown'),
    ];
  }

  #edit(row: HTMLElement, sessionId: string, prompt: QueuedPrompt): void {
    const field = element('textarea', { rows: 2, 'aria-label': l10n.t('Queued prompt') });
    field.value = prompt.text;
    this.#edits.set(prompt.id, { row, field, text: prompt.text });
    const finish = (isKept: boolean): void => {
      // A blank in front says that it is no command.
      const text = field.value.trimEnd();
      this.#edits.delete(prompt.id);
      row.replaceWith(this.#row(sessionId, isKept && text.trim() !== '' ? { ...prompt, text } : prompt));
      this.#button(prompt.id, editLabel())?.focus();
      if (isKept && text.trim() !== '' && text !== prompt.text) {
        this.#post({ type: 'queueEdit', sessionId, id: prompt.id, text });
      }
    };
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') finish(false);
      if (event.key === 'Enter' && !event.shiftKey) {
        event.preventDefault();
        finish(true);
      }
    });
    row.replaceChildren(
      field,
      iconButton({ label: l10n.t('Keep Changes'), icon: 'check', run: () => finish(true) }),
      iconButton({ label: l10n.t('Discard Changes'), icon: 'close', run: () => finish(false) }),
    );
    field.focus();
  }
}

const editLabel = (): string => l10n.t('Edit Queued Prompt');

/** What stands in the field, if it is another text than the prompt's. */
function changedText({ field, text }: Edit): string {
  const typed = field.value.trimEnd();
  return typed.trim() === text.trim() ? '' : typed;
}
