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
import { l10n } from '../../core/l10n.ts';
import { element, iconButton } from '../dom/element.ts';
import { keepFocus, takeLostFocus } from '../dom/keepFocus.ts';
import { remedyButton } from './modelNotice.ts';
import { composerParts } from './composerParts.ts';
import { PromptField } from './promptField.ts';
import { QueueSlot } from './queueSlot.ts';
import { type ComposerState, showReadiness } from './readiness.ts';
import { RecallSlot } from './recallSlot.ts';
import { sendButtons, type SendButtons, type SendMode } from './sendButtons.ts';

type Incoming<Type extends ToPage['type']> = Extract<ToPage, { readonly type: Type }>;

/** What the host tells of what stands in the composer. */
export type ToComposer = Incoming<
  'choices' | 'completions' | 'insert' | 'lend' | 'lent' | 'pick' | 'sent' | 'unsent'
>;

/** Where the next prompt is written. What was typed stays until the host has taken it. */
export class Composer {
  readonly element: HTMLElement;
  readonly #addressee: { sessionId: string; readonly post: (message: FromPage) => void };
  readonly #field: PromptField;
  readonly #run = (command: string): void => {
    const { post, sessionId } = this.#addressee;
    post({ type: 'command', command, sessionId });
  };
  readonly #choice = new ComposerChoice(() => this.#changed(), this.#run, {
    askAgain: () => this.#askForChoices(),
    goOn: () => this.focus(),
  });
  readonly #chips = new AttachmentChips(
    () => this.#field,
    () => this.#attachmentsChanged(),
  );
  readonly #history: RecallSlot;
  readonly #queue: QueueSlot;
  readonly #teller: DraftTeller;
  readonly #problem = element('div', {
    class: 'complaint',
    role: 'alert',
    'data-testid': 'composer-problem',
  });
  readonly #buttons: SendButtons;
  readonly #attaching: Attaching;
  readonly #lentNotice = element('div', {
    class: 'lent-notice',
    role: 'status',
    'data-testid': 'lent-notice',
    hidden: true,
  });
  #state: ComposerState = { isOver: false, isLent: false, isBusy: false };
  #enterSends = true;

  /** `prompts` gives those that were sent before in the session shown, newest last. */
  constructor(post: (message: FromPage) => void, prompts: () => readonly string[]) {
    this.#addressee = { sessionId: '', post };
    this.#queue = new QueueSlot(post, (text) => this.#append(text));
    this.#teller = tellDrafts(this.#addressee, this.#chips, this.#queue, () => this.#draft());
    this.#field = this.#makeField();
    this.#history = new RecallSlot(this.#field, prompts, () => {
      this.#field.completing.close();
      this.#changed();
    });
    this.#buttons = sendButtons(
      (mode) => this.#submit(mode),
      () => this.#run('opencodeSessions.session.abort'),
    );
    this.#attaching = attachFiles(this.#addressee, this.#field, this.#chips, this.#problem);
    this.element = this.#layOut();
    this.#attaching.takeDrops(this.element);
    this.#showReadiness();
  }

  /** Turns to a session. What was typed for another one has been told to the host. */
  show(sessionId: string, draft: ComposerDraft, isLent = false): void {
    const { sessionId: before } = this.#addressee;
    if (sessionId !== before) this.#queue.show(before, []);
    this.#teller.flush();
    if (sessionId !== before) {
      this.#addressee.sessionId = sessionId;
      this.#history.leave();
      this.#problem.textContent = '';
      this.#showDraft(draft);
    } else if (this.isEmpty) this.#showDraft(draft);
    this.#setState({ isLent });
  }

  showHeader(header: SessionHeader): void {
    this.#choice.useHeader(header);
    const isBusy = header.status.type !== 'idle' && header.status.type !== 'elsewhere';
    this.#setState({ isBusy, isOver: header.deleted === true });
  }

  showQueue(sessionId: string, queue: readonly QueuedPrompt[]): void {
    this.#keepFocus(() => this.#queue.show(sessionId, queue));
  }

  useSettings(settings: PageSettings): void {
    this.#enterSends = settings.enterSends;
  }

  focus(): void {
    this.#field.element.focus();
  }

  get isEmpty(): boolean {
    return this.#field.text.trim() === '' && this.#chips.attachments.length === 0;
  }

  receive(message: ToComposer): void {
    if (message.type === 'choices') this.#keepFocus(() => this.#choice.offer(message.choices));
    else if (message.type === 'completions') this.#field.completing.found(message.token, message.items);
    // The host writes the rest into the draft of a session not shown.
    else if (message.sessionId !== this.#addressee.sessionId) return;
    else if (message.type === 'insert') this.#insert(message);
    else if (message.type === 'pick') this.#choice.open(message.what);
    else if (message.type === 'sent') this.#release(message);
    else if (message.type === 'lend') this.#lend();
    else if (message.type === 'lent') {
      this.#showDraft(message.draft);
      this.#setState(message);
    } else this.#putBack(message);
  }

  /** Puts a text in at the cursor, and attachments beside it. */
  #insert({ text, attachments = [], mentions = [], isBehind }: Incoming<'insert'>): void {
    if (isBehind) return this.#append(text, false);
    this.focus();
    for (const { word: insert, ...mention } of mentions) this.#chips.take({ ...mention, insert });
    if (text !== '') {
      const { selectionStart, selectionEnd, value } = this.#field.element;
      // Behind a letter, an `@` mentions nothing.
      const blank = mentions.length > 0 && /\S$/.test(value.slice(0, selectionStart)) ? ' ' : '';
      this.#field.replace(`${blank}${text}`, selectionStart, selectionEnd);
      this.#changed();
    }
    this.#chips.add(attachments);
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
    this.focus();
    const joined = joinDrafts(draft, this.#draft());
    this.#field.change(joined.text);
    this.#useDraft(joined);
    this.#problem.replaceChildren(problem, action ? remedyButton(action, 'link', this.#run) : '');
    this.#changed();
  }

  #makeField(): PromptField {
    return new PromptField(
      {
        typed: () => this.#typed(),
        keydown: (event) => this.#keydown(event),
        paste: (event) => this.#attaching.paste(event),
        focus: () => this.#choice.isEmpty && this.#askForChoices(),
        blur: (event) => {
          this.#field.completing.leave(event);
          this.#teller.flush();
        },
      },
      (field) =>
        new CompletingSlot(field, () => [
          this.#addressee,
          this.#choice,
          (mention) => {
            if (mention !== undefined) this.#chips.take(mention);
            this.#changed();
          },
        ]),
    );
  }

  #layOut(): HTMLElement {
    const lend = lendButton(() => this.#lend());
    const bar = [this.#choice.element, lend, ...this.#attaching.nodes, ...this.#buttons.nodes];
    const { completing, element: field } = this.#field;
    return element(
      'div',
      { class: 'composer', 'data-testid': 'composer' },
      this.#queue.element,
      this.#problem,
      this.#choice.notice,
      this.#lentNotice,
      box(completing.element, this.#chips.element, field, element('div', { class: 'composer-bar' }, ...bar)),
    );
  }

  #setState(change: Partial<ComposerState>): void {
    const { isBusy: wasBusy } = this.#state;
    const { isOver, isLent, isBusy } = { ...this.#state, ...change };
    this.#state = { isOver, isLent, isBusy };
    this.#lentNotice.hidden = !isLent;
    if (isLent && this.#lentNotice.childElementCount === 0) {
      composerParts.use(({ lentNodes }) => this.#lentNotice.replaceChildren(...lentNodes(this.#run)));
    }
    this.#keepFocus(() => {
      if (isBusy !== wasBusy) this.#queue.setIdle(!isBusy);
      this.#showReadiness();
    });
  }

  /** Tells all that stands here, and takes no more: it goes to an editor. */
  #lend(): void {
    const { post, sessionId } = this.#addressee;
    this.#setState({ isLent: true });
    this.#teller.flush();
    post({ type: 'lend', sessionId });
  }

  #keepFocus(change: () => void): void {
    keepFocus(this.element, () => this.focus(), change);
  }

  #showReadiness(): void {
    this.#chips.showMentions();
    showReadiness(this.element, this.#field, this.#buttons, { ...this.#state, isEmpty: this.isEmpty });
  }

  #draft(): ComposerDraft {
    const { attachments, mentions } = this.#chips;
    return {
      text: this.#field.text,
      ...this.#choice.picked,
      ...(attachments.length > 0 ? { attachments } : {}),
      ...(mentions.length > 0 ? { mentions } : {}),
    };
  }

  /** Shows a draft of the host. */
  #showDraft(draft: ComposerDraft): void {
    this.#field.renew(draft.text);
    this.#useDraft(draft);
    this.#teller.know();
  }

  /** Takes all of a draft but its text. */
  #useDraft(draft: ComposerDraft): void {
    this.#chips.show(draft.attachments ?? []);
    this.#chips.knowMentions(draft.mentions ?? []);
    this.#choice.use(draft);
    this.#field.completing.close();
    this.#showReadiness();
  }

  #submit(mode: SendMode): void {
    const { post, sessionId } = this.#addressee;
    if (this.#field.element.readOnly || this.isEmpty || sessionId === '') return;
    const draft = this.#draft();
    this.#problem.textContent = '';
    this.#history.leave();
    // Also from the buttons, which are no longer of use: the next prompt can be typed at once.
    this.focus();
    // Undone, the text stands there again, as it does after ↑: sending it once more is another act.
    this.#field.change('');
    this.#useDraft({ ...draft, text: '', attachments: [] });
    this.#teller.cancel();
    post({ type: 'send', sessionId, draft, mode });
  }

  #typed(): void {
    this.#history.leave();
    this.#changed();
    this.#field.completing.ask();
  }

  #attachmentsChanged(): void {
    takeLostFocus(() => this.focus());
    this.#changed();
  }

  #changed(): void {
    this.#showReadiness();
    this.#teller.changed();
  }

  /** What is not there could not be loaded: the host tries again. */
  #askForChoices(): void {
    const { post, sessionId } = this.#addressee;
    if (sessionId !== '') post({ type: 'choices', sessionId });
  }

  #keydown(event: KeyboardEvent): void {
    if (this.#field.completing.takes(event)) return;
    if (event.key === 'Enter') this.#enter(event);
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') this.#history.take(event);
  }

  #enter(event: KeyboardEvent): void {
    const isModified = event.ctrlKey || event.metaKey;
    const sends = event.altKey || (this.#enterSends ? !event.shiftKey : isModified);
    if (!sends) return;
    event.preventDefault();
    this.#submit(event.altKey ? 'steer' : 'queue');
  }

  /** Puts text behind what stands in the field, because somebody here asked for it or not. */
  #append(text: string, isAsked = true): void {
    this.#field.append(text);
    if (isAsked) takeLostFocus(() => this.focus());
    this.#changed();
  }
}

const box = (...nodes: readonly HTMLElement[]): HTMLElement =>
  element('div', { class: 'composer-box' }, ...nodes);

/** Moves the prompt into an editor, or shows that. */
function lendButton(lend: () => void): HTMLElement {
  return iconButton({ label: l10n.t('Edit Prompt in Editor'), icon: 'edit', testId: 'lend', run: lend });
}
