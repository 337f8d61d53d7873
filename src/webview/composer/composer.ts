import { l10n } from '../../core/l10n.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import { joinDrafts } from '../../core/prompts/composerDraft.ts';
import type { ComposerDraft, QueuedPrompt } from '../../protocol/page/composer.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { PageSettings, ToPage } from '../../protocol/page/toPage.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import { AttachmentChips } from './attachmentChips.ts';
import { attachFiles, type Attaching } from './attaching.ts';
import { ComposerChoice } from './composerChoices.ts';
import { CompletingSlot } from './completingSlot.ts';
import { tellDrafts, type DraftTeller } from './draftTeller.ts';
import { element } from '../dom/element.ts';
import { remedyButton } from './noModelNotice.ts';
import { PromptHistory } from './promptHistory.ts';
import { QueueSlot } from './queueSlot.ts';
import { recall } from './recalling.ts';
import { sendButtons, type SendButtons, type SendMode } from './sendButtons.ts';

type Incoming<Type extends ToPage['type']> = Extract<ToPage, { readonly type: Type }>;

/** What the host tells of what stands in the composer. */
export type ToComposer = Incoming<'choices' | 'completions' | 'insert' | 'pick' | 'sent' | 'unsent'>;

/** Where the next prompt is written. What was typed stays until the host has taken it. */
export class Composer {
  readonly element: HTMLElement;
  readonly #addressee: { sessionId: string; readonly post: (message: FromPage) => void };
  readonly #field: HTMLTextAreaElement;
  readonly #run = (command: string): void => {
    const { post, sessionId } = this.#addressee;
    post({ type: 'command', command, sessionId });
  };
  readonly #choice = new ComposerChoice(() => this.#changed(), this.#run);
  readonly #chips = new AttachmentChips(() => this.#attachmentsChanged());
  readonly #completing: CompletingSlot;
  readonly #history: PromptHistory;
  readonly #queue: QueueSlot;
  readonly #teller: DraftTeller;
  readonly #problem = element('div', {
    class: 'complaint',
    role: 'alert',
    'data-testid': 'composer-problem',
  });
  readonly #buttons: SendButtons;
  #isBusy = false;
  #enterSends = true;

  /** `prompts` gives those that were sent before in the session shown, newest last. */
  constructor(post: (message: FromPage) => void, prompts: () => readonly string[]) {
    this.#addressee = { sessionId: '', post };
    this.#queue = new QueueSlot(post, (text) => this.#append(text));
    this.#teller = tellDrafts(this.#addressee, this.#chips, this.#queue, () => this.#draft());
    this.#field = this.#makeField();
    this.#history = new PromptHistory(prompts);
    this.#completing = new CompletingSlot(this.#field, () => [
      this.#addressee,
      this.#choice,
      () => this.#changed(),
    ]);
    this.#buttons = sendButtons(
      (mode) => this.#submit(mode),
      () => this.#run('opencodeSessions.session.abort'),
    );
    const attaching = attachFiles(this.#addressee, this.#field, this.#chips, this.#problem);
    this.element = this.#layOut(attaching);
    attaching.takeDrops(this.element);
    this.#setBusy(false);
  }

  /** Turns to a session. What was typed for another one has been told to the host. */
  show(sessionId: string, draft: ComposerDraft): void {
    const { sessionId: before } = this.#addressee;
    if (sessionId !== before) this.#queue.show(before, []);
    this.#teller.flush();
    if (sessionId !== before) {
      this.#addressee.sessionId = sessionId;
      this.#history.leave();
      this.#problem.textContent = '';
      this.#showDraft(draft);
    } else if (this.isEmpty) this.#showDraft(draft);
  }

  showHeader(header: SessionHeader): void {
    this.#choice.useHeader(header);
    this.#setOver(header.deleted === true);
    const isBusy = header.status.type !== 'idle' && header.status.type !== 'elsewhere';
    if (isBusy !== this.#isBusy) this.#keepFocus(() => this.#setBusy(isBusy));
  }

  showQueue(sessionId: string, queue: readonly QueuedPrompt[]): void {
    this.#keepFocus(() => this.#queue.show(sessionId, queue));
  }

  useSettings(settings: PageSettings): void {
    this.#enterSends = settings.enterSends;
  }

  focus(): void {
    this.#field.focus();
  }

  get isEmpty(): boolean {
    return this.#field.value.trim() === '' && this.#chips.attachments.length === 0;
  }

  receive(message: ToComposer): void {
    if (message.type === 'choices') this.#keepFocus(() => this.#choice.offer(message.choices));
    else if (message.type === 'completions') this.#completing.found(message.token, message.items);
    // The host writes the rest into the draft of a session not shown.
    else if (message.sessionId !== this.#addressee.sessionId) return;
    else if (message.type === 'insert') this.#insert(message);
    else if (message.type === 'pick') this.#choice.open(message.what);
    else if (message.type === 'sent') this.#release(message);
    else this.#putBack(message);
  }

  /** Puts a text in at the cursor, and attachments beside it. */
  #insert({ text, attachments = [] }: Incoming<'insert'>): void {
    if (text !== '') {
      const { selectionStart, selectionEnd } = this.#field;
      this.#field.setRangeText(text, selectionStart, selectionEnd, 'end');
      this.#changed();
    }
    this.#chips.add(attachments);
    this.focus();
  }

  /**
   * What was picked for a prompt is no pick any more when the prompt was taken: the session uses it; `kept` is picked in
   * its place, where the next prompt is to go on with something else.
   */
  #release({ picked, kept = {} }: Incoming<'sent'>): void {
    const known = { ...withoutUndefined(picked), ...withoutUndefined(kept) };
    if (Object.keys(known).length === 0) return;
    this.#choice.release(picked, kept);
    this.#changed();
  }

  /** What was not taken stands in the composer again. */
  #putBack({ draft, problem, action }: Incoming<'unsent'>): void {
    this.#setDraft(joinDrafts(draft, this.#draft()));
    this.#problem.replaceChildren(problem, action ? remedyButton(action, 'link', this.#run) : '');
    this.#changed();
    this.focus();
  }

  #makeField(): HTMLTextAreaElement {
    return element('textarea', {
      rows: 1,
      'aria-label': l10n.t('Prompt'),
      'aria-autocomplete': 'list',
      dir: 'auto',
      on: {
        input: () => this.#typed(),
        keydown: (event: KeyboardEvent) => this.#keydown(event),
        focus: () => this.#askForChoices(),
        blur: () => {
          this.#completing.close();
          this.#teller.flush();
        },
      },
    });
  }

  #layOut(attaching: Attaching): HTMLElement {
    return element(
      'div',
      { class: 'composer', 'data-testid': 'composer' },
      this.#queue.element,
      this.#problem,
      this.#choice.notice,
      element(
        'div',
        { class: 'composer-box' },
        this.#completing.element,
        this.#chips.element,
        this.#field,
        element(
          'div',
          { class: 'composer-bar' },
          this.#choice.element,
          ...attaching.nodes,
          ...this.#buttons.nodes,
        ),
      ),
    );
  }

  /** The session is gone: what was typed can be read and copied, and goes nowhere. */
  #setOver(isOver: boolean): void {
    this.#field.readOnly = isOver;
    this.element.classList.toggle('over', isOver);
    this.#showReadiness();
  }

  #setBusy(isBusy: boolean): void {
    this.#isBusy = isBusy;
    this.#queue.setIdle(!isBusy);
    this.#buttons.setBusy(isBusy);
    this.#field.placeholder = isBusy
      ? l10n.t('Send after this turn, or steer it…')
      : l10n.t('Ask anything. @ for files and agents, / for commands, ! for the shell');
    this.#showReadiness();
  }

  /** Makes a change; where that takes away what has the focus, the field gets it. */
  #keepFocus(change: () => void): void {
    const focused = document.activeElement;
    const isHere = this.element.contains(focused);
    change();
    if (!isHere || !(focused instanceof HTMLElement)) return;
    if (focused.hidden) this.focus();
    this.#takeLostFocus();
  }

  /** Who was at something that is gone goes on in the field. */
  #takeLostFocus(): void {
    if (document.activeElement === document.body) this.focus();
  }

  #showReadiness(): void {
    const { readOnly: isOver, value } = this.#field;
    const isEmpty = this.isEmpty;
    this.#buttons.setReady(isEmpty, isOver);
    this.element.classList.toggle('blank', isOver && isEmpty);
    this.element.classList.toggle('shell', value.startsWith('!'));
  }

  #draft(): ComposerDraft {
    const { attachments } = this.#chips;
    return {
      text: this.#field.value,
      ...this.#choice.picked,
      ...(attachments.length > 0 ? { attachments } : {}),
    };
  }

  /** Shows a draft of the host. */
  #showDraft(draft: ComposerDraft): void {
    this.#setDraft(draft);
    this.#teller.know();
  }

  #setDraft(draft: ComposerDraft): void {
    this.#field.value = draft.text;
    this.#chips.show(draft.attachments ?? []);
    this.#choice.use(draft);
    this.#completing.close();
    this.#showReadiness();
  }

  #submit(mode: SendMode): void {
    const { post, sessionId } = this.#addressee;
    if (this.#field.readOnly || this.isEmpty || sessionId === '') return;
    const draft = this.#draft();
    this.#problem.textContent = '';
    this.#history.leave();
    this.#setDraft({ ...draft, text: '', attachments: [] });
    this.#teller.cancel();
    post({ type: 'send', sessionId, draft, mode });
    // Also from the buttons, which are no longer of use: the next prompt can be typed at once.
    this.focus();
  }

  #typed(): void {
    this.#history.leave();
    this.#changed();
    this.#completing.ask();
  }

  #attachmentsChanged(): void {
    this.#takeLostFocus();
    this.#changed();
  }

  #changed(): void {
    this.#showReadiness();
    this.#teller.changed();
  }

  /** Agents that are not there could not be loaded: the host tries again. */
  #askForChoices(): void {
    const { post, sessionId } = this.#addressee;
    if (sessionId !== '' && this.#choice.isEmpty) post({ type: 'choices', sessionId });
  }

  #keydown(event: KeyboardEvent): void {
    if (event.isComposing || this.#completing.takes(event)) return;
    if (event.key === 'Enter') this.#enter(event);
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') this.#recall(event);
  }

  #recall(event: KeyboardEvent): void {
    recall(event, this.#field, this.#history, () => {
      this.#completing.close();
      this.#changed();
    });
  }

  #enter(event: KeyboardEvent): void {
    const isModified = event.ctrlKey || event.metaKey;
    const sends = event.altKey || (this.#enterSends ? !event.shiftKey : isModified);
    if (!sends) return;
    event.preventDefault();
    this.#submit(event.altKey ? 'steer' : 'queue');
  }

  /** Puts text behind what stands in the field. */
  #append(text: string): void {
    const { value } = this.#field;
    const isWrittenIn = document.activeElement === this.#field;
    const added = value.trim() === '' ? text : `\n\n${text}`;
    this.#field.setRangeText(added, value.length, value.length, isWrittenIn ? 'preserve' : 'end');
    this.#takeLostFocus();
    this.#changed();
  }
}
