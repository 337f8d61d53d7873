import { l10n } from '../../core/l10n.ts';
import type { ConnectionBanner } from '../../protocol/page/header.ts';
import { element, icon, textButton } from '../dom/element.ts';
import { formatTime } from '../../core/figures.ts';

/** Says when what is shown is not live, since when, and what to do. */
export class Banner {
  readonly element = element('div', {
    class: 'banner',
    role: 'status',
    'data-testid': 'banner',
    hidden: true,
  });
  readonly #run: (command: string) => void;

  constructor(run: (command: string) => void) {
    this.#run = run;
  }

  show(banner: ConnectionBanner): void {
    const { kind, action } = banner;
    this.element.hidden = kind === 'live';
    this.element.dataset['kind'] = kind;
    if (kind === 'live') {
      this.element.replaceChildren();
      return;
    }
    const isWaiting = kind === 'starting' || kind === 'reconnecting';
    this.element.replaceChildren(
      icon(isWaiting ? 'loading' : 'debug-disconnect', isWaiting ? 'spin' : ''),
      element('span', { class: 'banner-words', text: sentence(banner) }),
      action ? textButton({ label: action.title, class: 'link', run: () => this.#run(action.command) }) : '',
    );
  }
}

function sentence({ kind, message, since }: ConnectionBanner): string {
  if (since === undefined) return message;
  const time = formatTime(since, Date.now());
  if (kind === 'down') return l10n.t('{0} Not there since {1}.', message, time);
  return l10n.t('{0} Last update: {1}.', message, time);
}
