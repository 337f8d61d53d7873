import { l10n } from '../../core/l10n.ts';
import { errorPartId } from '../../core/entries/noteText.ts';
import type { PartEntry } from '../../protocol/page/entries.ts';
import { type AgentChange, agentChangeLine } from './agentChange.ts';
import type { Fold } from './compactionFolds.ts';
import { createPartView } from '../parts/createPartView.ts';
import { GroupHead } from '../parts/groupHead.ts';
import { element, icon, textButton } from '../dom/element.ts';
import { Late } from '../dom/late.ts';
import { refill } from '../dom/refill.ts';
import type { Message } from '../turns/entries.ts';
import { errorCard, type Failure } from './errorCard.ts';
import type { FoldButton } from './foldButton.ts';
import { formatTime } from '../../core/figures.ts';
import type { ActionSurroundings } from './messageActions.ts';
import { describeMessageEnd, type MessageEnd } from '../../core/turns/messageEnd.ts';
import type { PartSurroundings, PartView } from '../parts/partView.ts';
import type { Row } from '../dom/rowWindow.ts';
import { ownText, type TurnFigures } from '../turns/answerFigures.ts';
import type { CallGroup, TurnShape } from '../turns/callGroups.ts';
import { type FooterActions, turnFooter } from '../turns/turnFooter.ts';

/** What of a row comes later. */
export const rowExtras = new Late(() => import('./rowExtras.ts'));

/** How many parts one row shows; a message with more has several rows. */
export const partsPerRow = 40;

type Extras = typeof import('./rowExtras.ts');

/** What a row shows beside the message itself. */
export interface RowFrame {
  readonly message: Message;
  /** Which stretch of `partsPerRow` parts. */
  readonly chunk: number;
  readonly isLastChunk: boolean;
  readonly beginsAnswer: boolean;
  readonly figures: TurnFigures | undefined;
  /** Said below its last chunk. */
  readonly end: MessageEnd | undefined;
  /** What ended the last run badly, where no message of that run says it. */
  readonly failure: Failure | undefined;
  /** Whether the running turn takes it up later. */
  readonly waitsForStep: boolean;
  /** Where a compaction has cut: what is before is folded away, or can be. */
  readonly fold: Fold | undefined;
  /** What the prompt changed in who answers. */
  readonly agentChange: AgentChange | undefined;
  /** How the work of its turn is folded. */
  readonly shape: TurnShape | undefined;
  readonly isOpen: (group: CallGroup) => boolean;
  /** Of a turn that is over: the text of the message that is its answer. */
  readonly answerId: string | undefined;
  /** A person ran a command: the note above it, or the command itself. */
  readonly isOwnCommand: boolean;
  /** The last run ended here, and a person ended it. */
  readonly isStopped: boolean;
  /** Whether its prompt is the last one, so that it can be sent once more. */
  readonly isRetriable: boolean;
  /** What else decides how the parts look, to be compared. */
  readonly turnState: string;
}

interface RowSurroundings
  extends Omit<PartSurroundings, 'messageId' | 'role' | 'isOwnCommand'>, ActionSurroundings {
  readonly toggleFold: (messageId: string) => void;
  /** Puts a text into the composer. */
  readonly compose: (text: string) => void;
  /** Shows or hides the calls of a group. */
  readonly toggleGroup: (groupId: string, messageId: string) => void;
  readonly footer: FooterActions;
}

/** A message, or a stretch of a long one, in the document. */
export class MessageRow implements Row {
  readonly element: HTMLElement;
  readonly #surroundings: RowSurroundings;
  readonly #messageId: string;
  readonly #role: 'user' | 'assistant';
  readonly #heading = element('header', { class: 'message-heading' });
  readonly #body = element('div', { class: 'message-body' });
  readonly #footer = element('footer', { class: 'message-footer' });
  readonly #views = new Map<string, { readonly view: PartView; part: PartEntry }>();
  readonly #groups = new Map<string, GroupHead>();
  readonly #isOwnCommand: boolean;
  #frame: RowFrame;
  #head: Message['head'] | undefined;
  #fold: FoldButton | undefined;
  #agentChange: HTMLElement | undefined;
  #agentChangeText = '';
  #headingText = '';
  #footerText = '';
  #turnState: string;

  constructor(frame: RowFrame, surroundings: RowSurroundings) {
    const { head } = frame.message;
    this.#surroundings = surroundings;
    this.#messageId = head.id;
    this.#role = head.role;
    this.#isOwnCommand = frame.isOwnCommand;
    this.#turnState = frame.turnState;
    this.element = element('article', {
      class: `message ${head.role}`,
      'data-message-id': head.id,
      'data-role': head.role,
    });
    if (frame.chunk > 0) this.element.dataset['continued'] = '';
    this.element.append(this.#heading, this.#body, this.#footer);
    this.#frame = frame;
    if (rowExtras.piece !== undefined) this.#complete(rowExtras.piece);
    else {
      this.update(frame);
      rowExtras.onceThere((extras) => {
        if (this.element.isConnected) this.#complete(extras);
      });
    }
  }

  dispose(): void {
    this.#views.clear();
    this.#groups.clear();
  }

  update(frame: RowFrame): void {
    this.#frame = frame;
    const { message, chunk } = frame;
    if (message.head !== this.#head) this.#showHead(message);
    this.element.classList.toggle('begins', frame.beginsAnswer);
    if (chunk === 0) this.element.classList.toggle('has-text', message.parts.some(hasText));
    this.#showHeading(frame);
    const parts = message.parts.slice(chunk * partsPerRow, (chunk + 1) * partsPerRow);
    this.#showParts(frame, parts);
    rowExtras.piece?.foldAttempts(this.#body, parts, message.parts, this.#surroundings.expanded);
    this.#showTurn(frame);
    this.#showFooter(frame);
  }

  /** Shows what was left out until it was there. */
  #complete({ addMessageActions }: Extras): void {
    const { chunk, message } = this.#frame;
    if (chunk === 0) addMessageActions(this.element, message, this.#surroundings);
    this.update(this.#frame);
  }

  #showHead(message: Message): void {
    this.#head = message.head;
    const isReverted = message.head.reverted === true;
    this.element.classList.toggle('reverted', isReverted);
    this.element.dataset['vscodeContext'] = this.#menuContext(isReverted);
    this.element.setAttribute('aria-label', label(message));
  }

  /** Shows one part as it is; the others have not changed. */
  updatePart(part: PartEntry): void {
    const shown = this.#views.get(part.id);
    if (shown === undefined || shown.part === part) return;
    shown.part = part;
    shown.view.update(part);
    if (hasText(part)) this.element.classList.add('has-text');
  }

  /** What the editor's own menu is told of the message: its commands get it as their argument. */
  #menuContext(reverted: boolean): string {
    return JSON.stringify({
      webviewSection: 'message',
      sessionId: this.#surroundings.sessionId,
      messageId: this.#messageId,
      role: this.#role,
      reverted,
      preventDefaultContextMenuItems: true,
    });
  }

  #showParts(frame: RowFrame, parts: readonly PartEntry[]): void {
    const { shape, isOpen } = frame;
    const wanted: HTMLElement[] = [];
    for (const part of parts) {
      const group = shape?.byPart.get(part.id);
      if (group?.id === part.id) wanted.push(this.#headOf(group, isOpen(group)));
      if (isPutAway(part, frame) || (group !== undefined && !isOpen(group))) continue;
      const { element: shown } = this.#viewOf(part);
      shown.classList.toggle('grouped', group !== undefined);
      shown.classList.toggle('after-calls', shape?.afterCalls.has(part.id) ?? false);
      shown.classList.toggle('answer', part.id === frame.answerId);
      wanted.push(shown);
    }
    this.#place(wanted);
  }

  /** Makes these all that stands in the body, in this order. */
  #place(wanted: readonly HTMLElement[]): void {
    const all = new Set(wanted);
    for (const [id, { view }] of this.#views) if (!all.has(view.element)) this.#views.delete(id);
    for (const [id, head] of this.#groups) if (!all.has(head.element)) this.#groups.delete(id);
    let before = this.#body.firstElementChild;
    while (before !== null) {
      const next: Element | null = before.nextElementSibling;
      if (!(before instanceof HTMLElement) || !all.has(before)) before.remove();
      before = next;
    }
    before = this.#body.firstElementChild;
    for (const shown of wanted) {
      if (shown === before) before = before.nextElementSibling;
      else this.#body.insertBefore(shown, before);
    }
  }

  #headOf(group: CallGroup, isOpen: boolean): HTMLElement {
    const known = this.#groups.get(group.id);
    const head = known ?? new GroupHead(() => this.#surroundings.toggleGroup(group.id, this.#messageId));
    this.#groups.set(group.id, head);
    head.show(group.calls, isOpen);
    return head.element;
  }

  /** Tells the parts where what their turn does to them is otherwise. */
  #showTurn({ turnState }: RowFrame): void {
    if (turnState === this.#turnState) return;
    this.#turnState = turnState;
    for (const { view } of this.#views.values()) view.turnChanged?.();
  }

  #viewOf(part: PartEntry): PartView {
    const known = this.#views.get(part.id);
    if (known?.part.type === part.type) {
      this.updatePart(part);
      return known.view;
    }
    known?.view.element.remove();
    const [messageId, role, isOwnCommand] = [this.#messageId, this.#role, this.#isOwnCommand];
    const surroundings = { ...this.#surroundings, messageId, role, isOwnCommand };
    const view = createPartView(part, surroundings);
    this.#views.set(part.id, { view, part });
    return view;
  }

  #showHeading(frame: RowFrame): void {
    const { beginsAnswer, message, chunk } = frame;
    const { agent, model, summary } = message.head;
    const text = JSON.stringify([summary, beginsAnswer && [agent, model]]);
    if (chunk === 0 && text !== this.#headingText) this.#heading.replaceChildren(...heading(frame));
    this.#headingText = text;
    this.#showFold(frame.fold);
    this.#showAgentChange(frame.agentChange);
  }

  #showAgentChange(change: AgentChange | undefined): void {
    const text = JSON.stringify(change ?? '');
    if (text === this.#agentChangeText) return;
    this.#agentChangeText = text;
    this.#agentChange?.remove();
    this.#agentChange = change && agentChangeLine(change);
    if (this.#agentChange !== undefined) this.#heading.before(this.#agentChange);
  }

  #showFold(fold: Fold | undefined): void {
    if (fold === undefined) {
      this.#fold?.element.remove();
      this.#fold = undefined;
      return;
    }
    const { FoldButton: Made } = rowExtras.piece ?? {};
    if (Made === undefined) return;
    this.#fold ??= new Made(() => this.#surroundings.toggleFold(this.#messageId));
    this.#fold.show(fold);
    if (this.#fold.element.parentElement === null) this.element.prepend(this.#fold.element);
  }

  #showFooter(frame: RowFrame): void {
    const { figures: turn, end, failure, waitsForStep, isLastChunk, isStopped, isRetriable } = frame;
    const { error } = frame.message.head;
    const said = [error, end, failure, waitsForStep, isStopped, isRetriable];
    const text = JSON.stringify([isLastChunk, turn, said]);
    if (text === this.#footerText) return;
    this.#footerText = text;
    if (!isLastChunk) this.#footer.replaceChildren();
    else {
      const said = this.#said(frame);
      if (waitsForStep) said.push(notTakenUp());
      refill(this.#footer, [...said, ...this.#figures(frame)]);
    }
  }

  /** How the message ended, if that is to be said. */
  #said({ message, failure, end, isStopped, isRetriable }: RowFrame): HTMLElement[] {
    const { error } = message.head;
    const isAbort = error?.name === 'MessageAbortedError';
    if (isStopped || isAbort) {
      return [
        stoppedNote(isStopped ? l10n.t('Stopped by you') : error?.message, this.#retry(isRetriable, 'link')),
      ];
    }
    if (error) return [this.#error(error)];
    if (failure) return [errorCard(failure, { take: (command) => this.#take({ command }) })];
    return end ? [this.#end(end, isRetriable)] : [];
  }

  #take(remedy: { readonly command: string; readonly messageId?: string }): void {
    const { post, sessionId } = this.#surroundings;
    post({ type: 'remedy', sessionId, ...remedy });
  }

  /** Sends the prompt once more. */
  #retry(isRetriable: boolean, looks = ''): HTMLElement | undefined {
    const { isOffered, command } = this.#surroundings;
    const retry = 'opencodeSessions.session.retry';
    if (!isRetriable || !isOffered(retry)) return undefined;
    return textButton({
      label: l10n.t('Retry'),
      class: looks,
      testId: 'retry',
      run: () => command(retry),
    });
  }

  /** What cut the message off, and what helps; what fills the composer sends nothing by itself. */
  #end(end: MessageEnd, isRetriable: boolean): HTMLElement {
    const { isOffered, command, compose } = this.#surroundings;
    const resend = 'opencodeSessions.message.editAndResend';
    const label = l10n.t('Ask It to Go On');
    const goOn = (): void => compose(l10n.t('Go on where you stopped.'));
    const button =
      end !== 'unanswered'
        ? textButton({ label, run: goOn, testId: 'go-on' })
        : isOffered(resend) &&
          textButton({ label: l10n.t('Edit and Resend'), run: () => command(resend, this.#messageId) });
    return element(
      'div',
      { class: 'cut-off', role: 'group', 'aria-label': l10n.t('Cut off'), 'data-end': end },
      icon('warning'),
      element('div', { class: 'cut-off-words', text: describeMessageEnd(end) }),
      button,
      (end === 'unanswered' || end === 'empty') && this.#retry(isRetriable),
    );
  }

  #error(error: NonNullable<Message['head']['error']>): HTMLElement {
    const { sessionId, post } = this.#surroundings;
    const messageId = this.#messageId;
    return errorCard(error, {
      partId: errorPartId,
      openWhole: () => post({ type: 'openError', sessionId, messageId }),
      take: (command) => this.#take({ command, messageId }),
    });
  }

  #figures({ figures: turn, message }: RowFrame): Node[] {
    if (turn === undefined) return [];
    // How long it took to fail is of no use to anybody.
    if (message.head.error !== undefined && turn.tokens.output === 0 && turn.changed === undefined) return [];
    return turnFooter(turn, message, this.#surroundings.footer);
  }
}

function stoppedNote(words: string | undefined, retry: HTMLElement | undefined): HTMLElement {
  return element('div', { class: 'note', 'data-part-id': errorPartId }, icon('debug-stop'), words, retry);
}

/** Whether a part says nothing that does not stand beside it. */
function isPutAway(part: PartEntry, { shape, isOwnCommand }: RowFrame): boolean {
  return (shape?.told.has(part.id) ?? false) || (isOwnCommand && part.type === 'text');
}

function notTakenUp(): HTMLElement {
  return element(
    'div',
    { class: 'note', 'data-testid': 'waits-for-step' },
    icon('history'),
    l10n.t('OpenCode has this. The running turn takes it up at its next step.'),
  );
}

const hasText = (part: PartEntry): boolean => /\S/.test(ownText(part));

function label({ head }: Message): string {
  if (head.role === 'user') return l10n.t('You, {0}', formatTime(head.created, Date.now()));
  return l10n.t('{0}, {1}', head.agent, formatTime(head.created, Date.now()));
}

function heading({ message, beginsAnswer, isOwnCommand }: RowFrame): Node[] {
  const { head } = message;
  const nodes: Node[] = [];
  if (head.summary === true) nodes.push(element('span', { class: 'badge', text: l10n.t('Summary') }));
  if (beginsAnswer && !isOwnCommand) {
    nodes.push(icon('robot'), element('span', { class: 'agent', text: head.agent }));
    if (head.model) nodes.push(element('span', { class: 'model', text: modelName(head.model) }));
  }
  return nodes;
}

function modelName({ modelID, variant }: NonNullable<Message['head']['model']>): string {
  return variant === undefined || variant === 'default' ? modelID : `${modelID} · ${variant}`;
}
