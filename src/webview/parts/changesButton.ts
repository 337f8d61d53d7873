import { countFiles } from '../../core/figures.ts';
import { l10n } from '../../core/l10n.ts';
import type { ChangesFigure } from '../../protocol/page/header.ts';
import { element, icon } from '../dom/element.ts';

/** How much changed in the files, as a button that shows it; undefined: nothing did. */
export function changesButton(
  figure: ChangesFigure | undefined,
  options: {
    readonly testId: string;
    readonly icon?: string;
    /** `asList`: with what can be done to each file. */
    readonly run: (asList: boolean) => void;
  },
): HTMLButtonElement | undefined {
  if (figure === undefined || figure.files === 0) return undefined;
  const words = describe(figure);
  return element(
    'button',
    {
      type: 'button',
      class: 'button link changes',
      title: [words, l10n.t('Alt+Click: Changed Files, with Open and Discard')].join('\n'),
      'aria-label': words,
      'data-testid': options.testId,
      on: { click: ({ altKey }: MouseEvent) => options.run(altKey) },
    },
    options.icon !== undefined && icon(options.icon),
    element('span', {
      class: 'changes-files',
      text: `${figure.isPartial === true ? '≥ ' : ''}${countFiles(figure.files)}`,
    }),
    element('span', { class: 'additions', text: `+${figure.additions}` }),
    element('span', { class: 'deletions', text: `−${figure.deletions}` }),
  );
}

/** The same as a sentence, with how far it is known. */
function describe(figure: ChangesFigure): string {
  const { additions, deletions, isPartial, isTold } = figure;
  const files = countFiles(figure.files);
  const words =
    isPartial === true
      ? l10n.t('Show Changes: at least {0}, +{1} −{2} lines', files, additions, deletions)
      : l10n.t('Show Changes: {0}, +{1} −{2} lines', files, additions, deletions);
  if (isTold !== true) return words;
  return [words, l10n.t('Some of it is as the agent told: there is no snapshot.')].join('\n');
}
