import { l10n } from '../../core/l10n.ts';
import { countTokens, formatCost, formatTime } from '../../core/figures.ts';
import { describeWaited, formatWorked } from '../../core/turns/waitedBetween.ts';
import { element, iconButton, textButton } from '../dom/element.ts';
import { changesButton } from '../parts/changesButton.ts';
import type { TurnFigures } from './answerFigures.ts';
import type { Message } from './entries.ts';

export interface FooterActions {
  /** Brings the reader to a message, or to a part of it. */
  readonly reveal: (messageId: string, partId?: string) => void;
  readonly showChanges: (promptId: string | undefined, asList: boolean) => void;
  /** Folds the turn of a prompt to a line, or `all` that are over. */
  readonly fold: (promptId: string, all: boolean) => void;
}

/** What a turn took, below its answer; each figure leads to what it counts. */
export function turnFooter(turn: TurnFigures, { head }: Message, actions: FooterActions): HTMLElement[] {
  const { promptId, changed, failed } = turn;
  const kinds = element('div', { class: 'turn-kinds', text: allWords(turn).join(' · '), hidden: true });
  const figures = [
    duration(turn, actions),
    turn.tokens.output > 0 && kindsButton(countTokens(turn.tokens.output), 'turn-tokens', kinds),
    turn.cost > 0 && costFigure(turn, kinds),
    changesButton(changed, {
      testId: 'turn-changes',
      run: (asList) => actions.showChanges(promptId, asList),
    }),
    failed &&
      textButton({
        label: l10n.t('{0} failed', failed.count),
        title: l10n.t('Show the First Call That Failed'),
        class: 'link',
        testId: 'turn-failed',
        run: () => actions.reveal(failed.messageId, failed.partId),
      }),
  ].filter((figure) => figure !== undefined && figure !== false);
  const title = [formatTime(head.completed ?? head.created, Date.now()), ...allWords(turn)].join('\n');
  const line = element('div', { class: 'figures', title });
  for (const [at, figure] of figures.entries()) line.append(...(at === 0 ? [] : [' · ']), figure);
  if (promptId !== undefined) line.append(foldButton(promptId, actions));
  return [line, kinds];
}

function duration(turn: TurnFigures, { reveal }: FooterActions): HTMLElement | string {
  const { promptId } = turn;
  const label = formatWorked(turn.duration, turn.waited);
  if (promptId === undefined) return label;
  const title = [l10n.t('Go to the Prompt'), ...waitedWords(turn)].join('\n');
  return textButton({ label, title, class: 'link', testId: 'turn-start', run: () => reveal(promptId) });
}

/** What was paid for stands below, too. */
function costFigure(turn: TurnFigures, kinds: HTMLElement): HTMLElement | string {
  const label = formatCost(turn.cost);
  return allWords(turn).length === 0 ? label : kindsButton(label, 'turn-cost', kinds);
}

/** How many tokens were written, or what they cost; all kinds stand below once they are wanted. */
function kindsButton(label: string, testId: string, kinds: HTMLElement): HTMLElement {
  const button = textButton({
    label,
    class: 'link',
    testId,
    run: () => {
      kinds.hidden = !kinds.hidden;
      const others = button.parentElement?.querySelectorAll('[aria-expanded]') ?? [];
      for (const one of others) one.setAttribute('aria-expanded', String(!kinds.hidden));
    },
  });
  button.setAttribute('aria-expanded', 'false');
  return button;
}

function foldButton(promptId: string, { fold }: FooterActions): HTMLElement {
  return iconButton({
    label: l10n.t('Fold Turn'),
    title: l10n.t('Fold Turn to a Line (Ctrl+Click: All Turns)'),
    icon: 'fold-up',
    testId: 'fold-turn',
    run: ({ ctrlKey, metaKey }) => fold(promptId, ctrlKey || metaKey),
  });
}

function allWords(turn: TurnFigures): string[] {
  return [...waitedWords(turn), ...tokenWords(turn.tokens)];
}

function waitedWords({ waited }: TurnFigures): string[] {
  const words = describeWaited(waited);
  return words === undefined ? [] : [words];
}

/** All kinds of tokens that a turn took: those of the cache are the most, and cost the least. */
function tokenWords({ input, output, reasoning, cached }: TurnFigures['tokens']): string[] {
  const kinds: readonly [number, (tokens: string) => string][] = [
    [input, (count) => l10n.t('{0} read', count)],
    [cached, (count) => l10n.t('{0} of the cache', count)],
    [reasoning, (count) => l10n.t('{0} of thought', count)],
    [output, (count) => l10n.t('{0} written', count)],
  ];
  return kinds.filter(([count]) => count > 0).map(([count, say]) => say(countTokens(count)));
}
