import { noteText } from '../../core/entries/noteText.ts';
import { withoutMarkup } from '../../core/entries/withoutMarkup.ts';
import { l10n } from '../../core/l10n.ts';
import { formatWorked } from '../../core/turns/waitedBetween.ts';
import { element, icon } from '../dom/element.ts';
import { changesButton } from '../parts/changesButton.ts';
import { isOwnCommand, messageText, type TurnFigures } from './answerFigures.ts';
import type { Message } from './entries.ts';
import type { Row } from '../dom/rowWindow.ts';

/** A turn in a line. */
export interface TurnLine {
  readonly prompt: Message;
  /** What answers it, oldest first. */
  readonly answers: readonly Message[];
  readonly figures: TurnFigures | undefined;
}

interface TurnActions {
  readonly sessionId: string;
  /** Shows the turn whole, or `all` turns. */
  readonly unfold: (promptId: string, all: boolean) => void;
  readonly showChanges: (promptId: string, asList: boolean) => void;
}

/** So many characters of a prompt or an answer are looked at for their first words. */
const beginning = 600;

/** Stands for a turn that is folded away: what was asked, what came of it, and what it took. */
export class TurnRow implements Row {
  readonly element: HTMLElement;
  readonly #actions: TurnActions;
  readonly #promptId: string;
  readonly #prompt = element('span', { class: 'turn-prompt' });
  readonly #result = element('span', { class: 'turn-result' });
  readonly #figures = element('span', { class: 'turn-figures' });
  #text = '';

  constructor(line: TurnLine, actions: TurnActions) {
    this.#actions = actions;
    const promptId = line.prompt.head.id;
    this.#promptId = promptId;
    const button = element(
      'button',
      {
        type: 'button',
        class: 'disclosure-button',
        'aria-expanded': 'false',
        'data-testid': 'turn-line',
        title: l10n.t('Show Turn (Ctrl+Click: All Turns)'),
        on: {
          click: ({ ctrlKey, metaKey }: MouseEvent) => actions.unfold(promptId, ctrlKey || metaKey),
        },
      },
      icon('chevron-right', 'chevron'),
      this.#prompt,
      this.#result,
    );
    this.element = element(
      'article',
      { class: 'message turn-line', 'data-message-id': promptId },
      button,
      this.#figures,
    );
    this.update(line);
  }

  update({ prompt, answers, figures }: TurnLine): void {
    this.element.dataset['vscodeContext'] = this.#menuContext(answers.at(-1)?.head.id ?? this.#promptId);
    const asked = promptLine(prompt, answers);
    const error = answers.findLast(({ head }) => head.error !== undefined)?.head.error?.message;
    const said = error ?? answers.map(messageText).findLast((text) => text !== '') ?? '';
    const result = firstSentence(said);
    const text = JSON.stringify([asked, error, result, figures]);
    if (text === this.#text) return;
    this.#text = text;
    this.#prompt.textContent = asked;
    this.#result.textContent = result === '' ? '' : `→ ${result}`;
    this.#result.classList.toggle('failed', error !== undefined);
    this.element.setAttribute('aria-label', l10n.t('Turn: {0}', asked));
    const changes = changesButton(figures?.changed, {
      testId: 'turn-changes',
      run: (asList) => this.#actions.showChanges(this.#promptId, asList),
    });
    const duration = figures && formatWorked(figures.duration, figures.waited);
    this.#figures.replaceChildren(...[changes, duration].filter((figure) => figure !== undefined));
  }

  /** What the editor's own menu is told of the turn: its commands are about all of it, up to its last message. */
  #menuContext(messageId: string): string {
    return JSON.stringify({
      webviewSection: 'turn',
      sessionId: this.#actions.sessionId,
      messageId,
      preventDefaultContextMenuItems: true,
    });
  }

  dispose(): void {
    // Nothing is held.
  }
}

function promptLine(prompt: Message, answers: readonly Message[]): string {
  const calls = answers.flatMap(({ parts }) => parts.filter((part) => part.type === 'tool'));
  const command = isOwnCommand(prompt) ? calls[0]?.given.subject : undefined;
  if (command !== undefined) return `!${firstLine(command)}`;
  const lines = [messageText(prompt), ...prompt.parts.map(noteText)].map(firstLine);
  return lines.find((line) => line !== '') ?? l10n.t('Prompt without words');
}

function firstLine(text: string): string {
  const lines = text.slice(0, beginning).split('\n');
  return lines.map((line) => line.trim()).find((line) => line !== '') ?? '';
}

/** The first sentence of an answer, or its first heading. */
function firstSentence(markdown: string): string {
  const line = firstLine(withoutMarkup(markdown.slice(0, beginning)));
  return /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line;
}
