import { Problem } from '../core/errors.ts';
import { l10n } from '../core/l10n.ts';
import type { OpenCode } from '../core/ports/openCode.ts';

/** Throws a sentence for people where the server has no archive; menus leave out what needs one, keys do not. */
export function requireArchive({ abilities }: Pick<OpenCode, 'abilities'>): void {
  if (!abilities.archive) throw new Problem(l10n.t('This version of OpenCode has no archive of sessions.'));
}
