import { formatTokens } from '../../core/figures.ts';
import { l10n } from '../../core/l10n.ts';
import type { SessionHeader } from '../../protocol/page/header.ts';
import { element } from '../dom/element.ts';

const fullContext = 0.8;

/** How full the context is; as a button, where `goOn` leads to the ways in which the session can go on. */
export function contextMeter(
  { used, limit, isLeast }: NonNullable<SessionHeader['context']>,
  goOn: (() => void) | undefined,
): HTMLElement {
  const share = Math.min(1, used / limit);
  const percent = Math.floor(share * 100);
  const bar = element('span', { class: 'meter-bar' });
  bar.style.width = `${percent}%`;
  const shown = [element('span', { class: 'meter-track' }, bar), isLeast ? `≥ ${percent} %` : `${percent} %`];
  const looks = share >= fullContext ? 'meter full' : 'meter';
  const tokens = [
    isLeast ? l10n.t('at least {0}', formatTokens(used)) : formatTokens(used),
    formatTokens(limit),
  ] as const;
  if (goOn === undefined) {
    const words = l10n.t('{0} of {1} usable tokens of context used ({2} %)', ...tokens, percent);
    return element('span', { ...measured(percent, words), class: looks, title: words }, ...shown);
  }
  const label = l10n.t(
    'Continue Session: {0} % of context used, {1} of {2} usable tokens',
    percent,
    ...tokens,
  );
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
