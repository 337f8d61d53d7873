import type { Addressee } from './addressee.ts';
import { CompletionList, type Completion } from './completionList.ts';
import type { ComposerChoice } from './composerChoices.ts';
import { write } from '../dom/writing.ts';
import { completeArgument, completeSlash, readArgument, type TypedArgument } from './slashCompletions.ts';

/** What is typed in front of the caret and can be completed. */
type Word =
  | { readonly kind: 'mention'; readonly text: string }
  | { readonly kind: 'slash'; readonly text: string }
  | ({ readonly kind: 'argument' } & TypedArgument);

/** Offers what completes the word in front of the caret, and puts it in. */
export class Completing {
  readonly #field: HTMLTextAreaElement;
  readonly #addressee: Addressee;
  readonly #choice: ComposerChoice;
  readonly #onPut: (mention: Completion | undefined) => void;
  readonly #list = new CompletionList(
    (completion) => this.#put(completion),
    () => this.#field.focus(),
  );
  #tokens = 0;
  /** What was asked for last and is still wanted. */
  #token = '';
  /** Where the caret was when completions were last asked for. */
  #caret = 0;

  /** `choice` knows what is offered; `onPut` hears what was put in, if that was behind an `@`. */
  constructor(
    field: HTMLTextAreaElement,
    addressee: Addressee,
    choice: ComposerChoice,
    onPut: (mention: Completion | undefined) => void,
  ) {
    this.#field = field;
    this.#addressee = addressee;
    this.#choice = choice;
    this.#onPut = onPut;
    field.setAttribute('aria-controls', this.element.id);
    field.addEventListener('selectionchange', () => this.#leaveMovedWord());
    this.element.addEventListener('keydown', (event) => this.#takesInList(event));
    this.element.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget !== field) this.close();
    });
  }

  get element(): HTMLElement {
    return this.#list.element;
  }

  /** Looks for what completes the word that is being typed. */
  ask(): void {
    this.#caret = this.#field.selectionStart;
    const word = this.#word;
    const { offered, header } = this.#choice;
    this.#token = '';
    if (word === undefined) this.close();
    else if (word.kind === 'mention') this.#askHost({ query: word.text.slice(1) });
    else if (word.kind === 'slash') this.#show(completeSlash(offered, header, word.text.slice(1)));
    else if (word.verb === 'tell') this.#askHost({ query: word.text.slice(1), what: 'session' });
    else this.#show(completeArgument(offered, word));
  }

  /** Takes what was asked for. */
  found(token: string, items: readonly Completion[]): void {
    if (token === this.#token) this.#show(items);
  }

  /** Whether the key was for what is offered. */
  takes(event: KeyboardEvent): boolean {
    // The word that the browser tells of a moved caret comes later, perhaps after the next key.
    this.#leaveMovedWord();
    // What is typed in full is meant: there is nothing to complete, and Enter does what it does elsewhere.
    if (event.key === 'Enter' && this.#list.active?.insert === this.#word?.text) this.close();
    if (!this.#list.takes(event)) return false;
    this.#markActive();
    return true;
  }

  /** Offers nothing, also not what was asked for and is still to come. */
  close(): void {
    this.#token = '';
    if (this.#list.isOpen) this.#show([]);
  }

  /** Tab leads back to the field, and so does what is typed on; whoever goes further back has done with the list. */
  #takesInList(event: KeyboardEvent): void {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (key === 'Tab') {
      if (shiftKey) return;
      this.#field.focus();
      event.preventDefault();
    } else if (this.#list.takes(event)) this.#markActive();
    else if (key.length === 1 && !ctrlKey && !metaKey && !altKey) this.#field.focus();
  }

  #askHost(asked: { readonly query: string; readonly what?: 'session' }): void {
    this.#token = `completion-${(this.#tokens += 1)}`;
    const { post, sessionId } = this.#addressee;
    post({ type: 'complete', sessionId, token: this.#token, ...asked });
  }

  #show(items: readonly Completion[]): void {
    const word = this.#word;
    // What an `@` brings comes with the best in front.
    this.#list.show(items, word?.kind === 'mention' ? '' : word?.text);
    this.#markActive();
  }

  /** What is offered is for the word in front of the caret as it was typed: elsewhere it would leave letters behind. */
  #leaveMovedWord(): void {
    const { selectionStart, selectionEnd } = this.#field;
    const isThere = selectionStart === this.#caret && selectionEnd === selectionStart;
    if (!isThere) this.close();
  }

  #put(completion: Completion): void {
    const end = this.#field.selectionStart;
    const word = this.#word;
    const start = end - (word?.text.length ?? 0);
    if (!write(this.#field, `${completion.insert} `, start, end)) return;
    this.#onPut(word?.kind === 'mention' ? completion : undefined);
    // What may stand behind a verb is offered at once.
    this.ask();
  }

  get #word(): Word | undefined {
    const before = this.#field.value.slice(0, this.#field.selectionStart);
    if (/^\/\S*$/.test(before)) return { kind: 'slash', text: before };
    const argument = readArgument(before, this.#choice.offered.commands);
    if (argument !== undefined) return { kind: 'argument', ...argument };
    const [, text] = /(?:^|\s)(@[^\s@]*)$/.exec(before) ?? [];
    return text === undefined ? undefined : { kind: 'mention', text };
  }

  #markActive(): void {
    const active = this.#list.activeId;
    for (const steering of [this.#field, this.element]) {
      if (active === undefined) steering.removeAttribute('aria-activedescendant');
      else steering.setAttribute('aria-activedescendant', active);
    }
  }
}
