import { l10n } from '../../core/l10n.ts';
import { element } from '../dom/element.ts';

/** How many rows a table shows at first; nobody reads more at once, and each costs the page several nodes. */
export const shownRows = 100;

/** Stands for the rows of a table that are not shown; the text that holds the table acts on its button. */
export function moreRows(columns: number): HTMLElement {
  const attributes = { type: 'button', class: 'button link', 'data-testid': 'show-all' };
  const button = element('button', { ...attributes, text: l10n.t('Show All Rows') });
  return element('tr', { class: 'more-rows' }, element('td', { colspan: columns }, button));
}

/** `rows` as far as there is room for them, with what stands for the others. */
export function limitRows(rows: readonly Node[], room: number): readonly Node[] {
  const [first] = rows;
  if (rows.length <= room || !(first instanceof HTMLElement)) return rows;
  const last = rows.at(-1);
  const isLimited = last instanceof HTMLElement && last.className === 'more-rows';
  return [...rows.slice(0, room), isLimited ? last : moreRows(first.childElementCount)];
}

/** Whether a click was meant to show all rows. */
export function asksForRows({ target }: Event): boolean {
  return target instanceof Element && target.closest('.more-rows button') !== null;
}
