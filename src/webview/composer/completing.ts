import { bestFirst, hasLetters } from '../../core/prompts/completionRank.ts';
import type { ComposerChoices } from '../../protocol/page/composer.ts';
import type { Addressee } from './addressee.ts';
import { CompletionList, type Completion } from './completionList.ts';
import type { ComposerChoice } from './composerChoices.ts';
import { write } from '../dom/writing.ts';

/** The word being typed that can be completed: `@file` anywhere, `/command` at the start. */
const completable = /(?:^|\s)(@[^\s@]*)$|^(\/\S*)$/;

/** Offers what completes the word in front of the caret, and puts it in. */
export class Completing {
  readonly #field: HTMLTextAreaElement;
  readonly #addressee: Addressee;
  readonly #choice: ComposerChoice;
  readonly #onPut: (completion: Completion) => void;
  readonly #list = new CompletionList((completion) => this.#put(completion));
  #tokens = 0;
  /** What was asked for last and is still wanted. */
  #token = '';
  /** Where the caret was when completions were last asked for. */
  #caret = 0;

  /** `choice` knows the commands; `onPut` hears what was put in. */
  constructor(
    field: HTMLTextAreaElement,
    addressee: Addressee,
    choice: ComposerChoice,
    onPut: (completion: Completion) => void,
  ) {
    this.#field = field;
    this.#addressee = addressee;
    this.#choice = choice;
    this.#onPut = onPut;
    field.setAttribute('aria-controls', this.element.id);
    field.addEventListener('selectionchange', () => this.#leaveMovedWord());
  }

  get element(): HTMLElement {
    return this.#list.element;
  }

  /** Looks for what completes the word that is being typed. */
  ask(): void {
    this.#caret = this.#field.selectionStart;
    const word = this.#word;
    this.#token = '';
    if (word === '') {
      this.close();
      return;
    }
    const wanted = word.slice(1);
    if (word.startsWith('/')) {
      this.#show(matchingCommands(this.#choice.commands, wanted));
      return;
    }
    this.#token = `completion-${(this.#tokens += 1)}`;
    const { post, sessionId } = this.#addressee;
    post({ type: 'complete', sessionId, token: this.#token, query: wanted });
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
    if (event.key === 'Enter' && this.#list.active?.insert === this.#word) this.close();
    if (!this.#list.takes(event)) return false;
    this.#markActive();
    return true;
  }

  /** Offers nothing, also not what was asked for and is still to come. */
  close(): void {
    this.#token = '';
    if (this.#list.isOpen) this.#show([]);
  }

  #show(items: readonly Completion[]): void {
    this.#list.show(items);
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
    if (write(this.#field, `${completion.insert} `, end - this.#word.length, end)) this.#onPut(completion);
  }

  /** The word in front of the caret that can be completed; `''`: there is none. */
  get #word(): string {
    const match = completable.exec(this.#field.value.slice(0, this.#field.selectionStart));
    return match?.[1] ?? match?.[2] ?? '';
  }

  #markActive(): void {
    const active = this.#list.activeId;
    if (active === undefined) this.#field.removeAttribute('aria-activedescendant');
    else this.#field.setAttribute('aria-activedescendant', active);
  }
}

function matchingCommands(commands: ComposerChoices['commands'], wanted: string): readonly Completion[] {
  const matching = commands
    .filter(({ name }) => hasLetters(name, wanted))
    .map(({ name, description }) => ({ label: name, detail: description }));
  return bestFirst(matching, wanted)
    .slice(0, 20)
    .map(({ label, detail }) => ({
      kind: 'command',
      label: `/${label}`,
      detail,
      insert: `/${label}`,
    }));
}
