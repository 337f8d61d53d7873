import { formatTokens } from '../../core/figures.ts';
import { l10n } from '../../core/l10n.ts';
import { fullContext } from '../../core/sessions/usage.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import { element } from '../dom/element.ts';

type Context = NonNullable<SessionHeader['context']>;

/** How full the context is; as a button, where `goOn` leads to the ways in which the session can go on. */
export function contextMeter(context: Context, goOn: (() => void) | undefined): HTMLElement {
  const percent = percentOf(context.used ?? 0, context.limit);
  const bar = element('span', { class: 'meter-bar' });
  bar.style.width = `${percent}%`;
  const shown = [element('span', { class: 'meter-track' }, bar), figures(context)];
  const looks = percent >= fullContext ? 'meter full' : 'meter';
  const words = describe(context);
  if (goOn === undefined) {
    return element('span', { ...measured(percent, words), class: looks, title: words }, ...shown);
  }
  const label = l10n.t('Continue Session: {0}', words);
  return element(
    'button',
    {
      type: 'button',
      class: `button link ${looks}`,
      'data-testid': 'context-meter',
      'aria-label': label,
      title: label,
      on: { click: goOn },
    },
    ...shown,
  );
}

/** `78 % → 4 %` once a session was compacted; what is not counted yet is no figure. */
function figures({ used, limit, before, isLeast }: Context): HTMLElement {
  const now = used === undefined ? '…' : `${isLeast ? '≥ ' : ''}${percentOf(used, limit)} %`;
  const news = before === undefined ? '' : `${percentOf(before, limit)} % → `;
  return element('span', {}, element('span', { class: 'meter-before', text: news }), now);
}

function describe({ used, limit, before, isLeast }: Context): string {
  const sentences = [
    used === undefined
      ? l10n.t('the next answer tells how much of the context is used')
      : l10n.t(
          '{0} % of context used, {1} of {2} usable tokens',
          percentOf(used, limit),
          isLeast ? l10n.t('at least {0}', formatTokens(used)) : formatTokens(used),
          formatTokens(limit),
        ),
    before === undefined ? '' : l10n.t('compacted from {0} %', percentOf(before, limit)),
  ];
  return sentences.filter((words) => words !== '').join('; ');
}

function percentOf(tokens: number, limit: number): number {
  return Math.min(100, Math.floor((tokens / limit) * 100));
}

function measured(percent: number, words: string): Readonly<Record<string, string | number>> {
  return {
    role: 'meter',
    'data-testid': 'context-meter',
    'aria-label': l10n.t('Context'),
    'aria-valuenow': percent,
    'aria-valuemin': 0,
    'aria-valuemax': 100,
    'aria-valuetext': words,
  };
}
