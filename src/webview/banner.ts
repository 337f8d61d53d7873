import { l10n } from '../core/l10n.ts';
import type { ConnectionBanner } from '../protocol/page.ts';
import { element, icon, textButton } from './element.ts';
import { formatTime } from './figures.ts';

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

  show({ kind, message, since, action }: ConnectionBanner): void {
    this.element.hidden = kind === 'live';
    this.element.dataset['kind'] = kind;
    if (kind === 'live') {
      this.element.replaceChildren();
      return;
    }
    const isWaiting = kind === 'starting' || kind === 'reconnecting';
    const words =
      since === undefined ? message : l10n.t('{0} (Since {1}.)', message, formatTime(since, Date.now()));
    this.element.replaceChildren(
      icon(isWaiting ? 'loading' : 'debug-disconnect', isWaiting ? 'spin' : ''),
      element('span', { class: 'banner-words', text: words }),
      action ? textButton({ label: action.title, class: 'link', run: () => this.#run(action.command) }) : '',
    );
  }
}
