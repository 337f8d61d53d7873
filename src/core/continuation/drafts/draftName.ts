import { l10n } from '../../l10n.ts';
import type { DraftOrder } from './draftOrder.ts';
import { isUnnamed } from '../../sessions/unnamed.ts';
import { shorten } from '../shorten.ts';

const titleLength = 60;

/** The file name of a draft, without what tells it from others of the same name: `Handoff – Parser`. */
export function draftName({ verb, sessionTitle }: DraftOrder): string {
  return `${verbName(verb)} – ${safeTitle(sessionTitle)}`;
}

/** The file name of a prompt that is no draft of a verb: `Prompt – Parser`. */
export function promptName(sessionTitle: string): string {
  return `${l10n.t('Prompt')} – ${safeTitle(sessionTitle)}`;
}

function safeTitle(sessionTitle: string): string {
  const title = isUnnamed(sessionTitle) ? l10n.t('untitled session') : sessionTitle;
  const safe = shorten(title.replaceAll(/[\p{Cc}/\\:*?"<>|#%]/gu, ' '), titleLength).replace(/^[.\s]+/, '');
  return safe === '' ? l10n.t('untitled session') : safe;
}

/** `Handoff – Parser.md`, or the first of `… 2.md`, `… 3.md` that is free. */
export function freeFileName(
  name: string,
  isTaken: (fileName: string) => boolean,
  extension: '.md' | '.markdown' = '.md',
): string {
  let fileName = `${name}${extension}`;
  for (let count = 2; isTaken(fileName); count++) fileName = `${name} ${count}${extension}`;
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
    case 'bringBack':
      return l10n.t('Findings');
    case 'compact':
      return l10n.t('Compact');
    case 'brief':
      return l10n.t('Brief');
  }
}
