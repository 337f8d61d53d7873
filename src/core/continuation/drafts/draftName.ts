import { l10n } from '../../l10n.ts';
import type { DraftOrder } from './draftOrder.ts';
import { isUnnamed } from '../../sessions/unnamed.ts';
import { shorten } from '../shorten.ts';

const titleLength = 60;

/** The file name of a draft, without what tells it from others of the same name: `Handoff – Parser`. */
export function draftName({ verb, sessionTitle }: DraftOrder): string {
  const title = isUnnamed(sessionTitle) ? l10n.t('untitled session') : sessionTitle;
  const safe = shorten(title.replaceAll(/[\p{Cc}/\\:*?"<>|#%]/gu, ' '), titleLength).replace(/^[.\s]+/, '');
  return `${verbName(verb)} – ${safe === '' ? l10n.t('untitled session') : safe}`;
}

/** `Handoff – Parser.md`, or the first of `… 2.md`, `… 3.md` that is free. */
export function freeFileName(name: string, isTaken: (fileName: string) => boolean): string {
  let fileName = `${name}.md`;
  for (let count = 2; isTaken(fileName); count++) fileName = `${name} ${count}.md`;
  return fileName;
}

function verbName(verb: DraftOrder['verb']): string {
  switch (verb) {
    case 'relay':
      return l10n.t('Relay');
    case 'chain':
      return l10n.t('Relay Chain');
    case 'handOff':
      return l10n.t('Handoff');
    case 'fork':
      return l10n.t('Fork');
    case 'forkMany':
      return l10n.t('Approaches');
    case 'compact':
      return l10n.t('Compact');
  }
}
